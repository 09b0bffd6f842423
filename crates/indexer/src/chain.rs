use crate::Contracts;
use std::{sync::Arc, time::Duration};
use tgp_protocol::chain_profile::{ChainProfile, Finality};

/// A chain to follow.
///
/// ```
/// use coreprover_indexer::{Chain, Contract, Contracts};
/// use tgp_protocol::{chain_profile::{ChainProfile, FinalityRule}, value::EvmAddress};
///
/// let profile = ChainProfile::read(
///     r#"
///     # ...
/// #   chain_id = 8453
/// #   name = "Base"
/// #   testnet = false
/// #   hardfork = "cancun"
/// #   permit2 = "0x000000000022D473030F116dDEE9F6B43aC78BA3"
/// #   native = { symbol = "ETH", decimals = 18, small_up_to = "1", medium_up_to = "2" }
/// #   block = { seconds = 2 }
/// #   tokens = {}
/// #   [delays]
/// #   observation = 1
/// #   clock = 1
/// #   outage = 1
/// #   slack = 1
/// #   inclusion = 1
/// #   reorg = 1
/// #   censorship = 1
///     [finality]
///     small = { rule = "depth", blocks = 10, seconds = 20 }
///     medium = { rule = "l1-derived", blocks = 0, seconds = 600 }
///     large = { rule = "finalized", blocks = 0, seconds = 1800 }
///     "#,
/// )?;
/// let escrow = EvmAddress([1; 20].into());
/// let chain = Chain::new(&profile, Contracts::new([(escrow, Contract::Escrow)]), 21_000_000);
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
    pub finality: Finality,
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
    /// How long to wait for news when nothing wakes the follower earlier.
    pub poll: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { blocks: 1_000, bytes: 4_000_000, questions: 4, poll: Duration::from_secs(1) }
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
