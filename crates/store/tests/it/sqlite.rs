//! What can happen to a file.

use crate::{
    engine::{Folder, Place, run},
    model::Model,
};
use coreprover_store::{ChainStore, Sqlite, StoreError};
use rusqlite::Connection;
use std::{
    fs,
    time::{Duration, Instant},
};

#[test]
fn the_file_of_a_newer_program_is_left_alone() {
    let folder = Folder::new();
    drop(Sqlite::open(folder.file()).unwrap());
    Connection::open(folder.file()).unwrap().execute_batch("PRAGMA user_version = 2").unwrap();
    let refused = Sqlite::open(folder.file()).unwrap_err();
    assert_eq!(refused, StoreError::Version { found: 2, needed: 1 });
    assert!(refused.to_string().contains("use the newer program"));
}

#[test]
fn the_file_of_another_program_is_left_alone() {
    let folder = Folder::new();
    Connection::open(folder.file()).unwrap().execute_batch("CREATE TABLE bookmarks (url TEXT)").unwrap();
    let before = fs::read(folder.file()).unwrap();
    assert!(matches!(Sqlite::open(folder.file()), Err(StoreError::Damaged(_))));
    assert_eq!(fs::read(folder.file()).unwrap(), before);

    fs::write(folder.file(), "these are notes, and they are longer than the head of a database ".repeat(20)).unwrap();
    assert!(matches!(Sqlite::open(folder.file()), Err(StoreError::Damaged(_))));
}

#[test]
fn a_file_that_cannot_be_opened_is_out_of_reach() {
    let folder = Folder::new();
    let nowhere = folder.file().join("below").join("a-file");
    assert!(matches!(Sqlite::open(nowhere), Err(StoreError::Unreachable(_))));
    assert!(matches!(Sqlite::open(folder.file().parent().unwrap()), Err(StoreError::Unreachable(_))));
}

#[test]
fn damage_is_named_and_never_read_as_a_value() {
    run(async {
        let folder = Folder::new();
        let mut model = Model::new(1, 51);
        let store = folder.open().await.unwrap();
        model.open(&store).await;
        store.apply(model.grow(400, 400)).await.unwrap();
        drop(store);
        let mut bytes = fs::read(folder.file()).unwrap();
        let whole = bytes.clone();
        // each page but the first, as a disk would spoil it
        let mut named = 0;
        for page in 1..bytes.len() / 4096 {
            bytes.copy_from_slice(&whole);
            bytes[page * 4096..page * 4096 + 512].fill(0xff);
            fs::write(folder.file(), &bytes).unwrap();
            let Ok(store) = folder.open().await else { continue };
            let blocks = store.blocks_below(1, 1000, 1000).await;
            let feed = store.feed(coreprover_store::Cursor::start(1, 0), 10_000).await;
            for error in [blocks.err(), feed.err()].into_iter().flatten() {
                assert!(matches!(error, StoreError::Damaged(_) | StoreError::UnknownChain(1)), "{error:?}");
                named += 1;
            }
        }
        assert!(named > 10);
        fs::write(folder.file(), &whole).unwrap();
        model.check(&folder.open().await.unwrap()).await;
    });
}

#[test]
fn whoever_holds_the_file_too_long_makes_it_busy() {
    run(async {
        let folder = Folder::new();
        let store = folder.open().await.unwrap();
        let mut model = Model::new(1, 52);
        model.open(&store).await;
        let holder = Connection::open(folder.file()).unwrap();
        holder.execute_batch("BEGIN IMMEDIATE").unwrap();
        let (started, batch) = (Instant::now(), model.grow(3, 9));
        let busy = store.apply(batch.clone()).await;
        assert!(matches!(busy, Err(StoreError::Busy(_))), "{busy:?}");
        assert!(started.elapsed() > Duration::from_secs(4));
        // who reads does not wait
        assert_eq!(store.chains().await.unwrap()[0].head, model.start.base);

        // a holder that ends in time is waited for
        let writer = tokio::spawn({
            let store = store.clone();
            async move { store.apply(batch).await }
        });
        tokio::time::sleep(Duration::from_millis(300)).await;
        holder.execute_batch("COMMIT").unwrap();
        writer.await.unwrap().unwrap();
        model.check(&store).await;
    });
}

#[test]
fn opened_by_many_at_once_a_file_is_made_once() {
    for _ in 0..10 {
        let folder = Folder::new();
        std::thread::scope(|scope| {
            let opened: Vec<_> = (0..8).map(|_| scope.spawn(|| Sqlite::open(folder.file()))).collect();
            for store in opened {
                store.join().unwrap().unwrap();
            }
        });
    }
}

#[test]
fn a_store_that_is_dropped_has_closed_its_file() {
    run(async {
        let folder = Folder::new();
        let store = folder.open().await.unwrap();
        let mut model = Model::new(1, 53);
        model.open(&store).await;
        store.apply(model.grow(9, 9)).await.unwrap();
        drop(store);
        let left: Vec<_> =
            fs::read_dir(folder.file().parent().unwrap()).unwrap().map(|file| file.unwrap().file_name()).collect();
        assert_eq!(left, ["store.db"], "the log is in the file");
    });
}

#[test]
fn ids_of_blocks_outlive_a_vacuum() {
    run(async {
        let folder = Folder::new();
        let store = folder.open().await.unwrap();
        let mut model = Model::new(1, 54);
        model.open(&store).await;
        store.apply(model.grow(40, 10)).await.unwrap();
        model.rewind(&store, 6).await.unwrap();
        store.apply(model.grow(20, 0)).await.unwrap();
        drop(store);
        folder.sql("VACUUM").await.unwrap();
        let store = folder.open().await.unwrap();
        model.check(&store).await;
        store.apply(model.grow(5, 5)).await.unwrap();
        model.check(&store).await;
    });
}
