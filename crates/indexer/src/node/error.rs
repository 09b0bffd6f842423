use std::time::Duration;

/// Why a node did not give what it was asked for, by what to do about it.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NodeError {
    /// No answer, or none in time: ask again, or another.
    #[error("no answer: {0}")]
    Transient(String),
    /// Asked too often: wait.
    #[error("asked too often")]
    RateLimited {
        /// As long as this, where it says so.
        wait: Option<Duration>,
    },
    /// The answer would be too large: ask for less.
    #[error("the answer would be too large: {0}")]
    TooLarge(String),
    /// It does not have the block: it is behind, or the block is not on the chain any more.
    #[error("the node does not have the block")]
    Missing,
    /// It does not know the call: ask another.
    #[error("the node does not know the call: {0}")]
    Unsupported(String),
    /// The answer contradicts itself or the chain: ask another, and trust this one less.
    #[error("wrong answer: {0}")]
    Wrong(String),
}

/// Why no node could be believed.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NodesError {
    /// There is none to ask.
    #[error("no node is configured")]
    NoNodes,
    /// Each was asked, some more than once.
    #[error("no node gives a usable answer; the last, {node}: {error}")]
    Exhausted {
        /// The node.
        node: String,
        /// What it said.
        error: NodeError,
    },
    /// A range is too large for a node; whoever asked asks for less.
    #[error("{node} wants to be asked for less: {said}")]
    TooLarge {
        /// The node.
        node: String,
        /// What it said.
        said: String,
    },
    /// What was read above a block does not stand on it: a node showed the chain as it was, or the chain parted just now.
    #[error("the nodes show two branches that part at block {number}")]
    TwoBranches {
        /// The last block of the one.
        number: u64,
    },
    /// Fewer agree than must.
    #[error("{agreed} of {needed} nodes agree on {on}")]
    NoQuorum {
        /// On what.
        on: String,
        /// How many agree.
        agreed: usize,
        /// How many must.
        needed: usize,
    },
}
