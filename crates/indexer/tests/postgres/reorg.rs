//! Against anvil with the real contracts.

use crate::{Folder, Store, deployed::World};
use coreprover_indexer::{
    Follower, Step, check,
    node::{Endpoints, Http, Policy},
};
use serde_json::json;
use std::time::Duration;

fn nodes(world: &World) -> Endpoints<Http> {
    Endpoints::new([Http::new(&world.anvil.url, Duration::from_secs(10)).unwrap()], Policy::default())
}

async fn catch_up(follower: &mut Follower<Store, Http>) {
    while follower.step().await.unwrap() != Step::Waiting {}
}

/// The tables are what the contracts store, and what another fold of the same events gives.
async fn is_true(world: &World, store: &Store, follower: &Follower<Store, Http>) {
    let head = follower.state().head;
    assert_eq!(head.number, world.anvil.head().await);
    let storage = check::verify(store, &nodes(world), 31337, head).await.unwrap();
    assert!(storage.rows > 0);
    assert_eq!(storage.differences, []);
    let again = crate::store(&Folder::new().0).await;
    check::rebuild(store, &again, &world.chain(64)).await.unwrap();
    assert_eq!(check::compare(store, &again, 31337).await.unwrap().differences, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reorg_takes_back_what_it_takes_from_the_chain() {
    let mut world = World::new(&[]).await;
    let store = crate::store(&Folder::new().0).await;
    let mut follower = Follower::open(store.clone(), nodes(&world), world.chain(64)).await.unwrap();
    world.simple_orders().await;
    world.locks().await;
    catch_up(&mut follower).await;
    is_true(&world, &store, &follower).await;

    // the same height, other hashes, and none of the transactions
    world.anvil.rpc("anvil_reorg", json!([8, []])).await;
    let Step::RolledBack { blocks: 8, events: 1.., .. } = follower.step().await.unwrap() else {
        panic!("eight blocks went");
    };
    catch_up(&mut follower).await;
    is_true(&world, &store, &follower).await;

    world.simple_orders().await;
    catch_up(&mut follower).await;
    is_true(&world, &store, &follower).await;
}
