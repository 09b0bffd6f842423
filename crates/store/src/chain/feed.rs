use super::RawEvent;
use serde::Serialize;
use std::{fmt, str::FromStr};
use tgp_protocol::value::Word;

/// Whether an event came or went.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Its block is on the chain.
    Applied,
    /// Its block is not on the chain any more.
    RolledBack,
}

/// One change of the feed: read in the order of the cursors, none is missing and none comes twice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FeedEvent {
    /// Where it stands; what a consumer keeps.
    pub cursor: Cursor,
    /// Whether it came or went.
    pub change: Change,
    /// The block's number.
    pub block: u64,
    /// The block's hash.
    pub block_hash: Word,
    /// The block's time.
    pub time: u64,
    /// The event.
    pub event: RawEvent,
}

impl FeedEvent {
    /// The event's own name: chain, block hash, log. It is the same each time the event comes and goes; a delivery's name
    /// is its cursor.
    #[must_use]
    pub fn event_id(&self) -> String {
        format!("{}:{}:{}", self.cursor.chain, self.block_hash, self.event.log)
    }
}

/// A place in a chain's feed: in an entry, behind so many of its block's logs.
///
/// ```
/// use coreprover_store::Cursor;
///
/// let start = Cursor::start(8453, 0);
/// assert_eq!(start.to_string(), "8453-0-0-0");
/// assert_eq!("8453-0-12-3".parse::<Cursor>().map(|cursor| cursor.entry), Ok(12));
/// assert!("8453-0-12".parse::<Cursor>().is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Cursor {
    /// The chain's number.
    pub chain: u64,
    /// The chain's epoch: after a reset nothing of an older one is left.
    pub epoch: u32,
    /// The entry in which it stands.
    pub entry: u64,
    /// How many of the block's logs are behind it, ours and others': from the first on where the block came, from the
    /// last of ours on where it went.
    pub logs: u64,
}

impl Cursor {
    /// Before the first event of a chain.
    #[must_use]
    pub const fn start(chain: u64, epoch: u32) -> Self {
        Self { chain, epoch, entry: 0, logs: 0 }
    }

    /// Behind an event of the entry in which it stands; `logs` are those of the block up to our last one.
    pub(crate) fn behind(self, change: Change, event: &RawEvent, logs: u64) -> Self {
        let logs = match change {
            Change::Applied => event.log.saturating_add(1),
            Change::RolledBack => logs.saturating_sub(event.log),
        };
        Self { logs, ..self }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}-{}", self.chain, self.epoch, self.entry, self.logs)
    }
}

/// A text that is no cursor.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a cursor is four numbers, `chain-epoch-entry-logs`, as an earlier answer gave it")]
pub struct BadCursor;

impl FromStr for Cursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        let mut parts = text.split('-');
        let mut next = || parts.next().filter(|part| part.bytes().all(|byte| byte.is_ascii_digit())).ok_or(BadCursor);
        let (chain, epoch, entry, logs) = (next()?, next()?, next()?, next()?);
        if parts.next().is_some() {
            return Err(BadCursor);
        }
        Ok(Self {
            chain: chain.parse().map_err(|_| BadCursor)?,
            epoch: epoch.parse().map_err(|_| BadCursor)?,
            entry: entry.parse().map_err(|_| BadCursor)?,
            logs: logs.parse().map_err(|_| BadCursor)?,
        })
    }
}
