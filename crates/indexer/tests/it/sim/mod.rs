//! A simulated chain, its nodes, and what the tables of any of its blocks must be.

mod events;
mod node;
mod random;
mod tree;

pub(crate) use events::contracts;
pub(crate) use node::{FINALIZED, Faults, SimNode};
pub(crate) use random::Random;
pub(crate) use tree::Tree;

use coreprover_indexer::{
    Chain, Limits,
    fold::{At, Sheet},
};
use coreprover_store::{ChainState, ChainStore, Change, Cursor, RawEvent, Record, Select, Table, table::TABLES};
use std::{
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};
use tgp_protocol::{
    chain_profile::{FinalityRule, Wait},
    value::Word,
};

pub(crate) const CHAIN: u64 = 777;

/// The chain, and what reads it.
pub(crate) struct Sim {
    pub(crate) tree: Arc<Mutex<Tree>>,
    pub(crate) nodes: Vec<SimNode>,
}

impl Sim {
    pub(crate) fn new(seed: u64, nodes: usize) -> Self {
        let tree = Arc::new(Mutex::new(Tree::new(seed)));
        let nodes = (0..nodes).map(|place| {
            let own = seed ^ u64::try_from(place).expect("few");
            SimNode::new(&format!("node-{place}"), &tree, own)
        });
        Self { nodes: nodes.collect(), tree }
    }

    pub(crate) fn tree(&self) -> MutexGuard<'_, Tree> {
        self.tree.lock().expect("no panic")
    }

    pub(crate) fn chain(rule: FinalityRule) -> Chain {
        let blocks = if rule == FinalityRule::Depth { u64::try_from(FINALIZED).expect("few") } else { 0 };
        Chain {
            number: CHAIN,
            contracts: Arc::new(contracts()),
            start: 1,
            finality: Wait { rule, blocks, seconds: 0 },
            limits: Limits { blocks: 8, questions: 3, poll: Duration::from_millis(50), ..Limits::default() },
        }
    }
}

/// The rows after the events on the way to a block, folded from nothing.
fn expected(tree: &Tree, head: Word) -> Vec<(&'static Table, Record)> {
    let contracts = contracts();
    let mut sheet = Sheet::new(CHAIN);
    for block in tree.path(head) {
        for log in &block.logs {
            let Some(kind) = contracts.at(log.address.into()) else { continue };
            let topics: Vec<_> = log.topics.iter().map(|topic| topic.0).collect();
            let event = kind.decode(topics, log.data.clone()).expect("an event");
            let at = At {
                chain: CHAIN,
                block: block.header.number,
                block_hash: block.header.hash,
                time: block.header.time,
                log: log.log_index,
                tx: log.transaction_hash,
                contract: log.address.into(),
                kind,
            };
            for key in sheet.unknown([(&event, &at)]) {
                sheet.know(key, None);
            }
            sheet.fold(&event, &at, None).expect("it follows");
        }
    }
    sheet.changed().expect("rows")
}

/// The events on the way to a block, each with its block and word for word.
fn expected_events(tree: &Tree, head: Word) -> Events {
    let contracts = contracts();
    let logs = tree.path(head).into_iter().flat_map(|block| &block.logs);
    let ours = logs.filter(|log| contracts.at(log.address.into()).is_some());
    ours.map(|log| {
        let event = RawEvent {
            log: log.log_index,
            tx: log.transaction_hash,
            contract: log.address.into(),
            subject: log.topics[1],
            topics: log.topics.clone(),
            data: log.data.to_vec(),
        };
        (log.block_hash, event)
    })
    .collect()
}

/// Whatever happened: the tables are exactly those of the block that the store says it stands at, which is a block of the
/// tree; and whoever followed the feed has the same events.
pub(crate) async fn assert_true(store: &impl ChainStore, tree: &Arc<Mutex<Tree>>) {
    // a batch that a killed follower sent off may come in between: then what was read is of two states, and is read again
    loop {
        let before = store.chains().await.expect("states").remove(0);
        let read = (tables(store).await, followed(store, before.epoch).await);
        if store.chains().await.expect("states") == [before] {
            return compare(tree, before, read);
        }
    }
}

type Rows = Vec<(&'static Table, Record)>;
type Events = Vec<(Word, RawEvent)>;

fn compare(tree: &Mutex<Tree>, state: ChainState, (mut stored, followed): (Rows, Events)) {
    let tree = tree.lock().expect("no panic");
    assert!(tree.blocks.contains_key(&state.head.hash), "the head is a block that never was");
    let mut rows = expected(&tree, state.head.hash);
    let name = |row: &(&'static Table, Record)| (row.0.name, row.1.clone());
    stored.sort_by_key(name);
    rows.sort_by_key(name);
    let differ: Vec<_> =
        stored.iter().zip(&rows).filter(|(a, b)| a != b).map(|(a, b)| (a.0.name, &a.1, &b.1)).collect();
    assert!(
        differ.is_empty() && stored.len() == rows.len(),
        "at {}, of {state:?}: stored, expected: {differ:?}",
        state.head
    );
    assert_eq!(followed, expected_events(&tree, state.head.hash));
}

async fn tables(store: &impl ChainStore) -> Rows {
    let mut stored = Vec::new();
    for table in TABLES {
        let all = Select { table, index: None, equals: Vec::new(), after: None, limit: 100_000, newest: false };
        stored.extend(store.select(all).await.expect("rows").into_iter().map(|row| (*table, row)));
    }
    stored
}

/// The events that somebody has who does what the feed says.
async fn followed(store: &impl ChainStore, epoch: u32) -> Events {
    let mut followed: Events = Vec::new();
    let mut cursor = Cursor::start(CHAIN, epoch);
    loop {
        // a page that ends in the middle of a block
        let page = store.feed(cursor, 7).await.expect("a page");
        if page.is_empty() {
            return followed;
        }
        for change in page {
            assert!(change.cursor > cursor, "a cursor never repeats");
            cursor = change.cursor;
            let event = (change.block_hash, change.event);
            match change.change {
                Change::Applied => followed.push(event),
                Change::RolledBack => assert_eq!(followed.pop(), Some(event), "what goes last came last"),
            }
        }
    }
}
