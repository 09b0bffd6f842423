//! What an indexer keeps: blocks, events, what follows from them, and the feed that tells others.

mod block;
mod check;
mod consumer;
mod feed;

pub use block::{Batch, Block, BlockRef, ChainStart, ChainState, RawEvent, Rewound, Undo};
pub(crate) use consumer::{check_consumer, check_move, moved};
pub use feed::{BadCursor, Change, Cursor, FeedEvent};

use crate::{Index, Record, Result, Table};
use std::future::Future;
use tgp_protocol::value::Word;

/// An event of the chain as it is now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredEvent {
    /// The block's number and hash.
    pub at: BlockRef,
    /// The block's time.
    pub time: u64,
    /// The event.
    pub event: RawEvent,
}

/// The tables of an indexer, on either engine.
///
/// Every call that writes is one transaction: it is there as a whole when the call returns, and stays through a crash.
/// Two programs may write to one store: the second of two that continue the same head gets
/// [`crate::StoreError::Contention`] and nothing of it is written. A call whose future is dropped was done or not done.
///
/// Pages of [`Self::select`] neither repeat nor skip a row, as long as no column by which they are sorted changes while the
/// row stands. Those of the indexer never do: who and where is said when a row is made. A row that moves in its indexes all
/// the same is stored as it is told, and costs the embedded engine more.
pub trait ChainStore: Clone + Send + Sync + 'static {
    /// Opens a chain, or begins it at `start` where the store does not know it. A chain that is there keeps its base. A reset
    /// that was interrupted is finished first.
    ///
    /// # Errors
    /// With [`crate::StoreError::OtherGenesis`] for another chain of the same number.
    fn open_chain(&self, start: ChainStart) -> impl Future<Output = Result<ChainState>> + Send;

    /// Every chain.
    fn chains(&self) -> impl Future<Output = Result<Vec<ChainState>>> + Send;

    /// Forgets everything of a chain and begins it anew at `start`, in a new epoch. Consumers keep their cursors, so that
    /// they hear of it.
    ///
    /// The chain is gone at once, for everybody. Its rows are cleared away in small transactions, as many as it takes, and
    /// others write in between. Until it has begun anew the chain is unknown, and cursors of its feed are old, also when the
    /// program ends in between: [`Self::open_chain`] goes on with it.
    fn reset_chain(&self, start: ChainStart) -> impl Future<Output = Result<ChainState>> + Send;

    /// Adds blocks to a chain.
    ///
    /// # Errors
    /// With [`crate::StoreError::Contention`] when somebody wrote since [`Batch::before`], with
    /// [`crate::StoreError::Malformed`] for a batch with a gap, and with [`crate::StoreError::Exists`] when a block comes
    /// back with other events.
    fn apply(&self, batch: Batch) -> impl Future<Output = Result<ChainState>> + Send;

    /// Takes every block of a chain above `to` back, `head` being where it stands. What the rows were is read in the same
    /// transaction, so that it does not matter how the chain came to `head`.
    ///
    /// # Errors
    /// With [`crate::StoreError::BehindFinality`] below the last final block, and with
    /// [`crate::StoreError::Contention`] when the chain does not stand at `head`, or `to` is none of its blocks.
    fn rewind(&self, chain: u64, head: BlockRef, to: BlockRef) -> impl Future<Output = Result<Rewound>> + Send;

    /// The blocks of a chain that are kept, from `below` down, at most `limit`: every block down to the last final one,
    /// then those with events. The base is the last of them.
    fn blocks_below(&self, chain: u64, below: u64, limit: usize) -> impl Future<Output = Result<Vec<BlockRef>>> + Send;

    /// The rows of these keys, each at its key's place.
    fn load(
        &self,
        table: &'static Table,
        keys: Vec<Record>,
    ) -> impl Future<Output = Result<Vec<Option<Record>>>> + Send;

    /// Rows by an index or the key, a page of them.
    fn select(&self, query: Select) -> impl Future<Output = Result<Vec<Record>>> + Send;

    /// The events of the chain about one subject, in their order, after block and log `after`.
    fn events_of(
        &self,
        chain: u64,
        subject: Word,
        after: Option<(u64, u64)>,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<StoredEvent>>> + Send;

    /// The changes after a cursor, at most `limit`.
    ///
    /// # Errors
    /// With [`crate::StoreError::OldCursor`] when the chain was reset since.
    fn feed(&self, after: Cursor, limit: usize) -> impl Future<Output = Result<Vec<FeedEvent>>> + Send;

    /// How far a consumer has come in a chain's feed, where it has begun. A name is up to 64 of a to z, 0 to 9, - and _.
    fn cursor(&self, consumer: &str, chain: u64) -> impl Future<Output = Result<Option<Cursor>>> + Send;

    /// Moves a consumer on. When this returns, the new cursor stays.
    ///
    /// # Errors
    /// With [`crate::StoreError::Contention`] when the consumer does not stand at `from`: another program goes by its name.
    fn move_cursor(&self, consumer: &str, from: Option<Cursor>, to: Cursor) -> impl Future<Output = Result<()>> + Send;
}

/// A query by an index or by the key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Select {
    /// The table.
    pub table: &'static Table,
    /// Nothing for the key: rows in the order of the key.
    pub index: Option<&'static Index>,
    /// The values of the index's first columns: of an index all of [`Index::equals`], of the key as many as you like.
    pub equals: Record,
    /// Where the page before ended: the values of [`Index::order`], or of the rest of the key. More are ignored.
    pub after: Option<Record>,
    /// How many.
    pub limit: usize,
    /// From the end to the start.
    pub newest: bool,
}
