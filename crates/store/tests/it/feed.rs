use crate::{
    engine::{Place, on_both},
    model::Model,
};
use coreprover_store::{ChainStore, Change, Cursor, FeedEvent};
use std::collections::HashSet;

/// Reads to the end, in pages of one length.
async fn to_the_end(store: &impl ChainStore, mut after: Cursor, limit: usize) -> Vec<FeedEvent> {
    let mut found = Vec::new();
    loop {
        let page = store.feed(after, limit).await.unwrap();
        assert!(page.len() <= limit);
        let Some(last) = page.last() else { return found };
        after = last.cursor;
        found.extend(page);
    }
}

/// Shows that pages of every length, from every cursor, make the same feed.
#[test]
fn pages_neither_repeat_nor_skip() {
    on_both!(|place| {
        let store = place.open().await.unwrap();
        let mut model = Model::new(1, 21);
        model.open(&store).await;
        for _ in 0..4 {
            store.apply(model.grow(9, 64)).await.unwrap();
            let gone = model.rewind(&store, 5).await.unwrap();
            store.apply(model.put_back(gone, 64)).await.unwrap();
            model.rewind(&store, 3).await.unwrap();
        }
        let whole = to_the_end(&store, Cursor::start(1, 0), 1000).await;
        assert_eq!(whole.len(), model.feed.len());
        for limit in 1..9 {
            assert_eq!(to_the_end(&store, Cursor::start(1, 0), limit).await, whole);
        }
        for (place, event) in whole.iter().enumerate() {
            let after: Cursor = event.cursor.to_string().parse().unwrap();
            let page = store.feed(after, 4).await.unwrap();
            assert_eq!(page, whole[place + 1..whole.len().min(place + 5)]);
        }
        assert_eq!(whole.iter().map(|event| event.cursor).collect::<HashSet<_>>().len(), whole.len());
        assert_eq!(store.feed(Cursor::start(1, 0), 0).await.unwrap(), []);
    });
}

#[test]
fn a_cursor_outlives_a_rewind_behind_it() {
    on_both!(|place| {
        let store = place.open().await.unwrap();
        let mut model = Model::new(1, 22);
        model.open(&store).await;
        store.apply(model.grow(10, 64)).await.unwrap();
        let seen = to_the_end(&store, Cursor::start(1, 0), 3).await;
        let cursor = seen[seen.len() / 2].cursor;
        model.rewind(&store, 10).await.unwrap();
        store.apply(model.grow(4, 64)).await.unwrap();
        // what it had not seen when it was taken back comes, and goes
        let rest = to_the_end(&store, cursor, 2).await;
        assert_eq!(rest.len(), model.feed.len() - seen.len() / 2 - 1);
        let mut standing = HashSet::new();
        for event in seen.iter().take(seen.len() / 2 + 1).chain(&rest) {
            let known = match event.change {
                Change::Applied => standing.insert(event.event_id()),
                Change::RolledBack => standing.remove(&event.event_id()),
            };
            assert!(known, "{} came or went twice", event.event_id());
        }
        let now: usize = model.blocks.iter().map(|(block, _)| block.events.len()).sum();
        assert_eq!(standing.len(), now);
    });
}

#[test]
fn a_consumer_beside_a_writer_misses_nothing() {
    on_both!(|place| {
        let store = place.open().await.unwrap();
        let mut model = Model::new(1, 23);
        model.open(&store).await;
        let reader = tokio::spawn({
            let store = place.open().await.unwrap();
            async move {
                let (mut cursor, mut found) = (Cursor::start(1, 0), Vec::new());
                loop {
                    let page = store.feed(cursor, 5).await.unwrap();
                    let ends = page.iter().any(|event| event.event.data == b"the end");
                    cursor = page.last().map_or(cursor, |event| event.cursor);
                    found.extend(page.into_iter().map(|event| (event.change, event.event)));
                    if ends {
                        return found;
                    }
                    tokio::task::yield_now().await;
                }
            }
        });
        for round in 0..60 {
            store.apply(model.grow(3, 64)).await.unwrap();
            model.rewind(&store, round % 3).await.unwrap();
        }
        let mut last = model.grow(1, 64);
        while last.blocks[0].events.is_empty() {
            store.apply(last).await.unwrap();
            last = model.grow(1, 64);
        }
        last.blocks[0].events.last_mut().unwrap().data = b"the end".to_vec();
        store.apply(last).await.unwrap();
        let mut expected: Vec<_> = model.feed.into_iter().map(|(change, _, event)| (change, event)).collect();
        expected.last_mut().unwrap().1.data = b"the end".to_vec();
        assert_eq!(reader.await.unwrap(), expected);
    });
}
