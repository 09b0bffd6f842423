use crate::Contracts;
use std::{sync::Arc, time::Duration};
use tgp_protocol::chain_profile::{ChainProfile, Wait};

/// A chain to follow.
///
/// ```standalone_crate
/// use coreprover_indexer::{Chain, Contract, Contracts};
/// use tgp_protocol::{chain_profile::{ChainProfile, FinalityRule}, value::EvmAddress};
///
/// let base = ChainProfile::read(include_str!("../../../chains/8453.toml"))?;
/// let escrow = EvmAddress([1; 20].into());
/// let chain = Chain::new(&base, Contracts::new([(escrow, Contract::Escrow)]), 21_000_000);
/// // what an indexer calls final, it never takes back: it waits as for the largest amounts
/// assert_eq!(chain.finality.rule, FinalityRule::Finalized);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Chain {
    /// Its number.
    pub number: u64,
    /// Our contracts on it.
    pub contracts: Arc<Contracts>,
    /// The first block that is read: that of the oldest contract, or one before it.
    pub start: u64,
    /// When a block is final.
    pub finality: Wait,
    /// How much is read at once.
    pub limits: Limits,
}

/// How much is read at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// The most blocks in one question.
    pub blocks: u64,
    /// How large an answer should get, in bytes; ranges grow and shrink towards it.
    pub bytes: usize,
    /// How many questions are on their way at once.
    pub questions: usize,
    /// Answers are written in one transaction until they hold as many events, or `blocks` blocks.
    pub events: usize,
    /// How long to wait for news when nothing wakes the follower earlier.
    pub poll: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { blocks: 1_000, bytes: 4_000_000, questions: 4, events: 8_000, poll: Duration::from_secs(1) }
    }
}

impl Chain {
    /// A chain by its profile, with finality as for the largest amounts.
    #[must_use]
    pub fn new(profile: &ChainProfile, contracts: Contracts, start: u64) -> Self {
        Self {
            number: profile.chain_id,
            contracts: Arc::new(contracts),
            start: start.max(1),
            finality: profile.finality.large,
            limits: Limits::default(),
        }
    }
}
