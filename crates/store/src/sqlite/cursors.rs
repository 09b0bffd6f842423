//! How far consumers came.

use super::error::engine;
use crate::{
    Cursor, Result,
    chain::{check_consumer, check_move, moved},
    sql::number,
};
use rusqlite::{Connection, OptionalExtension, params};

pub(super) fn cursor(connection: &Connection, consumer: &str, chain: u64) -> Result<Option<Cursor>> {
    check_consumer(consumer)?;
    let mut select = connection
        .prepare_cached("SELECT epoch, entry, logs FROM cursors WHERE consumer = ?1 AND chain = ?2")
        .map_err(engine)?;
    let cursor = select.query_row(params![consumer, number(chain, "chain")?], |row| {
        Ok(Cursor { chain, epoch: row.get(0)?, entry: row.get(1)?, logs: row.get(2)? })
    });
    cursor.optional().map_err(engine)
}

pub(super) fn move_cursor(connection: &Connection, consumer: &str, from: Option<Cursor>, to: Cursor) -> Result<()> {
    check_move(from, to)?;
    let found = cursor(connection, consumer, to.chain)?;
    if found != from {
        return Err(moved(consumer, from, found));
    }
    let mut upsert = connection
        .prepare_cached(
            "INSERT INTO cursors (consumer, chain, epoch, entry, logs) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (consumer, chain)
             DO UPDATE SET epoch = excluded.epoch, entry = excluded.entry, logs = excluded.logs",
        )
        .map_err(engine)?;
    let (chain, entry, logs) = (number(to.chain, "chain")?, number(to.entry, "entry")?, number(to.logs, "logs")?);
    upsert.execute(params![consumer, chain, to.epoch, entry, logs]).map_err(engine)?;
    Ok(())
}
