use super::{error::engine, sql};
use crate::{
    BlockRef, ChainState, Change, Cursor, FeedEvent, RawEvent, Record, Result, Select, StoreError, StoredEvent, Table,
    sql::{STANDS, limit as at_most, number, page},
};
use alloy_primitives::Address;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter, types::Type};
use tgp_protocol::value::{EvmAddress, Word};

const CHAIN: &str = "SELECT chain, genesis, base_number, base_hash, head_number, head_hash, last_final, epoch, entries \
                     FROM chains";

pub(super) fn chain(connection: &Connection, chain: u64) -> Result<Option<ChainState>> {
    let mut select = connection.prepare_cached(&format!("{CHAIN} WHERE chain = ?1")).map_err(engine)?;
    select.query_row([number(chain, "chain")?], state).optional().map_err(engine)
}

/// The epoch in which a chain that is being reset begins anew.
pub(super) fn reset(connection: &Connection, chain: u64) -> Result<Option<u32>> {
    let mut select = connection.prepare_cached("SELECT epoch FROM resets WHERE chain = ?1").map_err(engine)?;
    select.query_row([number(chain, "chain")?], |row| row.get(0)).optional().map_err(engine)
}

pub(super) fn chains(connection: &Connection) -> Result<Vec<ChainState>> {
    let mut select = connection.prepare_cached(&format!("{CHAIN} ORDER BY chain")).map_err(engine)?;
    let rows = select.query_map([], state).map_err(engine)?;
    rows.collect::<rusqlite::Result<_>>().map_err(engine)
}

fn state(row: &Row<'_>) -> rusqlite::Result<ChainState> {
    Ok(ChainState {
        chain: row.get(0)?,
        genesis: word(row, 1)?,
        base: BlockRef { number: row.get(2)?, hash: word(row, 3)? },
        head: BlockRef { number: row.get(4)?, hash: word(row, 5)? },
        last_final: row.get(6)?,
        epoch: row.get(7)?,
        entries: row.get(8)?,
    })
}

fn word(row: &Row<'_>, place: usize) -> rusqlite::Result<Word> {
    row.get::<_, [u8; 32]>(place).map(Word::from)
}

/// The hash of a block that one can go back to: of the head, or as the block above it names it. Every block above the
/// last final one is kept.
pub(super) fn hash_at(connection: &Connection, state: &ChainState, at: u64) -> Result<Option<Word>> {
    if at == state.head.number {
        return Ok(Some(state.head.hash));
    }
    let mut select = connection
        .prepare_cached("SELECT parent FROM blocks WHERE chain = ?1 AND number = ?2 AND canonical = 1")
        .map_err(engine)?;
    let bounds = params![number(state.chain, "chain")?, number(at.saturating_add(1), "number")?];
    select.query_row(bounds, |row| word(row, 0)).optional().map_err(engine)
}

pub(super) fn blocks_below(connection: &Connection, chain: u64, below: u64, limit: usize) -> Result<Vec<BlockRef>> {
    let state = self::chain(connection, chain)?.ok_or(StoreError::UnknownChain(chain))?;
    let mut select = connection
        .prepare_cached(
            "SELECT number, hash FROM blocks WHERE chain = ?1 AND number <= ?2 AND canonical = 1
             ORDER BY number DESC LIMIT ?3",
        )
        .map_err(engine)?;
    let bounds = params![number(chain, "chain")?, number(below, "number")?, at_most(limit)];
    let rows =
        select.query_map(bounds, |row| Ok(BlockRef { number: row.get(0)?, hash: word(row, 1)? })).map_err(engine)?;
    let blocks = rows.collect::<rusqlite::Result<Vec<_>>>().map_err(engine)?;
    let last_final = hash_at(connection, &state, state.last_final)?;
    Ok(state.with_ends(blocks, last_final, below, limit))
}

pub(super) fn load(connection: &Connection, table: &'static Table, keys: &[Record]) -> Result<Vec<Option<Record>>> {
    let text = format!("SELECT {} FROM {} WHERE {} AND {STANDS}", sql::columns(table), table.name, sql::key_is(table));
    let mut select = connection.prepare_cached(&text).map_err(engine)?;
    let mut row = |key: &Record| {
        table.check_key(key)?;
        let mut rows = select.query(params_from_iter(key)).map_err(engine)?;
        rows.next().map_err(engine)?.map(|row| sql::record(row, table)).transpose()
    };
    keys.iter().map(&mut row).collect()
}

pub(super) fn select(connection: &Connection, query: &Select) -> Result<Vec<Record>> {
    let (text, values) = page(query, &sql::columns(query.table))?;
    let mut select = connection.prepare_cached(&text).map_err(engine)?;
    let mut rows = select.query(params_from_iter(&values)).map_err(engine)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(engine)? {
        found.push(sql::record(row, query.table)?);
    }
    Ok(found)
}

const EVENT: &str = "e.log, e.tx, e.contract, e.subject, e.topics, e.data";

fn event(row: &Row<'_>, from: usize) -> rusqlite::Result<RawEvent> {
    Ok(RawEvent {
        log: row.get(from)?,
        tx: word(row, from + 1)?,
        contract: EvmAddress(Address::from(row.get::<_, [u8; 20]>(from + 2)?)),
        subject: word(row, from + 3)?,
        topics: RawEvent::topics_of(row.get_ref(from + 4)?.as_blob()?)
            .map_err(|error| rusqlite::Error::FromSqlConversionFailure(from + 4, Type::Blob, error.into()))?,
        data: row.get(from + 5)?,
    })
}

/// The events of a block, in the order of their logs.
pub(super) fn events_in(connection: &Connection, id: i64) -> Result<Vec<RawEvent>> {
    let text = format!("SELECT {EVENT} FROM events e WHERE e.block = ?1 ORDER BY e.log");
    let mut select = connection.prepare_cached(&text).map_err(engine)?;
    let rows = select.query_map([id], |row| event(row, 0)).map_err(engine)?;
    rows.collect::<rusqlite::Result<_>>().map_err(engine)
}

pub(super) fn events_of(
    connection: &Connection,
    chain: u64,
    subject: Word,
    after: Option<(u64, u64)>,
    limit: usize,
) -> Result<Vec<StoredEvent>> {
    // CROSS: the index of the subject first, then each event's block
    let mut select = connection
        .prepare_cached(&format!(
            "SELECT b.number, b.hash, b.time, {EVENT} FROM events e CROSS JOIN blocks b ON b.id = e.block
             WHERE e.chain = ?1 AND e.subject = ?2 AND b.canonical = 1 AND (e.number, e.log) > (?3, ?4) AND e.{STANDS}
             ORDER BY e.number, e.log LIMIT ?5"
        ))
        .map_err(engine)?;
    let (block, log) = match after {
        Some((block, log)) => (number(block, "number")?, number(log, "log")?),
        None => (-1, -1),
    };
    let bounds = params![number(chain, "chain")?, subject.0.as_slice(), block, log, at_most(limit)];
    let rows = select
        .query_map(bounds, |row| {
            let at = BlockRef { number: row.get(0)?, hash: word(row, 1)? };
            Ok(StoredEvent { at, time: row.get(2)?, event: event(row, 3)? })
        })
        .map_err(engine)?;
    rows.collect::<rusqlite::Result<_>>().map_err(engine)
}

struct Entry {
    entry: u64,
    change: Change,
    id: i64,
    at: BlockRef,
    time: u64,
    logs: u64,
}

pub(super) fn feed(connection: &Connection, after: Cursor, limit: usize) -> Result<Vec<FeedEvent>> {
    let Some(state) = chain(connection, after.chain)? else {
        return Err(ChainState::missing(after, reset(connection, after.chain)?));
    };
    state.check_epoch(after)?;
    let mut select = connection
        .prepare_cached(
            "SELECT f.entry, f.rolled_back, b.id, b.number, b.hash, b.time, b.logs
             FROM feed f CROSS JOIN blocks b ON b.id = f.block
             WHERE f.chain = ?1 AND f.entry >= ?2 ORDER BY f.entry",
        )
        .map_err(engine)?;
    let entries = select
        .query_map(params![number(after.chain, "chain")?, number(after.entry, "cursor")?], |row| {
            Ok(Entry {
                entry: row.get(0)?,
                change: if row.get(1)? { Change::RolledBack } else { Change::Applied },
                id: row.get(2)?,
                at: BlockRef { number: row.get(3)?, hash: word(row, 4)? },
                time: row.get(5)?,
                logs: row.get(6)?,
            })
        })
        .map_err(engine)?;
    let mut found = Vec::new();
    for entry in entries {
        if found.len() >= limit {
            break;
        }
        let entry = entry.map_err(engine)?;
        let behind = if entry.entry == after.entry { after.logs } else { 0 };
        entry_events(connection, &entry, Cursor { entry: entry.entry, logs: behind, ..after }, limit, &mut found)?;
    }
    Ok(found)
}

/// What goes, goes in the opposite order.
fn entry_events(
    connection: &Connection,
    entry: &Entry,
    after: Cursor,
    limit: usize,
    found: &mut Vec<FeedEvent>,
) -> Result<()> {
    let (bound, place) = match entry.change {
        Change::Applied => ("e.log >= ?2 ORDER BY e.log", after.logs),
        Change::RolledBack => ("e.log < ?2 ORDER BY e.log DESC", entry.logs.saturating_sub(after.logs)),
    };
    let text = format!("SELECT {EVENT} FROM events e WHERE e.block = ?1 AND {bound} LIMIT ?3");
    let mut select = connection.prepare_cached(&text).map_err(engine)?;
    let bounds = params![entry.id, number(place, "cursor")?, at_most(limit - found.len())];
    for event in select.query_map(bounds, |row| event(row, 0)).map_err(engine)? {
        let event = event.map_err(engine)?;
        found.push(FeedEvent {
            cursor: after.behind(entry.change, &event, entry.logs),
            change: entry.change,
            block: entry.at.number,
            block_hash: entry.at.hash,
            time: entry.time,
            event,
        });
    }
    Ok(())
}
