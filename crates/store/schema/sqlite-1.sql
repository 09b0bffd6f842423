-- What the program was at work on: each chain, and where it stands.
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
);

-- Blocks with events, and every block from the last final one on. Those that were rolled back stay for the feed.
CREATE TABLE blocks (
    id INTEGER PRIMARY KEY,
    chain INTEGER NOT NULL,
    number INTEGER NOT NULL,
    hash BLOB NOT NULL,
    parent BLOB NOT NULL,
    time INTEGER NOT NULL,
    events INTEGER NOT NULL,
    canonical INTEGER NOT NULL,
    UNIQUE (chain, hash)
);
CREATE UNIQUE INDEX blocks_by_number ON blocks (chain, number) WHERE canonical = 1;
CREATE INDEX blocks_without_events ON blocks (chain, number) WHERE events = 0;

-- By block and place in it, which is by chain, block hash and log index.
CREATE TABLE events (
    block INTEGER NOT NULL,
    log INTEGER NOT NULL,
    chain INTEGER NOT NULL,
    tx BLOB NOT NULL,
    contract BLOB NOT NULL,
    subject BLOB NOT NULL,
    topics BLOB NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (block, log)
) WITHOUT ROWID;
CREATE INDEX events_by_subject ON events (chain, subject, block, log);

-- What consumers follow: a block with events came, or went.
CREATE TABLE feed (
    chain INTEGER NOT NULL,
    entry INTEGER NOT NULL,
    rolled_back INTEGER NOT NULL,
    block INTEGER NOT NULL,
    PRIMARY KEY (chain, entry)
) WITHOUT ROWID;

-- Rows as they were before a block that is not final yet.
CREATE TABLE undo (
    chain INTEGER NOT NULL,
    number INTEGER NOT NULL,
    step INTEGER NOT NULL,
    name TEXT NOT NULL,
    key TEXT NOT NULL,
    before TEXT,
    PRIMARY KEY (chain, number, step)
) WITHOUT ROWID;

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
);
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
);

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
);
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
);
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
);

CREATE TABLE roles (
    chain INTEGER NOT NULL,
    contract BLOB NOT NULL,
    circuit BLOB NOT NULL,
    holder BLOB,
    offered BLOB,
    PRIMARY KEY (chain, contract, circuit)
);

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
);
CREATE INDEX routes_by_buyer ON routes (chain, buyer, created_block, created_log);
CREATE INDEX routes_by_session ON routes (session_id, chain, created_block, created_log);

CREATE TABLE owed (
    chain INTEGER NOT NULL,
    contract BLOB NOT NULL,
    token BLOB NOT NULL,
    party BLOB NOT NULL,
    amount TEXT NOT NULL,
    PRIMARY KEY (chain, contract, token, party)
);
CREATE INDEX owed_by_party ON owed (chain, party, contract, token);

CREATE TABLE held (
    chain INTEGER NOT NULL,
    contract BLOB NOT NULL,
    order_id BLOB NOT NULL,
    role INTEGER NOT NULL,
    token BLOB NOT NULL,
    amount TEXT NOT NULL,
    PRIMARY KEY (chain, contract, order_id, role, token)
);

CREATE TABLE anchors (
    chain INTEGER NOT NULL,
    contract BLOB NOT NULL,
    block INTEGER NOT NULL,
    log INTEGER NOT NULL,
    root BLOB NOT NULL,
    sender BLOB NOT NULL,
    tx BLOB NOT NULL,
    PRIMARY KEY (chain, contract, block, log, root)
);
CREATE INDEX anchors_by_root ON anchors (root, chain, block, log);
