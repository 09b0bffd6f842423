//! A node of a simulated chain, with faults.

use super::{
    random::Random,
    tree::{SimBlock, Tree},
};
use alloy::{
    consensus,
    primitives::{Address, Bytes},
};
use coreprover_indexer::{
    Contracts,
    node::{Header, Log, Node, NodeError, Receipt},
};
use std::{
    ops::RangeInclusive,
    sync::{Arc, Mutex},
    time::Duration,
};
use tgp_protocol::value::Word;

/// How often in a hundred calls each fault happens.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Faults {
    /// No answer, ever.
    pub(crate) hangs: u64,
    /// A refusal: busy, broken, asked too often.
    pub(crate) refuses: u64,
    /// It knows only an older chain: shorter, or another branch.
    pub(crate) lags: u64,
    /// Every log of a block is left out.
    pub(crate) omits_blocks: u64,
    /// One log is left out.
    pub(crate) omits_logs: u64,
    /// A log comes twice.
    pub(crate) repeats: u64,
    /// Logs come in another order.
    pub(crate) shuffles: u64,
    /// A log says something else than it did.
    pub(crate) alters: u64,
    /// A header is made up, with all that follows from it.
    pub(crate) forges: u64,
    /// Its newest block is a made-up one, some way above all others.
    pub(crate) boasts: u64,
    /// No block after this one gets final; 0: they do.
    pub(crate) final_until: u64,
    /// More blocks than so many are refused; 0: never.
    pub(crate) most_blocks: u64,
    /// By numbers it finds no logs: it looks at a branch that has none there.
    pub(crate) blind: bool,
    /// Logs by number are refused, even of one block.
    pub(crate) no_logs: bool,
    /// The chain parts after so many answers with logs, six blocks deep; 0: never.
    pub(crate) parts_after: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct SimNode {
    name: String,
    tree: Arc<Mutex<Tree>>,
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    faults: Faults,
    random: Random,
    /// Chains that it has seen.
    seen: Vec<Vec<Word>>,
}

/// A moment's view of the chain.
struct View {
    blocks: Vec<Arc<SimBlock>>,
    random: Random,
    faults: Faults,
}

impl SimNode {
    pub(crate) fn new(name: &str, tree: &Arc<Mutex<Tree>>, seed: u64) -> Self {
        let state = State { faults: Faults::default(), random: Random(seed), seen: Vec::new() };
        Self { name: name.into(), tree: Arc::clone(tree), state: Arc::new(Mutex::new(state)) }
    }

    pub(crate) fn set(&self, faults: Faults) {
        let mut state = self.state.lock().expect("no panic");
        state.faults = faults;
    }

    fn answered(&self) {
        let mut state = self.state.lock().expect("no panic");
        if state.faults.parts_after > 0 {
            state.faults.parts_after -= 1;
            if state.faults.parts_after == 0 {
                let mut tree = self.tree.lock().expect("no panic");
                tree.cut(6);
                tree.grow(8);
            }
        }
    }

    /// Waits, refuses, or shows a chain.
    async fn view(&self) -> Result<View, NodeError> {
        tokio::task::yield_now().await;
        let (hangs, refuses, view) = {
            let tree = self.tree.lock().expect("no panic");
            let mut state = self.state.lock().expect("no panic");
            if state.seen.last() != Some(&tree.chain) {
                state.seen.push(tree.chain.clone());
            }
            let faults = state.faults;
            let (hangs, refuses) = (state.random.often(faults.hangs), state.random.often(faults.refuses));
            let mut chain = tree.chain.clone();
            if state.random.often(faults.lags) {
                let count = u64::try_from(state.seen.len()).expect("few");
                let place = state.random.below(count);
                chain = state.seen[usize::try_from(place).expect("few")].clone();
                let behind = usize::try_from(state.random.below(3)).expect("few");
                chain.truncate(chain.len().saturating_sub(behind).max(1));
            }
            let mut blocks: Vec<Arc<SimBlock>> = chain.iter().map(|hash| Arc::clone(&tree.blocks[hash])).collect();
            let random = Random(state.random.next());
            if state.random.often(faults.forges) {
                forge(&mut blocks, &mut state.random);
            }
            (hangs, refuses, View { blocks, random, faults })
        };
        if hangs {
            std::future::pending::<()>().await;
        }
        if refuses {
            return Err(match view.random.clone().below(3) {
                0 => NodeError::RateLimited { wait: Some(Duration::from_secs(1)) },
                1 => NodeError::Transient("status 502".into()),
                _ => NodeError::Unsupported("not here".into()),
            });
        }
        Ok(view)
    }
}

/// One block is another, and those after it stand on it.
fn forge(blocks: &mut [Arc<SimBlock>], random: &mut Random) {
    let count = u64::try_from(blocks.len()).expect("few");
    let from = usize::try_from(count - 1 - random.below(count.min(8))).expect("few").max(1);
    let mut parent: Option<Word> = None;
    for block in blocks.iter_mut().skip(from) {
        let block = Arc::make_mut(block);
        match parent {
            Some(parent) => block.full.parent_hash = parent.0,
            None => block.full.timestamp += 1,
        }
        block.header = Header::from(&block.full);
        for log in &mut block.logs {
            log.block_hash = block.header.hash;
        }
        parent = Some(block.header.hash);
    }
}

impl View {
    fn numbers(&self, numbers: &RangeInclusive<u64>) -> Result<Vec<&Arc<SimBlock>>, NodeError> {
        let all: Vec<_> = self.blocks.iter().filter(|block| numbers.contains(&block.header.number)).collect();
        let last = all.last().map(|block| block.header.number);
        if last == Some(*numbers.end()) { Ok(all) } else { Err(NodeError::Missing) }
    }

    fn hash(&self, hash: Word) -> Result<&Arc<SimBlock>, NodeError> {
        self.blocks.iter().find(|block| block.header.hash == hash).ok_or(NodeError::Missing)
    }

    fn too_many(&self, numbers: &RangeInclusive<u64>) -> Result<(), NodeError> {
        let most = self.faults.most_blocks;
        if self.faults.no_logs || most > 0 && numbers.end() - numbers.start() >= most {
            return Err(NodeError::TooLarge("block range is too wide".into()));
        }
        Ok(())
    }

    fn ours(block: &SimBlock, contracts: &Contracts) -> Vec<Log> {
        block.logs.iter().filter(|log| contracts.wants(log.address, log.topics[0].0)).cloned().collect()
    }

    /// What becomes of logs on the way.
    fn spoil(&mut self, logs: &mut Vec<Log>) {
        let place = |random: &mut Random, logs: &[Log]| {
            usize::try_from(random.below(u64::try_from(logs.len()).expect("few"))).expect("few")
        };
        let faults = self.faults;
        let random = &mut self.random;
        if logs.is_empty() {
            return;
        }
        if random.often(faults.omits_blocks) {
            let block = logs[place(random, logs)].block_hash;
            logs.retain(|log| log.block_hash != block);
        }
        if !logs.is_empty() && random.often(faults.omits_logs) {
            logs.remove(place(random, logs));
        }
        if !logs.is_empty() && random.often(faults.repeats) {
            logs.push(logs[place(random, logs)].clone());
        }
        if !logs.is_empty() && random.often(faults.alters) {
            let log = place(random, logs);
            match random.below(3) {
                0 => logs[log].block_hash = [7; 32].into(),
                1 => logs[log].topics[0] = [7; 32].into(),
                _ => logs[log].block_number += 1,
            }
        }
        if random.often(faults.shuffles) {
            logs.reverse();
        }
    }
}

impl Node for SimNode {
    fn name(&self) -> &str {
        &self.name
    }

    async fn genesis(&self) -> Result<Word, NodeError> {
        Ok(self.view().await?.blocks[0].header.hash)
    }

    async fn head(&self) -> Result<Header, NodeError> {
        let mut view = self.view().await?;
        let last = view.blocks.last().ok_or(NodeError::Missing)?;
        if view.random.often(view.faults.boasts) {
            let above = last.header.number + 5;
            return Ok(Header::from(&consensus::Header { number: above, ..last.full.clone() }));
        }
        Ok(last.header.clone())
    }

    async fn finalized(&self) -> Result<Header, NodeError> {
        let view = self.view().await?;
        let mut place = view.blocks.len().saturating_sub(1 + FINALIZED);
        if view.faults.final_until > 0 {
            place = place.min(usize::try_from(view.faults.final_until).expect("few"));
        }
        Ok(view.blocks[place].header.clone())
    }

    async fn headers(&self, numbers: RangeInclusive<u64>) -> Result<Vec<Header>, NodeError> {
        let view = self.view().await?;
        Ok(view.numbers(&numbers)?.into_iter().map(|block| block.header.clone()).collect())
    }

    async fn logs(&self, contracts: Arc<Contracts>, numbers: RangeInclusive<u64>) -> Result<Vec<Log>, NodeError> {
        let mut view = self.view().await?;
        view.too_many(&numbers)?;
        let mut logs: Vec<Log> =
            view.numbers(&numbers)?.into_iter().flat_map(|block| View::ours(block, &contracts)).collect();
        if view.faults.blind {
            logs.clear();
        }
        view.spoil(&mut logs);
        self.answered();
        Ok(logs)
    }

    async fn logs_of(&self, contracts: Arc<Contracts>, blocks: Vec<Word>) -> Result<Vec<Vec<Log>>, NodeError> {
        let mut view = self.view().await?;
        let found: Result<Vec<_>, _> =
            blocks.iter().map(|hash| view.hash(*hash).map(|block| View::ours(block, &contracts))).collect();
        let mut found = found?;
        for logs in &mut found {
            view.spoil(logs);
        }
        Ok(found)
    }

    async fn receipts_of(&self, block: Word) -> Result<Vec<Receipt>, NodeError> {
        let mut view = self.view().await?;
        let mut receipts = view.hash(block)?.receipts.clone();
        if view.random.often(view.faults.omits_logs)
            && let Some(receipt) = receipts.iter_mut().find(|receipt| !receipt.logs.is_empty())
        {
            receipt.logs.pop();
        }
        Ok(receipts)
    }

    async fn calls(&self, _: Vec<(Address, Bytes)>, _: Word) -> Result<Vec<Bytes>, NodeError> {
        Err(NodeError::Unsupported("no state".into()))
    }
}

/// How deep a block is finalized here.
pub(crate) const FINALIZED: usize = 12;
