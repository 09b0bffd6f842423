use super::{error::engine, sql};
use crate::{
    BlockRef, ChainState, Change, Cursor, FeedEvent, RawEvent, Record, Result, Select, StoreError, StoredEvent, Table,
    Value,
};
use alloy_primitives::Address;
use rusqlite::{Connection, OptionalExtension, Row, params};
use tgp_protocol::value::{EvmAddress, Word};

const CHAIN: &str = "SELECT chain, genesis, base_number, base_hash, head_number, head_hash, last_final, epoch, entries \
                     FROM chains";

pub(super) fn chain(connection: &Connection, chain: u64) -> Result<Option<ChainState>> {
    let mut select = connection.prepare_cached(&format!("{CHAIN} WHERE chain = ?1")).map_err(engine)?;
    select.query_row([sql::number(chain, "chain")?], state).optional().map_err(engine)
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

/// The hash of the block of a number that is on the chain now, where it is kept.
pub(super) fn block_hash(connection: &Connection, chain: u64, number: u64) -> Result<Option<Word>> {
    let mut select = connection
        .prepare_cached("SELECT hash FROM blocks WHERE chain = ?1 AND number = ?2 AND canonical = 1")
        .map_err(engine)?;
    let bounds = params![sql::number(chain, "chain")?, sql::number(number, "number")?];
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
    let bounds = params![sql::number(chain, "chain")?, sql::number(below, "number")?, limit];
    let rows =
        select.query_map(bounds, |row| Ok(BlockRef { number: row.get(0)?, hash: word(row, 1)? })).map_err(engine)?;
    let mut blocks = rows.collect::<rusqlite::Result<Vec<_>>>().map_err(engine)?;
    if blocks.len() < limit && state.base.number <= below {
        blocks.push(state.base);
    }
    Ok(blocks)
}

pub(super) fn load(connection: &Connection, table: &'static Table, keys: &[Record]) -> Result<Vec<Option<Record>>> {
    let text = format!("SELECT {} FROM {} WHERE {}", sql::columns(table), table.name, sql::key_is(table));
    let mut select = connection.prepare_cached(&text).map_err(engine)?;
    keys.iter()
        .map(|key| {
            let mut rows = select.query(rusqlite::params_from_iter(key)).map_err(engine)?;
            rows.next().map_err(engine)?.map(|row| sql::record(row, table)).transpose()
        })
        .collect()
}

pub(super) fn select(connection: &Connection, query: &Select) -> Result<Vec<Record>> {
    let (text, values) = select_text(query);
    let mut select = connection.prepare_cached(&text).map_err(engine)?;
    let mut rows = select.query(rusqlite::params_from_iter(values)).map_err(engine)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(engine)? {
        found.push(sql::record(row, query.table)?);
    }
    Ok(found)
}

/// `WHERE` equality of the index's first columns, and the rest of it as one row value after the last page's.
fn select_text(query: &Select) -> (String, Vec<&Value>) {
    let table = query.table;
    let key = || table.key_columns().iter().map(|column| column.name);
    let (equals, order): (&[&str], Vec<&str>) = match query.index {
        Some(index) => (index.equals, index.order.to_vec()),
        None => (&[], key().collect()),
    };
    let mut values: Vec<&Value> = query.equals.iter().take(equals.len()).collect();
    let mut place = 0;
    let mut wanted: Vec<String> = Vec::new();
    for name in equals {
        place += 1;
        wanted.push(format!("{name} = ?{place}"));
    }
    if let Some(after) = &query.after {
        let places = sql::list(order.iter(), ", ", |_| {
            place += 1;
            format!("?{place}")
        });
        let sign = if query.newest { "<" } else { ">" };
        wanted.push(format!("({}) {sign} ({places})", order.join(", ")));
        values.extend(after.iter().take(order.len()));
    }
    let wanted = if wanted.is_empty() { String::new() } else { format!(" WHERE {}", wanted.join(" AND ")) };
    let direction = if query.newest { " DESC" } else { "" };
    let order = sql::list(order.iter(), ", ", |name| format!("{name}{direction}"));
    let text =
        format!("SELECT {} FROM {}{wanted} ORDER BY {order} LIMIT {}", sql::columns(table), table.name, query.limit);
    (text, values)
}

const EVENT: &str = "e.log, e.tx, e.contract, e.subject, e.topics, e.data";

fn event(row: &Row<'_>, from: usize) -> rusqlite::Result<RawEvent> {
    let topics: Vec<u8> = row.get(from + 4)?;
    Ok(RawEvent {
        log: row.get(from)?,
        tx: word(row, from + 1)?,
        contract: EvmAddress(Address::from(row.get::<_, [u8; 20]>(from + 2)?)),
        subject: word(row, from + 3)?,
        topics: topics.chunks_exact(32).filter_map(|topic| <[u8; 32]>::try_from(topic).ok().map(Word::from)).collect(),
        data: row.get(from + 5)?,
    })
}

pub(super) fn events_of(
    connection: &Connection,
    chain: u64,
    subject: Word,
    after: Option<(u64, u64)>,
    limit: usize,
) -> Result<Vec<StoredEvent>> {
    // an order's events are few, and its blocks may have come and gone: sorted by number here, not by the index
    let mut select = connection
        .prepare_cached(&format!(
            "SELECT b.number, b.hash, b.time, {EVENT} FROM events e JOIN blocks b ON b.id = e.block
             WHERE e.chain = ?1 AND e.subject = ?2 AND b.canonical = 1 AND (b.number, e.log) > (?3, ?4)
             ORDER BY b.number, e.log LIMIT ?5"
        ))
        .map_err(engine)?;
    let (number, log) = match after {
        Some((number, log)) => (sql::number(number, "number")?, sql::number(log, "log")?),
        None => (-1, -1),
    };
    let bounds = params![sql::number(chain, "chain")?, subject.0.as_slice(), number, log, limit];
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
    rolled_back: bool,
    id: i64,
    block: u64,
    block_hash: Word,
    time: u64,
}

pub(super) fn feed(connection: &Connection, after: Cursor, limit: usize) -> Result<Vec<FeedEvent>> {
    let state = chain(connection, after.chain)?.ok_or(StoreError::UnknownChain(after.chain))?;
    if after.epoch != state.epoch {
        return Err(StoreError::OldCursor { chain: after.chain, cursor: after.epoch, epoch: state.epoch });
    }
    let mut select = connection
        .prepare_cached(
            "SELECT f.entry, f.rolled_back, b.id, b.number, b.hash, b.time FROM feed f JOIN blocks b ON b.id = f.block
             WHERE f.chain = ?1 AND f.entry >= ?2 ORDER BY f.entry LIMIT ?3",
        )
        .map_err(engine)?;
    // every entry has an event at least, but the first may be behind us
    let bounds = params![sql::number(after.chain, "chain")?, sql::number(after.entry, "entry")?, limit + 1];
    let entries = select
        .query_map(bounds, |row| {
            Ok(Entry {
                entry: row.get(0)?,
                rolled_back: row.get(1)?,
                id: row.get(2)?,
                block: row.get(3)?,
                block_hash: word(row, 4)?,
                time: row.get(5)?,
            })
        })
        .map_err(engine)?;
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(engine)?;
        let behind = if entry.entry == after.entry { after.events } else { 0 };
        entry_events(connection, &entry, after, behind, limit - found.len(), &mut found)?;
        if found.len() >= limit {
            break;
        }
    }
    Ok(found)
}

/// What goes, goes in the opposite order.
fn entry_events(
    connection: &Connection,
    entry: &Entry,
    after: Cursor,
    behind: u64,
    limit: usize,
    found: &mut Vec<FeedEvent>,
) -> Result<()> {
    let direction = if entry.rolled_back { "DESC" } else { "ASC" };
    let text = format!("SELECT {EVENT} FROM events e WHERE e.block = ?1 ORDER BY e.log {direction} LIMIT ?2 OFFSET ?3");
    let mut select = connection.prepare_cached(&text).map_err(engine)?;
    let bounds = params![entry.id, limit, sql::number(behind, "cursor")?];
    let rows = select.query_map(bounds, |row| event(row, 0)).map_err(engine)?;
    for (place, row) in rows.enumerate() {
        let events = behind + u64::try_from(place).unwrap_or(u64::MAX) + 1;
        found.push(FeedEvent {
            cursor: Cursor { entry: entry.entry, events, ..after },
            change: if entry.rolled_back { Change::RolledBack } else { Change::Applied },
            block: entry.block,
            block_hash: entry.block_hash,
            time: entry.time,
            event: row.map_err(engine)?,
        });
    }
    Ok(())
}
