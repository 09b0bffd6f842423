//! The follower step by step: kills at every point, forks of each shape, chains that are not what they were.

use crate::{
    Folder, POINTS, Store,
    sim::{CHAIN, Faults, Sim, SimNode, assert_true},
};
use coreprover_indexer::{
    Chain, Follower, IndexError, Step,
    node::{Endpoints, NodesError, Policy, Proof},
};
use coreprover_store::{ChainStore, StoreError};
use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::Poll,
    time::Duration,
};
use tgp_protocol::chain_profile::FinalityRule;
use tokio::sync::Notify;

type Reader = Follower<Store, SimNode>;

fn quick(proof: Proof) -> Policy {
    Policy { timeout: Duration::from_secs(1), rounds: 2, proof, ..Policy::default() }
}

async fn reader(sim: &Sim, store: &Store) -> Result<Reader, IndexError> {
    let nodes = Endpoints::new(sim.nodes.clone(), quick(Proof::NodesDiffer));
    Follower::open(store.clone(), nodes, Sim::chain(FinalityRule::Depth)).await
}

async fn catch_up(reader: &mut Reader) {
    while reader.step().await.expect("a step") != Step::Waiting {}
}

async fn store(folder: &Folder) -> Store {
    crate::store(&folder.0).await
}

/// Polls so often and no more.
async fn cut<T>(polls: u64, work: impl Future<Output = T>) -> Option<T> {
    let mut work: Pin<Box<dyn Future<Output = T>>> = Box::pin(work);
    let mut left = polls;
    std::future::poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        work.as_mut().poll(context).map(Some)
    })
    .await
}

/// From opening through a backfill, a reorg and on: dropped at every point where it waits.
#[tokio::test(start_paused = true)]
async fn dropped_at_any_point_it_goes_on_from_what_the_store_has() {
    let mut finished = false;
    for polls in (0..400).step_by(POINTS) {
        let (folder, sim) = (Folder::new(), Sim::new(7, 1));
        let store = store(&folder).await;
        sim.tree().grow(14);
        let life = async {
            let mut reader = reader(&sim, &store).await.expect("the chain opens");
            catch_up(&mut reader).await;
            {
                let mut tree = sim.tree();
                tree.cut(4);
                tree.grow(6);
            }
            catch_up(&mut reader).await;
        };
        finished = cut(polls, life).await.is_some();
        let mut next = reader(&sim, &store).await.expect("the chain opens");
        assert_true(&store, &sim.tree).await;
        catch_up(&mut next).await;
        assert_eq!(next.state().head.number, sim.tree().head());
        assert_true(&store, &sim.tree).await;
        if finished {
            break;
        }
    }
    assert!(finished, "every point was tried");
}

#[tokio::test(start_paused = true)]
async fn forks_of_every_shape() {
    // (off, on): the same height, longer, shorter, to the last block that may go
    for (off, on) in [(1, 1), (5, 5), (3, 9), (9, 3), (12, 12), (12, 1), (11, 30)] {
        let (folder, sim) = (Folder::new(), Sim::new(11, 1));
        let store = store(&folder).await;
        sim.tree().grow(40);
        let mut reader = reader(&sim, &store).await.expect("the chain opens");
        catch_up(&mut reader).await;
        {
            let mut tree = sim.tree();
            tree.cut(off);
            tree.grow(on);
        }
        let Step::RolledBack { to, blocks, .. } = reader.step().await.expect("a step") else { panic!("it parted") };
        assert_eq!((to.number, blocks), (40 - off, off));
        assert_true(&store, &sim.tree).await;
        catch_up(&mut reader).await;
        assert_eq!(reader.state().head.number, 40 - off + on);
        assert_true(&store, &sim.tree).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_fork_below_finality_changes_nothing_and_says_so() {
    let (folder, sim) = (Folder::new(), Sim::new(11, 1));
    let store = store(&folder).await;
    sim.tree().grow(40);
    let mut reader = reader(&sim, &store).await.expect("the chain opens");
    catch_up(&mut reader).await;
    let before = *reader.state();
    {
        let mut tree = sim.tree();
        tree.cut(13);
        tree.grow(20);
    }
    let error = reader.step().await.expect_err("what was final does not go");
    assert!(matches!(error, IndexError::FinalityBroken { last_final: 28 }), "{error}");
    assert_eq!(*reader.state(), before);
}

/// A range that is read in halves, and the chain parts between the two.
#[tokio::test(start_paused = true)]
async fn the_halves_of_a_range_are_of_one_chain() {
    let (folder, sim) = (Folder::new(), Sim::new(13, 1));
    let store = store(&folder).await;
    let mut reader = reader(&sim, &store).await.expect("the chain opens");
    sim.tree().grow(8);
    sim.nodes[0].set(Faults { most_blocks: 4, parts_after: 1, ..Faults::default() });
    let error = reader.step().await.expect_err("block 5 does not stand on block 4");
    assert!(matches!(error, IndexError::Nodes(NodesError::TwoBranches { number: 4 })), "{error}");
    assert_eq!(reader.state().head.number, 0);
    catch_up(&mut reader).await;
    assert_eq!(reader.state().head.number, 10);
    assert_true(&store, &sim.tree).await;
}

#[tokio::test(start_paused = true)]
async fn a_node_that_went_back_has_not_forked() {
    let (folder, sim) = (Folder::new(), Sim::new(3, 1));
    let store = store(&folder).await;
    sim.tree().grow(20);
    let mut reader = reader(&sim, &store).await.expect("the chain opens");
    catch_up(&mut reader).await;
    let before = *reader.state();
    sim.tree().cut(7);
    assert_eq!(reader.step().await.expect("a step"), Step::Waiting);
    assert_eq!(*reader.state(), before);
}

#[tokio::test(start_paused = true)]
async fn a_reorg_while_nobody_looked() {
    let (folder, sim) = (Folder::new(), Sim::new(5, 1));
    let store = store(&folder).await;
    sim.tree().grow(30);
    let mut first = reader(&sim, &store).await.expect("the chain opens");
    catch_up(&mut first).await;
    drop(first);
    {
        let mut tree = sim.tree();
        tree.cut(10);
        tree.grow(15);
    }
    let mut second = reader(&sim, &store).await.expect("the chain opens");
    catch_up(&mut second).await;
    assert_eq!(second.state().head.number, 35);
    assert_true(&store, &sim.tree).await;
}

#[tokio::test(start_paused = true)]
async fn another_chain_with_the_same_number_is_refused() {
    let (folder, sim, other) = (Folder::new(), Sim::new(1, 1), Sim::new(2, 1));
    let store = store(&folder).await;
    drop(reader(&sim, &store).await.expect("the chain opens"));
    let error = reader(&other, &store).await.expect_err("its block 0 is another");
    assert!(matches!(error, IndexError::Store(StoreError::OtherGenesis { chain: CHAIN, .. })), "{error}");
    assert!(error.to_string().contains("reset"), "{error}");

    // nor are nodes of two chains taken for one
    let mixed = [sim.nodes[0].clone(), other.nodes[0].clone()];
    let nodes = Endpoints::new(mixed, quick(Proof::NodesDiffer));
    let error = Follower::open(store.clone(), nodes, Sim::chain(FinalityRule::Depth)).await.expect_err("two chains");
    assert!(matches!(error, IndexError::OtherChain { .. }), "{error}");
    assert!(!error.is_passing());
}

#[tokio::test(start_paused = true)]
async fn logs_that_nobody_shows_stop_it() {
    let (folder, sim) = (Folder::new(), Sim::new(21, 1));
    let store = store(&folder).await;
    let mut reader = reader(&sim, &store).await.expect("the chain opens");
    // receipts lack a log as well: nothing can be believed
    sim.nodes[0].set(Faults { omits_blocks: 100, omits_logs: 100, ..Faults::default() });
    sim.tree().grow(30);
    let error = loop {
        match reader.step().await {
            Ok(step) => assert_ne!(step, Step::Waiting, "it never gets past the block"),
            Err(error) => break error,
        }
    };
    let IndexError::Unproven { block, error: NodesError::Exhausted { .. } } = &error else { panic!("{error}") };
    assert!(error.is_passing());
    assert!(reader.state().head.number < block.number);
    assert_true(&store, &sim.tree).await;

    // as soon as the node is well, it goes on
    sim.nodes[0].set(Faults::default());
    catch_up(&mut reader).await;
    assert_eq!(reader.state().head.number, 30);
    assert_true(&store, &sim.tree).await;
}

/// One looked at another branch and the other left them out: that is no agreement.
#[tokio::test(start_paused = true)]
async fn two_nodes_agree_only_on_a_block_by_its_hash() {
    let sim = Sim::new(23, 2);
    sim.nodes[1].set(Faults { omits_blocks: 100, ..Faults::default() });
    reads_everything(sim, Faults { blind: true, ..Faults::default() }).await;
}

#[tokio::test(start_paused = true)]
async fn a_block_with_too_many_logs_is_read_from_its_receipts() {
    reads_everything(Sim::new(22, 1), Faults { no_logs: true, ..Faults::default() }).await;
}

/// Thirty blocks from the beginning, whatever the first node does.
async fn reads_everything(sim: Sim, of_the_first: Faults) {
    let folder = Folder::new();
    let store = store(&folder).await;
    sim.tree().grow(30);
    sim.nodes[0].set(of_the_first);
    let mut reader = reader(&sim, &store).await.expect("the chain opens");
    catch_up(&mut reader).await;
    assert_eq!(reader.state().head.number, 30);
    assert!(reader.state().entries > 0);
    assert_true(&store, &sim.tree).await;
}

#[tokio::test(start_paused = true)]
async fn two_followers_of_one_chain_do_not_disturb_each_other() {
    let (folder, sim) = (Folder::new(), Sim::new(31, 1));
    let store = store(&folder).await;
    sim.tree().grow(25);
    let mut one = reader(&sim, &store).await.expect("the chain opens");
    let mut two = reader(&sim, &store).await.expect("the chain opens");
    while (one.step().await.expect("a step"), two.step().await.expect("a step")) != (Step::Waiting, Step::Waiting) {}
    assert_eq!(one.state().head.number, 25);
    assert_true(&store, &sim.tree).await;
}

#[tokio::test]
async fn chains_share_a_process_and_a_store_and_stop_when_told() {
    let (folder, one, two) = (Folder::new(), Sim::new(41, 1), Sim::new(42, 1));
    let store = store(&folder).await;
    one.tree().grow(30);
    two.tree().grow(60);
    let stop = Arc::new(AtomicBool::new(false));
    let mut lives = Vec::new();
    for (sim, number) in [(&one, 1), (&two, 2)] {
        let nodes = Endpoints::new(sim.nodes.clone(), quick(Proof::NodesDiffer));
        let chain = Chain { number, ..Sim::chain(FinalityRule::Depth) };
        let mut reader = Follower::open(store.clone(), nodes, chain).await.expect("the chain opens");
        let stop = Arc::clone(&stop);
        lives.push(tokio::spawn(async move {
            let told = async {
                while !stop.load(Ordering::Relaxed) {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            };
            reader.run(&Notify::new(), told).await
        }));
    }
    let both = async {
        loop {
            let heads: Vec<u64> =
                store.chains().await.expect("states").into_iter().map(|state| state.head.number).collect();
            if heads == [30, 60] {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), both).await.expect("both arrive");
    stop.store(true, Ordering::Relaxed);
    for life in lives {
        life.await.expect("no panic").expect("no error");
    }
}
