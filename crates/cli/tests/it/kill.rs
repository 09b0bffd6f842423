//! The real process, killed dozens of times wherever it stands, while the chain goes on and is reorganised. At the end its
//! tables are those of one that nobody killed.

use crate::{
    Folder,
    index::args,
    local::flags,
    server,
    tbc::{Tbc, command},
    world::World,
};
use coreprover_indexer::check;
use coreprover_store::{ChainStore, Postgres, Sqlite};
use serde_json::{Value, json};
use std::{
    hash::{BuildHasher, Hasher, RandomState},
    path::Path,
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// How often it is killed at random on each engine; `COREPROVER_KILLS` says otherwise.
fn kills() -> u64 {
    std::env::var("COREPROVER_KILLS").map_or(16, |text| text.parse().expect("COREPROVER_KILLS is a number"))
}

/// Lines after which it is killed.
type Point = fn(&Value) -> bool;
const POINTS: [(&str, Point); 8] = [
    ("the server stands", |line| line["message"] == "serving"),
    ("the first question", |line| line["message"] == "asked" && line["call"] == "genesis"),
    ("the chain is open", |line| line["message"] == "following"),
    ("a range is asked for", |line| line["message"] == "asked" && line["call"] == "headers"),
    ("logs are there", |line| line["message"] == "answered" && line["call"] == "logs"),
    ("a batch is on its way or written", |line| is_step(line, "Applied")),
    ("blocks were taken back", |line| line["message"] == "rolled back"),
    ("that step is done", |line| is_step(line, "RolledBack")),
];

fn is_step(line: &Value, name: &str) -> bool {
    line["message"] == "a step" && line["step"].as_str().is_some_and(|step| step.starts_with(name))
}

/// People who use the contracts, and now and then a reorganisation, until somebody says enough.
async fn live(mut world: World, enough: Arc<AtomicBool>) -> World {
    for turn in 0_u64.. {
        if enough.load(Ordering::Relaxed) {
            break;
        }
        match turn % 4 {
            0 => world.simple_orders().await,
            1 => world.locks().await,
            2 => world.route().await,
            _ => world.anchor().await,
        }
        // a chain that grows faster than it is read is never at its head
        tokio::time::sleep(Duration::from_millis(30)).await;
        if turn % 2 == 1 {
            world.anvil.rpc("anvil_reorg", json!([1 + turn % 7, []])).await;
        }
    }
    world
}

/// Kills it some time after its start.
fn killed_after(command: &mut Command, time: Duration) {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    thread::sleep(time);
    child.kill().expect("it is there");
    child.wait().expect("it ends");
}

/// Kills it while it writes: when the store's log has changed so often.
fn killed_writing(command: &mut Command, log: &Path, changes: u64) {
    let when = || log.metadata().and_then(|file| file.modified()).ok();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    let (mut last, mut seen, end) = (when(), 0, Instant::now() + Duration::from_secs(2));
    while seen < changes && Instant::now() < end {
        let now = when();
        seen += u64::from(now != last);
        last = now;
        thread::sleep(Duration::from_micros(50));
    }
    child.kill().expect("it is there");
    child.wait().expect("it ends");
}

async fn survives<S: ChainStore>(url: &str, folder: &Folder, open: impl AsyncFn() -> S) {
    let world = World::new(&[]).await;
    let flags = flags(&world, 31337, folder).await;
    // many small transactions: most instants are in or between two of them
    let all = ["index", "--listen", "127.0.0.1:0", "--log", "json", "--set", "index.chains.31337.blocks=8"];
    let all = [&all, &args(&flags)[..], &["--set", "log.level=trace"]].concat();
    let tbc = || {
        let mut command = command(folder.path(), &all);
        command.env("TBC_STORE_URL", url);
        command
    };
    let enough = Arc::new(AtomicBool::new(false));
    let life = tokio::spawn(live(world, Arc::clone(&enough)));

    for _ in 0..kills() {
        killed_after(&mut tbc(), Duration::from_millis(RandomState::new().build_hasher().finish() % 500));
    }
    for (name, point) in POINTS {
        assert!(Tbc::killed_at(&mut tbc(), point), "{name}: there was no such line");
    }
    if url.starts_with("sqlite:") {
        for changes in 1..=8 {
            killed_writing(&mut tbc(), &folder.path().join("tbc.db-wal"), changes);
        }
    }

    enough.store(true, Ordering::Relaxed);
    let world = life.await.expect("the world goes on");
    let head = world.anvil.head().await;
    let last = Tbc::start(&mut tbc());
    last.until_block(31337, head).await;
    last.until_ready().await;
    last.signal("TERM");
    assert_eq!(last.ended().0.code(), Some(0));

    let fresh = Tbc::start(tbc().env("TBC_STORE_URL", "sqlite:whole.db"));
    fresh.until_block(31337, head).await;
    fresh.signal("TERM");
    assert_eq!(fresh.ended().0.code(), Some(0));

    let killed = open().await;
    let whole = Sqlite::open(folder.path().join("whole.db")).expect("a store");
    let heads = (killed.chains().await.expect("chains"), whole.chains().await.expect("chains"));
    assert_eq!(heads.0[0].head, heads.1[0].head);
    let comparison = check::compare(&killed, &whole, 31337).await.expect("rows");
    assert_eq!(comparison.differences, []);
    assert!(comparison.rows > 10, "{}", comparison.rows);
    // the feed has every event once for each time that it came: it gives the same rows again
    let again = Sqlite::open(folder.path().join("again.db")).expect("a store");
    check::rebuild(&killed, &again, &world.chain(64)).await.expect("a second fold");
    assert_eq!(check::compare(&again, &whole, 31337).await.expect("rows").differences, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_survives_every_kill() {
    let folder = Folder::new();
    let path = folder.path().join("tbc.db");
    survives("sqlite:tbc.db", &folder, async || Sqlite::open(&path).expect("the store is whole")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_survives_every_kill() {
    let Some(server) = server::shared() else { return };
    let database = server.database();
    let folder = Folder::new();
    let open = async || Postgres::connect(&database.address).await.expect("the store is whole");
    survives(&database.address, &folder, open).await;
}
