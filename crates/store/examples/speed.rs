//! How fast a store is: `cargo run --release -p coreprover-store --all-features --example speed [postgres://...]`.
//!
//! Without an address in a file of the folder for temporary files. The latency of the disk stands beside the figures: a
//! commit waits for it.

// the crate's dependencies are not all needed here; figures are what this program is for
#![allow(unused_crate_dependencies, clippy::print_stdout, clippy::float_arithmetic)]

use coreprover_store::{
    Batch, Block, BlockRef, ChainStart, ChainState, ChainStore, Cursor, RawEvent, RecordStore, Result, Row, Sqlite,
    Undo, table::Owed,
};
use std::{
    io::Write,
    time::{Duration, Instant},
};
use tgp_protocol::{
    session::{Dated, Role, Session, SessionEvent},
    value::{Amount, EvmAddress, Id, Timestamp, Word},
};

const CHAIN: u64 = 31_337;
const BLOCKS: u64 = 2_000;
const EVENTS: u64 = 100;
const SESSIONS: usize = 20_000;

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let folder = std::env::temp_dir().join(format!("coreprover-speed-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    println!("disk sync                {:>9.0} us", sync_latency(&folder)?.as_secs_f64() * 1e6);
    match std::env::args().nth(1) {
        None => runtime.block_on(measure(&Sqlite::open(folder.join("store.db"))?))?,
        #[cfg(feature = "postgres")]
        Some(address) => {
            runtime.block_on(async { measure(&coreprover_store::Postgres::connect(&address).await?).await })?;
        }
        #[cfg(not(feature = "postgres"))]
        Some(_) => println!("built without the feature `postgres`"),
    }
    std::fs::remove_dir_all(folder)?;
    Ok(())
}

/// The median of 100 small writes that wait for the disk.
fn sync_latency(folder: &std::path::Path) -> std::io::Result<Duration> {
    let mut file = std::fs::File::create(folder.join("sync"))?;
    let mut taken = Vec::new();
    for _ in 0..100 {
        let started = Instant::now();
        file.write_all(&[0; 4096])?;
        file.sync_data()?;
        taken.push(started.elapsed());
    }
    taken.sort();
    Ok(taken[50])
}

fn report(what: &str, count: usize, started: Instant) {
    let seconds = started.elapsed().as_secs_f64();
    let count = f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    println!("{what:<24} {:>9.0} /s", count / seconds);
}

async fn measure(store: &(impl ChainStore + RecordStore)) -> Result<()> {
    let base = at(0);
    let mut state = store.reset_chain(ChainStart { chain: CHAIN, genesis: word(0, 1), base }).await?;

    let started = Instant::now();
    for first in (1..=BLOCKS).step_by(10) {
        state = store.apply(batch(state, first + 9)?).await?;
    }
    report("events, 1,000 a batch", usize::try_from(BLOCKS * EVENTS).unwrap_or_default(), started);

    let started = Instant::now();
    for number in BLOCKS + 1..=BLOCKS + 200 {
        state = store.apply(batch(state, number)?).await?;
    }
    report("blocks, one a batch", 200, started);

    let started = Instant::now();
    let head = at(BLOCKS + 200);
    let gone = store.rewind(CHAIN, head, at(BLOCKS + 136)).await?;
    println!("rewind of {} blocks with {} events: {:.0?}", gone.blocks, gone.events, started.elapsed());

    let started = Instant::now();
    let (mut cursor, mut read) = (Cursor::start(CHAIN, state.epoch), 0);
    loop {
        let page = store.feed(cursor, 1000).await?;
        let Some(last) = page.last() else { break };
        (cursor, read) = (last.cursor, read + page.len());
    }
    report("events of the feed", read, started);

    let started = Instant::now();
    for number in 0..20_000 {
        let key = row(number % 5_000, 1).to_record()?[..4].to_vec();
        store.load(Owed::TABLE, vec![key]).await?;
    }
    report("point reads", 20_000, started);

    let names = std::process::id();
    let started = Instant::now();
    for number in 0..SESSIONS / 10 {
        let (session, event) = session(&format!("one-{names}-{number}"));
        store.save_session(0, session, vec![event]).await?;
    }
    report("sessions, one by one", SESSIONS / 10, started);

    let started = Instant::now();
    let mut clients = Vec::new();
    for client in 0..256 {
        let store = store.clone();
        clients.push(tokio::spawn(async move {
            for number in 0..SESSIONS / 256 {
                let (session, event) = session(&format!("many-{names}-{client}-{number}"));
                store.save_session(0, session, vec![event]).await?;
            }
            Result::<()>::Ok(())
        }));
    }
    for client in clients {
        client.await.map_err(|error| coreprover_store::StoreError::Engine(error.to_string()))??;
    }
    report("sessions, 256 clients", SESSIONS / 256 * 256, started);
    Ok(())
}

fn word(number: u64, kind: u8) -> Word {
    let mut bytes = [kind; 32];
    // spread, as hashes are
    bytes[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    bytes.into()
}

fn at(number: u64) -> BlockRef {
    BlockRef { number, hash: word(number, 2) }
}

fn row(party: u64, amount: u64) -> Owed {
    let mut bytes = [0; 20];
    bytes[..8].copy_from_slice(&party.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    let [contract, token] = [7, 8].map(|byte| EvmAddress([byte; 20].into()));
    Owed { chain: CHAIN, contract, token, party: EvmAddress(bytes.into()), amount: Amount::from(amount) }
}

/// Blocks with a hundred events each; every third event changes a row. Finality is 64 blocks behind.
fn batch(before: ChainState, last: u64) -> Result<Batch> {
    let first = before.head.number + 1;
    let last_final = last.saturating_sub(64).min(BLOCKS - 1);
    let (mut blocks, mut rows, mut undo) = (Vec::new(), Vec::new(), Vec::new());
    for number in first..=last {
        let mut events = Vec::new();
        for log in 0..EVENTS {
            let subject = word(number * EVENTS + log / 3, 3);
            let contract = EvmAddress([7; 20].into());
            let topics = vec![word(1, 4), subject];
            events.push(RawEvent { log, tx: word(log, 5), contract, subject, topics, data: vec![1; 128] });
            if log % 3 == 0 {
                let record = row((number * EVENTS + log) % 5_000, number).to_record()?;
                if number > last_final {
                    let (key, before) = (record[..4].to_vec(), Some(record.clone()));
                    undo.push(Undo { block: number, table: Owed::TABLE, key, before });
                }
                rows.push((Owed::TABLE, record));
            }
        }
        blocks.push(Block { at: at(number), parent: at(number - 1).hash, time: number, events });
    }
    Ok(Batch { before, head: at(last), last_final, blocks, rows, undo })
}

fn session(name: &str) -> (Session, Dated) {
    let now = Timestamp::from_millis(1_795_255_200_000);
    let id = |text: &str| text.parse::<Id>().unwrap_or_else(|_| unreachable!("{text} is an id"));
    let mut session = Session::open(id(name), Role::Controller, now);
    let event = SessionEvent::Query { query_id: id("q-1") };
    drop(session.apply(event.clone(), now));
    (session, Dated { at: now, event })
}
