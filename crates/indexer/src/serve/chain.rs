use super::Status;
use coreprover_bindings::Contract;
use std::collections::BTreeMap;
use tgp_protocol::value::EvmAddress;
use tokio::sync::watch;

/// How far a chain may be behind and still count as ready.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    /// Blocks that a node has and the store has not.
    pub blocks: u64,
    /// Seconds since the store's last block, where it lacks any.
    pub seconds: u64,
    /// Seconds since a node last answered.
    pub silence: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { blocks: 20, seconds: 60, silence: 60 }
    }
}

/// A chain that is served: its contracts, and what its follower says.
#[derive(Clone, Debug)]
pub struct ServedChain {
    /// Its number.
    pub number: u64,
    /// Our contracts on it.
    pub contracts: BTreeMap<EvmAddress, Contract>,
    /// Where the follower writes how it goes.
    pub status: watch::Receiver<Status>,
    /// When it counts as ready.
    pub bounds: Bounds,
}

impl ServedChain {
    /// The addresses of one kind of contract.
    pub(super) fn all(&self, kind: Contract) -> impl Iterator<Item = EvmAddress> {
        self.contracts.iter().filter(move |(_, contract)| **contract == kind).map(|(address, _)| *address)
    }
}
