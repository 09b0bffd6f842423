use super::{error::engine, read, sql};
use crate::{
    Batch, Block, BlockRef, ChainStart, ChainState, Contention, Record, Result, Rewound, StoreError, Table,
    table::TABLES,
};
use rusqlite::{Transaction, params};

pub(super) fn open_chain(transaction: &Transaction<'_>, start: ChainStart) -> Result<ChainState> {
    match read::chain(transaction, start.chain)? {
        Some(state) if state.genesis == start.genesis => Ok(state),
        Some(state) => Err(StoreError::OtherGenesis {
            chain: start.chain,
            stored: state.genesis.to_string(),
            found: start.genesis.to_string(),
        }),
        None => begin(transaction, start, 0),
    }
}

pub(super) fn reset_chain(transaction: &Transaction<'_>, start: ChainStart) -> Result<ChainState> {
    let chain = sql::number(start.chain, "chain")?;
    let epoch = read::chain(transaction, start.chain)?.map_or(0, |state| state.epoch.saturating_add(1));
    transaction.execute("DELETE FROM events WHERE chain = ?1", [chain]).map_err(engine)?;
    let folded = TABLES.iter().map(|table| table.name);
    for table in ["blocks", "feed", "undo", "chains"].into_iter().chain(folded) {
        transaction.execute(&format!("DELETE FROM {table} WHERE chain = ?1"), [chain]).map_err(engine)?;
    }
    begin(transaction, start, epoch)
}

fn begin(transaction: &Transaction<'_>, start: ChainStart, epoch: u32) -> Result<ChainState> {
    let base = start.base;
    let state = ChainState {
        chain: start.chain,
        genesis: start.genesis,
        base,
        head: base,
        last_final: base.number,
        epoch,
        entries: 0,
    };
    let number = sql::number(base.number, "base")?;
    transaction
        .execute(
            "INSERT INTO chains (chain, genesis, base_number, base_hash, head_number, head_hash, last_final, epoch, entries)
             VALUES (?1, ?2, ?3, ?4, ?3, ?4, ?3, ?5, 0)",
            params![sql::number(start.chain, "chain")?, start.genesis.0.as_slice(), number, base.hash.0.as_slice(), epoch],
        )
        .map_err(engine)?;
    Ok(state)
}

/// The chain, standing where the writer thinks that it stands.
fn standing_at(transaction: &Transaction<'_>, chain: u64, head: BlockRef) -> Result<ChainState> {
    let state = read::chain(transaction, chain)?.ok_or(StoreError::UnknownChain(chain))?;
    if state.head == head {
        return Ok(state);
    }
    let (expected, found) = (head.to_string(), state.head.to_string());
    Err(StoreError::Contention(Contention::Head { expected, found }))
}

pub(super) fn apply(transaction: &Transaction<'_>, batch: &Batch) -> Result<ChainState> {
    let mut state = standing_at(transaction, batch.chain, batch.parent)?;
    for block in &batch.blocks {
        let id = insert_block(transaction, batch.chain, block)?;
        if !block.events.is_empty() {
            insert_events(transaction, batch.chain, id, block)?;
            state.entries += 1;
            insert_entry(transaction, batch.chain, state.entries, false, id)?;
        }
    }
    for (table, record) in &batch.rows {
        upsert(transaction, table, record)?;
    }
    let chain = sql::number(batch.chain, "chain")?;
    let mut insert = transaction
        .prepare_cached("INSERT INTO undo (chain, number, step, name, key, before) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        .map_err(engine)?;
    for (step, undo) in batch.undo.iter().enumerate() {
        let number = sql::number(undo.block, "number")?;
        let before = undo.before.as_ref().map(image).transpose()?;
        let step = i64::try_from(step).map_err(|_| StoreError::TooLarge { field: "step" })?;
        insert.execute(params![chain, number, step, undo.table.name, image(&undo.key)?, before]).map_err(engine)?;
    }
    state.head = batch.head;
    if batch.last_final > state.last_final {
        state.last_final = batch.last_final;
        let last_final = sql::number(batch.last_final, "last_final")?;
        // nobody goes back behind them
        for forget in [
            "DELETE FROM undo WHERE chain = ?1 AND number <= ?2",
            "DELETE FROM blocks WHERE chain = ?1 AND number < ?2 AND events = 0",
        ] {
            let mut forget = transaction.prepare_cached(forget).map_err(engine)?;
            forget.execute(params![chain, last_final]).map_err(engine)?;
        }
    }
    save(transaction, &state)?;
    Ok(state)
}

fn insert_block(transaction: &Transaction<'_>, chain: u64, block: &Block) -> Result<i64> {
    let mut insert = transaction
        .prepare_cached(
            "INSERT INTO blocks (chain, number, hash, parent, time, events, canonical) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1)
             ON CONFLICT (chain, hash) DO UPDATE SET canonical = 1 RETURNING id",
        )
        .map_err(engine)?;
    let count = i64::try_from(block.events.len()).map_err(|_| StoreError::TooLarge { field: "events" })?;
    insert
        .query_row(
            params![
                sql::number(chain, "chain")?,
                sql::number(block.at.number, "number")?,
                block.at.hash.0.as_slice(),
                block.parent.0.as_slice(),
                sql::number(block.time, "time")?,
                count,
            ],
            |row| row.get(0),
        )
        .map_err(engine)
}

fn insert_events(transaction: &Transaction<'_>, chain: u64, block_id: i64, block: &Block) -> Result<()> {
    let chain = sql::number(chain, "chain")?;
    // a block that comes back has its events already
    let mut insert = transaction
        .prepare_cached(
            "INSERT INTO events (block, log, chain, tx, contract, subject, topics, data)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (block, log) DO NOTHING",
        )
        .map_err(engine)?;
    for event in &block.events {
        let topics: Vec<u8> = event.topics.iter().flat_map(|topic| topic.0.0).collect();
        insert
            .execute(params![
                block_id,
                sql::number(event.log, "log")?,
                chain,
                event.tx.0.as_slice(),
                event.contract.0.as_slice(),
                event.subject.0.as_slice(),
                topics,
                event.data,
            ])
            .map_err(engine)?;
    }
    Ok(())
}

fn insert_entry(transaction: &Transaction<'_>, chain: u64, entry: u64, rolled_back: bool, block: i64) -> Result<()> {
    let mut insert = transaction
        .prepare_cached("INSERT INTO feed (chain, entry, rolled_back, block) VALUES (?1, ?2, ?3, ?4)")
        .map_err(engine)?;
    let (chain, entry) = (sql::number(chain, "chain")?, sql::number(entry, "entry")?);
    insert.execute(params![chain, entry, rolled_back, block]).map_err(engine)?;
    Ok(())
}

fn upsert(transaction: &Transaction<'_>, table: &Table, record: &Record) -> Result<()> {
    let mut statement = transaction.prepare_cached(&sql::upsert(table)).map_err(engine)?;
    statement.execute(rusqlite::params_from_iter(record)).map_err(engine)?;
    Ok(())
}

fn image(record: &Record) -> Result<String> {
    serde_json::to_string(record).map_err(|error| StoreError::Engine(error.to_string()))
}

fn save(transaction: &Transaction<'_>, state: &ChainState) -> Result<()> {
    let mut update = transaction
        .prepare_cached(
            "UPDATE chains SET head_number = ?2, head_hash = ?3, last_final = ?4, entries = ?5 WHERE chain = ?1",
        )
        .map_err(engine)?;
    update
        .execute(params![
            sql::number(state.chain, "chain")?,
            sql::number(state.head.number, "head")?,
            state.head.hash.0.as_slice(),
            sql::number(state.last_final, "last_final")?,
            sql::number(state.entries, "entries")?,
        ])
        .map_err(engine)?;
    Ok(())
}

pub(super) fn rewind(transaction: &Transaction<'_>, chain: u64, head: BlockRef, to: BlockRef) -> Result<Rewound> {
    let mut state = standing_at(transaction, chain, head)?;
    if to.number < state.last_final {
        return Err(StoreError::BehindFinality { number: to.number, last_final: state.last_final });
    }
    let kept = read::block_hash(transaction, chain, to.number)?;
    if kept.is_some_and(|hash| hash != to.hash) || (kept.is_none() && to != state.base) {
        let (expected, found) = (to.to_string(), kept.map_or_else(|| "nothing".into(), |hash| hash.to_string()));
        return Err(StoreError::Contention(Contention::Head { expected, found }));
    }
    restore(transaction, chain, to.number)?;
    let gone = orphan(transaction, &mut state, to.number)?;
    state.head = to;
    save(transaction, &state)?;
    Ok(gone)
}

/// Gives every row the image that it had after block `to`.
fn restore(transaction: &Transaction<'_>, chain: u64, to: u64) -> Result<()> {
    let bounds = params![sql::number(chain, "chain")?, sql::number(to, "number")?];
    let mut select = transaction
        .prepare_cached(
            "SELECT name, key, before FROM undo WHERE chain = ?1 AND number > ?2 ORDER BY number DESC, step DESC",
        )
        .map_err(engine)?;
    let mut rows = select.query(bounds).map_err(engine)?;
    while let Some(row) = rows.next().map_err(engine)? {
        let (name, key, before): (String, String, Option<String>) =
            (row.get(0).map_err(engine)?, row.get(1).map_err(engine)?, row.get(2).map_err(engine)?);
        let table = TABLES.iter().find(|table| table.name == name).ok_or_else(|| StoreError::Damaged(name.clone()))?;
        match before {
            Some(before) => upsert(transaction, table, &parse(&before)?)?,
            None => delete(transaction, table, &parse(&key)?)?,
        }
    }
    drop(rows);
    let mut forget = transaction.prepare_cached("DELETE FROM undo WHERE chain = ?1 AND number > ?2").map_err(engine)?;
    forget.execute(bounds).map_err(engine)?;
    Ok(())
}

fn parse(image: &str) -> Result<Record> {
    serde_json::from_str(image).map_err(|error| StoreError::Damaged(error.to_string()))
}

fn delete(transaction: &Transaction<'_>, table: &Table, key: &Record) -> Result<()> {
    let text = format!("DELETE FROM {} WHERE {}", table.name, sql::key_is(table));
    let mut statement = transaction.prepare_cached(&text).map_err(engine)?;
    statement.execute(rusqlite::params_from_iter(key)).map_err(engine)?;
    Ok(())
}

/// Takes the blocks above `to` off the chain, the last first, and tells the feed.
fn orphan(transaction: &Transaction<'_>, state: &mut ChainState, to: u64) -> Result<Rewound> {
    let bounds = params![sql::number(state.chain, "chain")?, sql::number(to, "number")?];
    let mut select = transaction
        .prepare_cached(
            "SELECT id, events FROM blocks WHERE chain = ?1 AND number > ?2 AND canonical = 1 ORDER BY number DESC",
        )
        .map_err(engine)?;
    let mut rows = select.query(bounds).map_err(engine)?;
    let mut gone = Rewound { blocks: 0, events: 0 };
    while let Some(row) = rows.next().map_err(engine)? {
        let (id, events): (i64, u64) = (row.get(0).map_err(engine)?, row.get(1).map_err(engine)?);
        gone.blocks += 1;
        gone.events += events;
        if events > 0 {
            state.entries += 1;
            insert_entry(transaction, state.chain, state.entries, true, id)?;
        }
    }
    drop(rows);
    let mut update = transaction
        .prepare_cached("UPDATE blocks SET canonical = 0 WHERE chain = ?1 AND number > ?2 AND canonical = 1")
        .map_err(engine)?;
    update.execute(bounds).map_err(engine)?;
    Ok(gone)
}
