-- Each chain, and where it stands. Its row is locked by whoever writes to the chain.
CREATE TABLE chains (
    chain BIGINT PRIMARY KEY,
    genesis BYTEA NOT NULL,
    base_number BIGINT NOT NULL,
    base_hash BYTEA NOT NULL,
    head_number BIGINT NOT NULL,
    head_hash BYTEA NOT NULL,
    last_final BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    entries BIGINT NOT NULL
);

-- Chains that are being reset: nobody sees what is left of them, and they begin anew in this epoch.
CREATE TABLE resets (
    chain BIGINT PRIMARY KEY,
    epoch BIGINT NOT NULL
);

-- Blocks with events, and every block from the last final one on. Those that were rolled back stay for the feed.
CREATE TABLE blocks (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    chain BIGINT NOT NULL,
    number BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    parent BYTEA NOT NULL,
    time BIGINT NOT NULL,
    -- of ours, and how many logs the block has up to our last one
    events BIGINT NOT NULL,
    logs BIGINT NOT NULL,
    canonical BOOLEAN NOT NULL,
    UNIQUE (chain, hash)
);
CREATE UNIQUE INDEX blocks_by_number ON blocks (chain, number) WHERE canonical;
CREATE INDEX blocks_without_events ON blocks (chain, number) WHERE events = 0;

-- By block and log, which is by chain, block hash and log index.
CREATE TABLE events (
    block BIGINT NOT NULL,
    log BIGINT NOT NULL,
    chain BIGINT NOT NULL,
    number BIGINT NOT NULL,
    tx BYTEA NOT NULL,
    contract BYTEA NOT NULL,
    subject BYTEA NOT NULL,
    topics BYTEA NOT NULL,
    data BYTEA NOT NULL,
    PRIMARY KEY (block, log)
);
CREATE INDEX events_by_subject ON events (chain, subject, number, log);

-- What consumers follow: a block with events came, or went.
CREATE TABLE feed (
    chain BIGINT NOT NULL,
    entry BIGINT NOT NULL,
    rolled_back BOOLEAN NOT NULL,
    block BIGINT NOT NULL,
    PRIMARY KEY (chain, entry)
);

-- How far each consumer has come in each feed.
CREATE TABLE cursors (
    consumer TEXT NOT NULL,
    chain BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    entry BIGINT NOT NULL,
    logs BIGINT NOT NULL,
    PRIMARY KEY (consumer, chain)
);

-- Rows as they were before a block that is not final yet.
CREATE TABLE undo (
    chain BIGINT NOT NULL,
    number BIGINT NOT NULL,
    step BIGINT NOT NULL,
    name TEXT NOT NULL,
    key BYTEA NOT NULL,
    before BYTEA,
    PRIMARY KEY (chain, number, step)
);

CREATE TABLE orders (
    chain BIGINT NOT NULL,
    contract BYTEA NOT NULL,
    id BYTEA NOT NULL,
    simple BIGINT NOT NULL,
    raw_id BYTEA,
    buyer BYTEA NOT NULL,
    seller BYTEA NOT NULL,
    payer BYTEA NOT NULL,
    token BYTEA NOT NULL,
    amount NUMERIC(78, 0) NOT NULL,
    session_id BYTEA NOT NULL,
    offer_hash BYTEA NOT NULL,
    state BIGINT NOT NULL,
    slot BYTEA NOT NULL,
    commit_by BIGINT NOT NULL,
    deliver_by BIGINT NOT NULL,
    timed_release BIGINT NOT NULL,
    deposit NUMERIC(78, 0) NOT NULL,
    evidence BYTEA NOT NULL,
    buyer_shield BYTEA NOT NULL,
    seller_shield BYTEA NOT NULL,
    outcome BIGINT NOT NULL,
    to_buyer NUMERIC(78, 0) NOT NULL,
    to_seller NUMERIC(78, 0) NOT NULL,
    fee NUMERIC(78, 0) NOT NULL,
    receipt_hash BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    created_block BIGINT NOT NULL,
    created_log BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    updated_block BIGINT NOT NULL,
    PRIMARY KEY (chain, contract, id)
);
CREATE INDEX orders_by_buyer ON orders (chain, buyer, created_block, created_log);
CREATE INDEX orders_by_seller ON orders (chain, seller, created_block, created_log);
CREATE INDEX orders_by_session ON orders (session_id, chain, created_block, created_log);

CREATE TABLE parties (
    chain BIGINT NOT NULL,
    party BYTEA NOT NULL,
    token BYTEA NOT NULL,
    bought BIGINT NOT NULL,
    sold BIGINT NOT NULL,
    spent NUMERIC(78, 0) NOT NULL,
    earned NUMERIC(78, 0) NOT NULL,
    disputes BIGINT NOT NULL,
    PRIMARY KEY (chain, party, token)
);

CREATE TABLE receipts (
    chain BIGINT NOT NULL,
    contract BYTEA NOT NULL,
    order_id BYTEA NOT NULL,
    minter BYTEA NOT NULL,
    buyer BYTEA NOT NULL,
    seller BYTEA NOT NULL,
    session_id BYTEA NOT NULL,
    offer_hash BYTEA NOT NULL,
    token BYTEA NOT NULL,
    paid NUMERIC(78, 0) NOT NULL,
    refunded NUMERIC(78, 0) NOT NULL,
    fee NUMERIC(78, 0) NOT NULL,
    outcome BIGINT NOT NULL,
    settled_at BIGINT NOT NULL,
    evidence BYTEA NOT NULL,
    receipt_address BYTEA NOT NULL,
    delivery_commitment BYTEA NOT NULL,
    receipt_hash BYTEA NOT NULL,
    tx BYTEA NOT NULL,
    block_hash BYTEA NOT NULL,
    block BIGINT NOT NULL,
    log BIGINT NOT NULL,
    PRIMARY KEY (chain, contract, order_id)
);
CREATE INDEX receipts_by_buyer ON receipts (chain, buyer, block, log);
CREATE INDEX receipts_by_seller ON receipts (chain, seller, block, log);
CREATE INDEX receipts_by_session ON receipts (session_id, chain, block, log);

CREATE TABLE locks (
    chain BIGINT NOT NULL,
    contract BYTEA NOT NULL,
    id BYTEA NOT NULL,
    sender BYTEA NOT NULL,
    receiver BYTEA NOT NULL,
    token BYTEA NOT NULL,
    amount NUMERIC(78, 0) NOT NULL,
    hashlock BYTEA NOT NULL,
    session_id BYTEA NOT NULL,
    timelock BIGINT NOT NULL,
    lock_deadline BIGINT NOT NULL,
    state BIGINT NOT NULL,
    secret BYTEA,
    created_block BIGINT NOT NULL,
    created_log BIGINT NOT NULL,
    updated_block BIGINT NOT NULL,
    PRIMARY KEY (chain, contract, id)
);
CREATE INDEX locks_by_sender ON locks (chain, sender, created_block, created_log);
CREATE INDEX locks_by_receiver ON locks (chain, receiver, created_block, created_log);
CREATE INDEX locks_by_hashlock ON locks (hashlock, chain, created_block, created_log);

CREATE TABLE verifiers (
    chain BIGINT NOT NULL,
    contract BYTEA NOT NULL,
    circuit BYTEA NOT NULL,
    version BIGINT NOT NULL,
    active_from BIGINT NOT NULL,
    deprecated_at BIGINT NOT NULL,
    revoked_at BIGINT NOT NULL,
    public_inputs BIGINT NOT NULL,
    dev BIGINT NOT NULL,
    delivery BIGINT NOT NULL,
    verifier BYTEA NOT NULL,
    aggregator BYTEA NOT NULL,
    code_hash BYTEA NOT NULL,
    vk_hash BYTEA NOT NULL,
    ceremony BYTEA NOT NULL,
    PRIMARY KEY (chain, contract, circuit, version)
);

CREATE TABLE roles (
    chain BIGINT NOT NULL,
    contract BYTEA NOT NULL,
    circuit BYTEA NOT NULL,
    holder BYTEA,
    offered BYTEA,
    PRIMARY KEY (chain, contract, circuit)
);

CREATE TABLE routes (
    chain BIGINT NOT NULL,
    contract BYTEA NOT NULL,
    id BYTEA NOT NULL,
    split BIGINT NOT NULL,
    session_id BYTEA NOT NULL,
    buyer BYTEA NOT NULL,
    seller BYTEA NOT NULL,
    token BYTEA NOT NULL,
    cap NUMERIC(78, 0) NOT NULL,
    charged NUMERIC(78, 0) NOT NULL,
    to_seller NUMERIC(78, 0) NOT NULL,
    to_hops NUMERIC(78, 0) NOT NULL,
    expiry BIGINT NOT NULL,
    closed BIGINT NOT NULL,
    created_block BIGINT NOT NULL,
    created_log BIGINT NOT NULL,
    PRIMARY KEY (chain, contract, id)
);
CREATE INDEX routes_by_buyer ON routes (chain, buyer, created_block, created_log);
CREATE INDEX routes_by_session ON routes (session_id, chain, created_block, created_log);

CREATE TABLE owed (
    chain BIGINT NOT NULL,
    contract BYTEA NOT NULL,
    token BYTEA NOT NULL,
    party BYTEA NOT NULL,
    amount NUMERIC(78, 0) NOT NULL,
    PRIMARY KEY (chain, contract, token, party)
);
CREATE INDEX owed_by_party ON owed (chain, party, contract, token);

CREATE TABLE held (
    chain BIGINT NOT NULL,
    contract BYTEA NOT NULL,
    order_id BYTEA NOT NULL,
    role BIGINT NOT NULL,
    token BYTEA NOT NULL,
    amount NUMERIC(78, 0) NOT NULL,
    PRIMARY KEY (chain, contract, order_id, role, token)
);

CREATE TABLE anchors (
    chain BIGINT NOT NULL,
    contract BYTEA NOT NULL,
    block BIGINT NOT NULL,
    log BIGINT NOT NULL,
    root BYTEA NOT NULL,
    sender BYTEA NOT NULL,
    tx BYTEA NOT NULL,
    PRIMARY KEY (chain, contract, block, log, root)
);
CREATE INDEX anchors_by_root ON anchors (root, chain, block, log);

-- Sessions, as the documents have them. What happened to one is in session_events; this is what it came to. Instants are
-- milliseconds since 1970. JSON and not JSONB: hashes and signatures cover the bytes, and JSON keeps them.
CREATE TABLE tgp_sessions (
    session_id VARCHAR(64) COLLATE "C" PRIMARY KEY,
    role VARCHAR(20) NOT NULL,
    state VARCHAR(20) NOT NULL,
    query_id VARCHAR(64),
    offer_id VARCHAR(64),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    timeout_at BIGINT,
    version BIGINT NOT NULL
);
CREATE INDEX tgp_sessions_by_state ON tgp_sessions (state, session_id);
CREATE INDEX tgp_sessions_by_timeout ON tgp_sessions (timeout_at, session_id) WHERE timeout_at IS NOT NULL;

CREATE TABLE session_events (
    session_id VARCHAR(64) COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    event JSON NOT NULL,
    PRIMARY KEY (session_id, version)
);

CREATE TABLE state_summaries (
    session_id VARCHAR(64) COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    state VARCHAR(20) NOT NULL,
    snapshot JSON NOT NULL,
    checksum VARCHAR(71) NOT NULL,
    timestamp TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (session_id, version)
);
CREATE INDEX idx_state_summaries_timestamp ON state_summaries (timestamp);
CREATE INDEX idx_state_summaries_state ON state_summaries (state);

CREATE TABLE tdr_triplets (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    session_id VARCHAR(64) COLLATE "C" NOT NULL UNIQUE,
    control_plane_receipt JSON NOT NULL,
    settlement_receipt JSON NOT NULL,
    application_receipt JSON NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    anchored BOOLEAN NOT NULL DEFAULT FALSE,
    anchor_tx VARCHAR(66)
);
CREATE INDEX idx_tdr_created ON tdr_triplets (created_at);

-- The records of what was done, each linked to the one before it, and the seal of each day.
CREATE TABLE tdr_records (
    seq BIGINT PRIMARY KEY,
    tdr_id VARCHAR(64) COLLATE "C" NOT NULL UNIQUE,
    session_id VARCHAR(64) COLLATE "C",
    day VARCHAR(10) COLLATE "C" NOT NULL,
    hash BYTEA NOT NULL,
    record JSON NOT NULL
);
CREATE INDEX tdr_records_by_session ON tdr_records (session_id, seq) WHERE session_id IS NOT NULL;
CREATE INDEX tdr_records_by_day ON tdr_records (day, seq);

CREATE TABLE tdr_seals (
    day VARCHAR(10) COLLATE "C" PRIMARY KEY,
    root BYTEA NOT NULL,
    seal JSON NOT NULL
);

-- Written once, read for ever.
CREATE FUNCTION written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'written once' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER session_events_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON session_events EXECUTE FUNCTION written_once();
CREATE TRIGGER state_summaries_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON state_summaries EXECUTE FUNCTION written_once();
CREATE TRIGGER tdr_records_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON tdr_records EXECUTE FUNCTION written_once();
CREATE TRIGGER tdr_seals_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON tdr_seals EXECUTE FUNCTION written_once();
CREATE TRIGGER tdr_triplets_stay BEFORE UPDATE OF id, session_id, control_plane_receipt, settlement_receipt,
    application_receipt, created_at ON tdr_triplets EXECUTE FUNCTION written_once();
CREATE TRIGGER tdr_triplets_never_go BEFORE DELETE OR TRUNCATE ON tdr_triplets EXECUTE FUNCTION written_once();
