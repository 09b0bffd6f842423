//! The way back: rows as they were, blocks off the chain, and the feed told.

use super::{
    error::engine,
    read,
    sql::{Upsert, key_is},
    write::{insert_entry, save},
};
use crate::{
    BlockRef, ChainState, Record, Result, Rewound, StoreError, Table,
    sql::{self, number},
    table::parse,
};
use rusqlite::{Connection, params, params_from_iter};
use std::collections::{HashMap, HashSet, hash_map::Entry};

pub(super) fn rewind(connection: &Connection, chain: u64, head: BlockRef, to: BlockRef) -> Result<Rewound> {
    let mut state = read::chain(connection, chain)?.ok_or(StoreError::UnknownChain(chain))?;
    state.check_head(head)?;
    state.check_way_back(to, read::hash_at(connection, &state, to.number)?)?;
    restore(connection, chain, to.number)?;
    let gone = orphan(connection, &mut state, to.number)?;
    state.head = to;
    save(connection, &state)?;
    Ok(gone)
}

/// Gives every row the image that it had after block `to`: the oldest of those that were kept since.
fn restore(connection: &Connection, chain: u64, to: u64) -> Result<()> {
    let bounds = params![number(chain, "chain")?, number(to, "number")?];
    let mut select = connection
        .prepare_cached("SELECT name, key, before FROM undo WHERE chain = ?1 AND number > ?2 ORDER BY number, step")
        .map_err(engine)?;
    let (mut restored, mut upserts) = (HashSet::new(), HashMap::new());
    let mut rows = select.query(bounds).map_err(engine)?;
    while let Some(row) = rows.next().map_err(engine)? {
        let (name, key): (String, Vec<u8>) = (row.get(0).map_err(engine)?, row.get(1).map_err(engine)?);
        let table = sql::table(&name)?;
        if !restored.insert((table.name, key.clone())) {
            continue;
        }
        match row.get::<_, Option<Vec<u8>>>(2).map_err(engine)? {
            Some(before) => {
                let upsert = match upserts.entry(table.name) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(free) => free.insert(Upsert::into(connection, table)?),
                };
                upsert.run(&parse(&before)?)?;
            }
            None => delete(connection, table, &parse(&key)?)?,
        }
    }
    drop(rows);
    let forget = "DELETE FROM undo WHERE chain = ?1 AND number > ?2";
    connection.prepare_cached(forget).and_then(|mut forget| forget.execute(bounds)).map_err(engine)?;
    Ok(())
}

fn delete(connection: &Connection, table: &Table, key: &Record) -> Result<()> {
    let text = format!("DELETE FROM {} WHERE {}", table.name, key_is(table));
    let mut statement = connection.prepare_cached(&text).map_err(engine)?;
    statement.execute(params_from_iter(key)).map_err(engine)?;
    Ok(())
}

/// Takes the blocks above `to` off the chain, the last first, and tells the feed.
fn orphan(connection: &Connection, state: &mut ChainState, to: u64) -> Result<Rewound> {
    let bounds = params![number(state.chain, "chain")?, number(to, "number")?];
    let mut select = connection
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
            insert_entry(connection, state.chain, state.entries, true, id)?;
        }
    }
    drop(rows);
    let update = "UPDATE blocks SET canonical = 0 WHERE chain = ?1 AND number > ?2 AND canonical = 1";
    connection.prepare_cached(update).and_then(|mut update| update.execute(bounds)).map_err(engine)?;
    Ok(gone)
}
