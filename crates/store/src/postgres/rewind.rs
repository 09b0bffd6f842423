//! The way back: rows as they were, blocks off the chain, and the feed told.

use super::{
    apply::{insert_entries, save},
    error::engine,
    read, rows,
};
use crate::{
    BlockRef, ChainState, Record, Result, Rewound, StoreError,
    sql::{self, number},
    table::{TABLES, parse},
};
use sqlx::{PgConnection, PgPool, Row};
use std::collections::HashMap;

pub(super) async fn rewind(pool: &PgPool, chain: u64, head: BlockRef, to: BlockRef) -> Result<Rewound> {
    let mut transaction = pool.begin().await.map_err(engine)?;
    let mut state = read::chain(&mut transaction, chain, true).await?.ok_or(StoreError::UnknownChain(chain))?;
    state.check_head(head)?;
    let hash = read::hash_at(&mut transaction, &state, to.number).await?;
    state.check_way_back(to, hash)?;
    restore(&mut transaction, chain, to.number).await?;
    let gone = orphan(&mut transaction, &mut state, to.number).await?;
    state.head = to;
    save(&mut transaction, &state).await?;
    transaction.commit().await.map_err(engine)?;
    Ok(gone)
}

/// Gives every row the image that it had after block `to`: the oldest of those that were kept since.
async fn restore(connection: &mut PgConnection, chain: u64, to: u64) -> Result<()> {
    let forget = sqlx::query(
        "WITH gone AS (DELETE FROM undo WHERE chain = $1 AND number > $2 RETURNING number, step, name, key, before)
         SELECT DISTINCT ON (name, key) name, key, before FROM gone ORDER BY name, key, number, step",
    )
    .bind(number(chain, "chain")?)
    .bind(number(to, "number")?);
    let mut before: HashMap<&str, (Vec<Record>, Vec<Record>)> = HashMap::new();
    for row in forget.fetch_all(&mut *connection).await.map_err(engine)? {
        let table = sql::table(row.try_get(0).map_err(engine)?)?;
        let (images, keys) = before.entry(table.name).or_default();
        match row.try_get::<Option<&[u8]>, _>(2).map_err(engine)? {
            Some(image) => images.push(parse(image)?),
            None => keys.push(parse(row.try_get(1).map_err(engine)?)?),
        }
    }
    for table in TABLES {
        let Some((images, keys)) = before.get(table.name) else { continue };
        if !keys.is_empty() {
            rows::delete(connection, table, &keys.iter().collect::<Vec<_>>()).await?;
        }
        if !images.is_empty() {
            rows::upsert(connection, table, &images.iter().collect::<Vec<_>>()).await?;
        }
    }
    Ok(())
}

/// Takes the blocks above `to` off the chain, the last first, and tells the feed.
async fn orphan(connection: &mut PgConnection, state: &mut ChainState, to: u64) -> Result<Rewound> {
    let update = sqlx::query(
        "WITH gone AS (
             UPDATE blocks SET canonical = FALSE WHERE chain = $1 AND number > $2 AND canonical RETURNING id, number, events
         )
         SELECT id, events FROM gone ORDER BY number DESC",
    )
    .bind(number(state.chain, "chain")?)
    .bind(number(to, "number")?);
    let mut gone = Rewound { blocks: 0, events: 0 };
    let mut entries = Vec::new();
    for row in update.fetch_all(&mut *connection).await.map_err(engine)? {
        let events = read::count(&row, 1)?;
        gone.blocks += 1;
        gone.events += events;
        if events > 0 {
            entries.push(row.try_get(0).map_err(engine)?);
        }
    }
    insert_entries(connection, state, true, &entries).await?;
    Ok(gone)
}
