//! The tables of the documents.

use super::{Postgres, error::engine, migrate::LOCKS, read};
use crate::{
    RecordStore, Result, StoreError, StoredSession, StoredTriplet,
    record::{self, SessionColumns},
    sql::{limit as at_most, number},
};
use sqlx::{PgConnection, PgExecutor, Row};
use std::sync::Arc;
use tgp_protocol::{
    json,
    record::{
        SessionSnapshot,
        tdr::{Day, DaySeal, Entry, Tdr, Tip, Triplet},
    },
    session::{Dated, Session, SessionState},
    sign::SigningKey,
    value::{Id, Timestamp, Word},
};

/// Taken by whoever appends records or seals a day: one chain of them, whoever writes.
const RECORDS: i32 = 2;

/// Milliseconds as the two tables with a TIMESTAMPTZ take them, and back.
macro_rules! instant {
    ($place:literal) => {
        concat!("timestamptz 'epoch' + $", $place, " * interval '1 millisecond'")
    };
}

impl RecordStore for Postgres {
    async fn save_session(&self, version: u64, session: Session, events: Vec<Dated>) -> Result<StoredSession> {
        let next = record::version_after(version, &events)?;
        let row = SessionColumns::of(&session, number(next, "version")?);
        let mut transaction = self.pool.begin().await.map_err(engine)?;
        if !save_row(&mut transaction, version, &row).await? {
            let found = sqlx::query_scalar("SELECT version FROM tgp_sessions WHERE session_id = $1");
            let found: Option<i64> =
                found.bind(&row.session_id).fetch_optional(&mut *transaction).await.map_err(engine)?;
            return Err(record::other_version(version, found.and_then(|found| u64::try_from(found).ok()).unwrap_or(0)));
        }
        let insert = sqlx::query(
            "INSERT INTO session_events (session_id, version, event)
             SELECT $1, $2 + new.place, new.event::json FROM unnest($3::text[]) WITH ORDINALITY AS new (event, place)",
        )
        .bind(&row.session_id)
        .bind(number(version, "version")?)
        .bind(events.iter().map(record::text).collect::<Result<Vec<_>>>()?);
        insert.execute(&mut *transaction).await.map_err(engine)?;
        transaction.commit().await.map_err(engine)?;
        Ok(StoredSession { session, version: next })
    }

    async fn session(&self, id: Id) -> Result<Option<StoredSession>> {
        // one statement, one moment: the events of exactly this version
        let select = sqlx::query(
            "SELECT session_id, role, state, query_id, offer_id, created_at, updated_at, timeout_at, version,
                    ARRAY(SELECT event::text FROM session_events e WHERE e.session_id = s.session_id ORDER BY e.version)
             FROM tgp_sessions s WHERE session_id = $1",
        );
        let Some(row) = select.bind(id.as_str()).fetch_optional(&self.pool).await.map_err(engine)? else {
            return Ok(None);
        };
        let columns = SessionColumns {
            session_id: row.try_get(0).map_err(engine)?,
            role: row.try_get(1).map_err(engine)?,
            state: row.try_get(2).map_err(engine)?,
            query_id: row.try_get(3).map_err(engine)?,
            offer_id: row.try_get(4).map_err(engine)?,
            created_at: row.try_get(5).map_err(engine)?,
            updated_at: row.try_get(6).map_err(engine)?,
            timeout_at: row.try_get(7).map_err(engine)?,
            version: row.try_get(8).map_err(engine)?,
        };
        let events: Vec<String> = row.try_get(9).map_err(engine)?;
        let events = events.iter().map(|event| record::dated(event)).collect::<Result<Vec<_>>>()?;
        columns.replay(&events).map(Some)
    }

    async fn sessions_in(&self, state: SessionState, after: Option<Id>, limit: usize) -> Result<Vec<Id>> {
        let after = after.as_ref().map_or("", Id::as_str);
        let text = "SELECT session_id FROM tgp_sessions WHERE state = $1 AND session_id > $2 ORDER BY session_id LIMIT $3";
        let select = sqlx::query_scalar(text).bind(state.as_str()).bind(after).bind(at_most(limit));
        let ids: Vec<String> = select.fetch_all(&self.pool).await.map_err(engine)?;
        ids.iter().map(|id| record::id(id)).collect()
    }

    async fn sessions_due(&self, until: Timestamp, limit: usize) -> Result<Vec<Id>> {
        let text = "SELECT session_id FROM tgp_sessions WHERE timeout_at <= $1 ORDER BY timeout_at, session_id LIMIT $2";
        let select = sqlx::query_scalar(text).bind(until.millis()).bind(at_most(limit));
        let ids: Vec<String> = select.fetch_all(&self.pool).await.map_err(engine)?;
        ids.iter().map(|id| record::id(id)).collect()
    }

    async fn add_snapshot(&self, snapshot: SessionSnapshot) -> Result<()> {
        let object = snapshot.to_object()?;
        let text = record::object(&object)?;
        let insert = sqlx::query(concat!(
            "INSERT INTO state_summaries (session_id, version, state, snapshot, checksum, timestamp)
             VALUES ($1, $2, $3, $4::json, $5, ",
            instant!("6"),
            ") ON CONFLICT DO NOTHING"
        ))
        .bind(snapshot.session_id.as_str())
        .bind(i64::from(snapshot.version))
        .bind(snapshot.state.as_str())
        .bind(&text)
        .bind(object.get("checksum").and_then(json::Value::as_str).unwrap_or_default())
        .bind(snapshot.timestamp.millis());
        if insert.execute(&self.pool).await.map_err(engine)?.rows_affected() == 1 {
            return Ok(());
        }
        let stands = "SELECT snapshot::text FROM state_summaries WHERE session_id = $1 AND version = $2";
        let stands = sqlx::query_scalar(stands).bind(snapshot.session_id.as_str()).bind(i64::from(snapshot.version));
        let stands: Option<String> = stands.fetch_optional(&self.pool).await.map_err(engine)?;
        record::same_or_exists(stands == Some(text), "a snapshot of this version")
    }

    async fn snapshots(&self, session_id: Id) -> Result<Vec<SessionSnapshot>> {
        let text = "SELECT snapshot::text FROM state_summaries WHERE session_id = $1 ORDER BY version";
        let found: Vec<String> =
            sqlx::query_scalar(text).bind(session_id.as_str()).fetch_all(&self.pool).await.map_err(engine)?;
        found.iter().map(|snapshot| record::snapshot(snapshot)).collect()
    }

    async fn add_triplet(&self, triplet: Triplet, created_at: Timestamp) -> Result<()> {
        let [control_plane, settlement, application] = record::receipts(&triplet)?;
        let insert = sqlx::query(concat!(
            "INSERT INTO tdr_triplets
             (session_id, control_plane_receipt, settlement_receipt, application_receipt, created_at)
             VALUES ($1, $2::json, $3::json, $4::json, ",
            instant!("5"),
            ") ON CONFLICT DO NOTHING"
        ))
        .bind(triplet.session_id.as_str())
        .bind(control_plane)
        .bind(settlement)
        .bind(application)
        .bind(created_at.millis());
        if insert.execute(&self.pool).await.map_err(engine)?.rows_affected() == 1 {
            return Ok(());
        }
        let stands = self.triplet(triplet.session_id.clone()).await?;
        record::same_or_exists(stands.is_some_and(|stands| stands.triplet == triplet), "a triplet of this session")
    }

    async fn triplet(&self, session_id: Id) -> Result<Option<StoredTriplet>> {
        let select = sqlx::query(
            "SELECT control_plane_receipt::text, settlement_receipt::text, application_receipt::text,
                    (extract(epoch FROM created_at) * 1000)::bigint, anchor_tx
             FROM tdr_triplets WHERE session_id = $1",
        );
        let Some(row) = select.bind(session_id.as_str()).fetch_optional(&self.pool).await.map_err(engine)? else {
            return Ok(None);
        };
        let receipt = |place: usize| row.try_get::<String, _>(place).map_err(engine);
        let receipts = [receipt(0)?, receipt(1)?, receipt(2)?];
        let (created_at, tx) = (row.try_get(3).map_err(engine)?, row.try_get(4).map_err(engine)?);
        record::triplet(&session_id, receipts, created_at, tx).map(Some)
    }

    async fn anchor_triplets(&self, session_ids: Vec<Id>, tx: Word) -> Result<()> {
        let tx = tx.to_string();
        let mut transaction = self.pool.begin().await.map_err(engine)?;
        for session_id in &session_ids {
            let select = sqlx::query_scalar("SELECT anchor_tx FROM tdr_triplets WHERE session_id = $1 FOR UPDATE");
            let stands: Option<Option<String>> =
                select.bind(session_id.as_str()).fetch_optional(&mut *transaction).await.map_err(engine)?;
            if let Some(stands) = stands.ok_or(StoreError::Missing("a triplet of this session"))? {
                record::same_or_exists(stands == tx, "an anchor of this session's triplet")?;
                continue;
            }
            let update = sqlx::query("UPDATE tdr_triplets SET anchored = TRUE, anchor_tx = $2 WHERE session_id = $1");
            update.bind(session_id.as_str()).bind(&tx).execute(&mut *transaction).await.map_err(engine)?;
        }
        transaction.commit().await.map_err(engine)
    }

    async fn append_records(&self, entries: Vec<Entry>, key: Arc<SigningKey>) -> Result<Vec<Tdr>> {
        let mut transaction = self.pool.begin().await.map_err(engine)?;
        lock_records(&mut transaction).await?;
        let mut last = record::last(last_record(&mut *transaction).await?)?;
        let sealed = sqlx::query_scalar("SELECT day FROM tdr_seals ORDER BY day DESC LIMIT 1");
        let sealed: Option<String> = sealed.fetch_optional(&mut *transaction).await.map_err(engine)?;
        last.check_open(&entries, sealed.as_deref().map(record::day).transpose()?)?;
        let records = entries.into_iter().map(|entry| last.append(entry, &key)).collect::<Result<Vec<_>>>()?;
        insert_records(&mut transaction, &records).await?;
        transaction.commit().await.map_err(engine)?;
        Ok(records)
    }

    async fn tip(&self) -> Result<Tip> {
        Ok(record::last(last_record(&self.pool).await?)?.tip)
    }

    async fn records(&self, after: u64, limit: usize) -> Result<Vec<Tdr>> {
        let select = sqlx::query_scalar("SELECT record::text FROM tdr_records WHERE seq > $1 ORDER BY seq LIMIT $2");
        let select = select.bind(number(after, "seq")?).bind(at_most(limit));
        let found: Vec<String> = select.fetch_all(&self.pool).await.map_err(engine)?;
        found.iter().map(|record| record::tdr(record)).collect()
    }

    async fn records_of(&self, session_id: Id) -> Result<Vec<Tdr>> {
        let text = "SELECT record::text FROM tdr_records WHERE session_id = $1 ORDER BY seq";
        let found: Vec<String> =
            sqlx::query_scalar(text).bind(session_id.as_str()).fetch_all(&self.pool).await.map_err(engine)?;
        found.iter().map(|record| record::tdr(record)).collect()
    }

    async fn seal_day(&self, day: Day) -> Result<DaySeal> {
        let mut transaction = self.pool.begin().await.map_err(engine)?;
        lock_records(&mut transaction).await?;
        if let Some(seal) = seal(&mut *transaction, day).await? {
            return Ok(seal);
        }
        let select = sqlx::query_scalar("SELECT record::text FROM tdr_records WHERE day = $1 ORDER BY seq");
        let records: Vec<String> = select.bind(day.to_string()).fetch_all(&mut *transaction).await.map_err(engine)?;
        let records = records.iter().map(|record| record::tdr(record)).collect::<Result<Vec<_>>>()?;
        let seal = DaySeal::over(day, &records)?;
        let insert = sqlx::query("INSERT INTO tdr_seals (day, root, seal) VALUES ($1, $2, $3::json)");
        let insert = insert.bind(day.to_string()).bind(seal.root().0.to_vec()).bind(record::text(&seal)?);
        insert.execute(&mut *transaction).await.map_err(engine)?;
        transaction.commit().await.map_err(engine)?;
        Ok(seal)
    }

    async fn seal(&self, day: Day) -> Result<Option<DaySeal>> {
        seal(&self.pool, day).await
    }
}

/// Writes a session's row where it stands at `version`; says whether it did.
async fn save_row(connection: &mut PgConnection, version: u64, row: &SessionColumns) -> Result<bool> {
    let text = if version == 0 {
        "INSERT INTO tgp_sessions (session_id, role, state, query_id, offer_id, created_at, updated_at, timeout_at, version)
         SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9 WHERE $10 = 0 ON CONFLICT DO NOTHING"
    } else {
        "UPDATE tgp_sessions SET role = $2, state = $3, query_id = $4, offer_id = $5, created_at = $6, updated_at = $7,
         timeout_at = $8, version = $9 WHERE session_id = $1 AND version = $10"
    };
    let write = sqlx::query(text)
        .bind(&row.session_id)
        .bind(&row.role)
        .bind(&row.state)
        .bind(&row.query_id)
        .bind(&row.offer_id)
        .bind(row.created_at)
        .bind(row.updated_at)
        .bind(row.timeout_at)
        .bind(row.version)
        .bind(number(version, "version")?);
    Ok(write.execute(connection).await.map_err(engine)?.rows_affected() == 1)
}

async fn lock_records(connection: &mut PgConnection) -> Result<()> {
    let lock = sqlx::query("SELECT pg_advisory_xact_lock($1, $2)").bind(LOCKS).bind(RECORDS);
    lock.execute(connection).await.map_err(engine)?;
    Ok(())
}

/// Number, hash and day of the last record.
async fn last_record(executor: impl PgExecutor<'_>) -> Result<Option<(u64, [u8; 32], String)>> {
    let select = sqlx::query("SELECT seq, hash, day FROM tdr_records ORDER BY seq DESC LIMIT 1");
    let Some(row) = select.fetch_optional(executor).await.map_err(engine)? else { return Ok(None) };
    Ok(Some((read::count(&row, 0)?, read::bytes(&row, 1)?, row.try_get(2).map_err(engine)?)))
}

async fn insert_records(connection: &mut PgConnection, records: &[Tdr]) -> Result<()> {
    let entries = || records.iter().map(Tdr::entry);
    let insert = sqlx::query(
        "INSERT INTO tdr_records (seq, tdr_id, session_id, day, hash, record)
         SELECT new.seq, new.tdr_id, new.session_id, new.day, new.hash, new.record::json
         FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::text[])
              AS new (seq, tdr_id, session_id, day, hash, record)
         ON CONFLICT (tdr_id) DO NOTHING",
    )
    .bind(records.iter().map(|tdr| number(tdr.seq(), "seq")).collect::<Result<Vec<_>>>()?)
    .bind(entries().map(|entry| entry.tdr_id.to_string()).collect::<Vec<_>>())
    .bind(entries().map(|entry| entry.session_id.as_ref().map(Id::to_string)).collect::<Vec<_>>())
    .bind(entries().map(|entry| Day::from(entry.timestamp).to_string()).collect::<Vec<_>>())
    .bind(records.iter().map(|tdr| tdr.hash().0.to_vec()).collect::<Vec<_>>())
    .bind(records.iter().map(|tdr| record::object(tdr.object())).collect::<Result<Vec<_>>>()?);
    let added = insert.execute(connection).await.map_err(engine)?.rows_affected();
    record::same_or_exists(usize::try_from(added) == Ok(records.len()), "a record of this id")
}

async fn seal(executor: impl PgExecutor<'_>, day: Day) -> Result<Option<DaySeal>> {
    let select = sqlx::query_scalar("SELECT seal::text FROM tdr_seals WHERE day = $1").bind(day.to_string());
    let seal: Option<String> = select.fetch_optional(executor).await.map_err(engine)?;
    seal.map(|seal| record::seal(&seal)).transpose()
}
