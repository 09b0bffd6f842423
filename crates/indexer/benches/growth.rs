//! What it costs as the chain grows: `cargo bench -p coreprover-indexer --bench growth -- [--max 10000000]`.
//!
//! One store takes 10,000 events, then 100,000, 1,000,000 and 10,000,000, of a chain that nobody keeps. At each size: how long
//! an event took in the last tenth of it, how long questions take, how large the files are, and what this process held at
//! most. Where nothing scans a table, the columns stay as they are from line to line.

// the crate's own dependencies are not all needed here, nor all that the node can do
#![allow(unused_crate_dependencies, dead_code)]
// it is for the terminal
#![allow(clippy::print_stdout)]

mod generated;

use alloy::primitives::Address;
use coreprover_indexer::{Follower, node::Http};
use coreprover_store::{ChainState, ChainStore, Cursor, Row, Select, Sqlite, Value, table::Order};
use generated::{
    events,
    measure::{Failure, Folder, every, open, peak},
    server::{NodeProcess, serve_if_told},
};
use std::time::{Duration, Instant};
use tgp_protocol::value::Word;

/// In a block, once the chain is long enough that orders end.
const EVENTS: u64 = 100;
const ORDERS: u64 = EVENTS / 5;
/// Few: what may go back costs more, and would be all of a short chain.
const DEPTH: u64 = 8;
const SIZES: [u64; 4] = [10_000, 100_000, 1_000_000, 10_000_000];

fn main() -> Result<(), Failure> {
    if serve_if_told()? {
        return Ok(());
    }
    let mut arguments = std::env::args().skip_while(|argument| argument != "--max").skip(1);
    let most = arguments.next().map_or(Ok(1_000_000), |number| number.parse())?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(grow(most))
}

async fn grow(most: u64) -> Result<(), Failure> {
    let (node, folder) = (NodeProcess::start(ORDERS)?, Folder::new()?);
    let store = Sqlite::open(folder.file("growth.db"))?;
    node.tell("generated_head", 1).await?;
    let mut follower = open(&node, &store, DEPTH).await?;
    println!(
        "of the node's time an event: to make it; of ours: in the last tenth. Questions: half of them, 99 of 100.\n"
    );
    println!(
        "    events   node     event    /s        order         a buyer's page       of a subject        feed page       files    memory"
    );
    let mut before = 0;
    for size in SIZES.into_iter().filter(|size| *size <= most) {
        let (head, spent) = (size / EVENTS, node.tell("generated_spent", 0).await?);
        node.tell("generated_head", head - (head - before) / 10).await?;
        read(&mut follower).await?;
        node.tell("generated_head", head).await?;
        let started = Instant::now();
        let events = read(&mut follower).await?;
        let took = started.elapsed();
        let made =
            node.tell("generated_spent", 0).await?.as_u64().zip(spent.as_u64()).map_or(0, |(now, then)| now - then);
        let each = u64::try_from(took.as_nanos())? / events.max(1);
        print!(
            "{size:>10} {:>4} us {:>6}.{} us {:>6}",
            made * 1_000 / (size - before * EVENTS),
            each / 1_000,
            each / 100 % 10,
            1_000_000_000 / each.max(1)
        );
        for times in questions(&store, *follower.state()).await? {
            let [half, most] =
                [50, 99].map(|percent| times.get(times.len() * percent / 100).copied().unwrap_or_default());
            print!("  {:>7} {:>7}", micros(half), micros(most));
        }
        println!("  {:>5} MB  {}", folder.size()? / 1_000_000, peak());
        before = head;
    }
    Ok(())
}

fn micros(time: Duration) -> String {
    format!("{} us", time.as_micros())
}

async fn read(follower: &mut Follower<Sqlite, Http>) -> Result<u64, Failure> {
    let mut all = 0;
    every(follower, |events| all += events).await?;
    Ok(all)
}

/// An order by its id, the newest orders of a buyer, the events of an order, and a page of the feed: all over the chain.
async fn questions(store: &Sqlite, state: ChainState) -> Result<[Vec<Duration>; 4], Failure> {
    let mut times = [const { Vec::new() }; 4];
    for sample in 0..1_000_u64 {
        let block = 1 + sample.wrapping_mul(0x9e37_79b9_7f4a_7c15) % state.head.number;
        let order = events::id(0, block, sample % ORDERS);
        let contract = |address: Address| Value::Bytes(address.to_vec());
        let chain = Value::Number(i64::try_from(state.chain)?);

        let started = Instant::now();
        let key = vec![chain.clone(), contract(events::ESCROW), Value::Bytes(order.to_vec())];
        let found = store.load(Order::TABLE, vec![key]).await?;
        times[0].push(started.elapsed());
        assert!(found[0].is_some(), "order {} of block {block} is there", sample % ORDERS);

        let (buyer, _) = events::parties(ORDERS, block, sample % ORDERS);
        let index = Order::TABLE.index("orders_by_buyer");
        let equals = vec![chain, contract(buyer)];
        let started = Instant::now();
        let page = Select { table: Order::TABLE, index, equals, after: None, limit: 50, newest: true };
        let found = store.select(page).await?;
        times[1].push(started.elapsed());
        assert!(!found.is_empty(), "{buyer} bought something");

        let started = Instant::now();
        let found = store.events_of(state.chain, Word(order), None, 50).await?;
        times[2].push(started.elapsed());
        assert!(!found.is_empty(), "the order was made");

        let entry = sample.wrapping_mul(0x9e37_79b9_7f4a_7c15) % state.entries;
        let started = Instant::now();
        let cursor = Cursor { entry, ..Cursor::start(state.chain, state.epoch) };
        let found = store.feed(cursor, 50).await?;
        times[3].push(started.elapsed());
        assert!(!found.is_empty(), "it goes on after entry {entry}");
    }
    for times in &mut times {
        times.sort_unstable();
    }
    Ok(times)
}
