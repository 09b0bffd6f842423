use crate::{
    engine::{Place, on_both},
    model::Model,
};
use coreprover_store::ChainStore;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};

/// What happens to a chain.
#[derive(Clone, Debug)]
enum Step {
    /// So many blocks, and how far finality is behind the head.
    Grow(u64, u64),
    /// So many blocks of those that are not final are taken off.
    Rewind(u64),
    /// As many are taken off, and come back.
    There(u64),
    /// The store is closed and opened again.
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (1_u64..12, 0_u64..24).prop_map(|(blocks, depth)| Step::Grow(blocks, depth)),
        3 => (0_u64..24).prop_map(Step::Rewind),
        2 => (0_u64..24).prop_map(Step::There),
        1 => Just(Step::Reopen),
    ]
}

/// Random blocks, rows, rewinds and finality: after each step the store says what the model says. Cases are chains of one
/// store, so that each also shows that nothing of another chain moves.
#[test]
fn a_store_is_its_model() {
    on_both!(|place| {
        let cases = (any::<u64>(), proptest::collection::vec(step(), 1..12));
        let mut runner = TestRunner::new(Config { cases: 32, failure_persistence: None, ..Config::default() });
        let seen = std::cell::RefCell::new(Vec::<Model>::new());
        let number = std::cell::Cell::new(0_u64);
        runner
            .run(&cases, |(seed, steps)| {
                number.set(number.get() + 1);
                let model = tokio::task::block_in_place(|| {
                    tokio::runtime::Handle::current().block_on(walk(&place, number.get(), seed, steps))
                });
                seen.borrow_mut().push(model);
                Ok(())
            })
            .unwrap();
        let store = place.open().await.unwrap();
        for model in seen.borrow().iter() {
            model.check(&store).await;
        }
    });
}

async fn walk(place: &impl Place, chain: u64, seed: u64, steps: Vec<Step>) -> Model {
    let mut store = place.open().await.unwrap();
    let mut model = Model::new(chain, seed);
    model.open(&store).await;
    for step in steps {
        let open = model.head().number - model.last_final;
        match step {
            Step::Grow(blocks, depth) => drop(store.apply(model.grow(blocks, depth)).await.unwrap()),
            Step::Rewind(blocks) => drop(model.rewind(&store, blocks.min(open)).await.unwrap()),
            Step::There(blocks) => {
                let gone = model.rewind(&store, blocks.min(open)).await.unwrap();
                let depth = model.head().number + gone.len() as u64 - model.last_final;
                store.apply(model.put_back(gone, depth)).await.unwrap();
            }
            Step::Reopen => {
                drop(store);
                store = place.open().await.unwrap();
            }
        }
        model.check(&store).await;
    }
    model
}
