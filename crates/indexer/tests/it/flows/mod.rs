//! Every flow of the contracts, each on a chain of its own, and what becomes of it when that chain parts.

mod locks;
mod orders;
mod refusals;
mod routes;
mod shielded;

use crate::{
    Folder,
    follow::{catch_up, follower, is_true},
    world::World,
};
use alloy::primitives::B256;
use coreprover_bindings::{Contract, Event};
use coreprover_indexer::Step;
use coreprover_store::Sqlite;
use serde_json::json;
use std::collections::BTreeSet;

impl World {
    /// Every flow once. Chain time passes by weeks.
    pub(crate) async fn everything(&mut self) {
        self.every_table().await;
        self.swap().await;
        self.settled_together().await;
        self.given_up().await;
        self.signed_by_both_at_once().await;
        self.attested_delivery().await;
        self.rulings().await;
        self.silence_about_nothing_delivered().await;
        self.proven_delivery().await;
        self.proven_collection().await;
        self.refused_payouts().await;
        self.refused_locks().await;
        self.refused_hops().await;
        self.split().await;
        self.early_refunds().await;
        self.timed_simple_order_and_its_token().await;
        self.guardians().await;
    }
}

/// A flow while somebody reads, the same blocks gone in a reorg, the flow again, gone with a snapshot, and once more at the
/// heights of the one that went. Each time the tables are what the contracts store and the events are the node's.
async fn holds(flow: impl AsyncFn(&mut World)) {
    let (mut world, folder) = (World::new(&[]).await, Folder::new());
    let store = Sqlite::open(folder.file("chain.db")).expect("a store");
    let mut follower = follower(&world, &store, world.chain(64)).await;
    catch_up(&mut follower).await;
    let before = follower.state().head.number;
    flow(&mut world).await;
    catch_up(&mut follower).await;
    is_true(&world, &store, &follower, &folder, "live").await;

    let depth = world.anvil.head().await - before;
    world.anvil.rpc("anvil_reorg", json!([depth, []])).await;
    match follower.step().await.expect("a step") {
        Step::RolledBack { blocks, events: 1.., .. } => assert_eq!(blocks, depth),
        other => panic!("its blocks are of no chain any more: {other:?}"),
    }
    catch_up(&mut follower).await;
    is_true(&world, &store, &follower, &folder, "gone").await;

    let snapshot = world.anvil.rpc("evm_snapshot", json!([])).await;
    flow(&mut world).await;
    catch_up(&mut follower).await;
    world.anvil.rpc("evm_revert", json!([snapshot])).await;
    assert_eq!(follower.step().await.expect("a step"), Step::Waiting, "a node that went back has not forked");
    // another block in the place of the first that went: none of those after it can be the same
    world.anvil.mine(1).await;
    flow(&mut world).await;
    catch_up(&mut follower).await;
    is_true(&world, &store, &follower, &folder, "again").await;
}

macro_rules! flows {
    ($($flow:ident),+ $(,)?) => {$(
        #[tokio::test(flavor = "multi_thread")]
        async fn $flow() {
            holds(async |world| world.$flow().await).await;
        }
    )+};
}

flows! {
    timed_order_whose_fee_is_refused, disputed_order, metered_order, refunded_order, shielded_order, simple_orders,
    locks, route, roles, anchor, swap, settled_together, given_up, signed_by_both_at_once, attested_delivery, rulings,
    silence_about_nothing_delivered, proven_delivery, proven_collection, refused_payouts, refused_locks, refused_hops,
    split, early_refunds, timed_simple_order_and_its_token, guardians,
}

/// No event is left out: whoever adds one to a contract adds a flow here.
#[tokio::test(flavor = "multi_thread")]
async fn every_event_of_every_contract_is_in_a_flow() {
    let mut world = World::new(&[]).await;
    world.everything().await;
    let contracts = world.contracts();
    let filter = json!([{ "fromBlock": "0x0", "toBlock": "latest", "address": contracts.addresses() }]);
    let logs = world.anvil.rpc("eth_getLogs", filter).await;
    let mut seen = BTreeSet::new();
    for log in logs.as_array().expect("logs") {
        let address = serde_json::from_value(log["address"].clone()).expect("an address");
        let topic: B256 = serde_json::from_value(log["topics"][0].clone()).expect("a topic");
        seen.insert((contracts.at(address).expect("one of ours").kind().name(), topic));
    }
    let kinds = [Contract::Escrow, Contract::Vault, Contract::Timelock, Contract::Router, Contract::Registry];
    let all = kinds.iter().flat_map(|kind| Event::topics(*kind).iter().map(|topic| (kind.name(), *topic)));
    let missing: Vec<_> = all.filter(|event| !seen.contains(event)).collect();
    assert_eq!(missing, []);
}
