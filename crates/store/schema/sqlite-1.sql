-- Each chain, and where it stands.
CREATE TABLE chains (
    chain INTEGER PRIMARY KEY,
    genesis BLOB NOT NULL,
    base_number INTEGER NOT NULL,
    base_hash BLOB NOT NULL,
    head_number INTEGER NOT NULL,
    head_hash BLOB NOT NULL,
    last_final INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    entries INTEGER NOT NULL
) STRICT;

-- Chains that are being reset: nobody sees what is left of them, and they begin anew in this epoch.
CREATE TABLE resets (
    chain INTEGER PRIMARY KEY,
    epoch INTEGER NOT NULL
) STRICT;

-- Blocks with events, and every block from the last final one on. Those that were rolled back stay for the feed.
CREATE TABLE blocks (
    id INTEGER PRIMARY KEY,
    chain INTEGER NOT NULL,
    number INTEGER NOT NULL,
    hash BLOB NOT NULL,
    parent BLOB NOT NULL,
    time INTEGER NOT NULL,
    -- of ours, and how many logs the block has up to our last one
    events INTEGER NOT NULL,
    logs INTEGER NOT NULL,
    canonical INTEGER NOT NULL,
    UNIQUE (chain, hash)
) STRICT;
CREATE UNIQUE INDEX blocks_by_number ON blocks (chain, number) WHERE canonical = 1;
CREATE INDEX blocks_without_events ON blocks (chain, number) WHERE events = 0;

-- By block and log, which is by chain, block hash and log index.
CREATE TABLE events (
    block INTEGER NOT NULL,
    log INTEGER NOT NULL,
    chain INTEGER NOT NULL,
    number INTEGER NOT NULL,
    tx BLOB NOT NULL,
    contract BLOB NOT NULL,
    subject BLOB NOT NULL,
    topics BLOB NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (block, log)
) WITHOUT ROWID, STRICT;
CREATE INDEX events_by_subject ON events (chain, subject, number, log);

-- What consumers follow: a block with events came, or went.
CREATE TABLE feed (
    chain INTEGER NOT NULL,
    entry INTEGER NOT NULL,
    rolled_back INTEGER NOT NULL,
    block INTEGER NOT NULL,
    PRIMARY KEY (chain, entry)
) WITHOUT ROWID, STRICT;

-- How far each consumer has come in each feed.
CREATE TABLE cursors (
    consumer TEXT NOT NULL,
    chain INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    entry INTEGER NOT NULL,
    logs INTEGER NOT NULL,
    PRIMARY KEY (consumer, chain)
) WITHOUT ROWID, STRICT;

-- Rows as they were before a block that is not final yet.
CREATE TABLE undo (
    chain INTEGER NOT NULL,
    number INTEGER NOT NULL,
    step INTEGER NOT NULL,
    name TEXT NOT NULL,
    key BLOB NOT NULL,
    before BLOB,
    PRIMARY KEY (chain, number, step)
) WITHOUT ROWID, STRICT;

CREATE TABLE orders (
    chain INTEGER NOT NULL,
    contract BLOB NOT NULL,
    id BLOB NOT NULL,
    simple INTEGER NOT NULL,
    raw_id BLOB,
    buyer BLOB NOT NULL,
    seller BLOB NOT NULL,
    payer BLOB NOT NULL,
    token BLOB NOT NULL,
    amount TEXT NOT NULL,
    session_id BLOB NOT NULL,
    offer_hash BLOB NOT NULL,
    state INTEGER NOT NULL,
    slot BLOB NOT NULL,
    commit_by INTEGER NOT NULL,
    deliver_by INTEGER NOT NULL,
    timed_release INTEGER NOT NULL,
    deposit TEXT NOT NULL,
    evidence BLOB NOT NULL,
    buyer_shield BLOB NOT NULL,
    seller_shield BLOB NOT NULL,
    outcome INTEGER NOT NULL,
    to_buyer TEXT NOT NULL,
    to_seller TEXT NOT NULL,
    fee TEXT NOT NULL,
    receipt_hash BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    created_block INTEGER NOT NULL,
    created_log INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    updated_block INTEGER NOT NULL,
    PRIMARY KEY (chain, contract, id)
) STRICT;
CREATE INDEX orders_by_buyer ON orders (chain, buyer, created_block, created_log);
CREATE INDEX orders_by_seller ON orders (chain, seller, created_block, created_log);
CREATE INDEX orders_by_session ON orders (session_id, chain, created_block, created_log);

CREATE TABLE parties (
    chain INTEGER NOT NULL,
    party BLOB NOT NULL,
    token BLOB NOT NULL,
    bought INTEGER NOT NULL,
    sold INTEGER NOT NULL,
    spent TEXT NOT NULL,
    earned TEXT NOT NULL,
    disputes INTEGER NOT NULL,
    PRIMARY KEY (chain, party, token)
) STRICT;

CREATE TABLE receipts (
    chain INTEGER NOT NULL,
    contract BLOB NOT NULL,
    order_id BLOB NOT NULL,
    minter BLOB NOT NULL,
    buyer BLOB NOT NULL,
    seller BLOB NOT NULL,
    session_id BLOB NOT NULL,
    offer_hash BLOB NOT NULL,
    token BLOB NOT NULL,
    paid TEXT NOT NULL,
    refunded TEXT NOT NULL,
    fee TEXT NOT NULL,
    outcome INTEGER NOT NULL,
    settled_at INTEGER NOT NULL,
    evidence BLOB NOT NULL,
    receipt_address BLOB NOT NULL,
    delivery_commitment BLOB NOT NULL,
    receipt_hash BLOB NOT NULL,
    tx BLOB NOT NULL,
    block_hash BLOB NOT NULL,
    block INTEGER NOT NULL,
    log INTEGER NOT NULL,
    PRIMARY KEY (chain, contract, order_id)
) STRICT;
CREATE INDEX receipts_by_buyer ON receipts (chain, buyer, block, log);
CREATE INDEX receipts_by_seller ON receipts (chain, seller, block, log);
CREATE INDEX receipts_by_session ON receipts (session_id, chain, block, log);

CREATE TABLE locks (
    chain INTEGER NOT NULL,
    contract BLOB NOT NULL,
    id BLOB NOT NULL,
    sender BLOB NOT NULL,
    receiver BLOB NOT NULL,
    token BLOB NOT NULL,
    amount TEXT NOT NULL,
    hashlock BLOB NOT NULL,
    session_id BLOB NOT NULL,
    timelock INTEGER NOT NULL,
    lock_deadline INTEGER NOT NULL,
    state INTEGER NOT NULL,
    secret BLOB,
    created_block INTEGER NOT NULL,
    created_log INTEGER NOT NULL,
    updated_block INTEGER NOT NULL,
    PRIMARY KEY (chain, contract, id)
) STRICT;
CREATE INDEX locks_by_sender ON locks (chain, sender, created_block, created_log);
CREATE INDEX locks_by_receiver ON locks (chain, receiver, created_block, created_log);
CREATE INDEX locks_by_hashlock ON locks (hashlock, chain, created_block, created_log);

CREATE TABLE verifiers (
    chain INTEGER NOT NULL,
    contract BLOB NOT NULL,
    circuit BLOB NOT NULL,
    version INTEGER NOT NULL,
    active_from INTEGER NOT NULL,
    deprecated_at INTEGER NOT NULL,
    revoked_at INTEGER NOT NULL,
    public_inputs INTEGER NOT NULL,
    dev INTEGER NOT NULL,
    delivery INTEGER NOT NULL,
    verifier BLOB NOT NULL,
    aggregator BLOB NOT NULL,
    code_hash BLOB NOT NULL,
    vk_hash BLOB NOT NULL,
    ceremony BLOB NOT NULL,
    PRIMARY KEY (chain, contract, circuit, version)
) STRICT;

CREATE TABLE roles (
    chain INTEGER NOT NULL,
    contract BLOB NOT NULL,
    circuit BLOB NOT NULL,
    holder BLOB,
    offered BLOB,
    PRIMARY KEY (chain, contract, circuit)
) STRICT;

CREATE TABLE routes (
    chain INTEGER NOT NULL,
    contract BLOB NOT NULL,
    id BLOB NOT NULL,
    split INTEGER NOT NULL,
    session_id BLOB NOT NULL,
    buyer BLOB NOT NULL,
    seller BLOB NOT NULL,
    token BLOB NOT NULL,
    cap TEXT NOT NULL,
    charged TEXT NOT NULL,
    to_seller TEXT NOT NULL,
    to_hops TEXT NOT NULL,
    expiry INTEGER NOT NULL,
    closed INTEGER NOT NULL,
    created_block INTEGER NOT NULL,
    created_log INTEGER NOT NULL,
    PRIMARY KEY (chain, contract, id)
) STRICT;
CREATE INDEX routes_by_buyer ON routes (chain, buyer, created_block, created_log);
CREATE INDEX routes_by_session ON routes (session_id, chain, created_block, created_log);

CREATE TABLE owed (
    chain INTEGER NOT NULL,
    contract BLOB NOT NULL,
    token BLOB NOT NULL,
    party BLOB NOT NULL,
    amount TEXT NOT NULL,
    PRIMARY KEY (chain, contract, token, party)
) STRICT;
CREATE INDEX owed_by_party ON owed (chain, party, contract, token);

CREATE TABLE held (
    chain INTEGER NOT NULL,
    contract BLOB NOT NULL,
    order_id BLOB NOT NULL,
    role INTEGER NOT NULL,
    token BLOB NOT NULL,
    amount TEXT NOT NULL,
    PRIMARY KEY (chain, contract, order_id, role, token)
) STRICT;

CREATE TABLE anchors (
    chain INTEGER NOT NULL,
    contract BLOB NOT NULL,
    block INTEGER NOT NULL,
    log INTEGER NOT NULL,
    root BLOB NOT NULL,
    sender BLOB NOT NULL,
    tx BLOB NOT NULL,
    PRIMARY KEY (chain, contract, block, log, root)
) STRICT;
CREATE INDEX anchors_by_root ON anchors (root, chain, block, log);

-- Sessions, as the documents have them. What happened to one is in session_events; this is what it came to.
CREATE TABLE tgp_sessions (
    session_id TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    state TEXT NOT NULL,
    query_id TEXT,
    offer_id TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    timeout_at INTEGER,
    version INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX tgp_sessions_by_state ON tgp_sessions (state, session_id);
CREATE INDEX tgp_sessions_by_timeout ON tgp_sessions (timeout_at, session_id) WHERE timeout_at IS NOT NULL;

CREATE TABLE session_events (
    session_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (session_id, version)
) WITHOUT ROWID, STRICT;

CREATE TABLE state_summaries (
    session_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    snapshot TEXT NOT NULL,
    checksum TEXT NOT NULL,
    timestamp INTEGER NOT NULL,
    PRIMARY KEY (session_id, version)
) STRICT;
CREATE INDEX idx_state_summaries_timestamp ON state_summaries (timestamp);
CREATE INDEX idx_state_summaries_state ON state_summaries (state);

CREATE TABLE tdr_triplets (
    id INTEGER PRIMARY KEY,
    session_id TEXT NOT NULL UNIQUE,
    control_plane_receipt TEXT NOT NULL,
    settlement_receipt TEXT NOT NULL,
    application_receipt TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    anchored INTEGER NOT NULL DEFAULT 0,
    anchor_tx TEXT
) STRICT;
CREATE INDEX idx_tdr_created ON tdr_triplets (created_at);

-- The records of what was done, each linked to the one before it, and the seal of each day.
CREATE TABLE tdr_records (
    seq INTEGER PRIMARY KEY,
    tdr_id TEXT NOT NULL UNIQUE,
    session_id TEXT,
    day TEXT NOT NULL,
    hash BLOB NOT NULL,
    record TEXT NOT NULL
) STRICT;
CREATE INDEX tdr_records_by_session ON tdr_records (session_id, seq) WHERE session_id IS NOT NULL;
CREATE INDEX tdr_records_by_day ON tdr_records (day, seq);

CREATE TABLE tdr_seals (
    day TEXT PRIMARY KEY,
    root BLOB NOT NULL,
    seal TEXT NOT NULL
) WITHOUT ROWID, STRICT;

-- Written once, read for ever.
CREATE TRIGGER session_events_stay BEFORE UPDATE ON session_events BEGIN SELECT RAISE(ABORT, 'written once'); END;
CREATE TRIGGER session_events_never_go BEFORE DELETE ON session_events BEGIN SELECT RAISE(ABORT, 'written once'); END;
CREATE TRIGGER state_summaries_stay BEFORE UPDATE ON state_summaries BEGIN SELECT RAISE(ABORT, 'written once'); END;
CREATE TRIGGER state_summaries_never_go BEFORE DELETE ON state_summaries BEGIN SELECT RAISE(ABORT, 'written once'); END;
CREATE TRIGGER tdr_records_stay BEFORE UPDATE ON tdr_records BEGIN SELECT RAISE(ABORT, 'written once'); END;
CREATE TRIGGER tdr_records_never_go BEFORE DELETE ON tdr_records BEGIN SELECT RAISE(ABORT, 'written once'); END;
CREATE TRIGGER tdr_seals_stay BEFORE UPDATE ON tdr_seals BEGIN SELECT RAISE(ABORT, 'written once'); END;
CREATE TRIGGER tdr_seals_never_go BEFORE DELETE ON tdr_seals BEGIN SELECT RAISE(ABORT, 'written once'); END;
CREATE TRIGGER tdr_triplets_stay BEFORE UPDATE OF id, session_id, control_plane_receipt, settlement_receipt,
    application_receipt, created_at ON tdr_triplets BEGIN SELECT RAISE(ABORT, 'written once'); END;
CREATE TRIGGER tdr_triplets_never_go BEFORE DELETE ON tdr_triplets BEGIN SELECT RAISE(ABORT, 'written once'); END;
