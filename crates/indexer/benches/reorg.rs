//! A deep reorg: `cargo bench -p coreprover-indexer --bench reorg`.
//!
//! Sixty-four blocks with ten thousand events are rolled back and those of another branch applied, on the embedded store, ten
//! times. The node has the new blocks ready: what is measured is ours.

// the crate's own dependencies are not all needed here, nor all that the node can do
#![allow(unused_crate_dependencies, dead_code)]
// it is for the terminal
#![allow(clippy::print_stdout)]

mod generated;

use coreprover_indexer::Step;
use coreprover_store::Sqlite;
use generated::{
    measure::{Failure, Folder, every, open},
    server::{NodeProcess, serve_if_told},
};
use std::time::{Duration, Instant};

const DEPTH: u64 = 64;
/// Five times as many events in a block.
const ORDERS: u64 = 32;
const HEAD: u64 = 400;
const TIMES: usize = 10;

fn main() -> Result<(), Failure> {
    if serve_if_told()? {
        return Ok(());
    }
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(measure())
}

async fn measure() -> Result<(), Failure> {
    let (node, folder) = (NodeProcess::start(ORDERS)?, Folder::new()?);
    let store = Sqlite::open(folder.file("reorg.db"))?;
    node.tell("generated_head", HEAD).await?;
    let mut follower = open(&node, &store, DEPTH).await?;
    every(&mut follower, |_| ()).await?;
    let (mut back, mut again, mut whole) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let old = follower.state().head;
        node.tell("generated_part", DEPTH).await?;
        node.tell("generated_make", HEAD - DEPTH).await?;
        let started = Instant::now();
        let Step::RolledBack { blocks: DEPTH, events: gone, .. } = follower.step().await? else {
            return Err("the chain did not part".into());
        };
        back.push(started.elapsed());
        let mut came = 0;
        every(&mut follower, |events| came += events).await?;
        whole.push(started.elapsed());
        again.push(started.elapsed() - back.last().copied().unwrap_or_default());
        let new = follower.state().head;
        if new.number != old.number || new.hash == old.hash || came != gone {
            return Err(format!("{old} was replaced by {new}: {gone} events went and {came} came").into());
        }
        if whole.len() == TIMES {
            println!("{DEPTH} blocks with {gone} events, {TIMES} times: the middle one, and the longest");
        }
    }
    for (what, mut times) in [("taken back", back), ("applied", again), ("together", whole)] {
        times.sort_unstable();
        let longest: Duration = times.last().copied().unwrap_or_default();
        println!("{what:<12} {:>8.1?}  {longest:>8.1?}", times[TIMES / 2]);
    }
    Ok(())
}
