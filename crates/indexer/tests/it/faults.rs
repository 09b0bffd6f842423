//! The follower on simulated chains: forks, and nodes that fail in every way that we know.

use crate::{
    Folder, STORIES, Store,
    sim::{FINALIZED, Faults, Random, Sim, SimNode, assert_true},
};
use coreprover_indexer::{
    Follower, IndexError, Step,
    node::{Endpoints, Policy, Proof},
};
use proptest::{prelude::*, test_runner::TestCaseResult};
use std::{pin::Pin, task::Poll, time::Duration};
use tgp_protocol::chain_profile::FinalityRule;

type Reader = Follower<Store, SimNode>;

fn policy(quorum: usize, proof: Proof) -> Policy {
    Policy { timeout: Duration::from_secs(2), rounds: 3, quorum, proof, ..Policy::default() }
}

async fn open(sim: &Sim, store: &Store, policy: Policy, rule: FinalityRule) -> Result<Reader, IndexError> {
    Follower::open(store.clone(), Endpoints::new(sim.nodes.clone(), policy), Sim::chain(rule)).await
}

/// Time passes by itself when everybody waits.
fn run(test: impl Future<Output = TestCaseResult>) -> TestCaseResult {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime")
        .block_on(test)
}

/// A step, dropped after it was polled so often.
async fn cut(reader: &mut Reader, polls: u64) -> Option<Result<Step, IndexError>> {
    let mut left = polls;
    let mut step: Pin<Box<dyn Future<Output = _>>> = Box::pin(reader.step());
    std::future::poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        step.as_mut().poll(context).map(Some)
    })
    .await
}

#[derive(Clone, Copy, Debug)]
enum Action {
    Grow(u64),
    /// So many blocks go, and so many others come.
    Fork(u64, u64),
    Steps(u64),
    /// A step that is dropped in the middle, and a new follower.
    Kill(u64),
}

fn actions() -> impl Strategy<Value = Vec<Action>> {
    let action = prop_oneof![
        3 => (1_u64..20).prop_map(Action::Grow),
        2 => (1_u64..10, 0_u64..12).prop_map(|(off, on)| Action::Fork(off, on)),
        4 => (1_u64..6).prop_map(Action::Steps),
        2 => (0_u64..40).prop_map(Action::Kill),
    ];
    prop::collection::vec(action, 4..16)
}

async fn story(
    sim: &Sim,
    actions: &[Action],
    policy: Policy,
    rule: FinalityRule,
    faults: impl Fn(usize) -> Faults,
) -> TestCaseResult {
    let folder = Folder::new();
    let store = crate::store(&folder.0).await;
    sim.tree().grow(5);
    let mut reader = open(sim, &store, policy, rule).await.expect("the chain opens");
    for (place, node) in sim.nodes.iter().enumerate() {
        node.set(faults(place));
    }
    let mut highest = sim.tree().head();
    for action in actions {
        match *action {
            Action::Grow(blocks) => sim.tree().grow(blocks),
            Action::Fork(off, on) => {
                let mut tree = sim.tree();
                // nothing that anybody may call final goes
                let lowest = highest.saturating_sub(u64::try_from(FINALIZED).expect("few"));
                let off = off.min(tree.head().saturating_sub(lowest));
                tree.cut(off);
                tree.grow(on);
            }
            Action::Steps(steps) => {
                for _ in 0..steps {
                    match reader.step().await {
                        Ok(_) => {}
                        Err(error) => prop_assert!(error.is_passing(), "{error}"),
                    }
                    assert_true(&store, &sim.tree).await;
                }
            }
            Action::Kill(polls) => {
                drop(cut(&mut reader, polls).await);
                drop(reader);
                reader = loop {
                    match open(sim, &store, policy, rule).await {
                        Ok(reader) => break reader,
                        Err(error) => prop_assert!(error.is_passing(), "{error}"),
                    }
                };
                assert_true(&store, &sim.tree).await;
            }
        }
        highest = highest.max(sim.tree().head());
    }
    // everybody is well again, and the chain is longer than any that was seen
    for node in &sim.nodes {
        node.set(Faults::default());
    }
    let missing = highest + 1 - sim.tree().head();
    sim.tree().grow(missing);
    let end = sim.tree().at(highest + 1).expect("the head").header.hash;
    let mut last = String::new();
    for _ in 0..200 {
        match reader.step().await {
            Ok(step) => last = format!("{step:?}"),
            Err(error) => {
                prop_assert!(error.is_passing(), "{error}");
                last = error.to_string();
            }
        }
        if reader.state().head.hash == end {
            break;
        }
    }
    prop_assert_eq!(reader.state().head.hash, end, "it ends with {}", last);
    assert_true(&store, &sim.tree).await;
    Ok(())
}

/// A few in every run of the tests, many when somebody asks for them.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(STORIES)
}

/// What an honest node may do to its reader: nothing of it is a lie about the chain, but what another behind the same address
/// has seen is not known here.
fn bad_luck() -> Faults {
    Faults { hangs: 3, refuses: 10, lags: 15, boasts: 5, shuffles: 20, most_blocks: 3, ..Faults::default() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn through_forks_and_bad_luck_the_tables_are_those_of_a_block(seed: u64, actions in actions(), nodes in 1_usize..4) {
        let sim = Sim::new(seed, nodes);
        let rule = if seed % 2 == 0 { FinalityRule::Depth } else { FinalityRule::Finalized };
        run(story(&sim, &actions, policy(1, Proof::NodesDiffer), rule, |_| bad_luck()))?;
    }

    #[test]
    fn a_block_whose_logs_are_left_out_is_found_by_its_bloom(seed: u64, actions in actions(), nodes in 1_usize..4) {
        let sim = Sim::new(seed, nodes);
        let faults = |place| match place {
            0 => Faults { omits_blocks: 40, repeats: 5, alters: 5, ..bad_luck() },
            _ => bad_luck(),
        };
        run(story(&sim, &actions, policy(1, Proof::NodesDiffer), FinalityRule::Depth, faults))?;
    }

    #[test]
    fn with_proof_not_one_log_can_be_left_out(seed: u64, actions in actions(), nodes in 1_usize..4) {
        let sim = Sim::new(seed, nodes);
        let faults = |_| Faults { omits_blocks: 20, omits_logs: 30, repeats: 5, alters: 5, ..bad_luck() };
        run(story(&sim, &actions, policy(1, Proof::Always), FinalityRule::Depth, faults))?;
    }

    #[test]
    fn two_of_three_nodes_outvote_a_liar(seed: u64, actions in actions()) {
        let sim = Sim::new(seed, 3);
        let liar = Random(seed).below(3);
        let faults = |place| match u64::try_from(place) {
            Ok(place) if place == liar => Faults { forges: 30, omits_logs: 30, omits_blocks: 20, ..bad_luck() },
            _ => Faults { lags: 5, ..Faults::default() },
        };
        run(story(&sim, &actions, policy(2, Proof::NodesDiffer), FinalityRule::Depth, faults))?;
    }
}
