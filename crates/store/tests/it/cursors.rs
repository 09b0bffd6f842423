use crate::{
    engine::{Place, is_contention, on_both},
    model::Model,
};
use coreprover_store::{ChainStore, Contention, Cursor, StoreError};

fn at(chain: u64, entry: u64) -> Cursor {
    Cursor { entry, ..Cursor::start(chain, 0) }
}

#[test]
fn a_consumer_goes_on_where_it_stood() {
    on_both!(|place| {
        let store = place.open().await.unwrap();
        assert_eq!(store.cursor("books", 1).await, Ok(None));
        store.move_cursor("books", None, at(1, 3)).await.unwrap();
        store.move_cursor("books", Some(at(1, 3)), Cursor { logs: u64::MAX >> 1, ..at(1, 4) }).await.unwrap();
        store.move_cursor("books", None, at(2, 9)).await.unwrap();
        store.move_cursor("mail-2_b", None, at(1, 1)).await.unwrap();
        drop(store);
        let store = place.open().await.unwrap();
        assert_eq!(store.cursor("books", 1).await, Ok(Some(Cursor { logs: u64::MAX >> 1, ..at(1, 4) })));
        assert_eq!(store.cursor("books", 2).await, Ok(Some(at(2, 9))));
        assert_eq!(store.cursor("mail-2_b", 1).await, Ok(Some(at(1, 1))));
    });
}

#[test]
fn a_consumer_keeps_its_cursor_through_a_reset() {
    on_both!(|place| {
        let store = place.open().await.unwrap();
        let model = Model::new(1, 81);
        model.open(&store).await;
        store.move_cursor("books", None, at(1, 3)).await.unwrap();
        store.reset_chain(model.start).await.unwrap();
        let kept = store.cursor("books", 1).await.unwrap().unwrap();
        assert_eq!(store.feed(kept, 1).await, Err(StoreError::OldCursor { chain: 1, cursor: 0, epoch: 1 }));
        store.move_cursor("books", Some(kept), Cursor::start(1, 1)).await.unwrap();
    });
}

#[test]
fn of_two_programs_with_one_name_the_second_is_refused() {
    on_both!(|place| {
        let stores = [place.open().await.unwrap(), place.open().await.unwrap()];
        let moves = |from: Option<Cursor>, to| {
            let one = |store: usize| {
                let store = stores[store].clone();
                tokio::spawn(async move { store.move_cursor("books", from, to).await })
            };
            [one(0), one(1)]
        };
        let mut from = None;
        for entry in 1..20 {
            let mut done = Vec::new();
            for answer in moves(from, at(1, entry)) {
                done.push(answer.await.unwrap());
            }
            // also when both would go to the same place
            assert_eq!(done.iter().filter(|answer| answer.is_ok()).count(), 1);
            assert_eq!(done.iter().filter(|answer| is_contention(answer)).count(), 1);
            from = Some(at(1, entry));
        }
        let late = stores[0].move_cursor("books", Some(at(1, 3)), at(1, 4)).await.unwrap_err();
        let (expected, found) = ("1-0-3-0".into(), "1-0-19-0".into());
        assert_eq!(late, StoreError::Contention(Contention::Consumer { consumer: "books".into(), expected, found }));
        assert!(late.to_string().ends_with("another program goes by this name, give each its own"));
        // nobody begins where somebody stands, and nobody stands where nobody began
        assert!(is_contention(&stores[0].move_cursor("books", None, at(1, 20)).await));
        assert!(is_contention(&stores[0].move_cursor("mail", Some(at(1, 1)), at(1, 2)).await));
        assert_eq!(stores[1].cursor("books", 1).await, Ok(Some(at(1, 19))));
        assert_eq!(stores[1].cursor("mail", 1).await, Ok(None));
    });
}

#[test]
fn what_is_no_consumer_is_refused() {
    on_both!(|place| {
        let store = place.open().await.unwrap();
        for name in ["", "Books", "../books", "b.c", "b c", &"b".repeat(65)] {
            assert!(matches!(store.cursor(name, 1).await, Err(StoreError::Malformed(_))), "{name}");
            assert!(matches!(store.move_cursor(name, None, at(1, 1)).await, Err(StoreError::Malformed(_))), "{name}");
        }
        let wrong = store.move_cursor("books", Some(at(1, 1)), at(2, 1)).await;
        assert!(matches!(wrong, Err(StoreError::Malformed(_))), "{wrong:?}");
        let large = store.move_cursor("books", None, at(1, u64::MAX)).await;
        assert_eq!(large, Err(StoreError::TooLarge { field: "entry" }));
    });
}
