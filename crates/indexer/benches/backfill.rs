//! How fast a chain is read: `cargo bench -p coreprover-indexer --bench backfill`.
//!
//! In one run, on one anvil: what it takes to download and decode the logs; the same with every event written durably and
//! nothing checked or folded; and the follower, with all of it. Before that, how long a transaction takes to a row. The first
//! argument after `--` is the number of events, 100,000 without one.

// the crate's own dependencies are not all needed here, nor every helper of the tests
#![allow(unused_crate_dependencies, dead_code)]
// it is for the terminal
#![allow(clippy::print_stdout)]

#[path = "../tests/it/anvil.rs"]
mod anvil;
mod peers;
#[path = "../tests/it/world.rs"]
mod world;

use alloy::{
    primitives::U256,
    sol_types::{SolCall, SolValue},
};
use coreprover_bindings::CoreProverEscrow;
use coreprover_indexer::{
    Chain, Contracts, Follower, Step,
    node::{Endpoints, Heads, Http, Log, Node, Policy},
};
use coreprover_store::{Batch, Block, BlockRef, ChainStart, ChainStore, RawEvent, Row, Select, Sqlite, table::Anchor};
use futures::{StreamExt, TryStreamExt, stream};
use peers::Peers;
use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};
use world::World;

/// Calls the escrow in a loop: n, first id, the call with a place for the id, the escrow.
const LOOP: &[u8] = &[
    0x60, 0xc4, 0x60, 0x40, 0x60, 0x00, 0x37, // the call into memory
    0x60, 0x20, 0x35, 0x60, 0x00, 0x35, // id, n
    0x5b, 0x81, 0x60, 0x04, 0x52, // its id
    0x60, 0x00, 0x60, 0x00, 0x60, 0xc4, 0x60, 0x00, 0x60, 0x01, 0x61, 0x01, 0x04, 0x35, 0x5a, 0xf1,
    0x50, // with 1 wei
    0x90, 0x60, 0x01, 0x01, 0x90, 0x60, 0x01, 0x90, 0x03, // the next id, one less to go
    0x80, 0x60, 0x0d, 0x57, 0x00,
];
/// As the table of the peers has it.
const OURS: &str = "this indexer";
/// Events in one transaction, which is one block.
const EACH: u64 = 100;
const QUESTIONS: usize = 4;
/// Blocks in a question of the bare loops: about as many as the follower comes to.
const BLOCKS: u64 = 40;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let wanted = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(100_000);
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(measure(wanted))
}

async fn measure(wanted: u64) -> Result<(), Failure> {
    let mut world = World::new(&["--gas-limit", "3000000000"]).await;
    let chain = world.chain(64);
    let folder = std::env::temp_dir().join(format!("coreprover-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;

    // before the chain is long: what anvil takes for a transaction grows with it
    let store = Sqlite::open(folder.join("live.db"))?;
    let reader = follower(&world, &store, chain.clone()).await?;
    let peers = Peers::new(&folder);
    let (p50, p95) = live(&mut world, &store, reader).await?;
    peers.live(OURS, p50, p95)?;
    peers.run(&world, "live", 0).await?;
    let filling = Instant::now();
    fill(&world, wanted).await;
    let head = world.anvil.head().await;
    println!("{wanted} events in {head} blocks, made in {:.1?}", filling.elapsed());

    let start = Instant::now();
    let events = download(&world, &chain.contracts, head).await?;
    let limit = rate("download and decode", events, start.elapsed(), None);
    peers.rate("raw getLogs and decode", limit)?;
    let start = Instant::now();
    let events = bare(&world, &chain, head, folder.join("bare.db")).await?;
    let bare = rate("and write, unchecked", events, start.elapsed(), Some(limit));
    let store = Sqlite::open(folder.join("follower.db"))?;
    let mut follower = follower(&world, &store, chain).await?;
    let start = Instant::now();
    let mut events = 0;
    loop {
        match follower.step().await? {
            Step::Applied { events: more, .. } => events += more,
            Step::RolledBack { .. } => {}
            Step::Waiting => break,
        }
    }
    peers.rate(OURS, rate("the follower", events, start.elapsed(), Some(bare)))?;
    println!("memory, at most: {}", peak());
    peers.run(&world, "backfill", wanted).await?;
    peers.run(&world, "table", wanted).await?;
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

fn node(world: &World) -> Result<Http, Failure> {
    Ok(Http::new(&world.anvil.url, Duration::from_secs(60))?)
}

async fn follower(world: &World, store: &Sqlite, chain: Chain) -> Result<Follower<Sqlite, Http>, Failure> {
    let nodes = Endpoints::new([node(world)?], Policy::default());
    Ok(Follower::open(store.clone(), nodes, chain).await?)
}

/// Events for a second, beside what it is held against.
fn rate(what: &str, events: u64, took: Duration, of: Option<u64>) -> u64 {
    let rate = u64::try_from(u128::from(events) * 1_000_000 / took.as_micros().max(1)).unwrap_or(u64::MAX);
    let share = of.map_or_else(String::new, |of| format!(", {} % of the one above", rate * 100 / of.max(1)));
    println!("{what}: {events} events in {took:.2?}, {rate} a second{share}");
    rate
}

async fn fill(world: &World, wanted: u64) {
    let [owner, _, seller, ..] = world.anvil.accounts[..] else { panic!("anvil has accounts") };
    let length = u8::try_from(LOOP.len()).expect("short");
    let init = [&[0x60, length, 0x80, 0x60, 0x0b, 0x60, 0x00, 0x39, 0x60, 0x00, 0xf3], LOOP].concat();
    let caller = world.anvil.deploy(owner, init).await;
    let call = CoreProverEscrow::createEscrowCall {
        orderId: [0; 32].into(),
        seller,
        commitmentWindow: U256::from(3_600),
        claimWindow: U256::from(3_600),
        allowsTimedRelease: false,
        timedReleaseDelay: U256::ZERO,
    };
    let mut made = 0;
    while made < wanted {
        let data = [
            U256::from(EACH).abi_encode(),
            U256::from(made + 1).abi_encode(),
            call.abi_encode(),
            world.escrow.abi_encode(),
        ];
        world.anvil.send(owner, Some(caller), data.concat(), U256::from(EACH)).await;
        made += EACH;
    }
}

/// Ranges, several at once, in their order.
async fn logs(
    world: &World,
    contracts: &Arc<Contracts>,
    head: u64,
    mut each: impl AsyncFnMut(u64, Vec<Log>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let node = Arc::new(node(world)?);
    let starts = (1..=head).step_by(usize::try_from(BLOCKS)?);
    let questions = starts.map(|start| {
        let (node, contracts) = (Arc::clone(&node), Arc::clone(contracts));
        let end = head.min(start + BLOCKS - 1);
        tokio::spawn(async move { node.logs(contracts, start..=end).await.map(|logs| (end, logs)) })
    });
    let mut answers = stream::iter(questions).buffered(QUESTIONS);
    while let Some(answer) = answers.try_next().await? {
        let (end, logs) = answer?;
        each(end, logs).await?;
    }
    Ok(())
}

async fn download(world: &World, contracts: &Arc<Contracts>, head: u64) -> Result<u64, Failure> {
    let mut events = 0;
    logs(world, contracts, head, async |_, logs| {
        for log in logs {
            let kind = contracts.at(log.address.into()).ok_or("a stranger's log")?;
            let topics: Vec<_> = log.topics.iter().map(|topic| topic.0).collect();
            std::hint::black_box(kind.decode(topics, log.data).ok_or("no event of its contract")?);
            events += 1;
        }
        Ok(())
    })
    .await?;
    Ok(events)
}

async fn bare(world: &World, chain: &Chain, head: u64, path: PathBuf) -> Result<u64, Failure> {
    let store = Sqlite::open(path)?;
    let base = BlockRef { number: 0, hash: [0; 32].into() };
    let mut state = store.open_chain(ChainStart { chain: chain.number, genesis: base.hash, base }).await?;
    let mut events = 0;
    logs(world, &chain.contracts, head, async |end, logs| {
        let mut blocks: Vec<Block> = Vec::new();
        for log in logs {
            events += 1;
            let event = RawEvent {
                log: log.log_index,
                tx: log.transaction_hash,
                contract: log.address.into(),
                subject: log.topics.get(1).copied().unwrap_or_else(|| [0; 32].into()),
                topics: log.topics,
                data: log.data.to_vec(),
            };
            let at = BlockRef { number: log.block_number, hash: log.block_hash };
            let parent = blocks.last().map_or(state.head.hash, |block| block.at.hash);
            match blocks.last_mut().filter(|block| block.at == at) {
                Some(block) => block.events.push(event),
                None => blocks.push(Block { at, parent, time: 0, events: vec![event] }),
            }
        }
        let head = BlockRef { number: end, hash: blocks.last().map_or(state.head.hash, |block| block.at.hash) };
        let batch = Batch { before: state, head, last_final: end, blocks, rows: Vec::new(), undo: Vec::new() };
        state = store.apply(batch).await?;
        Ok(())
    })
    .await?;
    Ok(events)
}

/// From sending a transaction to reading its row.
async fn live(
    world: &mut World,
    store: &Sqlite,
    mut follower: Follower<Sqlite, Http>,
) -> Result<(Duration, Duration), Failure> {
    const SAMPLES: usize = 200;
    let heads = Heads::listen(&world.anvil.url.replace("http", "ws"));
    let reading = tokio::spawn(async move { follower.run(heads.news(), std::future::pending()).await });
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut times = Vec::with_capacity(SAMPLES);
    for sample in 0..SAMPLES {
        let start = Instant::now();
        world.anchor().await;
        while rows(store).await? <= sample {
            tokio::time::sleep(Duration::from_micros(200)).await;
        }
        times.push(start.elapsed());
    }
    reading.abort();
    times.sort_unstable();
    let at = |percent: usize| times.get(SAMPLES * percent / 100).copied().unwrap_or_default();
    println!("transaction to row: p50 {:.1?}, p95 {:.1?}, longest {:.1?}", at(50), at(95), at(99));
    Ok((at(50), at(95)))
}

async fn rows(store: &Sqlite) -> Result<usize, Failure> {
    let all =
        Select { table: Anchor::TABLE, index: None, equals: Vec::new(), after: None, limit: 10_000, newest: false };
    Ok(store.select(all).await?.len())
}

/// What this process held at most, as Linux says it.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "unknown here".into(), |value| value.trim().to_owned())
}
