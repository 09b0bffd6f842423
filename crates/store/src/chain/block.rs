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
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Batch {
    /// The chain's number.
    pub chain: u64,
    /// The block on which the batch stands: the chain's head before it.
    pub parent: BlockRef,
    /// The last block of the batch: the chain's head after it.
    pub head: BlockRef,
    /// The last block that is final now. Never goes back, and never above the head.
    pub last_final: u64,
    /// The blocks with events, and every block above `last_final`.
    pub blocks: Vec<Block>,
    /// The rows after the last block, each once.
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

/// What a rewind took back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rewound {
    /// How many blocks.
    pub blocks: u64,
    /// How many events.
    pub events: u64,
}
