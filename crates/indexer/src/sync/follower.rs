use super::{
    finality::{self, Claim},
    prefetch::Prefetch,
    range::Range,
    reorg,
    writer::Writer,
};
use crate::{
    Chain, IndexError, Result,
    node::{Endpoints, Header, Node, NodesError},
};
use coreprover_store::{BlockRef, ChainStart, ChainState, ChainStore, StoreError};
use std::{future::Future, sync::Arc, time::Duration};
use tgp_protocol::value::Word;
use tokio::sync::Notify;

/// What a step did. A follower that waits has nothing left to read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Blocks were added.
    Applied {
        /// How many.
        blocks: u64,
        /// How many events they hold.
        events: u64,
        /// How many blocks are left to the head.
        behind: u64,
    },
    /// The chain has parted: blocks were taken back.
    RolledBack {
        /// The newest block that stays.
        to: BlockRef,
        /// How many went.
        blocks: u64,
        /// How many events they held.
        events: u64,
    },
    /// Nothing new.
    Waiting,
}

/// Follows one chain into a store.
///
/// All that it knows stands in the store: it may be dropped at any instant, and one that is opened later goes on from
/// there. Several may follow several chains into one store.
///
/// ```
/// use coreprover_indexer::{
///     Chain, Contract, Contracts, Follower, Step,
///     check::{self, Comparison, Difference},
///     node::{Endpoints, Header, Log, Node, NodeError, NodesError, Policy, Proof, Receipt, ReceiptLog},
/// };
/// use coreprover_store::Sqlite;
/// # use alloy::{consensus, primitives::{Address, Bytes}};
/// # use std::{ops::RangeInclusive, sync::Arc};
/// # use tgp_protocol::{chain_profile::{FinalityRule, Wait}, value::{EvmAddress, Word}};
/// # use tokio::sync::Notify;
///
/// /// A chain of empty blocks in memory. A program takes `Http`.
/// struct Empty(Vec<Header>);
/// # impl Empty {
/// #     fn new(blocks: u64) -> Self {
/// #         let mut parent_hash = Default::default();
/// #         Self((0..blocks).map(|number| {
/// #             let header = Header::from(&consensus::Header { number, parent_hash, ..Default::default() });
/// #             parent_hash = header.hash.0;
/// #             header
/// #         }).collect())
/// #     }
/// # }
///
/// impl Node for Empty {
///     fn name(&self) -> &str {
///         "empty"
///     }
///
///     async fn genesis(&self) -> Result<Word, NodeError> {
///         self.0.first().map(|header| header.hash).ok_or(NodeError::Missing)
///     }
///
///     async fn headers(&self, numbers: RangeInclusive<u64>) -> Result<Vec<Header>, NodeError> {
///         Ok(self.0.iter().filter(|header| numbers.contains(&header.number)).cloned().collect())
///     }
///     // ...
/// #   async fn head(&self) -> Result<Header, NodeError> {
/// #       self.0.last().cloned().ok_or(NodeError::Missing)
/// #   }
/// #   async fn finalized(&self) -> Result<Header, NodeError> {
/// #       self.head().await
/// #   }
/// #   async fn logs(&self, _: Arc<Contracts>, _: RangeInclusive<u64>) -> Result<Vec<Log>, NodeError> {
/// #       Ok(Vec::new())
/// #   }
/// #   async fn logs_of(&self, _: Arc<Contracts>, blocks: Vec<Word>) -> Result<Vec<Vec<Log>>, NodeError> {
/// #       Ok(vec![Vec::new(); blocks.len()])
/// #   }
/// #   async fn receipts_of(&self, _: Word) -> Result<Vec<Receipt>, NodeError> {
/// #       let none: Vec<ReceiptLog> = Vec::new();
/// #       assert!(none.is_empty());
/// #       Ok(Vec::new())
/// #   }
/// #   async fn calls(&self, _: Vec<(Address, Bytes)>, _: Word) -> Result<Vec<Bytes>, NodeError> {
/// #       Ok(Vec::new())
/// #   }
/// }
///
/// # let folder = std::env::temp_dir().join(format!("coreprover-follower-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let escrow = EvmAddress(Address::repeat_byte(1));
/// # let chain = Chain {
/// #     number: 1,
/// #     contracts: Arc::new(Contracts::new([(escrow, Contract::Escrow)])),
/// #     start: 1,
/// #     finality: Wait { rule: FinalityRule::Depth, blocks: 12, seconds: 24 },
/// #     limits: Default::default(),
/// # };
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let nodes = Endpoints::new([Empty::new(40)], Policy { proof: Proof::InDoubt, ..Policy::default() });
/// let store = Sqlite::open(folder.join("chain.db"))?;
/// let mut follower = Follower::open(store.clone(), nodes, chain.clone()).await?;
/// while follower.step().await? != Step::Waiting {}
/// assert_eq!(follower.state().head.number, 39);
/// assert_eq!(follower.state().last_final, 39 - 12);
///
/// // or until somebody says stop, looking when there is news
/// follower.run(&Notify::new(), std::future::ready(())).await?;
///
/// // the same events again, into another store: the same rows
/// let again = Sqlite::open(folder.join("again.db"))?;
/// check::rebuild(&store, &again, &chain).await?;
/// let comparison: Comparison = check::compare(&store, &again, 1).await?;
/// assert!(comparison.is_equal() && comparison.differences.len() < Comparison::MOST);
/// let first: Option<&Difference> = comparison.differences.first();
/// assert_eq!(first, None);
///
/// // and without a node there is nothing to follow
/// let none = Endpoints::<Empty>::new([], Policy::default());
/// let error = Follower::open(store, none, chain).await.err().map(|error| error.to_string());
/// assert_eq!(error, Some(NodesError::NoNodes.to_string()));
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Follower<S, N> {
    store: S,
    nodes: Arc<Endpoints<N>>,
    chain: Arc<Chain>,
    state: ChainState,
    prefetch: Prefetch,
    writer: Writer<S>,
}

impl<S: ChainStore, N: Node> Follower<S, N> {
    /// Opens a chain in a store, or begins it.
    ///
    /// # Errors
    /// With [`IndexError::OtherChain`] when the nodes are not of one chain, [`StoreError::OtherGenesis`] when they are of
    /// another than the store, and when no node answers.
    pub async fn open(store: S, nodes: Endpoints<N>, chain: Chain) -> Result<Self> {
        let genesis = genesis(&nodes).await?;
        let known = store.chains().await?.into_iter().find(|state| state.chain == chain.number);
        let base = match known {
            Some(state) => state.base,
            None => base(&nodes, chain.start.saturating_sub(1)).await?,
        };
        let state = store.open_chain(ChainStart { chain: chain.number, genesis, base }).await?;
        let (writer, prefetch) = (Writer::new(store.clone()), Prefetch::new(&chain.limits));
        Ok(Self { store, nodes: Arc::new(nodes), chain: Arc::new(chain), state, prefetch, writer })
    }

    /// Where the chain stands: in the store after a step that left nothing behind, else as soon as that is written.
    #[must_use]
    pub fn state(&self) -> &ChainState {
        &self.state
    }

    /// Follows until `stop` is done, and ends when the transaction that is on its way then is written. `news` is a reason to
    /// look before the time to poll is over, such as [`crate::node::Heads`]; it only shortens the wait, and nothing depends
    /// on it.
    ///
    /// # Errors
    /// With one that does not pass by itself.
    pub async fn run(&mut self, news: &Notify, stop: impl Future<Output = ()>) -> Result<()> {
        tokio::pin!(stop);
        let mut failures = 0_u32;
        loop {
            let done = tokio::select! {
                biased;
                () = &mut stop => return self.writer.settle().await,
                done = self.step() => done,
            };
            let wait = match done {
                Ok(Step::Applied { behind: 1.., .. } | Step::RolledBack { .. }) => Duration::ZERO,
                Ok(Step::Applied { .. } | Step::Waiting) => self.chain.limits.poll,
                Err(error) if error.is_passing() => {
                    failures += 1;
                    tracing::warn!(chain = self.chain.number, %error, failures, "a step failed");
                    self.chain.limits.poll.saturating_mul(1 << failures.min(5))
                }
                Err(error) => return Err(error),
            };
            if wait <= self.chain.limits.poll {
                failures = 0;
            }
            if !wait.is_zero() {
                tokio::select! {
                    () = &mut stop => return self.writer.settle().await,
                    () = tokio::time::sleep(wait) => {}
                    () = news.notified(), if failures == 0 => {}
                }
            }
        }
    }

    /// Takes one step towards the head: one transaction, or none. As long as blocks are left behind, the transaction may
    /// still be on its way.
    ///
    /// # Errors
    /// With whatever stands in the way; nothing is half done, and the next step begins from what the store has.
    pub async fn step(&mut self) -> Result<Step> {
        let done = self.try_step().await;
        let Err(error) = done else { return done };
        self.prefetch.forget();
        let before = self.state;
        self.refresh().await?;
        // Somebody else wrote, or an earlier step was dropped while the store worked: what was read of the store may be newer
        // than the state that we knew. What else the store says is never explained by that.
        let moved = match &error {
            IndexError::Store(error) => matches!(error, StoreError::Contention(_)),
            _ => before != self.state,
        };
        if moved {
            return Ok(Step::Applied { blocks: 0, events: 0, behind: 1 });
        }
        Err(error)
    }

    async fn try_step(&mut self) -> Result<Step> {
        let (head, claim) = finality::look(&self.nodes, &self.chain).await?;
        if head.number <= self.state.head.number {
            return self.look_back(&head, claim).await;
        }
        let (range, top) = self.read(head.number).await?;
        // the last word on what stands on what: a range may have been read in parts, and the chain parted in between
        let mut below = self.state.head;
        for block in &range.blocks {
            if block.parent != below.hash {
                let first = below == self.state.head;
                let parted = NodesError::TwoBranches { number: below.number };
                return if first { self.roll_back(head.number).await } else { Err(parted.into()) };
            }
            below = block.at;
        }
        let last_final = claim.of_ours(&self.store, &self.state, &range, top).await?;
        self.apply(range, head.number, last_final).await
    }

    /// What follows, as much as one transaction takes; and the newest block that is known to stand on it.
    async fn read(&mut self, last: u64) -> Result<(Range, u64)> {
        let next = self.state.head.number + 1;
        let (mut range, mut top) = self.prefetch.take(&self.nodes, &self.chain, next, last).await?;
        while range.leaves_room(&self.chain.limits)
            && let Some(end) = range.blocks.last().map(|block| block.at.number).filter(|end| *end < last)
        {
            match self.prefetch.take(&self.nodes, &self.chain, end + 1, last).await {
                Ok((more, above)) => {
                    range.join(more);
                    top = above;
                }
                Err(_) => {
                    // what was read is not lost for it; the next step meets it again
                    self.prefetch.forget();
                    break;
                }
            }
        }
        Ok((range, top))
    }

    /// The nodes show no more blocks than we have: they are behind, or on another branch.
    async fn look_back(&mut self, head: &Header, claim: Claim) -> Result<Step> {
        self.writer.settle().await?;
        if head.number < self.state.last_final {
            return Ok(Step::Waiting);
        }
        let ours = self.store.blocks_below(self.chain.number, head.number, 1).await?;
        if ours.first().is_some_and(|block| block.number == head.number && block.hash != head.hash) {
            return self.roll_back(head.number).await;
        }
        if head.hash == self.state.head.hash {
            let nothing = Range::default();
            let last_final = claim.of_ours(&self.store, &self.state, &nothing, head.number).await?;
            if last_final > self.state.last_final {
                self.apply(nothing, head.number, last_final).await?;
            }
        }
        Ok(Step::Waiting)
    }

    async fn apply(&mut self, range: Range, head: u64, last_final: u64) -> Result<Step> {
        if let Some(last) = range.blocks.last() {
            self.nodes.agree_on(last.at.number, last.at.hash).await?;
        }
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let blocks = count(range.blocks.len());
        let events = count(range.events());
        self.state = self.writer.write(&self.state, range.blocks, last_final).await?;
        let behind = head.saturating_sub(self.state.head.number);
        if behind == 0 {
            self.writer.settle().await?;
        }
        Ok(Step::Applied { blocks, events, behind })
    }

    async fn roll_back(&mut self, from: u64) -> Result<Step> {
        self.prefetch.forget();
        self.writer.settle().await?;
        let to = reorg::ancestor(&self.store, &self.nodes, &self.state, from).await?;
        if to == self.state.head {
            // the nodes changed their mind in between
            return Ok(Step::Waiting);
        }
        let gone = self.store.rewind(self.chain.number, self.state.head, to).await?;
        tracing::info!(chain = self.chain.number, %to, blocks = gone.blocks, events = gone.events, "rolled back");
        self.refresh().await?;
        Ok(Step::RolledBack { to, blocks: gone.blocks, events: gone.events })
    }

    async fn refresh(&mut self) -> Result<()> {
        self.prefetch.forget();
        // why it did not work is seen from where the chain stands
        drop(self.writer.settle().await);
        let states = self.store.chains().await?;
        let own = states.into_iter().find(|state| state.chain == self.chain.number);
        self.state = own.ok_or(StoreError::UnknownChain(self.chain.number))?;
        Ok(())
    }
}

/// The hash of block 0, on which every node that answers agrees.
async fn genesis<N: Node>(nodes: &Endpoints<N>) -> Result<Word> {
    let ask = |node: Arc<N>| async move { node.genesis().await.map(|hash| (node.name().to_owned(), hash)) };
    let answers: Vec<_> = nodes.ask_all(ask).await.into_iter().flatten().collect();
    let Some((_, expected)) = answers.first().cloned() else {
        return Ok(nodes.ask(|node| async move { node.genesis().await }).await?.1);
    };
    match answers.into_iter().find(|(_, found)| *found != expected) {
        Some((node, found)) => Err(IndexError::OtherChain { node, found, expected }),
        None => Ok(expected),
    }
}

async fn base<N: Node>(nodes: &Endpoints<N>, number: u64) -> Result<BlockRef> {
    let (_, headers) = nodes.ask(|node: Arc<N>| async move { node.headers(number..=number).await }).await?;
    let header = headers.into_iter().next().ok_or_else(|| IndexError::Stopped("no block to begin on".into()))?;
    nodes.agree_on(number, header.hash).await?;
    Ok(BlockRef { number, hash: header.hash })
}
