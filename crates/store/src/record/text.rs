//! Objects as the engines keep them: canonical JSON, whose bytes the hashes and signatures cover.

use super::{LastRecord, StoredSession, StoredTriplet};
use crate::{Result, StoreError};
use serde::Serialize;
use tgp_protocol::{
    json::{self, Object, Value, from_value},
    record::{
        SessionSnapshot,
        tdr::{Day, DaySeal, Tdr, Tip, Triplet},
    },
    session::{Dated, Role, Session},
    value::{Id, Timestamp, Word},
};

fn damaged(what: &'static str) -> StoreError {
    StoreError::Damaged(format!("a row of {what}"))
}

/// What the engine keeps of an object.
pub(crate) fn text(value: &impl Serialize) -> Result<String> {
    object_text(&json::to_value(value)?)
}

fn object_text(value: &Value) -> Result<String> {
    String::from_utf8(value.canonical()).map_err(|_| StoreError::malformed("JSON that is no UTF-8"))
}

/// What the engine keeps of an object that is one already.
pub(crate) fn object(object: &Object) -> Result<String> {
    String::from_utf8(object.canonical()).map_err(|_| StoreError::malformed("JSON that is no UTF-8"))
}

fn parse(text: &str, what: &'static str) -> Result<Value> {
    json::parse(text.as_bytes()).map_err(|_| damaged(what))
}

fn parse_object(text: &str, what: &'static str) -> Result<Object> {
    parse(text, what)?.as_object().cloned().ok_or_else(|| damaged(what))
}

pub(crate) fn dated(text: &str) -> Result<Dated> {
    from_value(&parse(text, "session_events")?).map_err(|_| damaged("session_events"))
}

pub(crate) fn snapshot(text: &str) -> Result<SessionSnapshot> {
    SessionSnapshot::from_object(&parse_object(text, "state_summaries")?).map_err(|_| damaged("state_summaries"))
}

pub(crate) fn tdr(text: &str) -> Result<Tdr> {
    Tdr::from_object(parse_object(text, "tdr_records")?).map_err(|_| damaged("tdr_records"))
}

pub(crate) fn day(text: &str) -> Result<Day> {
    text.parse().map_err(|_| damaged("tdr_seals"))
}

pub(crate) fn id(text: &str) -> Result<Id> {
    text.parse().map_err(|_| damaged("tgp_sessions"))
}

pub(crate) fn seal(text: &str) -> Result<DaySeal> {
    from_value(&parse(text, "tdr_seals")?).map_err(|_| damaged("tdr_seals"))
}

/// Where the chain of records stands, by number, hash and day of the last.
pub(crate) fn last(row: Option<(u64, [u8; 32], String)>) -> Result<LastRecord> {
    let Some((seq, hash, of)) = row else { return Ok(LastRecord { tip: Tip::default(), day: None }) };
    Ok(LastRecord { tip: Tip { seq, hash: hash.into() }, day: Some(day(&of)?) })
}

/// The names of a triplet's receipts, which are the columns too.
pub(crate) const RECEIPTS: [&str; 3] = ["control_plane_receipt", "settlement_receipt", "application_receipt"];

/// A triplet's columns, in the order of [`RECEIPTS`].
pub(crate) fn receipts(triplet: &Triplet) -> Result<[String; 3]> {
    let whole = triplet.to_object()?;
    let receipt = |name| match whole.get(name) {
        Some(receipt) => object_text(receipt),
        None => Err(StoreError::malformed("a triplet without a receipt")),
    };
    let [control_plane, settlement, application] = RECEIPTS.map(receipt);
    Ok([control_plane?, settlement?, application?])
}

/// A triplet from its columns.
pub(crate) fn triplet(
    session_id: &Id,
    receipts: [String; 3],
    created_at: i64,
    anchor_tx: Option<String>,
) -> Result<StoredTriplet> {
    let mut whole = Object::default();
    whole.insert("session_id", Value::String(session_id.to_string()));
    for (name, receipt) in RECEIPTS.into_iter().zip(&receipts) {
        whole.insert(name, parse(receipt, "tdr_triplets")?);
    }
    let triplet = Triplet::from_object(&whole).map_err(|_| damaged("tdr_triplets"))?;
    let anchor_tx: Option<Word> = anchor_tx.map(|tx| tx.parse().map_err(|_| damaged("tdr_triplets"))).transpose()?;
    Ok(StoredTriplet { triplet, created_at: Timestamp::from_millis(created_at), anchor_tx })
}

/// A session's row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct SessionColumns {
    pub(crate) session_id: String,
    pub(crate) role: String,
    pub(crate) state: String,
    pub(crate) query_id: Option<String>,
    pub(crate) offer_id: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) timeout_at: Option<i64>,
    pub(crate) version: i64,
}

impl SessionColumns {
    pub(crate) fn of(session: &Session, version: i64) -> Self {
        Self {
            session_id: session.session_id().to_string(),
            role: session.role().to_string(),
            state: session.state().to_string(),
            query_id: session.query_id().map(Id::to_string),
            offer_id: session.offer_id().map(Id::to_string),
            created_at: session.created_at().millis(),
            updated_at: session.updated_at().millis(),
            timeout_at: session.timeout_at().map(Timestamp::millis),
            version,
        }
    }

    /// The session that the events made, when it is the one of this row.
    pub(crate) fn replay(&self, events: &[Dated]) -> Result<StoredSession> {
        let damaged = || damaged("tgp_sessions");
        let role = Role::ALL.iter().find(|role| role.as_str() == self.role).ok_or_else(damaged)?;
        let id = self.session_id.parse().map_err(|_| damaged())?;
        let session = Session::replay(id, *role, Timestamp::from_millis(self.created_at), events).map_err(|_| damaged())?;
        let version = u64::try_from(self.version).map_err(|_| damaged())?;
        if Self::of(&session, self.version) != *self || u64::try_from(events.len()) != Ok(version) {
            return Err(damaged());
        }
        Ok(StoredSession { session, version })
    }
}
