use super::error::engine;
use crate::{Result, StoreError};
use sqlx::{PgConnection, PgPool};

/// Every version of the tables, in order. What was once released never changes.
const MIGRATIONS: &[&str] = &[include_str!("../../schema/postgres-1.sql")];

/// The version of the tables that this program uses.
const NEEDED: u32 = 1;

/// Taken by whoever migrates: "cpst", and what it is for.
pub(super) const LOCKS: i32 = 0x6370_7374;
const MIGRATING: i32 = 1;

pub(super) async fn migrate(pool: &PgPool) -> Result<()> {
    let mut transaction = pool.begin().await.map_err(engine)?;
    if version(&mut transaction).await? == NEEDED {
        return Ok(());
    }
    sqlx::query("SELECT pg_advisory_xact_lock($1, $2)")
        .bind(LOCKS)
        .bind(MIGRATING)
        .execute(&mut *transaction)
        .await
        .map_err(engine)?;
    // another program may have been faster
    for migration in MIGRATIONS.iter().skip(version(&mut transaction).await? as usize) {
        sqlx::raw_sql(*migration).execute(&mut *transaction).await.map_err(clash)?;
    }
    let table = "CREATE TABLE IF NOT EXISTS coreprover_schema (version BIGINT NOT NULL)";
    for text in [table, "DELETE FROM coreprover_schema"] {
        sqlx::query(text).execute(&mut *transaction).await.map_err(engine)?;
    }
    let insert = sqlx::query("INSERT INTO coreprover_schema (version) VALUES ($1)").bind(i64::from(NEEDED));
    insert.execute(&mut *transaction).await.map_err(engine)?;
    transaction.commit().await.map_err(engine)
}

/// The version of the tables, 0 where there are none.
async fn version(connection: &mut PgConnection) -> Result<u32> {
    let stands: bool = sqlx::query_scalar("SELECT to_regclass('coreprover_schema') IS NOT NULL")
        .fetch_one(&mut *connection)
        .await
        .map_err(engine)?;
    if !stands {
        return Ok(0);
    }
    let found: i64 = sqlx::query_scalar("SELECT version FROM coreprover_schema").fetch_one(connection).await.map_err(engine)?;
    match u32::try_from(found) {
        Ok(found) if found <= NEEDED => Ok(found),
        Ok(found) => Err(StoreError::Version { found, needed: NEEDED }),
        Err(_) => Err(StoreError::Damaged("table coreprover_schema".into())),
    }
}

/// A table or function of this name stands already, and is not ours.
fn clash(error: sqlx::Error) -> StoreError {
    match error.as_database_error().and_then(|refusal| refusal.code()).as_deref() {
        Some("42P07" | "42723") => StoreError::Damaged(format!("the database belongs to another program: {error}")),
        _ => engine(error),
    }
}
