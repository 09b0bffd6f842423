//! The beginning of a chain, and its end: a reset forgets it at once, and clears its rows away slice by slice.

use super::{error::engine, migrate::LOCKS, read};
use crate::{
    ChainStart, ChainState, Result,
    sql::{SLICE, chain_tables, number},
};
use sqlx::{AssertSqlSafe, PgConnection, PgPool, Postgres, Transaction};

/// Taken by whoever opens or resets a chain: what stands in no row cannot be locked by one.
const OPENING: i32 = 3;

pub(super) async fn open_chain(pool: &PgPool, start: ChainStart) -> Result<ChainState> {
    loop {
        let mut transaction = locked(pool).await?;
        let opened = open(&mut transaction, start).await?;
        transaction.commit().await.map_err(engine)?;
        if let Some(state) = opened {
            return Ok(state);
        }
    }
}

pub(super) async fn reset_chain(pool: &PgPool, start: ChainStart) -> Result<ChainState> {
    let mut transaction = locked(pool).await?;
    // from here on nobody sees anything of the chain, and it begins anew when its rows are cleared
    for text in [
        "INSERT INTO resets (chain, epoch) SELECT chain, epoch + 1 FROM chains WHERE chain = $1 FOR UPDATE",
        "DELETE FROM chains WHERE chain = $1",
    ] {
        let statement = sqlx::query(text).bind(number(start.chain, "chain")?);
        statement.execute(&mut *transaction).await.map_err(engine)?;
    }
    transaction.commit().await.map_err(engine)?;
    open_chain(pool, start).await
}

async fn locked(pool: &PgPool) -> Result<Transaction<'static, Postgres>> {
    let mut transaction = pool.begin().await.map_err(engine)?;
    let lock = sqlx::query("SELECT pg_advisory_xact_lock($1, $2)").bind(LOCKS).bind(OPENING);
    lock.execute(&mut *transaction).await.map_err(engine)?;
    Ok(transaction)
}

/// Opens a chain, or begins it. Nothing while rows of a chain that was reset are left: call again.
async fn open(connection: &mut PgConnection, start: ChainStart) -> Result<Option<ChainState>> {
    if let Some(state) = read::chain(connection, start.chain, false).await? {
        return state.check_genesis(start).map(|()| Some(state));
    }
    let chain = number(start.chain, "chain")?;
    let reset = read::reset(connection, start.chain).await?;
    if reset.is_some() {
        if !clear(connection, chain).await? {
            return Ok(None);
        }
        let delete = sqlx::query("DELETE FROM resets WHERE chain = $1").bind(chain);
        delete.execute(&mut *connection).await.map_err(engine)?;
    }
    begin(connection, start, reset.unwrap_or(0)).await.map(Some)
}

/// Takes a slice of rows away; says whether these were the last.
async fn clear(connection: &mut PgConnection, chain: i64) -> Result<bool> {
    let mut left = u64::from(SLICE);
    for (table, _) in chain_tables() {
        let text = format!(
            "DELETE FROM {table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {table} WHERE chain = $1 LIMIT $2::bigint))"
        );
        let delete = sqlx::query(AssertSqlSafe(text)).bind(chain).bind(number(left, "limit")?);
        let gone = delete.execute(&mut *connection).await.map_err(engine)?.rows_affected();
        left = left.saturating_sub(gone);
        if left == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn begin(connection: &mut PgConnection, start: ChainStart, epoch: u32) -> Result<ChainState> {
    let insert = sqlx::query(
        "INSERT INTO chains (chain, genesis, base_number, base_hash, head_number, head_hash, last_final, epoch, entries)
         VALUES ($1, $2, $3, $4, $3, $4, $3, $5, 0)",
    )
    .bind(number(start.chain, "chain")?)
    .bind(start.genesis.0.to_vec())
    .bind(number(start.base.number, "base")?)
    .bind(start.base.hash.0.to_vec())
    .bind(i64::from(epoch));
    insert.execute(connection).await.map_err(engine)?;
    Ok(start.state(epoch))
}
