use crate::Contracts;
use coreprover_bindings::{Contract, Deployment};
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
    /// A deployment's chain, from the block of its oldest contract on; nothing where the profile is another chain's.
    ///
    /// ```standalone_crate
    /// use coreprover_bindings::Deployment;
    /// use coreprover_indexer::{Chain, Contracts};
    /// use tgp_protocol::chain_profile::ChainProfile;
    ///
    /// # let names = ["CoreProverEscrow", "ReceiptVault", "HashedTimelock", "TgpRouter", "VerifierRegistry", "EscrowLens"];
    /// # let contract = |n: usize| format!(r#"{{"address":"0x{n:040x}","codeHash":"0x{}","block":{}}}"#, "ab".repeat(32), 40 + n);
    /// # let names: Vec<_> = names.into_iter().zip(1..).map(|(name, n)| format!("\"{name}\":{}", contract(n))).collect();
    /// # let text = format!(
    /// #     r#"{{"chainId":31337,"deployedAt":1790000000,"permit2":"0x000000000022D473030F116dDEE9F6B43aC78BA3","contracts":{{{}}}}}"#,
    /// #     names.join(",")
    /// # );
    /// let deployment = Deployment::read(&text)?;
    /// let local = ChainProfile::read(include_str!("../../../chains/31337.toml"))?;
    /// let chain = Chain::of(&deployment, &local).ok_or(tgp_protocol::Reason::Contradiction)?;
    /// assert_eq!((chain.number, chain.start), (31_337, 41));
    /// // the lens logs nothing
    /// assert_eq!(chain.contracts.addresses(), Contracts::of(&deployment).addresses());
    /// assert_eq!(chain.contracts.addresses().len(), 5);
    ///
    /// let base = ChainProfile::read(include_str!("../../../chains/8453.toml"))?;
    /// assert!(Chain::of(&deployment, &base).is_none());
    /// # Ok::<(), tgp_protocol::Error>(())
    /// ```
    #[must_use]
    pub fn of(deployment: &Deployment, profile: &ChainProfile) -> Option<Self> {
        let logging = Contract::ALL.into_iter().filter(|contract| *contract != Contract::Lens);
        let start = logging.map(|contract| deployment.contract(contract).block).min().unwrap_or_default();
        (deployment.chain_id == profile.chain_id).then(|| Self::new(profile, Contracts::of(deployment), start))
    }

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
