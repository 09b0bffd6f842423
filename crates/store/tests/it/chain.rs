use crate::{
    engine::{Place, is_contention, on_both},
    model::{LARGEST, Model, any_row, table, word},
};
use coreprover_store::{Batch, BlockRef, ChainStart, ChainStore, Contention, Cursor, Record, StoreError, Value};

#[test]
fn a_chain_is_opened_once_and_keeps_its_base() {
    on_both!(|place| {
        let store = place.open().await.unwrap();
        let mut model = Model::new(1, 1);
        assert_eq!(store.chains().await.unwrap(), []);
        let begun = model.open(&store).await;
        assert_eq!((begun, begun.head, begun.last_final), (model.state(), model.start.base, 10));
        store.apply(model.grow(3, 9)).await.unwrap();

        let later = ChainStart { base: BlockRef { number: 500, hash: word(9) }, ..model.start };
        let again = store.open_chain(later).await.unwrap();
        assert_eq!((again.base, again.head), (begun.base, model.head()));

        let other = ChainStart { genesis: word(77), ..model.start };
        let refused = store.open_chain(other).await.unwrap_err();
        assert!(matches!(refused, StoreError::OtherGenesis { chain: 1, .. }) && refused.to_string().contains("reset"));
        model.check(&store).await;
        let unknown = Cursor::start(9, 0);
        assert_eq!(store.feed(unknown, 1).await, Err(StoreError::UnknownChain(9)));
        assert_eq!(store.blocks_below(9, 1, 1).await, Err(StoreError::UnknownChain(9)));
        assert_eq!(store.apply(Model::new(9, 1).grow(1, 1)).await, Err(StoreError::UnknownChain(9)));
    });
}

#[test]
fn a_reset_forgets_one_chain_and_ends_its_cursors() {
    on_both!(|place| {
        let store = place.open().await.unwrap();
        let (mut one, mut other) = (Model::new(1, 2), Model::new(2, 3));
        for model in [&mut one, &mut other] {
            model.open(&store).await;
            store.apply(model.grow(20, 5)).await.unwrap();
        }
        let cursor = store.feed(Cursor::start(1, 0), 1).await.unwrap()[0].cursor;
        let mut anew = Model::new(1, 4);
        (anew.start.genesis, anew.epoch) = (word(4711), 1);
        let state = store.reset_chain(anew.start).await.unwrap();
        assert_eq!((state.genesis, state.epoch, state.head), (word(4711), 1, anew.start.base));
        anew.check(&store).await;
        other.check(&store).await;
        let old = StoreError::OldCursor { chain: 1, cursor: 0, epoch: 1 };
        assert_eq!(store.feed(cursor, 10).await, Err(old));

        store.apply(anew.grow(20, 5)).await.unwrap();
        anew.check(&store).await;
    });
}

#[test]
fn of_two_batches_on_one_head_the_second_is_refused_whole() {
    on_both!(|place| {
        let store = place.open().await.unwrap();
        let mut model = Model::new(1, 5);
        model.open(&store).await;
        store.apply(model.grow(4, 9)).await.unwrap();
        let mut other = model.clone();
        other.dice.0 = 99;
        store.apply(model.grow(6, 9)).await.unwrap();
        assert!(is_contention(&store.apply(other.grow(6, 9)).await));
        let (head, to) = (other.head(), other.at(12));
        assert!(is_contention(&store.rewind(1, head, to).await));
        model.check(&store).await;
    });
}

/// The rows of a batch are read before it is written. In between the chain may leave the head and come back to it.
#[test]
fn a_batch_of_rows_that_were_read_before_a_rewind_is_refused() {
    on_both!(|place| {
        let store = place.open().await.unwrap();
        let mut model = Model::new(1, 13);
        model.open(&store).await;
        store.apply(model.grow(8, 20)).await.unwrap();
        let (slow, head) = (model.clone().grow(1, 20), model.head());
        let gone = model.rewind(&store, 8).await.unwrap();
        store.apply(model.put_back(gone.clone(), 20)).await.unwrap();
        assert_eq!(model.head(), head);
        let feed = StoreError::Contention(Contention::Feed {
            expected: format!("entry {} of epoch 0", slow.before.entries),
            found: format!("entry {} of epoch 0", model.entries()),
        });
        assert_eq!(store.apply(slow).await, Err(feed));
        model.check(&store).await;

        // the same blocks, and as many entries, in a chain that was read anew
        let old = model.clone().grow(1, 20);
        store.reset_chain(model.start).await.unwrap();
        let mut anew = Model { epoch: 1, ..Model::new(1, 13) };
        store.apply(anew.put_back(gone, 20)).await.unwrap();
        let gone = anew.rewind(&store, 8).await.unwrap();
        store.apply(anew.put_back(gone, 20)).await.unwrap();
        assert_eq!((anew.head(), anew.entries()), (old.before.head, old.before.entries));
        assert!(is_contention(&store.apply(old).await));
        anew.check(&store).await;
    });
}

#[test]
fn a_rewind_restores_every_row_from_every_depth() {
    on_both!(|place| {
        let store = place.open().await.unwrap();
        let mut model = Model::new(1, 6);
        model.open(&store).await;
        for batch in [1, 7, 2, 12] {
            store.apply(model.grow(batch, 64)).await.unwrap();
        }
        let whole = model.clone();
        for depth in 0..=22 {
            let gone = model.rewind(&store, depth).await.unwrap();
            model.check(&store).await;
            // the same blocks come back: A, B, A
            store.apply(model.put_back(gone, 64)).await.unwrap();
            assert_eq!(model.rows(), whole.rows());
        }
        model.check(&store).await;
    });
}

#[test]
fn nobody_goes_back_behind_the_last_final_block() {
    on_both!(|place| {
        let store = place.open().await.unwrap();
        let mut model = Model::new(1, 7);
        model.open(&store).await;
        store.apply(model.grow(20, 4)).await.unwrap();
        let (head, last_final) = (model.head(), model.last_final);
        assert_eq!(last_final, 26);
        let refused = store.rewind(1, head, model.at(25)).await;
        assert_eq!(refused, Err(StoreError::BehindFinality { number: 25, last_final }));
        // a lower one later takes nothing back
        let mut batch = model.grow(1, 5);
        batch.last_final = 22;
        store.apply(batch).await.unwrap();
        model.check(&store).await;
        // to the last final block itself, which has no row where it has no events
        model.rewind(&store, 5).await.unwrap();
        model.check(&store).await;
        assert_eq!(model.head().number, last_final);
        store.apply(model.grow(2, 1)).await.unwrap();
        model.check(&store).await;
    });
}

#[test]
fn a_rewind_goes_to_a_final_block_that_was_never_written() {
    on_both!(|place| {
        let store = place.open().await.unwrap();
        let mut model = Model::new(1, 0);
        model.open(&store).await;
        // block 14 is final and empty: the batch does not have it
        let mut batch = model.grow(8, 4);
        batch.blocks.retain(|block| block.at.number > 14);
        batch.rows.clear();
        batch.undo.clear();
        let head = batch.head;
        store.apply(batch).await.unwrap();
        let kept = store.blocks_below(1, 18, 100).await.unwrap();
        assert_eq!(kept.iter().map(|block| block.number).collect::<Vec<_>>(), [18, 17, 16, 15, 14, 10]);
        assert_eq!(kept[4], model.at(14));
        assert_eq!(store.blocks_below(1, 14, 1).await.unwrap(), [model.at(14)]);
        let wrong = BlockRef { number: 14, hash: word(1) };
        assert!(is_contention(&store.rewind(1, head, wrong).await));
        assert_eq!(store.rewind(1, head, model.at(14)).await.map(|gone| gone.blocks), Ok(4));
    });
}

#[test]
fn a_batch_with_a_gap_is_refused() {
    on_both!(|place| {
        let store = place.open().await.unwrap();
        let mut model = Model::new(1, 8);
        model.open(&store).await;
        let batch = model.clone().grow(6, 3);
        let wrong: Vec<(&str, Spoil)> = vec![
            ("a missing block", |batch| drop(batch.blocks.remove(batch.blocks.len() - 2))),
            ("a missing head", |batch| drop(batch.blocks.pop())),
            ("another head", |batch| batch.head.hash = word(1)),
            ("blocks out of order", |batch| batch.blocks.reverse()),
            ("a block that stands on another", |batch| batch.blocks.last_mut().unwrap().parent = word(1)),
            ("a head below", |batch| batch.head.number = 3),
            ("finality above the head", |batch| batch.last_final = 17),
            ("an event twice", |batch| {
                let block = batch.blocks.iter_mut().find(|block| !block.events.is_empty()).unwrap();
                let event = block.events[0].clone();
                block.events.push(event);
            }),
            ("five topics", |batch| {
                let block = batch.blocks.iter_mut().find(|block| !block.events.is_empty()).unwrap();
                block.events[0].topics = vec![word(0); 5];
            }),
            ("a short row", |batch| batch.rows.push((table("owed"), vec![Value::Number(1)]))),
            ("a wrong kind", |batch| batch.rows.push((table("owed"), owed(Value::Number(5))))),
            ("an amount that is none", |batch| batch.rows.push((table("owed"), owed(Value::Text("1e3".into()))))),
            ("nothing where something is", |batch| batch.rows.push((table("owed"), owed(Value::Null)))),
        ];
        for (what, spoil) in wrong {
            let mut spoilt = batch.clone();
            spoil(&mut spoilt);
            let refused = store.apply(spoilt).await;
            assert!(matches!(refused, Err(StoreError::Malformed(_))), "{what}: {refused:?}");
        }
        model.check(&store).await;
        store.apply(model.grow(6, 3)).await.unwrap();
        model.check(&store).await;
    });
}

type Spoil = fn(&mut Batch);

fn owed(amount: Value) -> Record {
    let [contract, token, party] = [1, 2, 3].map(|byte| Value::Bytes(vec![byte; 20]));
    vec![Value::Number(1), contract, token, party, amount]
}

#[test]
fn values_come_back_as_they_were_or_are_refused() {
    on_both!(|place| {
        let store = place.open().await.unwrap();
        let mut model = Model::new(1, 9);
        model.open(&store).await;
        let mut batch = model.grow(1, 0);
        batch.rows = vec![(table("owed"), owed(Value::Text(LARGEST.into())))];
        let mut order = any_row(table("orders"), 1, &mut model.dice);
        order[table("orders").place("created_at").unwrap()] = Value::Number(i64::MAX);
        batch.rows.push((table("orders"), order.clone()));
        batch.undo.clear();
        store.apply(batch).await.unwrap();

        let keys = vec![order[..3].to_vec(), vec![Value::Number(9), Value::Bytes(vec![]), Value::Bytes(vec![0; 32])]];
        assert_eq!(store.load(table("orders"), keys).await.unwrap(), [Some(order), None]);
        let key = owed(Value::Null)[..4].to_vec();
        let found = store.load(table("owed"), vec![key.clone(), key]).await.unwrap();
        assert_eq!(found, vec![Some(owed(Value::Text(LARGEST.into()))); 2]);

        let mut large = model.grow(1, 0);
        large.blocks.clear();
        large.head = BlockRef { number: u64::MAX, hash: word(5) };
        large.last_final = u64::MAX;
        assert!(matches!(store.apply(large).await, Err(StoreError::TooLarge { .. } | StoreError::Malformed(_))));
        let start = ChainStart { chain: u64::MAX, ..model.start };
        assert_eq!(store.open_chain(start).await, Err(StoreError::TooLarge { field: "chain" }));
    });
}

#[test]
fn a_row_may_move_in_its_indexes() {
    // a lock that was refunded is made again, by another sender in another block
    on_both!(|place| {
        let store = place.open().await.unwrap();
        let mut model = Model::new(1, 10);
        model.open(&store).await;
        let locks = table("locks");
        let first = any_row(locks, 1, &mut model.dice);
        let mut second = any_row(locks, 1, &mut model.dice);
        second[..3].clone_from_slice(&first[..3]);
        for row in [&first, &second, &first] {
            let mut batch = model.grow(1, 9);
            batch.rows = vec![(locks, row.clone())];
            batch.undo.clear();
            store.apply(batch).await.unwrap();
            let found = store.load(locks, vec![row[..3].to_vec()]).await.unwrap();
            assert_eq!(found, [Some(row.clone())]);
        }
    });
}

#[test]
fn a_block_that_comes_back_with_other_events_is_refused() {
    on_both!(|place| {
        let store = place.open().await.unwrap();
        let mut model = Model::new(1, 11);
        model.open(&store).await;
        store.apply(model.grow(8, 20)).await.unwrap();
        let gone = model.rewind(&store, 8).await.unwrap();
        let mut batch = model.clone().put_back(gone.clone(), 20);
        batch.blocks.iter_mut().find(|block| !block.events.is_empty()).unwrap().events[0].data = vec![0xff];
        assert_eq!(store.apply(batch).await, Err(StoreError::Exists("a block of this hash")));
        model.check(&store).await;
        store.apply(model.put_back(gone, 20)).await.unwrap();
        model.check(&store).await;
    });
}

#[test]
fn a_store_that_is_opened_again_is_the_same() {
    on_both!(|place| {
        let store = place.open().await.unwrap();
        let mut model = Model::new(1, 12);
        model.open(&store).await;
        store.apply(model.grow(30, 8)).await.unwrap();
        drop(store);
        let store = place.open().await.unwrap();
        model.check(&store).await;
        model.rewind(&store, 8).await.unwrap();
        drop(store);
        model.check(&place.open().await.unwrap()).await;
    });
}
