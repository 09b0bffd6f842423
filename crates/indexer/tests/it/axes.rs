//! What chains and nodes do to whoever reads them, case by case, with the tests that make it happen.

use crate::{
    Folder,
    follow::{catch_up, follower, is_true, nodes},
    omits::Omits,
    sim::{Faults, Sim, assert_true},
    world::World,
};
use alloy::primitives::{Address, U256};
use coreprover_bindings::HashedTimelock;
use coreprover_indexer::{
    Follower, IndexError, Step,
    node::{Endpoints, Http, NodesError, Policy, Proof},
};
use coreprover_store::{
    BlockRef, ChainStart, ChainStore, Change, Cursor, Row, Select, Sqlite, StoreError,
    table::{Lock, LockState},
};
use serde_json::json;
use std::time::Duration;
use tgp_protocol::{chain_profile::FinalityRule, value::Word};
use tokio::sync::Notify;

/// Each case of the chain and of its nodes that touches reading, and the tests of it.
///
/// These do not touch it: fees of blocks, transactions that are dropped, replaced or numbered wrong, and answers to sending one
/// (nothing is sent); a token that takes a fee (the contracts refuse it); another code than ours and another chain's number
/// (the deployment's file says both, and `Deployment::verify` holds them against the chain); what `safe` means (it is never asked
/// for: finality is a depth or `finalized`).
const CASES: &[(&str, &[&str])] = &[
    ("a reorg of one block, of all but one that may go, of all", &["forks_of_every_shape"]),
    ("a reorg of one more", &["a_fork_below_finality_changes_nothing_and_says_so"]),
    ("a reorg to the same height", &["forks_of_every_shape", "holds"]),
    ("a reorg that was finished while nobody looked", &["a_reorg_while_nobody_looked", "a_reorg_across_a_restart"]),
    ("a rollback by a node that goes back", &["a_node_that_went_back_has_not_forked", "holds"]),
    ("a lock goes", &["holds"]),
    ("a claim goes and a refund comes; the secret was seen", &["a_claim_goes_and_a_refund_comes"]),
    ("the same transaction in another block", &["a_transaction_moves_to_another_block"]),
    ("claims of one lock that compete", &["early_refunds", "locks"]),
    ("the block's time stands still and jumps", &["grow"]),
    ("empty blocks", &["grow"]),
    ("nobody makes blocks for hours", &["half_a_day_without_a_block"]),
    ("finality stalls", &["while_finality_stalls_everything_after_it_may_go"]),
    ("a token is paused, or does not pay somebody", &["refused_payouts", "refused_locks", "refused_hops"]),
    (
        "another chain with the same number",
        &[
            "another_chain_with_the_same_number_is_refused",
            "a_new_chain_with_the_same_number_is_refused_until_the_store_is_reset",
        ],
    ),
    ("no answer in time", &["bad_luck", "refusals_are_told_apart"]),
    ("a wrong newest block", &["a_boast_is_not_believed"]),
    ("a node that lags", &["bad_luck"]),
    (
        "receipts that are not the block's",
        &["with_proof_not_one_log_can_be_left_out", "logs_that_nobody_shows_stop_it"],
    ),
    (
        "logs are missing in a range",
        &[
            "a_block_whose_logs_are_left_out_is_found_by_its_bloom",
            "logs_that_are_left_out_are_found_elsewhere_or_proven",
            "logs_that_nobody_shows_stop_it",
        ],
    ),
    ("asked too often", &["bad_luck", "refusals_are_told_apart"]),
    (
        "one of three lies, and three say three things",
        &["two_of_three_nodes_outvote_a_liar", "where_no_two_agree_nothing_is_taken"],
    ),
];

#[test]
fn every_case_has_its_test() {
    let sources = [
        include_str!("axes.rs"),
        include_str!("chains.rs"),
        include_str!("faults.rs"),
        include_str!("flows/locks.rs"),
        include_str!("flows/mod.rs"),
        include_str!("flows/refusals.rs"),
        include_str!("http.rs"),
        include_str!("sim/tree.rs"),
        include_str!("world.rs"),
    ]
    .concat();
    for (case, tests) in CASES {
        for test in *tests {
            assert!(sources.contains(&format!("fn {test}(")), "{case}: there is no {test}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reorg_across_a_restart() {
    let (mut world, folder) = (World::new(&[]).await, Folder::new());
    let store = Sqlite::open(folder.file("chain.db")).expect("a store");
    let mut first = follower(&world, &store, world.chain(64)).await;
    world.simple_orders().await;
    catch_up(&mut first).await;
    drop(first);
    world.anvil.rpc("anvil_reorg", json!([8, []])).await;
    world.locks().await;
    let mut second = follower(&world, &store, world.chain(64)).await;
    catch_up(&mut second).await;
    is_true(&world, &store, &second, &folder, "restarted").await;
}

/// A developer's chain begins anew under the same number: it is refused, whatever its height, and read after a reset.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_chain_with_the_same_number_is_refused_until_the_store_is_reset() {
    let (mut old, folder) = (World::new(&["--timestamp", "1700000000"]).await, Folder::new());
    let store = Sqlite::open(folder.file("chain.db")).expect("a store");
    let mut first = follower(&old, &store, old.chain(64)).await;
    old.locks().await;
    catch_up(&mut first).await;
    drop((first, old));

    let mut new = World::new(&["--timestamp", "1750000000"]).await;
    new.simple_orders().await;
    let refused = Follower::open(store.clone(), nodes(&new), new.chain(64)).await.expect_err("its block 0 is another");
    let IndexError::Store(StoreError::OtherGenesis { chain: 31337, .. }) = refused else { panic!("{refused}") };
    assert!(refused.to_string().contains("reset"), "{refused}");
    let block = |number: &str| new.anvil.rpc("eth_getBlockByNumber", json!([number, false]));
    let genesis = serde_json::from_value(block("0x0").await["hash"].clone()).expect("a hash");
    let base = BlockRef { number: 0, hash: genesis };
    store.reset_chain(ChainStart { chain: 31337, genesis, base }).await.expect("it is reset");
    let mut again = follower(&new, &store, new.chain(64)).await;
    catch_up(&mut again).await;
    is_true(&new, &store, &again, &folder, "new").await;
}

/// The claim's block goes, and with it the secret from the row; whoever followed the feed has seen it. Then time is over.
#[tokio::test(flavor = "multi_thread")]
async fn a_claim_goes_and_a_refund_comes() {
    let (mut world, folder) = (World::new(&[]).await, Folder::new());
    let store = Sqlite::open(folder.file("chain.db")).expect("a store");
    let mut follower = follower(&world, &store, world.chain(64)).await;
    let (terms, secret) = world.lock_of(world.usd).await;
    world.send(world.buyer(), world.htlc, HashedTimelock::lockCall { terms: terms.clone() }).await;
    let claim = HashedTimelock::claimCall { terms: terms.clone(), preimage: secret };
    world.send(world.seller(), world.htlc, claim).await;
    catch_up(&mut follower).await;
    assert_eq!(lock(&store).await, (LockState::Claimed as u8, Some(Word(secret))));

    world.anvil.rpc("anvil_reorg", json!([1, []])).await;
    catch_up(&mut follower).await;
    assert_eq!(lock(&store).await, (LockState::Locked as u8, None));
    world.anvil.pass(7_260).await;
    world.send(world.seller(), world.htlc, HashedTimelock::refundCall { terms }).await;
    catch_up(&mut follower).await;
    assert_eq!(lock(&store).await, (LockState::Refunded as u8, None));
    is_true(&world, &store, &follower, &folder, "refunded").await;

    let feed = store.feed(Cursor::start(31337, 0), 1_000).await.expect("a page");
    let shown: Vec<Change> =
        feed.iter().filter(|change| change.event.data == secret.to_vec()).map(|change| change.change).collect();
    assert_eq!(shown, [Change::Applied, Change::RolledBack]);
}

async fn lock(store: &Sqlite) -> (u8, Option<Word>) {
    let all = Select { table: Lock::TABLE, index: None, equals: Vec::new(), after: None, limit: 2, newest: false };
    let rows = store.select(all).await.expect("rows");
    let [row] = &rows[..] else { panic!("one lock") };
    let lock = Lock::from_record(row.clone()).expect("a lock");
    (lock.state, lock.secret)
}

/// What was in one block comes again in a later one, under the same transaction's hash.
#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_moves_to_another_block() {
    let (mut world, folder) = (World::new(&[]).await, Folder::new());
    let store = Sqlite::open(folder.file("chain.db")).expect("a store");
    let mut follower = follower(&world, &store, world.chain(64)).await;
    let (terms, _) = world.lock_of(Address::ZERO).await;
    let call = alloy::sol_types::SolCall::abi_encode(&HashedTimelock::lockCall { terms });
    let sent = world.anvil.send(world.buyer(), Some(world.htlc), call, U256::from(7_000)).await;
    world.anvil.mine(3).await;
    catch_up(&mut follower).await;
    let before = follower.state().head.number;
    let raw = world.anvil.rpc("eth_getRawTransactionByHash", json!([sent["transactionHash"]])).await;
    world.anvil.rpc("anvil_reorg", json!([4, [[raw, 2]]])).await;
    catch_up(&mut follower).await;
    let again = world.anvil.rpc("eth_getTransactionReceipt", json!([sent["transactionHash"]])).await;
    let number = |receipt: &serde_json::Value| serde_json::from_value::<U256>(receipt["blockNumber"].clone());
    let [first, second] = [&sent, &again].map(|receipt| number(receipt).expect("a number").to::<u64>());
    assert_eq!((first, second), (before - 3, before - 1));
    is_true(&world, &store, &follower, &folder, "moved").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_that_are_left_out_are_found_elsewhere_or_proven() {
    let (mut world, folder) = (World::new(&[]).await, Folder::new());
    world.simple_orders().await;
    world.route().await;
    let node = |logs, receipts| Omits {
        node: Http::new(&world.anvil.url, Duration::from_secs(10)).expect("a node"),
        logs,
        receipts,
    };
    let open = async |name: &str, proof, of: Vec<Omits>| {
        let store = Sqlite::open(folder.file(name)).expect("a store");
        let policy = Policy { rounds: 1, first_rest: Duration::from_millis(1), proof, ..Policy::default() };
        let nodes = Endpoints::new(of, policy);
        (store.clone(), Follower::open(store, nodes, world.chain(64)).await.expect("the chain opens"))
    };
    // another node has them, or its receipts do, or the liar's own
    for (name, proof, of) in [
        ("elsewhere", Proof::NodesDiffer, vec![node(true, true), node(false, false)]),
        ("proven elsewhere", Proof::InDoubt, vec![node(true, true), node(true, false)]),
        ("proven", Proof::NodesDiffer, vec![node(true, false)]),
        ("proven, though two agree", Proof::NodesDiffer, vec![node(true, false), node(true, true)]),
    ] {
        let (store, mut reader) = open(name, proof, of).await;
        while reader.step().await.expect("a step") != Step::Waiting {}
        let mut honest = follower(&world, &store, world.chain(64)).await;
        catch_up(&mut honest).await;
        is_true(&world, &store, &honest, &folder, name).await;
    }
    // nobody has them: the block is never taken, though two say the same
    for (name, proof) in [("nowhere", Proof::InDoubt), ("nowhere, and agreed", Proof::NodesDiffer)] {
        let (store, mut reader) = open(name, proof, vec![node(true, true), node(true, true)]).await;
        let error = loop {
            match reader.step().await {
                Ok(step) => assert_ne!(step, Step::Waiting, "it never gets past the block"),
                Err(error) => break error,
            }
        };
        let IndexError::Unproven { block, .. } = error else { panic!("{error}") };
        assert!(store.chains().await.expect("states")[0].head.number < block.number);
    }
}

type Reader = Follower<Sqlite, crate::sim::SimNode>;

async fn reader(sim: &Sim, store: &Sqlite, quorum: usize, rule: FinalityRule) -> Reader {
    let policy = Policy { timeout: Duration::from_secs(1), rounds: 2, quorum, ..Policy::default() };
    let nodes = Endpoints::new(sim.nodes.clone(), policy);
    let mut chain = Sim::chain(rule);
    chain.limits.poll = Duration::from_secs(30);
    Follower::open(store.clone(), nodes, chain).await.expect("the chain opens")
}

async fn follow(reader: &mut Reader) {
    while reader.step().await.expect("a step") != Step::Waiting {}
}

/// Nothing is called final that the chain does not call so, however deep it is.
#[tokio::test(start_paused = true)]
async fn while_finality_stalls_everything_after_it_may_go() {
    let (folder, sim) = (Folder::new(), Sim::new(51, 1));
    let store = Sqlite::open(folder.file("chain.db")).expect("a store");
    sim.nodes[0].set(Faults { final_until: 10, ..Faults::default() });
    sim.tree().grow(200);
    let mut reader = reader(&sim, &store, 1, FinalityRule::Finalized).await;
    follow(&mut reader).await;
    assert_eq!((reader.state().head.number, reader.state().last_final), (200, 10));
    {
        let mut tree = sim.tree();
        tree.cut(190);
        tree.grow(195);
    }
    let Step::RolledBack { to: BlockRef { number: 10, .. }, blocks: 190, .. } = reader.step().await.expect("a step")
    else {
        panic!("it parted after block 10");
    };
    assert_true(&store, &sim.tree).await;
    follow(&mut reader).await;
    assert_true(&store, &sim.tree).await;
    // and it goes on
    sim.nodes[0].set(Faults::default());
    sim.tree().grow(1);
    follow(&mut reader).await;
    assert_eq!((reader.state().head.number, reader.state().last_final), (206, 194));
    assert_true(&store, &sim.tree).await;
}

/// The sequencer stands still, or no node answers: it waits, and is there when it goes on.
#[tokio::test(start_paused = true)]
async fn half_a_day_without_a_block() {
    for faults in
        [Faults::default(), Faults { hangs: 100, ..Faults::default() }, Faults { refuses: 100, ..Faults::default() }]
    {
        let (folder, sim) = (Folder::new(), Sim::new(52, 2));
        let store = Sqlite::open(folder.file("chain.db")).expect("a store");
        sim.tree().grow(20);
        let mut reader = reader(&sim, &store, 1, FinalityRule::Depth).await;
        follow(&mut reader).await;
        let hours = async {
            sim.nodes.iter().for_each(|node| node.set(faults));
            // in minutes: the clock does not wait for the store's thread
            for _ in 0..12 * 60 {
                tokio::time::sleep(Duration::from_secs(60)).await;
            }
            sim.nodes.iter().for_each(|node| node.set(Faults::default()));
            sim.tree().grow(30);
            while store.chains().await.expect("states")[0].head.number < 50 {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        };
        reader.run(&Notify::new(), hours).await.expect("nothing of it is for good");
        assert_eq!(reader.state().head.number, 50);
        assert_true(&store, &sim.tree).await;
    }
}

/// Nothing is made of a newest block that nobody can show. Where two must have reached it, it is not even waited for.
#[tokio::test(start_paused = true)]
async fn a_boast_is_not_believed() {
    for quorum in [1, 2] {
        let (folder, sim) = (Folder::new(), Sim::new(53, 3));
        let store = Sqlite::open(folder.file("chain.db")).expect("a store");
        sim.nodes[1].set(Faults { boasts: 100, ..Faults::default() });
        sim.tree().grow(30);
        let mut reader = reader(&sim, &store, quorum, FinalityRule::Depth).await;
        for _ in 0..20 {
            match reader.step().await {
                Ok(_) => {}
                Err(error) => assert!(error.is_passing(), "{error}"),
            }
            assert_true(&store, &sim.tree).await;
        }
        if quorum == 1 {
            sim.nodes[1].set(Faults::default());
            follow(&mut reader).await;
        }
        assert_eq!(reader.state().head.number, 30, "with a quorum of {quorum}");
    }
}

#[tokio::test(start_paused = true)]
async fn where_no_two_agree_nothing_is_taken() {
    let (folder, sim) = (Folder::new(), Sim::new(54, 3));
    let store = Sqlite::open(folder.file("chain.db")).expect("a store");
    sim.tree().grow(4);
    let mut reader = reader(&sim, &store, 2, FinalityRule::Depth).await;
    for node in &sim.nodes[..2] {
        node.set(Faults { forges: 100, ..Faults::default() });
    }
    for _ in 0..20 {
        // blocks below those that are made up may come
        match reader.step().await {
            Ok(_) => {}
            Err(IndexError::Nodes(NodesError::NoQuorum { agreed, needed: 2, .. })) => assert!(agreed < 2),
            Err(error) => assert!(error.is_passing(), "{error}"),
        }
        assert_true(&store, &sim.tree).await;
    }
    assert!(reader.state().head.number < 4, "two nodes never agree on the newest block");
    for node in &sim.nodes {
        node.set(Faults::default());
    }
    follow(&mut reader).await;
    assert_eq!(reader.state().head.number, 4);
    assert_true(&store, &sim.tree).await;
}
