use super::{
    error::engine,
    read::{self, EVENT},
    rows,
};
use crate::{
    Batch, Block, ChainState, Result, StoreError,
    sql::{by_table, number},
    table::image,
};
use sqlx::{AssertSqlSafe, PgConnection, PgPool, Row};
use std::collections::HashMap;
use tgp_protocol::value::Word;

pub(super) async fn apply(pool: &PgPool, batch: &Batch) -> Result<ChainState> {
    batch.check()?;
    let mut transaction = pool.begin().await.map_err(engine)?;
    let state = read::chain(&mut transaction, batch.before.chain, true).await?;
    let mut state = state.ok_or(StoreError::UnknownChain(batch.before.chain))?;
    state.check_before(&batch.before)?;
    let ids = insert_blocks(&mut transaction, batch).await?;
    let entries: Vec<i64> = batch
        .blocks
        .iter()
        .filter(|block| !block.events.is_empty())
        .filter_map(|block| ids.get(&block.at.hash))
        .copied()
        .collect();
    insert_entries(&mut transaction, &mut state, false, &entries).await?;
    for (table, records) in by_table(&batch.rows) {
        rows::upsert(&mut transaction, table, &records).await?;
    }
    let was_final = state.last_final;
    state.head = batch.head;
    state.last_final = was_final.max(batch.last_final);
    insert_undo(&mut transaction, batch, state.last_final).await?;
    if state.last_final > was_final {
        forget(&mut transaction, &state).await?;
    }
    save(&mut transaction, &state).await?;
    transaction.commit().await.map_err(engine)?;
    Ok(state)
}

/// Nobody goes back behind the last final block.
async fn forget(connection: &mut PgConnection, state: &ChainState) -> Result<()> {
    for forget in [
        "DELETE FROM undo WHERE chain = $1 AND number <= $2",
        "DELETE FROM blocks WHERE chain = $1 AND number < $2 AND events = 0",
    ] {
        let forget = sqlx::query(forget).bind(number(state.chain, "chain")?);
        let forget = forget.bind(number(state.last_final, "last_final")?);
        forget.execute(&mut *connection).await.map_err(engine)?;
    }
    Ok(())
}

/// Writes blocks and their events, or puts those that are back on the chain again. Their ids, by their hashes.
async fn insert_blocks(connection: &mut PgConnection, batch: &Batch) -> Result<HashMap<Word, i64>> {
    let mut ids = back_again(connection, batch).await?;
    let new: Vec<&Block> = batch.blocks.iter().filter(|block| !ids.contains_key(&block.at.hash)).collect();
    if new.is_empty() {
        return Ok(ids);
    }
    let mut columns = Blocks::default();
    for block in &new {
        columns.number.push(number(block.at.number, "number")?);
        columns.hash.push(block.at.hash.0.to_vec());
        columns.parent.push(block.parent.0.to_vec());
        columns.time.push(number(block.time, "time")?);
        columns.events.push(i64::try_from(block.events.len()).map_err(|_| StoreError::TooLarge { field: "events" })?);
        columns.logs.push(number(block.logs(), "logs")?);
    }
    let insert = sqlx::query(
        "INSERT INTO blocks (chain, number, hash, parent, time, events, logs, canonical)
         SELECT $1, new.*, TRUE
         FROM unnest($2::bigint[], $3::bytea[], $4::bytea[], $5::bigint[], $6::bigint[], $7::bigint[]) AS new
         RETURNING id, hash",
    )
    .bind(number(batch.before.chain, "chain")?)
    .bind(columns.number)
    .bind(columns.hash)
    .bind(columns.parent)
    .bind(columns.time)
    .bind(columns.events)
    .bind(columns.logs);
    for row in insert.fetch_all(&mut *connection).await.map_err(engine)? {
        ids.insert(Word::from(read::bytes::<32>(&row, 1)?), row.try_get(0).map_err(engine)?);
    }
    insert_events(connection, batch.before.chain, &new, &ids).await?;
    Ok(ids)
}

#[derive(Default)]
struct Blocks {
    number: Vec<i64>,
    hash: Vec<Vec<u8>>,
    parent: Vec<Vec<u8>>,
    time: Vec<i64>,
    events: Vec<i64>,
    logs: Vec<i64>,
}

async fn back_again(connection: &mut PgConnection, batch: &Batch) -> Result<HashMap<Word, i64>> {
    let hashes: Vec<Vec<u8>> = batch.blocks.iter().map(|block| block.at.hash.0.to_vec()).collect();
    let update =
        "UPDATE blocks SET canonical = TRUE WHERE chain = $1 AND hash = ANY($2) AND NOT canonical RETURNING id, hash";
    let update = sqlx::query(update).bind(number(batch.before.chain, "chain")?).bind(hashes);
    let mut ids = HashMap::new();
    for row in update.fetch_all(&mut *connection).await.map_err(engine)? {
        let (id, hash): (i64, _) = (row.try_get(0).map_err(engine)?, Word::from(read::bytes::<32>(&row, 1)?));
        let text = format!("SELECT {EVENT} FROM events e WHERE e.block = $1 ORDER BY e.log");
        let select = sqlx::query(AssertSqlSafe(text)).bind(id);
        let rows = select.fetch_all(&mut *connection).await.map_err(engine)?;
        let events = rows.iter().map(|row| read::event(row, 0)).collect::<Result<Vec<_>>>()?;
        // what the feed told of it stays true
        if batch.blocks.iter().any(|block| block.at.hash == hash && block.events != events) {
            return Err(StoreError::Exists("a block of this hash"));
        }
        ids.insert(hash, id);
    }
    Ok(ids)
}

#[derive(Default)]
struct Events {
    block: Vec<i64>,
    log: Vec<i64>,
    number: Vec<i64>,
    tx: Vec<Vec<u8>>,
    contract: Vec<Vec<u8>>,
    subject: Vec<Vec<u8>>,
    topics: Vec<Vec<u8>>,
    data: Vec<Vec<u8>>,
}

async fn insert_events(
    connection: &mut PgConnection,
    chain: u64,
    blocks: &[&Block],
    ids: &HashMap<Word, i64>,
) -> Result<()> {
    let mut columns = Events::default();
    for block in blocks {
        let id = ids.get(&block.at.hash).ok_or_else(|| StoreError::Engine("a block got no id".into()))?;
        for event in &block.events {
            columns.block.push(*id);
            columns.log.push(number(event.log, "log")?);
            columns.number.push(number(block.at.number, "number")?);
            columns.tx.push(event.tx.0.to_vec());
            columns.contract.push(event.contract.0.to_vec());
            columns.subject.push(event.subject.0.to_vec());
            columns.topics.push(event.topic_bytes());
            columns.data.push(event.data.clone());
        }
    }
    if columns.block.is_empty() {
        return Ok(());
    }
    let insert = sqlx::query(
        "INSERT INTO events (chain, block, log, number, tx, contract, subject, topics, data)
         SELECT $1, new.* FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bytea[], $6::bytea[], $7::bytea[],
                                      $8::bytea[], $9::bytea[]) AS new",
    )
    .bind(number(chain, "chain")?)
    .bind(columns.block)
    .bind(columns.log)
    .bind(columns.number)
    .bind(columns.tx)
    .bind(columns.contract)
    .bind(columns.subject)
    .bind(columns.topics)
    .bind(columns.data);
    insert.execute(connection).await.map_err(engine)?;
    Ok(())
}

/// Tells the feed of blocks, in their order. The chain's row is locked: nobody numbers entries beside.
pub(super) async fn insert_entries(
    connection: &mut PgConnection,
    state: &mut ChainState,
    rolled_back: bool,
    blocks: &[i64],
) -> Result<()> {
    if blocks.is_empty() {
        return Ok(());
    }
    let insert = sqlx::query(
        "INSERT INTO feed (chain, entry, rolled_back, block)
         SELECT $1, $2 + new.place, $3, new.block FROM unnest($4::bigint[]) WITH ORDINALITY AS new (block, place)",
    )
    .bind(number(state.chain, "chain")?)
    .bind(number(state.entries, "entry")?)
    .bind(rolled_back)
    .bind(blocks);
    insert.execute(connection).await.map_err(engine)?;
    state.entries += u64::try_from(blocks.len()).map_err(|_| StoreError::TooLarge { field: "entry" })?;
    Ok(())
}

async fn insert_undo(connection: &mut PgConnection, batch: &Batch, last_final: u64) -> Result<()> {
    let (mut blocks, mut steps, mut names) = (Vec::new(), Vec::new(), Vec::new());
    let (mut keys, mut images) = (Vec::new(), Vec::new());
    for (step, undo) in (0_i64..).zip(&batch.undo).filter(|(_, undo)| undo.block > last_final) {
        blocks.push(number(undo.block, "number")?);
        steps.push(step);
        names.push(undo.table.name);
        keys.push(image(&undo.key));
        images.push(undo.before.as_deref().map(image));
    }
    if blocks.is_empty() {
        return Ok(());
    }
    let insert = sqlx::query(
        "INSERT INTO undo (chain, number, step, name, key, before)
         SELECT $1, new.* FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::bytea[], $6::bytea[]) AS new",
    )
    .bind(number(batch.before.chain, "chain")?)
    .bind(blocks)
    .bind(steps)
    .bind(names)
    .bind(keys)
    .bind(images);
    insert.execute(connection).await.map_err(engine)?;
    Ok(())
}

pub(super) async fn save(connection: &mut PgConnection, state: &ChainState) -> Result<()> {
    let update = "UPDATE chains SET head_number = $2, head_hash = $3, last_final = $4, entries = $5 WHERE chain = $1";
    let update = sqlx::query(update)
        .bind(number(state.chain, "chain")?)
        .bind(number(state.head.number, "head")?)
        .bind(state.head.hash.0.to_vec())
        .bind(number(state.last_final, "last_final")?)
        .bind(number(state.entries, "entries")?);
    update.execute(connection).await.map_err(engine)?;
    Ok(())
}
