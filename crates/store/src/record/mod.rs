//! What sessions leave behind: their journal, snapshots of their state, triplets of receipts, and the records of what
//! was done.

mod text;

pub(crate) use text::{
    SessionColumns, dated, day, id, last, object, receipts, seal, snapshot, tdr, text, triplet,
};

use crate::{Contention, Result, StoreError};
use std::{future::Future, sync::Arc};
use tgp_protocol::{
    record::{
        SessionSnapshot,
        tdr::{Day, DaySeal, Entry, Tdr, Tip, Triplet},
    },
    session::{Dated, Session, SessionState},
    sign::SigningKey,
    value::{Id, Timestamp, Word},
};

/// A session as it was written last.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredSession {
    /// The session.
    pub session: Session,
    /// How many events made it: whoever writes the next one names it.
    pub version: u64,
}

/// The three receipts of a session, and where they are anchored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredTriplet {
    /// The receipts.
    pub triplet: Triplet,
    /// When they were stored.
    pub created_at: Timestamp,
    /// The transaction that put the root of their batch on the chain.
    pub anchor_tx: Option<Word>,
}

/// The tables of the documents, on either engine: sessions, state summaries, triplets, records.
///
/// Every call that writes is one transaction, as in [`crate::ChainStore`]. Events, summaries, triplets, records and seals
/// are written once: the engines themselves refuse to change or delete them.
pub trait RecordStore: Clone + Send + Sync + 'static {
    /// Writes what happened to a session that was at `version` (0: it is new), and what it came to.
    ///
    /// # Errors
    /// With [`StoreError::Contention`] when the session is at another version, and with [`StoreError::Malformed`] when
    /// nothing happened.
    fn save_session(
        &self,
        version: u64,
        session: Session,
        events: Vec<Dated>,
    ) -> impl Future<Output = Result<StoredSession>> + Send;

    /// A session, made anew from its events.
    ///
    /// # Errors
    /// With [`StoreError::Damaged`] when its events do not lead to what stands in its row.
    fn session(&self, id: Id) -> impl Future<Output = Result<Option<StoredSession>>> + Send;

    /// The sessions that stand in a state, by their ids, behind `after`, at most `limit`.
    fn sessions_in(
        &self,
        state: SessionState,
        after: Option<Id>,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Id>>> + Send;

    /// The sessions whose timer ends at `until` or before, the earliest first, at most `limit`.
    fn sessions_due(&self, until: Timestamp, limit: usize) -> impl Future<Output = Result<Vec<Id>>> + Send;

    /// Adds a version of a session's summary. The same one again changes nothing.
    ///
    /// # Errors
    /// With [`StoreError::Exists`] where another one of this version stands.
    fn add_snapshot(&self, snapshot: SessionSnapshot) -> impl Future<Output = Result<()>> + Send;

    /// Every version of a session's summary, the first first.
    fn snapshots(&self, session_id: Id) -> impl Future<Output = Result<Vec<SessionSnapshot>>> + Send;

    /// Adds the receipts of a session. The same again change nothing.
    ///
    /// # Errors
    /// With [`StoreError::Exists`] where the session has others.
    fn add_triplet(&self, triplet: Triplet, created_at: Timestamp) -> impl Future<Output = Result<()>> + Send;

    /// The receipts of a session.
    fn triplet(&self, session_id: Id) -> impl Future<Output = Result<Option<StoredTriplet>>> + Send;

    /// Notes which transaction anchored the receipts of these sessions: all of them or none.
    ///
    /// # Errors
    /// With [`StoreError::Missing`] for a session without receipts, and with [`StoreError::Exists`] for one that another
    /// transaction anchored.
    fn anchor_triplets(&self, session_ids: Vec<Id>, tx: Word) -> impl Future<Output = Result<()>> + Send;

    /// Numbers, links, signs and stores what happened. Numbers and links are given in the transaction: however many
    /// programs write, it is one chain.
    ///
    /// # Errors
    /// With [`StoreError::Refused`] for an entry that is wrong, with [`StoreError::DayIsOver`] for one of an earlier day
    /// than the last record, or of a sealed one, and with [`StoreError::Exists`] for an id that was given before.
    fn append_records(
        &self,
        entries: Vec<Entry>,
        key: Arc<SigningKey>,
    ) -> impl Future<Output = Result<Vec<Tdr>>> + Send;

    /// The last record's number and hash.
    fn tip(&self) -> impl Future<Output = Result<Tip>> + Send;

    /// The records behind a number, at most `limit`.
    fn records(&self, after: u64, limit: usize) -> impl Future<Output = Result<Vec<Tdr>>> + Send;

    /// The records of a session.
    fn records_of(&self, session_id: Id) -> impl Future<Output = Result<Vec<Tdr>>> + Send;

    /// Seals a day that is over: no record of it, or of an earlier one, is appended from then on. A day that is sealed
    /// keeps its seal.
    ///
    /// # Errors
    /// With [`StoreError::Refused`] for a day without records.
    fn seal_day(&self, day: Day) -> impl Future<Output = Result<DaySeal>> + Send;

    /// The seal of a day.
    fn seal(&self, day: Day) -> impl Future<Output = Result<Option<DaySeal>>> + Send;
}

/// The chain of records where a transaction found it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LastRecord {
    pub(crate) tip: Tip,
    /// Of the last record, or the last sealed day.
    pub(crate) day: Option<Day>,
}

impl LastRecord {
    pub(crate) fn append(&mut self, entry: Entry, key: &SigningKey) -> Result<Tdr> {
        let day = Day::from(entry.timestamp);
        if let Some(last) = self.day.filter(|last| day < *last) {
            return Err(StoreError::DayIsOver { day, last });
        }
        self.day = Some(day);
        Ok(self.tip.append(entry, key)?)
    }

    /// No record of a sealed day follows.
    pub(crate) fn check_open(&self, entries: &[Entry], sealed: Option<Day>) -> Result<()> {
        let Some(last) = sealed else { return Ok(()) };
        match entries.iter().map(|entry| Day::from(entry.timestamp)).find(|day| *day <= last) {
            Some(day) => Err(StoreError::DayIsOver { day, last }),
            None => Ok(()),
        }
    }
}

/// The version behind these events.
pub(crate) fn version_after(version: u64, events: &[Dated]) -> Result<u64> {
    let count = u64::try_from(events.len()).ok().filter(|count| *count > 0);
    let version = count.and_then(|count| version.checked_add(count));
    version.ok_or_else(|| StoreError::malformed("a session to which nothing happened"))
}

pub(crate) fn other_version(expected: u64, found: u64) -> StoreError {
    StoreError::Contention(Contention::Session { expected, found })
}

/// What is written once and stands already: the same changes nothing, another is refused.
pub(crate) fn same_or_exists(same: bool, what: &'static str) -> Result<()> {
    if same { Ok(()) } else { Err(StoreError::Exists(what)) }
}
