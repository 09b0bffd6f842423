//! The beginning of a chain, and its end: a reset forgets it at once, and clears its rows away slice by slice.

use super::{error::engine, read};
use crate::{
    ChainStart, ChainState, Result,
    sql::{SLICE, chain_tables, number},
};
use rusqlite::{Connection, params};

/// Opens a chain, or begins it. Nothing while rows of a chain that was reset are left: call again.
pub(super) fn open_chain(connection: &Connection, start: ChainStart) -> Result<Option<ChainState>> {
    if let Some(state) = read::chain(connection, start.chain)? {
        return state.check_genesis(start).map(|()| Some(state));
    }
    let chain = number(start.chain, "chain")?;
    let reset = read::reset(connection, start.chain)?;
    if reset.is_some() {
        if !clear(connection, chain)? {
            return Ok(None);
        }
        connection.execute("DELETE FROM resets WHERE chain = ?1", [chain]).map_err(engine)?;
    }
    begin(connection, start, reset.unwrap_or(0)).map(Some)
}

/// From here on nobody sees anything of a chain, and it begins anew when its rows are cleared.
pub(super) fn forget_chain(connection: &Connection, chain: u64) -> Result<()> {
    let chain = [number(chain, "chain")?];
    for text in [
        "INSERT INTO resets (chain, epoch) SELECT chain, epoch + 1 FROM chains WHERE chain = ?1",
        "DELETE FROM chains WHERE chain = ?1",
    ] {
        connection.execute(text, chain).map_err(engine)?;
    }
    Ok(())
}

/// Takes a slice of rows away; says whether these were the last.
fn clear(connection: &Connection, chain: i64) -> Result<bool> {
    let mut left = SLICE;
    for (table, key) in chain_tables() {
        let text =
            format!("DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE chain = ?1 LIMIT ?2)");
        let gone = connection.execute(&text, params![chain, left]).map_err(engine)?;
        left = left.saturating_sub(u32::try_from(gone).unwrap_or(u32::MAX));
        if left == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

fn begin(connection: &Connection, start: ChainStart, epoch: u32) -> Result<ChainState> {
    let base = number(start.base.number, "base")?;
    connection
        .execute(
            "INSERT INTO chains (chain, genesis, base_number, base_hash, head_number, head_hash, last_final, epoch, entries)
             VALUES (?1, ?2, ?3, ?4, ?3, ?4, ?3, ?5, 0)",
            params![
                number(start.chain, "chain")?,
                start.genesis.0.as_slice(),
                base,
                start.base.hash.0.as_slice(),
                epoch
            ],
        )
        .map_err(engine)?;
    Ok(start.state(epoch))
}
