//! What an indexer keeps: blocks, events, what follows from them, and the feed that tells others.

mod block;
mod feed;

pub use block::{Batch, Block, BlockRef, ChainStart, ChainState, RawEvent, Rewound, Undo};
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
/// Every call that writes is one transaction. Two programs may write to one store: the second of two that continue the
/// same head gets [`crate::StoreError::Contention`] and nothing of it is written.
pub trait ChainStore: Clone + Send + Sync + 'static {
    /// Opens a chain, or begins it at `start` where the store does not know it. A chain that is there keeps its base.
    ///
    /// # Errors
    /// With [`crate::StoreError::OtherGenesis`] for another chain of the same number.
    fn open_chain(&self, start: ChainStart) -> impl Future<Output = Result<ChainState>> + Send;

    /// Every chain.
    fn chains(&self) -> impl Future<Output = Result<Vec<ChainState>>> + Send;

    /// Forgets everything of a chain and begins it anew at `start`, in a new epoch.
    fn reset_chain(&self, start: ChainStart) -> impl Future<Output = Result<ChainState>> + Send;

    /// Adds blocks to a chain.
    ///
    /// # Errors
    /// With [`crate::StoreError::Contention`] when the chain does not stand at the batch's parent.
    fn apply(&self, batch: Batch) -> impl Future<Output = Result<ChainState>> + Send;

    /// Takes every block of a chain above `to` back, `head` being where it stands.
    ///
    /// # Errors
    /// With [`crate::StoreError::BehindFinality`] below the last final block, and as [`Self::apply`].
    fn rewind(&self, chain: u64, head: BlockRef, to: BlockRef) -> impl Future<Output = Result<Rewound>> + Send;

    /// The blocks of a chain that are kept, from `below` down, at most `limit`. The base is the last of them.
    fn blocks_below(&self, chain: u64, below: u64, limit: usize) -> impl Future<Output = Result<Vec<BlockRef>>> + Send;

    /// The rows of these keys, each at its key's place.
    fn load(
        &self,
        table: &'static Table,
        keys: Vec<Record>,
    ) -> impl Future<Output = Result<Vec<Option<Record>>>> + Send;

    /// Rows by an index, after `after` (the values of the index's order, then the key; nothing: from the start), at most
    /// `limit`, the newest first where `newest` is set.
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
}

/// A query by an index or by the key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Select {
    /// The table.
    pub table: &'static Table,
    /// Nothing for the key: every row, in the order of the key.
    pub index: Option<&'static Index>,
    /// The values of the index's first columns.
    pub equals: Record,
    /// The last row of the page before, in the values of the index's order and the key.
    pub after: Option<Record>,
    /// How many.
    pub limit: usize,
    /// From the end to the start.
    pub newest: bool,
}
