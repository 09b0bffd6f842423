use super::{error::engine, read, sql::Upsert};
use crate::{
    Batch, Block, ChainState, Result, StoreError,
    sql::{by_table, number},
    table::image,
};
use rusqlite::{Connection, params};

pub(super) fn apply(connection: &Connection, batch: &Batch) -> Result<ChainState> {
    batch.check()?;
    let chain = batch.before.chain;
    let mut state = read::chain(connection, chain)?.ok_or(StoreError::UnknownChain(chain))?;
    state.check_before(&batch.before)?;
    for block in &batch.blocks {
        let id = insert_block(connection, chain, block)?;
        if !block.events.is_empty() {
            state.entries += 1;
            insert_entry(connection, chain, state.entries, false, id)?;
        }
    }
    for (table, rows) in by_table(&batch.rows) {
        let mut upsert = Upsert::into(connection, table)?;
        rows.into_iter().try_for_each(|record| upsert.run(record))?;
    }
    let was_final = state.last_final;
    state.head = batch.head;
    state.last_final = was_final.max(batch.last_final);
    insert_undo(connection, batch, state.last_final)?;
    if state.last_final > was_final {
        forget(connection, &state)?;
    }
    save(connection, &state)?;
    Ok(state)
}

/// Nobody goes back behind the last final block.
fn forget(connection: &Connection, state: &ChainState) -> Result<()> {
    let bounds = params![number(state.chain, "chain")?, number(state.last_final, "last_final")?];
    for forget in [
        "DELETE FROM undo WHERE chain = ?1 AND number <= ?2",
        "DELETE FROM blocks WHERE chain = ?1 AND number < ?2 AND events = 0",
    ] {
        connection.prepare_cached(forget).and_then(|mut forget| forget.execute(bounds)).map_err(engine)?;
    }
    Ok(())
}

/// Writes a block and its events, or puts one that is back on the chain again.
fn insert_block(connection: &Connection, chain: u64, block: &Block) -> Result<i64> {
    if let Some(id) = back_again(connection, chain, block)? {
        return Ok(id);
    }
    let mut insert = connection
        .prepare_cached(
            "INSERT INTO blocks (chain, number, hash, parent, time, events, logs, canonical)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1)",
        )
        .map_err(engine)?;
    let count = i64::try_from(block.events.len()).map_err(|_| StoreError::TooLarge { field: "events" })?;
    let id = insert
        .insert(params![
            number(chain, "chain")?,
            number(block.at.number, "number")?,
            block.at.hash.0.as_slice(),
            block.parent.0.as_slice(),
            number(block.time, "time")?,
            count,
            number(block.logs(), "logs")?,
        ])
        .map_err(engine)?;
    insert_events(connection, chain, id, block)?;
    Ok(id)
}

fn back_again(connection: &Connection, chain: u64, block: &Block) -> Result<Option<i64>> {
    let mut update = connection
        .prepare_cached("UPDATE blocks SET canonical = 1 WHERE chain = ?1 AND hash = ?2 AND canonical = 0 RETURNING id")
        .map_err(engine)?;
    let mut rows = update.query(params![number(chain, "chain")?, block.at.hash.0.as_slice()]).map_err(engine)?;
    let Some(row) = rows.next().map_err(engine)? else { return Ok(None) };
    let id = row.get(0).map_err(engine)?;
    // the row is changed when the statement has ended
    while rows.next().map_err(engine)?.is_some() {}
    // what the feed told of it stays true
    if read::events_in(connection, id)? != block.events {
        return Err(StoreError::Exists("a block of this hash"));
    }
    Ok(Some(id))
}

fn insert_events(connection: &Connection, chain: u64, id: i64, block: &Block) -> Result<()> {
    let (chain, at) = (number(chain, "chain")?, number(block.at.number, "number")?);
    let mut insert = connection
        .prepare_cached(
            "INSERT INTO events (block, log, chain, number, tx, contract, subject, topics, data)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )
        .map_err(engine)?;
    for event in &block.events {
        insert
            .execute(params![
                id,
                number(event.log, "log")?,
                chain,
                at,
                event.tx.0.as_slice(),
                event.contract.0.as_slice(),
                event.subject.0.as_slice(),
                event.topic_bytes(),
                event.data,
            ])
            .map_err(engine)?;
    }
    Ok(())
}

pub(super) fn insert_entry(connection: &Connection, chain: u64, entry: u64, rolled_back: bool, id: i64) -> Result<()> {
    let mut insert = connection
        .prepare_cached("INSERT INTO feed (chain, entry, rolled_back, block) VALUES (?1, ?2, ?3, ?4)")
        .map_err(engine)?;
    let (chain, entry) = (number(chain, "chain")?, number(entry, "entry")?);
    insert.execute(params![chain, entry, rolled_back, id]).map_err(engine)?;
    Ok(())
}

fn insert_undo(connection: &Connection, batch: &Batch, last_final: u64) -> Result<()> {
    let chain = number(batch.before.chain, "chain")?;
    let mut insert = connection
        .prepare_cached("INSERT INTO undo (chain, number, step, name, key, before) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        .map_err(engine)?;
    for (step, undo) in (0_i64..).zip(&batch.undo).filter(|(_, undo)| undo.block > last_final) {
        let (key, before) = (image(&undo.key), undo.before.as_deref().map(image));
        let block = number(undo.block, "number")?;
        insert.execute(params![chain, block, step, undo.table.name, key, before]).map_err(engine)?;
    }
    Ok(())
}

pub(super) fn save(connection: &Connection, state: &ChainState) -> Result<()> {
    let mut update = connection
        .prepare_cached(
            "UPDATE chains SET head_number = ?2, head_hash = ?3, last_final = ?4, entries = ?5 WHERE chain = ?1",
        )
        .map_err(engine)?;
    update
        .execute(params![
            number(state.chain, "chain")?,
            number(state.head.number, "head")?,
            state.head.hash.0.as_slice(),
            number(state.last_final, "last_final")?,
            number(state.entries, "entries")?,
        ])
        .map_err(engine)?;
    Ok(())
}
