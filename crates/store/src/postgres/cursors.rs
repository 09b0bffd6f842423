//! How far consumers came.

use super::{error::engine, read};
use crate::{
    Cursor, Result,
    chain::{check_consumer, check_move, moved},
    sql::number,
};
use sqlx::PgPool;

pub(super) async fn cursor(pool: &PgPool, consumer: &str, chain: u64) -> Result<Option<Cursor>> {
    check_consumer(consumer)?;
    let select = sqlx::query("SELECT epoch, entry, logs FROM cursors WHERE consumer = $1 AND chain = $2");
    let select = select.bind(consumer).bind(number(chain, "chain")?);
    let Some(row) = select.fetch_optional(pool).await.map_err(engine)? else { return Ok(None) };
    Ok(Some(Cursor { chain, epoch: read::epoch(&row, 0)?, entry: read::count(&row, 1)?, logs: read::count(&row, 2)? }))
}

pub(super) async fn move_cursor(pool: &PgPool, consumer: &str, from: Option<Cursor>, to: Cursor) -> Result<()> {
    check_consumer(consumer)?;
    check_move(from, to)?;
    let text = match from {
        Some(_) => {
            "UPDATE cursors SET epoch = $3, entry = $4, logs = $5
             WHERE consumer = $1 AND chain = $2 AND (epoch, entry, logs) = ($6, $7, $8)"
        }
        None => {
            "INSERT INTO cursors (consumer, chain, epoch, entry, logs) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (consumer, chain) DO NOTHING"
        }
    };
    let mut write = sqlx::query(text).bind(consumer).bind(number(to.chain, "chain")?);
    for cursor in [Some(to), from].into_iter().flatten() {
        write = write.bind(i64::from(cursor.epoch)).bind(number(cursor.entry, "entry")?);
        write = write.bind(number(cursor.logs, "logs")?);
    }
    if write.execute(pool).await.map_err(engine)?.rows_affected() == 1 {
        return Ok(());
    }
    Err(moved(consumer, from, self::cursor(pool, consumer, to.chain).await?))
}
