use crate::{fold::FoldError, node::NodesError};
use coreprover_store::{BlockRef, StoreError};
use tgp_protocol::value::Word;

/// Why a chain cannot be followed further.
///
/// ```
/// use coreprover_indexer::IndexError;
/// use coreprover_store::StoreError;
///
/// // a full disk can be emptied; an event that is none stays none
/// assert!(IndexError::from(StoreError::Full("no space left".into())).is_passing());
/// assert!(!IndexError::NotAnEvent { block: 7, log: 0 }.is_passing());
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// The store did not take something.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No node can be believed.
    #[error(transparent)]
    Nodes(#[from] NodesError),
    /// A block looks as if logs of ours were left out, and no node proves the contrary.
    #[error("block {block} may hold events that no node shows, and none proves that it does not: {error}")]
    Unproven {
        /// The block.
        block: BlockRef,
        /// Why not.
        error: NodesError,
    },
    /// The nodes belong to different chains.
    #[error("the nodes do not belong to one chain: block 0 of {node} is {found}, of the first {expected}")]
    OtherChain {
        /// The node.
        node: String,
        /// The hash of its block 0.
        found: Word,
        /// The hash of the first node's.
        expected: Word,
    },
    /// The chain that the nodes show parts from ours below the last final block.
    #[error("the chain parted below block {last_final}, which was final: finality is broken, or the nodes lie")]
    FinalityBroken {
        /// The last block that was final.
        last_final: u64,
    },
    /// A log with the address and topic of an event of ours is none.
    #[error("log {log} of block {block} is no event of its contract")]
    NotAnEvent {
        /// The block.
        block: u64,
        /// Its place.
        log: u64,
    },
    /// An event does not follow from those before it.
    #[error("block {block}: {error}")]
    Fold {
        /// The block.
        block: u64,
        /// Why.
        error: FoldError,
    },
    /// A part of the program stopped; a fault of this program.
    #[error("a task of the indexer ended: {0}")]
    Stopped(String),
}

impl IndexError {
    /// Whether the same step may work later without anybody doing anything.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            // a node on a dead branch says so too, until it finds back
            Self::Nodes(_) | Self::Unproven { .. } | Self::FinalityBroken { .. } => true,
            Self::Store(error) => matches!(
                error,
                StoreError::Busy(_) | StoreError::Contention(_) | StoreError::Full(_) | StoreError::Unreachable(_)
            ),
            Self::OtherChain { .. } | Self::NotAnEvent { .. } | Self::Fold { .. } | Self::Stopped(_) => false,
        }
    }
}

/// The result of following a chain.
pub type Result<T, E = IndexError> = std::result::Result<T, E>;
