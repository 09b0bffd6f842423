//! Against anvil with the real contracts.

use crate::{
    Folder,
    follow::{catch_up, follower, is_true, nodes, rows},
    world::World,
};
use coreprover_indexer::{
    Follower, Step, check,
    node::{Endpoints, Heads, Http, Policy, Proof},
};
use coreprover_store::{
    Row, Sqlite,
    table::{Anchor, Order, TABLES},
};
use serde_json::json;
use std::time::Duration;

/// Shows R-527.
#[tokio::test(flavor = "multi_thread")]
async fn every_row_is_what_the_contracts_store() {
    let mut world = World::new(&[]).await;
    world.everything().await;
    let folder = Folder::new();
    let store = Sqlite::open(folder.file("chain.db")).expect("a store");
    let mut follower = follower(&world, &store, world.chain(64)).await;
    catch_up(&mut follower).await;
    for table in TABLES {
        assert!(rows(&store, table).await > 0, "no flow makes a row in {}", table.name);
    }
    is_true(&world, &store, &follower, &folder, "backfill").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reorg_takes_back_what_it_takes_from_the_chain() {
    let mut world = World::new(&[]).await;
    let folder = Folder::new();
    let store = Sqlite::open(folder.file("chain.db")).expect("a store");
    let mut follower = follower(&world, &store, world.chain(64)).await;
    world.simple_orders().await;
    world.locks().await;
    catch_up(&mut follower).await;
    assert!(rows(&store, Order::TABLE).await > 0);

    // the same height, other hashes, and none of the transactions
    world.anvil.rpc("anvil_reorg", json!([8, []])).await;
    let Step::RolledBack { blocks: 8, events: 1.., .. } = follower.step().await.expect("a step") else {
        panic!("eight blocks went");
    };
    catch_up(&mut follower).await;
    is_true(&world, &store, &follower, &folder, "reorg").await;

    world.anchor().await;
    catch_up(&mut follower).await;
    is_true(&world, &store, &follower, &folder, "after").await;
}

/// The reader would not look for an hour: only the WebSocket tells it that there is a block.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_head_wakes_the_reader() {
    let mut world = World::new(&[]).await;
    let folder = Folder::new();
    let store = Sqlite::open(folder.file("chain.db")).expect("a store");
    let mut chain = world.chain(64);
    chain.limits.poll = Duration::from_secs(3_600);
    let mut follower = follower(&world, &store, chain).await;
    catch_up(&mut follower).await;
    let heads = Heads::listen(&world.anvil.url.replace("http", "ws"));
    let reading = async {
        let life = follower.run(heads.news(), std::future::pending());
        life.await.expect("no error");
    };
    let using = async {
        // until the subscription stands, blocks go by unheard
        while rows(&store, Anchor::TABLE).await == 0 {
            world.anchor().await;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let before = rows(&store, Anchor::TABLE).await;
        world.anchor().await;
        while rows(&store, Anchor::TABLE).await == before {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let done = async {
        tokio::select! { () = reading => {}, () = using => {} }
    };
    tokio::time::timeout(Duration::from_secs(60), done).await.expect("it wakes");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_that_was_reverted_to_a_snapshot_is_read_anew() {
    let mut world = World::new(&[]).await;
    let folder = Folder::new();
    let store = Sqlite::open(folder.file("chain.db")).expect("a store");
    let mut follower = follower(&world, &store, world.chain(64)).await;
    let snapshot = world.anvil.rpc("evm_snapshot", json!([])).await;
    world.disputed_order().await;
    world.route().await;
    catch_up(&mut follower).await;
    assert!(rows(&store, Order::TABLE).await > 0);

    // the node goes back, which is no news, and then another way
    world.anvil.rpc("evm_revert", json!([snapshot])).await;
    assert_eq!(follower.step().await.expect("a step"), Step::Waiting);
    world.simple_orders().await;
    world.locks().await;
    world.anvil.mine(30).await;
    catch_up(&mut follower).await;
    is_true(&world, &store, &follower, &folder, "reverted").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_in_storage_is_told() {
    let mut world = World::new(&[]).await;
    let folder = Folder::new();
    let store = Sqlite::open(folder.file("chain.db")).expect("a store");
    let mut follower = follower(&world, &store, world.chain(64)).await;
    world.simple_orders().await;
    catch_up(&mut follower).await;
    let before = follower.state().head;
    world.locks().await;
    catch_up(&mut follower).await;
    // the tables are of the head, and the question is about a block before it
    let storage = check::verify(&store, &nodes(&world), 31337, before).await.expect("an answer");
    let tables: Vec<&str> = storage.differences.iter().map(|difference| difference.table).collect();
    assert_eq!(tables, ["locks"]);
    assert_eq!(storage.differences[0].columns, ["state"]);
}

/// Every block's logs are proven from its receipts: the root that we compute is the one in anvil's headers.
#[tokio::test(flavor = "multi_thread")]
async fn receipts_prove_the_logs_of_every_block() {
    let mut world = World::new(&[]).await;
    world.everything().await;
    let folder = Folder::new();
    let store = Sqlite::open(folder.file("chain.db")).expect("a store");
    let node = Http::new(&world.anvil.url, Duration::from_secs(10)).expect("a node");
    let strict = Policy { proof: Proof::Always, ..Policy::default() };
    let mut follower =
        Follower::open(store.clone(), Endpoints::new([node], strict), world.chain(64)).await.expect("the chain opens");
    catch_up(&mut follower).await;
    is_true(&world, &store, &follower, &folder, "proven").await;
}
