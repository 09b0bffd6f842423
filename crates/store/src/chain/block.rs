use super::Cursor;
use crate::{Contention, Result, StoreError};
use serde::Serialize;
use std::fmt;
use tgp_protocol::value::{EvmAddress, Word};

/// A block by number and hash.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub struct BlockRef {
    /// Its number.
    pub number: u64,
    /// Its hash.
    pub hash: Word,
}

impl fmt::Display for BlockRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.number, self.hash)
    }
}

/// A log of one of our contracts, as the node gave it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RawEvent {
    /// Its place in the block.
    pub log: u64,
    /// The transaction.
    pub tx: Word,
    /// The contract.
    pub contract: EvmAddress,
    /// What it is about: the first indexed field (an order, a lock, a route), zero without one.
    pub subject: Word,
    /// Its topics, up to four.
    pub topics: Vec<Word>,
    /// Its data.
    pub data: Vec<u8>,
}

/// A block and its events.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Block {
    /// Its number and hash.
    pub at: BlockRef,
    /// The hash of the block before.
    pub parent: Word,
    /// Its time, in the chain's seconds.
    pub time: u64,
    /// Its events, in the order of their logs.
    pub events: Vec<RawEvent>,
}

/// The image of a row before a block changed it, for the way back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Undo {
    /// The block that changed it.
    pub block: u64,
    /// The table.
    pub table: &'static crate::Table,
    /// The key.
    pub key: crate::Record,
    /// The row, or nothing where the block made it.
    pub before: Option<crate::Record>,
}

/// Blocks of one chain, in their order, with everything that they change. One transaction.
///
/// A store refuses a batch with a gap: above `last_final` each block stands on the one before it, the first on the head
/// before, and the last is `head`. It refuses one whose rows may follow from anything but `before`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Batch {
    /// Where the chain stood when the rows were read from which `rows` and `undo` follow. The head alone does not say that
    /// nobody wrote since: a chain may leave it and come back, and its feed does not.
    pub before: ChainState,
    /// The last block of the batch: the chain's head after it.
    pub head: BlockRef,
    /// The last block that is final now. Never above the head; the store keeps the highest that it was told.
    pub last_final: u64,
    /// The blocks with events, and every block above `last_final`.
    pub blocks: Vec<Block>,
    /// The rows after the last block. Of two with one key the later stands.
    pub rows: Vec<(&'static crate::Table, crate::Record)>,
    /// What the blocks above `last_final` changed, in the order of the changes: one image for each block and row.
    pub undo: Vec<Undo>,
}

/// Where a chain begins, for a store that does not know it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChainStart {
    /// The chain's number.
    pub chain: u64,
    /// The hash of block 0: two chains with one number differ there.
    pub genesis: Word,
    /// The block before the first that is read: the one before the oldest contract.
    pub base: BlockRef,
}

/// Where a chain stands in the store.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct ChainState {
    /// The chain's number.
    pub chain: u64,
    /// The hash of block 0.
    pub genesis: Word,
    /// The block before the first that was read.
    pub base: BlockRef,
    /// The last block that was applied.
    pub head: BlockRef,
    /// The last block that is final.
    pub last_final: u64,
    /// How often the chain was thrown away and read again: cursors of another epoch mean nothing.
    pub epoch: u32,
    /// The last entry of the feed.
    pub entries: u64,
}

impl ChainState {
    /// Adds to kept blocks, the newest first, the two that one can go back to and that may have no row: the last final
    /// one and the base.
    pub(crate) fn with_ends(
        &self,
        mut blocks: Vec<BlockRef>,
        last_final: Option<Word>,
        below: u64,
        limit: usize,
    ) -> Vec<BlockRef> {
        let last_final = last_final.map(|hash| BlockRef { number: self.last_final, hash });
        for end in last_final.into_iter().chain([self.base]).filter(|end| end.number <= below) {
            let place = blocks.partition_point(|block| block.number > end.number);
            if blocks.get(place).is_none_or(|block| block.number != end.number) {
                blocks.insert(place, end);
            }
        }
        blocks.truncate(limit);
        blocks
    }

    pub(crate) fn check_epoch(&self, cursor: Cursor) -> Result<()> {
        if cursor.epoch == self.epoch {
            return Ok(());
        }
        Err(StoreError::OldCursor { chain: self.chain, cursor: cursor.epoch, epoch: self.epoch })
    }

    /// What a consumer is told of a chain that is not there: that it was reset, where that is under way.
    pub(crate) fn missing(cursor: Cursor, reset: Option<u32>) -> StoreError {
        match reset {
            Some(epoch) if cursor.epoch < epoch => {
                StoreError::OldCursor { chain: cursor.chain, cursor: cursor.epoch, epoch }
            }
            _ => StoreError::UnknownChain(cursor.chain),
        }
    }

    /// Refuses to go where a chain that stands here cannot go; `hash` is that of its block with that number.
    pub(crate) fn check_way_back(&self, to: BlockRef, hash: Option<Word>) -> Result<()> {
        if to.number < self.last_final {
            return Err(StoreError::BehindFinality { number: to.number, last_final: self.last_final });
        }
        if hash == Some(to.hash) {
            return Ok(());
        }
        let found = hash.map_or_else(|| "no such block".into(), |hash| hash.to_string());
        Err(StoreError::Contention(Contention::Head { expected: to.to_string(), found }))
    }

    /// Refuses a writer that did not see what was written last.
    pub(crate) fn check_before(&self, before: &Self) -> Result<()> {
        self.check_head(before.head)?;
        if (self.epoch, self.entries) == (before.epoch, before.entries) {
            return Ok(());
        }
        let text = |state: &Self| format!("entry {} of epoch {}", state.entries, state.epoch);
        Err(StoreError::Contention(Contention::Feed { expected: text(before), found: text(self) }))
    }

    /// Refuses a writer that thinks that the chain stands elsewhere.
    pub(crate) fn check_head(&self, head: BlockRef) -> Result<()> {
        if self.head == head {
            return Ok(());
        }
        let (expected, found) = (head.to_string(), self.head.to_string());
        Err(StoreError::Contention(Contention::Head { expected, found }))
    }

    /// Refuses another chain of the same number.
    pub(crate) fn check_genesis(&self, start: ChainStart) -> Result<()> {
        if self.genesis == start.genesis {
            return Ok(());
        }
        let (stored, found) = (self.genesis.to_string(), start.genesis.to_string());
        Err(StoreError::OtherGenesis { chain: self.chain, stored, found })
    }
}

impl ChainStart {
    /// A chain of which nothing was read yet.
    pub(crate) fn state(self, epoch: u32) -> ChainState {
        let Self { chain, genesis, base } = self;
        ChainState { chain, genesis, base, head: base, last_final: base.number, epoch, entries: 0 }
    }
}

impl RawEvent {
    /// The topics as one column.
    pub(crate) fn topic_bytes(&self) -> Vec<u8> {
        self.topics.iter().flat_map(|topic| topic.0.0).collect()
    }

    /// The topics of that column.
    pub(crate) fn topics_of(bytes: &[u8]) -> Result<Vec<Word>> {
        let (topics, rest) = bytes.as_chunks();
        if rest.is_empty() && topics.len() <= 4 {
            return Ok(topics.iter().map(|topic: &[u8; 32]| Word::from(*topic)).collect());
        }
        Err(StoreError::Damaged("column topics of events".into()))
    }
}

/// What a rewind took back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rewound {
    /// How many blocks.
    pub blocks: u64,
    /// How many events.
    pub events: u64,
}
