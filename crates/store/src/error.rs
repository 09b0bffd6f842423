use std::fmt;

/// What can go wrong in a store. Nothing is half written after any of these: a transaction is whole or not there.
///
/// Behind [`Self::Unreachable`] and [`Self::Busy`] a write may have been done all the same, when the connection was lost
/// while it was committed: read again before you write again. A write that continues what you read is refused the second
/// time, with [`Self::Contention`].
///
/// ```
/// use coreprover_store::{Contention, StoreError};
///
/// let faster = StoreError::Contention(Contention::Rows);
/// assert!(faster.is_transient());
/// assert!(!StoreError::Damaged("column amount".into()).is_transient());
/// assert!(StoreError::Version { found: 2, needed: 1 }.to_string().ends_with("use the newer program"));
/// ```
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Somebody else holds the database, and waiting did not help: try again.
    #[error("the store is busy: {0}")]
    Busy(String),
    /// Another writer was faster: read again, then decide again.
    #[error("{0}")]
    Contention(Contention),
    /// No room is left on the disk, or the database has reached its size.
    #[error("the disk is full: {0}")]
    Full(String),
    /// The server or the file cannot be reached: try again.
    #[error("the store cannot be reached: {0}")]
    Unreachable(String),
    /// The tables are of another version of the program.
    #[error("the store has schema version {found}, this program needs {needed}: {}", hint(*.found, *.needed))]
    Version {
        /// What stands in the store.
        found: u32,
        /// What this program can use.
        needed: u32,
    },
    /// The chain behind this number is another one: its first block differs.
    #[error(
        "chain {chain} began with block {stored} here, and the node says {found}: it was replaced; `reset` the chain to index the new one"
    )]
    OtherGenesis {
        /// The number of the chain.
        chain: u64,
        /// Of the chain that is stored.
        stored: String,
        /// Of the node.
        found: String,
    },
    /// A chain that was never opened here, or is being reset.
    #[error("chain {0} is not in the store")]
    UnknownChain(u64),
    /// The chain wants to go back behind a block that was final.
    #[error(
        "block {number} is wanted back, and blocks up to {last_final} are final: finality is broken, or the node lies"
    )]
    BehindFinality {
        /// Where it would go.
        number: u64,
        /// The last final block.
        last_final: u64,
    },
    /// A cursor from before a reset of its chain.
    #[error(
        "the cursor is of epoch {cursor}, chain {chain} is in epoch {epoch}: it was read anew, start from its beginning"
    )]
    OldCursor {
        /// The chain's number.
        chain: u64,
        /// The cursor's epoch.
        cursor: u32,
        /// The chain's epoch.
        epoch: u32,
    },
    /// A value that no column holds: a number above 2^63-1.
    #[error("{field} is too large for its column")]
    TooLarge {
        /// The column.
        field: &'static str,
    },
    /// What is stored is not what was written: the disk or another program.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// A second row where one may stand.
    #[error("{0} stands already, with other content")]
    Exists(&'static str),
    /// Nothing of this name stands here.
    #[error("{0} is not in the store")]
    Missing(&'static str),
    /// What was handed in contradicts itself: a fault of the program that calls. Nothing of it was written.
    #[error("this cannot be stored: {0}")]
    Malformed(String),
    /// The protocol refuses what was to be stored.
    #[error("the protocol refuses it: {0}")]
    Refused(tgp_protocol::Error),
    /// A fault of this program: a statement that the engine does not understand.
    #[error("the engine refused a statement: {0}")]
    Engine(String),
}

impl StoreError {
    /// Whether the same call may succeed later, without anybody's help.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Contention(_) | Self::Unreachable(_))
    }

    pub(crate) fn malformed(text: impl Into<String>) -> Self {
        Self::Malformed(text.into())
    }
}

impl From<tgp_protocol::Error> for StoreError {
    fn from(error: tgp_protocol::Error) -> Self {
        Self::Refused(error)
    }
}

/// Who was faster, at what.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Contention {
    /// The chain's head is not where the batch begins.
    Head {
        /// Where the batch begins.
        expected: String,
        /// Where the chain stands.
        found: String,
    },
    /// The chain's head is where the batch begins, and it was elsewhere in between: what the writer read may be of two
    /// branches.
    Feed {
        /// The entry that the writer saw last.
        expected: String,
        /// The last one.
        found: String,
    },
    /// The session is at another version than the one that was read.
    Session {
        /// What was read.
        expected: u64,
        /// What stands there.
        found: u64,
    },
    /// The consumer stands elsewhere in the feed.
    Consumer {
        /// Its name.
        consumer: String,
        /// Where it was thought to stand.
        expected: String,
        /// Where it stands.
        found: String,
    },
    /// Two transactions wrote the same rows.
    Rows,
}

impl fmt::Display for Contention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Head { expected, found } => {
                write!(f, "the chain stands at {found}, not at {expected}: another indexer wrote")
            }
            Self::Feed { expected, found } => {
                write!(f, "the chain's feed stands at {found}, not at {expected}: another indexer wrote")
            }
            Self::Session { expected, found } => {
                write!(f, "the session is at version {found}, not at {expected}: another controller wrote")
            }
            Self::Consumer { consumer, expected, found } => write!(
                f,
                "consumer {consumer} stands at {found}, not at {expected}: another program goes by this name, give each its own"
            ),
            Self::Rows => f.write_str("another transaction wrote the same rows"),
        }
    }
}

fn hint(found: u32, needed: u32) -> &'static str {
    if found > needed { "use the newer program" } else { "open it for writing once, to migrate" }
}

/// The result of every call to a store.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;
