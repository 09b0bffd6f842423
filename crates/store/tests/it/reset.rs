//! A reset of a chain with many rows: in slices, killed between them for real, beside others that write.

use crate::{
    engine::{Folder, Place, on_both, run},
    model::{Model, table, word},
};
use coreprover_store::{
    Batch, Block, BlockRef, ChainStart, ChainState, ChainStore, Cursor, RawEvent, Record, Select, Sqlite, StoreError,
    Undo, Value, table::TABLES,
};
use std::{
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// Where the process that is killed finds its store.
const RESETTER: &str = "COREPROVER_STORE_RESETTER";

const BLOCKS: u64 = 24;
const EVENTS: u64 = 2_000;
const ROWS: u64 = 200;

fn start() -> ChainStart {
    ChainStart { chain: 1, genesis: word(1), base: BlockRef { number: 10, hash: word(10) } }
}

fn owed(number: u64) -> Record {
    let party = word(number).0[12..].to_vec();
    let [contract, token] = [5, 6].map(|byte| Value::Bytes(vec![byte; 20]));
    vec![Value::Number(1), contract, token, Value::Bytes(party), Value::Text("7".into())]
}

/// Some slices' worth of events, rows and images.
async fn fill(store: &impl ChainStore) -> ChainState {
    let mut state = store.open_chain(start()).await.unwrap();
    for number in 11..11 + BLOCKS {
        let at = BlockRef { number, hash: word(number) };
        let event = |log| RawEvent {
            log,
            tx: word(log),
            contract: tgp_protocol::value::EvmAddress([5; 20].into()),
            subject: word(log % 50),
            topics: vec![word(1)],
            data: vec![0xda; 32],
        };
        let block = Block { at, parent: state.head.hash, time: number, events: (0..EVENTS).map(event).collect() };
        let rows: Vec<Record> = (0..ROWS).map(|row| owed(number * ROWS + row)).collect();
        let undo = |row: &Record| Undo { block: number, table: table("owed"), key: row[..4].to_vec(), before: None };
        let undo = rows.iter().map(undo).collect();
        let rows = rows.into_iter().map(|row| (table("owed"), row)).collect();
        let batch = Batch { before: state, head: at, last_final: 10, blocks: vec![block], rows, undo };
        state = store.apply(batch).await.unwrap();
    }
    state
}

async fn left(place: &impl Place) -> u64 {
    let mut left = 0;
    for name in ["events", "blocks", "feed", "undo"].into_iter().chain(TABLES.iter().map(|table| table.name)) {
        let count = place.column(&format!("SELECT CAST(count(*) AS TEXT) FROM {name} WHERE chain = 1")).await;
        left += count[0].parse::<u64>().unwrap();
    }
    left
}

/// Nobody sees anything of the chain, whatever is left of it.
async fn is_gone(store: &impl ChainStore, old: &ChainState) {
    assert!(store.chains().await.unwrap().iter().all(|state| state.chain != 1));
    let unknown = StoreError::UnknownChain(1);
    let cursor = StoreError::OldCursor { chain: 1, cursor: 0, epoch: 1 };
    assert_eq!(store.feed(Cursor::start(1, 0), 10).await, Err(cursor));
    assert_eq!(store.feed(Cursor::start(1, 1), 10).await, Err(unknown.clone()));
    assert_eq!(store.blocks_below(1, 100, 10).await, Err(unknown.clone()));
    assert_eq!(store.rewind(1, old.head, old.base).await, Err(unknown.clone()));
    let empty = Batch { before: *old, head: old.head, last_final: 10, blocks: vec![], rows: vec![], undo: vec![] };
    assert_eq!(store.apply(empty).await, Err(unknown));
    for subject in 0..50 {
        assert_eq!(store.events_of(1, word(subject), None, 10).await.unwrap(), []);
    }
    let keys: Vec<Record> = (11 * ROWS..(11 + BLOCKS) * ROWS).map(|number| owed(number)[..4].to_vec()).collect();
    assert!(store.load(table("owed"), keys).await.unwrap().iter().all(Option::is_none));
    for equals in [vec![], vec![Value::Number(1)]] {
        let select = Select { table: table("owed"), index: None, equals, after: None, limit: 100_000, newest: false };
        assert!(store.select(select).await.unwrap().iter().all(|row| row[0] != Value::Number(1)));
    }
}

async fn has_begun_anew(store: &impl ChainStore, place: &impl Place) {
    let state = store.open_chain(start()).await.unwrap();
    let ChainStart { chain, genesis, base } = start();
    assert_eq!(state, ChainState { chain, genesis, base, head: base, last_final: 10, epoch: 1, entries: 0 });
    assert_eq!(left(place).await, 0);
    assert_eq!(place.column("SELECT CAST(chain AS TEXT) FROM resets").await, Vec::<String>::new());
    let old = Err(StoreError::OldCursor { chain: 1, cursor: 0, epoch: 1 });
    assert_eq!(store.feed(Cursor::start(1, 0), 1).await, old);
}

/// The process that is killed. It ends at once when nobody started it for that.
#[test]
fn the_resetter() {
    let Ok(address) = std::env::var(RESETTER) else { return };
    run(async {
        let state = match address.strip_prefix("file:") {
            Some(path) => Sqlite::open(path).unwrap().reset_chain(start()).await.unwrap(),
            #[cfg(feature = "postgres")]
            None => coreprover_store::Postgres::connect(&address).await.unwrap().reset_chain(start()).await.unwrap(),
            #[cfg(not(feature = "postgres"))]
            None => panic!("no such engine"),
        };
        panic!("nobody killed it before the chain began anew: {state:?}");
    });
}

/// Kills a reset when some rows are gone and others are not. `settle` waits for a transaction that is under way.
async fn killed_between_two_slices(place: &impl Place, address: &str, settle: &str) {
    let store = place.open().await.unwrap();
    let mut other = Model::new(2, 91);
    other.open(&store).await;
    store.apply(other.grow(30, 9)).await.unwrap();
    let old = fill(&store).await;
    let mut rows = left(place).await;
    assert!(rows > BLOCKS * (EVENTS + 2 * ROWS));
    for _ in 0..2 {
        let mut resetter = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "reset::the_resetter", "--nocapture"])
            .env(RESETTER, address)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let events = "SELECT CAST(count(*) AS TEXT) FROM events WHERE chain = 1";
        let before = place.column(events).await;
        let started = Instant::now();
        while place.column(events).await == before {
            assert!(started.elapsed() < Duration::from_secs(60), "it does not begin");
        }
        resetter.kill().unwrap();
        resetter.wait().unwrap();
        place.sql(settle).await.unwrap();
        let now = left(place).await;
        assert!(0 < now && now < rows, "{now} rows are left of {rows}: it was not killed in between");
        rows = now;
        let store = place.open().await.unwrap();
        is_gone(&store, &old).await;
        // nobody waits for the rest
        store.apply(other.grow(2, 9)).await.unwrap();
        other.check(&store).await;
    }
    let store = place.open().await.unwrap();
    has_begun_anew(&store, place).await;
    other.check(&store).await;
    let again = fill(&store).await;
    assert_eq!((again.head, again.epoch, again.entries), (old.head, 1, old.entries));
    assert_eq!(left(place).await, BLOCKS * (EVENTS + 2 * ROWS + 2));
}

#[test]
fn killed_in_a_reset_a_file_shows_no_half_of_a_chain() {
    run(async {
        let folder = Folder::new();
        let address = format!("file:{}", folder.file().display());
        killed_between_two_slices(&folder, &address, "BEGIN IMMEDIATE; COMMIT").await;
    });
}

#[cfg(feature = "postgres")]
#[test]
fn killed_in_a_reset_a_database_shows_no_half_of_a_chain() {
    let Some(server) = crate::server::shared() else { return };
    run(async {
        let place = server.database();
        let settle = "BEGIN; LOCK TABLE events IN SHARE MODE; COMMIT";
        killed_between_two_slices(&place, &place.address, settle).await;
    });
}

#[test]
fn programs_that_reset_and_open_at_once_make_one_chain() {
    on_both!(|place| {
        let store = place.open().await.unwrap();
        fill(&store).await;
        let mut tasks = Vec::new();
        for number in 0..4 {
            let store = place.open().await.unwrap();
            tasks.push(tokio::spawn(async move {
                match number {
                    0 => store.reset_chain(start()).await,
                    _ => store.open_chain(start()).await,
                }
            }));
        }
        for task in tasks {
            let state = task.await.unwrap().unwrap();
            assert!((state.epoch, state.entries) == (1, 0) || (state.epoch, state.entries) == (0, BLOCKS), "{state:?}");
        }
        has_begun_anew(&store, &place).await;
    });
}
