//! A chain that nobody keeps: every block is a function of its number, so that ten million events cost no memory.
//!
//! It is served over HTTP by a process of its own, as a node would: headers with their true hashes, blooms and roots of
//! receipts, each on the one before; logs and receipts. Its head can be moved, and the chain may part. A block is made when it is
//! first asked for, and kept encoded as long as it may be asked for again.

mod block;
pub(crate) mod events;
pub(crate) mod measure;
pub(crate) mod server;

/// Where the chain parted, and what is another since.
#[derive(Clone, Default, Debug)]
pub(crate) struct Branches(Vec<(u64, u64)>);

impl Branches {
    /// The branch of a block.
    pub(crate) fn at(&self, block: u64) -> u64 {
        self.0.iter().rev().find(|(from, _)| *from <= block).map_or(0, |(_, branch)| *branch)
    }

    /// From a block on it is another chain than any before.
    pub(crate) fn part(&mut self, from: u64) {
        let next = self.0.iter().map(|(_, branch)| *branch).max().unwrap_or_default() + 1;
        self.0.retain(|(other, _)| *other < from);
        self.0.push((from, next));
    }
}
