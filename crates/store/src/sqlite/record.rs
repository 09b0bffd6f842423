//! The tables of the documents.

use super::{Sqlite, error::engine};
use crate::{
    RecordStore, Result, StoreError, StoredSession, StoredTriplet,
    record::{self, LastRecord, SessionColumns},
    sql::{limit as at_most, number},
};
use rusqlite::{Connection, OptionalExtension, Params, Row, params};
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

impl RecordStore for Sqlite {
    async fn save_session(&self, version: u64, session: Session, events: Vec<Dated>) -> Result<StoredSession> {
        let write = move |connection: &Connection| save_session(connection, version, session, &events);
        self.shared.writer.small(write).await
    }

    async fn session(&self, id: Id) -> Result<Option<StoredSession>> {
        self.shared.readers.read(|connection| session(connection, &id))
    }

    async fn sessions_in(&self, state: SessionState, after: Option<Id>, limit: usize) -> Result<Vec<Id>> {
        let after = after.as_ref().map_or("", Id::as_str);
        let text = "SELECT session_id FROM tgp_sessions WHERE state = ?1 AND session_id > ?2 ORDER BY session_id LIMIT ?3";
        let ids = self.shared.readers.read(|c| texts(c, text, params![state.as_str(), after, at_most(limit)]))?;
        ids.iter().map(|id| record::id(id)).collect()
    }

    async fn sessions_due(&self, until: Timestamp, limit: usize) -> Result<Vec<Id>> {
        let text = "SELECT session_id FROM tgp_sessions WHERE timeout_at <= ?1 ORDER BY timeout_at, session_id LIMIT ?2";
        let ids = self.shared.readers.read(|c| texts(c, text, params![until.millis(), at_most(limit)]))?;
        ids.iter().map(|id| record::id(id)).collect()
    }

    async fn add_snapshot(&self, snapshot: SessionSnapshot) -> Result<()> {
        self.shared.writer.small(move |connection| add_snapshot(connection, &snapshot)).await
    }

    async fn snapshots(&self, session_id: Id) -> Result<Vec<SessionSnapshot>> {
        let text = "SELECT snapshot FROM state_summaries WHERE session_id = ?1 ORDER BY version";
        let found = self.shared.readers.read(|connection| texts(connection, text, [session_id.as_str()]))?;
        found.iter().map(|snapshot| record::snapshot(snapshot)).collect()
    }

    async fn add_triplet(&self, triplet: Triplet, created_at: Timestamp) -> Result<()> {
        self.shared.writer.small(move |connection| add_triplet(connection, &triplet, created_at)).await
    }

    async fn triplet(&self, session_id: Id) -> Result<Option<StoredTriplet>> {
        self.shared.readers.read(|connection| triplet(connection, &session_id))
    }

    async fn anchor_triplets(&self, session_ids: Vec<Id>, tx: Word) -> Result<()> {
        self.shared.writer.small(move |connection| anchor_triplets(connection, &session_ids, tx)).await
    }

    async fn append_records(&self, entries: Vec<Entry>, key: Arc<SigningKey>) -> Result<Vec<Tdr>> {
        self.shared.writer.small(move |connection| append_records(connection, entries, &key)).await
    }

    async fn tip(&self) -> Result<Tip> {
        self.shared.readers.read(|connection| Ok(last_record(connection)?.tip))
    }

    async fn records(&self, after: u64, limit: usize) -> Result<Vec<Tdr>> {
        let bounds = params![number(after, "seq")?, at_most(limit)];
        let text = "SELECT record FROM tdr_records WHERE seq > ?1 ORDER BY seq LIMIT ?2";
        let found = self.shared.readers.read(|connection| texts(connection, text, bounds))?;
        found.iter().map(|record| record::tdr(record)).collect()
    }

    async fn records_of(&self, session_id: Id) -> Result<Vec<Tdr>> {
        let text = "SELECT record FROM tdr_records WHERE session_id = ?1 ORDER BY seq";
        let found = self.shared.readers.read(|connection| texts(connection, text, [session_id.as_str()]))?;
        found.iter().map(|record| record::tdr(record)).collect()
    }

    async fn seal_day(&self, day: Day) -> Result<DaySeal> {
        self.shared.writer.small(move |connection| seal_day(connection, day)).await
    }

    async fn seal(&self, day: Day) -> Result<Option<DaySeal>> {
        self.shared.readers.read(|connection| seal(connection, day))
    }
}

/// The one column of every row.
fn texts(connection: &Connection, text: &str, bounds: impl Params) -> Result<Vec<String>> {
    let mut select = connection.prepare_cached(text).map_err(engine)?;
    let rows = select.query_map(bounds, |row| row.get(0)).map_err(engine)?;
    rows.collect::<rusqlite::Result<_>>().map_err(engine)
}

/// One row, where it is.
fn one<T>(
    connection: &Connection,
    text: &str,
    bounds: impl Params,
    row: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Option<T>> {
    connection.prepare_cached(text).and_then(|mut select| select.query_row(bounds, row).optional()).map_err(engine)
}

fn execute(connection: &Connection, text: &str, bounds: impl Params) -> Result<usize> {
    connection.prepare_cached(text).and_then(|mut statement| statement.execute(bounds)).map_err(engine)
}

fn save_session(connection: &Connection, version: u64, session: Session, events: &[Dated]) -> Result<StoredSession> {
    let next = record::version_after(version, events)?;
    let row = SessionColumns::of(&session, number(next, "version")?);
    let found = "SELECT version FROM tgp_sessions WHERE session_id = ?1";
    let found: u64 = one(connection, found, [&row.session_id], |row| row.get(0))?.unwrap_or(0);
    if found != version {
        return Err(record::other_version(version, found));
    }
    execute(
        connection,
        "INSERT INTO tgp_sessions (session_id, role, state, query_id, offer_id, created_at, updated_at, timeout_at, version)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (session_id) DO UPDATE SET state = excluded.state,
         query_id = excluded.query_id, offer_id = excluded.offer_id, updated_at = excluded.updated_at,
         timeout_at = excluded.timeout_at, version = excluded.version",
        params![
            row.session_id,
            row.role,
            row.state,
            row.query_id,
            row.offer_id,
            row.created_at,
            row.updated_at,
            row.timeout_at,
            row.version
        ],
    )?;
    for (event, place) in events.iter().zip(version + 1..) {
        let event = params![row.session_id, number(place, "version")?, record::text(event)?];
        execute(connection, "INSERT INTO session_events (session_id, version, event) VALUES (?1, ?2, ?3)", event)?;
    }
    Ok(StoredSession { session, version: next })
}

fn session(connection: &Connection, id: &Id) -> Result<Option<StoredSession>> {
    let text = "SELECT session_id, role, state, query_id, offer_id, created_at, updated_at, timeout_at, version
                FROM tgp_sessions WHERE session_id = ?1";
    let row = one(connection, text, [id.as_str()], |row| {
        Ok(SessionColumns {
            session_id: row.get(0)?,
            role: row.get(1)?,
            state: row.get(2)?,
            query_id: row.get(3)?,
            offer_id: row.get(4)?,
            created_at: row.get(5)?,
            updated_at: row.get(6)?,
            timeout_at: row.get(7)?,
            version: row.get(8)?,
        })
    })?;
    let Some(row) = row else { return Ok(None) };
    let text = "SELECT event FROM session_events WHERE session_id = ?1 ORDER BY version";
    let events = texts(connection, text, [id.as_str()])?;
    let events = events.iter().map(|event| record::dated(event)).collect::<Result<Vec<_>>>()?;
    row.replay(&events).map(Some)
}

fn add_snapshot(connection: &Connection, snapshot: &SessionSnapshot) -> Result<()> {
    let object = snapshot.to_object()?;
    let text = record::object(&object)?;
    let checksum = object.get("checksum").and_then(json::Value::as_str).unwrap_or_default();
    let added = execute(
        connection,
        "INSERT INTO state_summaries (session_id, version, state, snapshot, checksum, timestamp)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
        params![
            snapshot.session_id.as_str(),
            snapshot.version,
            snapshot.state.as_str(),
            text,
            checksum,
            snapshot.timestamp.millis()
        ],
    )?;
    if added == 1 {
        return Ok(());
    }
    let stands = "SELECT snapshot FROM state_summaries WHERE session_id = ?1 AND version = ?2";
    let stands = one(connection, stands, params![snapshot.session_id.as_str(), snapshot.version], |row| row.get(0))?;
    record::same_or_exists(stands == Some(text), "a snapshot of this version")
}

fn add_triplet(connection: &Connection, triplet: &Triplet, created_at: Timestamp) -> Result<()> {
    let [control_plane, settlement, application] = record::receipts(triplet)?;
    let added = execute(
        connection,
        "INSERT INTO tdr_triplets
         (session_id, control_plane_receipt, settlement_receipt, application_receipt, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
        params![triplet.session_id.as_str(), control_plane, settlement, application, created_at.millis()],
    )?;
    if added == 1 {
        return Ok(());
    }
    let stands = self::triplet(connection, &triplet.session_id)?;
    record::same_or_exists(stands.is_some_and(|stands| stands.triplet == *triplet), "a triplet of this session")
}

fn triplet(connection: &Connection, session_id: &Id) -> Result<Option<StoredTriplet>> {
    let text = "SELECT control_plane_receipt, settlement_receipt, application_receipt, created_at, anchor_tx
                FROM tdr_triplets WHERE session_id = ?1";
    let row = one(connection, text, [session_id.as_str()], |row| {
        Ok(([row.get(0)?, row.get(1)?, row.get(2)?], row.get(3)?, row.get(4)?))
    })?;
    row.map(|(receipts, created_at, tx)| record::triplet(session_id, receipts, created_at, tx)).transpose()
}

fn anchor_triplets(connection: &Connection, session_ids: &[Id], tx: Word) -> Result<()> {
    let tx = tx.to_string();
    for session_id in session_ids {
        let text = "SELECT anchor_tx FROM tdr_triplets WHERE session_id = ?1";
        let stands: Option<String> = one(connection, text, [session_id.as_str()], |row| row.get(0))?
            .ok_or(StoreError::Missing("a triplet of this session"))?;
        if let Some(stands) = stands {
            record::same_or_exists(stands == tx, "an anchor of this session's triplet")?;
            continue;
        }
        let text = "UPDATE tdr_triplets SET anchored = 1, anchor_tx = ?2 WHERE session_id = ?1";
        execute(connection, text, params![session_id.as_str(), tx])?;
    }
    Ok(())
}

fn last_record(connection: &Connection) -> Result<LastRecord> {
    let text = "SELECT seq, hash, day FROM tdr_records ORDER BY seq DESC LIMIT 1";
    let last = one(connection, text, [], |row| Ok((row.get(0)?, row.get::<_, [u8; 32]>(1)?, row.get::<_, String>(2)?)))?;
    record::last(last)
}

fn append_records(connection: &Connection, entries: Vec<Entry>, key: &SigningKey) -> Result<Vec<Tdr>> {
    let mut last = last_record(connection)?;
    let text = "SELECT day FROM tdr_seals ORDER BY day DESC LIMIT 1";
    let sealed: Option<String> = one(connection, text, [], |row| row.get(0))?;
    last.check_open(&entries, sealed.as_deref().map(record::day).transpose()?)?;
    let mut records = Vec::with_capacity(entries.len());
    for entry in entries {
        let tdr = last.append(entry, key)?;
        let (entry, hash) = (tdr.entry(), tdr.hash());
        let added = execute(
            connection,
            "INSERT INTO tdr_records (seq, tdr_id, session_id, day, hash, record) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (tdr_id) DO NOTHING",
            params![
                number(tdr.seq(), "seq")?,
                entry.tdr_id.as_str(),
                entry.session_id.as_ref().map(Id::as_str),
                Day::from(entry.timestamp).to_string(),
                hash.0.as_slice(),
                record::object(tdr.object())?
            ],
        )?;
        record::same_or_exists(added == 1, "a record of this id")?;
        records.push(tdr);
    }
    Ok(records)
}

fn seal_day(connection: &Connection, day: Day) -> Result<DaySeal> {
    if let Some(seal) = seal(connection, day)? {
        return Ok(seal);
    }
    let text = "SELECT record FROM tdr_records WHERE day = ?1 ORDER BY seq";
    let records = texts(connection, text, [day.to_string()])?;
    let records = records.iter().map(|record| record::tdr(record)).collect::<Result<Vec<_>>>()?;
    let seal = DaySeal::over(day, &records)?;
    let text = "INSERT INTO tdr_seals (day, root, seal) VALUES (?1, ?2, ?3)";
    execute(connection, text, params![day.to_string(), seal.root().0.as_slice(), record::text(&seal)?])?;
    Ok(seal)
}

fn seal(connection: &Connection, day: Day) -> Result<Option<DaySeal>> {
    let text = "SELECT seal FROM tdr_seals WHERE day = ?1";
    let seal: Option<String> = one(connection, text, [day.to_string()], |row| row.get(0))?;
    seal.map(|seal| record::seal(&seal)).transpose()
}
