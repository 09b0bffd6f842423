use crate::{
    engine::{Place, is_contention, on_both},
    model::Model,
};
use coreprover_store::ChainStore;

/// Two programs on one store: each reads the head, adds to it, and tries again where the other was faster.
#[test]
fn two_indexers_make_one_chain() {
    on_both!(|place| {
        let store = place.open().await.unwrap();
        let model = Model::new(1, 41);
        model.open(&store).await;
        let mut tasks = Vec::new();
        for seed in [42, 43] {
            let (store, start) = (place.open().await.unwrap(), model.start);
            tasks.push(tokio::spawn(async move {
                let (mut done, mut refused) = (0, 0);
                while done < 30 {
                    let before = store.open_chain(start).await.unwrap();
                    let head = before.head;
                    // a chain of its own on that head: its events differ from the other's
                    let mut mine = Model::new(1, seed * 1000 + head.number);
                    mine.start.base = head;
                    mine.last_final = 0;
                    let mut batch = mine.grow(1, 5);
                    batch.before = before;
                    batch.undo.clear();
                    batch.rows.clear();
                    match store.apply(batch).await {
                        Ok(_) => done += 1,
                        answer if is_contention(&answer) => refused += 1,
                        answer => drop(answer.unwrap()),
                    }
                }
                refused
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        let blocks = store.blocks_below(1, 1000, 1000).await.unwrap();
        let numbers: Vec<u64> = blocks.iter().map(|block| block.number).collect();
        assert_eq!(numbers, (10..=70).rev().filter(|number| numbers.contains(number)).collect::<Vec<_>>());
        assert_eq!(store.chains().await.unwrap()[0].head.number, 70);
    });
}
