//! A follower of anvil, and what must hold whenever it stands at the head.

use crate::{Folder, world::World};
use alloy::primitives::{Address, Bytes, U256};
use coreprover_indexer::{
    Chain, Follower, Step, check,
    node::{Endpoints, Http, Policy},
};
use coreprover_store::{BlockRef, ChainStore, Change, Cursor, RawEvent, Select, Sqlite, Table};
use serde_json::{Value, json};
use std::time::Duration;
use tgp_protocol::value::Word;

pub(crate) fn nodes(world: &World) -> Endpoints<Http> {
    let node = Http::new(&world.anvil.url, Duration::from_secs(10)).expect("a node");
    Endpoints::new([node], Policy::default())
}

pub(crate) async fn follower(world: &World, store: &Sqlite, chain: Chain) -> Follower<Sqlite, Http> {
    Follower::open(store.clone(), nodes(world), chain).await.expect("the chain opens")
}

pub(crate) async fn catch_up(follower: &mut Follower<Sqlite, Http>) {
    while follower.step().await.expect("a step") != Step::Waiting {}
}

pub(crate) async fn rows(store: &Sqlite, table: &'static Table) -> usize {
    let all = Select { table, index: None, equals: Vec::new(), after: None, limit: 10_000, newest: false };
    store.select(all).await.expect("rows").len()
}

/// The tables are what the contracts store, what another fold of the same events gives, and what a second reading of the
/// whole chain gives; and whoever does what the feed says has the node's logs.
pub(crate) async fn is_true(
    world: &World,
    store: &Sqlite,
    follower: &Follower<Sqlite, Http>,
    folder: &Folder,
    name: &str,
) {
    let head = follower.state().head;
    assert_eq!(head.number, world.anvil.head().await);
    let storage = check::verify(store, &nodes(world), 31337, head).await.expect("an answer");
    assert!(storage.rows > 0);
    assert_eq!(storage.differences, []);
    assert_eq!(followed(store).await, logs(world).await);

    let again = Sqlite::open(folder.file(&format!("{name}-again.db"))).expect("a store");
    check::rebuild(store, &again, &world.chain(64)).await.expect("a second fold");
    assert_eq!(check::compare(store, &again, 31337).await.expect("rows").differences, []);

    let second = Sqlite::open(folder.file(&format!("{name}-second.db"))).expect("a store");
    let mut reader = self::follower(world, &second, world.chain(64)).await;
    catch_up(&mut reader).await;
    let comparison = check::compare(store, &second, 31337).await.expect("rows");
    assert_eq!(comparison.differences, []);
    assert!(comparison.rows > 0);
}

/// Every log of our contracts that the node has, asked for by nothing but their addresses.
async fn logs(world: &World) -> Vec<(BlockRef, RawEvent)> {
    let filter = json!([{ "fromBlock": "0x0", "toBlock": "latest", "address": world.contracts().addresses() }]);
    let Value::Array(logs) = world.anvil.rpc("eth_getLogs", filter).await else { panic!("a list of logs") };
    logs.iter().map(log).collect()
}

fn log(log: &Value) -> (BlockRef, RawEvent) {
    fn read<T: serde::de::DeserializeOwned>(value: &Value) -> T {
        serde_json::from_value(value.clone()).expect("a field of a log")
    }
    let number = |name: &str| read::<U256>(&log[name]).to::<u64>();
    let topics: Vec<Word> = read(&log["topics"]);
    let event = RawEvent {
        log: number("logIndex"),
        tx: read(&log["transactionHash"]),
        contract: read::<Address>(&log["address"]).into(),
        subject: topics.get(1).copied().unwrap_or_else(|| [0; 32].into()),
        topics,
        data: read::<Bytes>(&log["data"]).to_vec(),
    };
    (BlockRef { number: number("blockNumber"), hash: read(&log["blockHash"]) }, event)
}

/// What somebody has who follows the feed from its start and takes back what it takes back.
async fn followed(store: &Sqlite) -> Vec<(BlockRef, RawEvent)> {
    let mut followed = Vec::new();
    let epoch = store.chains().await.expect("states")[0].epoch;
    let mut cursor = Cursor::start(31337, epoch);
    loop {
        let page = store.feed(cursor, 100).await.expect("a page");
        let Some(last) = page.last() else { return followed };
        cursor = last.cursor;
        for change in page {
            let event = (BlockRef { number: change.block, hash: change.block_hash }, change.event);
            match change.change {
                Change::Applied => followed.push(event),
                Change::RolledBack => assert_eq!(followed.pop(), Some(event), "what goes last came last"),
            }
        }
    }
}
