//! What can happen to a server, and to the way there.

use crate::{
    engine::{Place, run},
    model::{Dice, Model, word},
    server::{self, Server},
};
use coreprover_store::{
    Batch, Block, BlockRef, ChainState, ChainStore, Cursor, Postgres, RawEvent, RecordStore, Select, StoreError,
    table::TABLES,
};
use std::time::{Duration, Instant};

#[test]
fn a_server_that_is_gone_is_out_of_reach_and_nothing_is_half_written() {
    if server::shared().is_none() {
        return;
    }
    let mut server = Server::start("crash").unwrap();
    run(async {
        let place = server.database();
        let store = place.open().await.unwrap();
        let mut model = Model::new(1, 61);
        model.open(&store).await;
        for round in 0..4_u64 {
            let writer = tokio::spawn({
                let (store, mut model) = (store.clone(), model.clone());
                async move {
                    loop {
                        let before = model.clone();
                        if let Err(error) = store.apply(model.grow(4, 30)).await {
                            return (before, model, error);
                        }
                    }
                }
            });
            tokio::time::sleep(Duration::from_millis(40 + 30 * round)).await;
            server.crash().unwrap();
            let (before, after, error) = writer.await.unwrap();
            assert!(matches!(error, StoreError::Unreachable(_)), "{error:?}");
            assert!(error.is_transient());
            if round == 0 {
                let nobody = Postgres::connect(&place.address).await;
                assert!(matches!(nobody, Err(StoreError::Unreachable(_))), "{nobody:?}");
            }
            server.up().unwrap();
            let store = place.open().await.unwrap();
            let head = store.chains().await.unwrap()[0].head;
            // the answer to the last commit may be lost, and then it was done as a whole
            model = if head == before.head() { before } else { after };
            model.check(&store).await;
        }
        // the pool of the first connection finds the way again by itself
        model.check(&store).await;
    });
}

#[test]
fn a_database_of_another_program_or_a_newer_one_is_left_alone() {
    let Some(server) = server::shared() else { return };
    run(async {
        let place = server.database();
        place.sql("CREATE TABLE orders (id TEXT)").await.unwrap();
        let refused = place.open().await.unwrap_err();
        assert!(matches!(&refused, StoreError::Damaged(text) if text.contains("another program")), "{refused:?}");
        let tables = "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace";
        assert_eq!(place.column(tables).await, ["orders"]);

        let place = server.database();
        drop(place.open().await.unwrap());
        place.sql("UPDATE coreprover_schema SET version = 2").await.unwrap();
        assert_eq!(place.open().await.unwrap_err(), StoreError::Version { found: 2, needed: 1 });

        for wrong in ["not an address", "postgres://coreprover@localhost:1/none"] {
            let refused = Postgres::connect(wrong).await.unwrap_err();
            assert!(matches!(refused, StoreError::Malformed(_) | StoreError::Unreachable(_)), "{refused:?}");
        }
        let nowhere = place.address.replace("test", "none");
        assert!(matches!(Postgres::connect(&nowhere).await, Err(StoreError::Unreachable(_))));
    });
}

/// A disk that is really full, where this may mount one.
#[test]
fn a_full_disk_is_named_and_nothing_is_half_written() {
    if server::shared().is_none() {
        return;
    }
    let mut server = Server::start("full").unwrap();
    server.crash().unwrap();
    let disk = match server.up_with_a_small_disk(6) {
        Ok(disk) => disk,
        Err(why) => return server::not_run("PostgreSQL on a disk that is full", &why),
    };
    run(async {
        let place = server.database();
        place.sql(&format!("CREATE TABLESPACE small LOCATION '{disk}'")).await.unwrap();
        place.sql(&format!("ALTER DATABASE {} SET default_tablespace = small", place.name())).await.unwrap();
        place.sql("CREATE TABLE ballast AS SELECT gen_random_uuid() FROM generate_series(1, 20000)").await.unwrap();
        let store = place.open().await.unwrap();
        let model = Model::new(1, 65);
        let (mut last, mut dice) = (model.open(&store).await, model.dice);
        let full = loop {
            match store.apply(heavy(last, &mut dice)).await {
                Ok(state) => last = state,
                Err(error) => break error,
            }
        };
        assert!(matches!(full, StoreError::Full(_)) && !full.is_transient(), "{full:?}");
        assert!(last.entries > 5);
        assert_eq!(store.chains().await.unwrap(), [last]);
        assert_eq!(store.feed(Cursor::start(1, 0), 1_000).await.unwrap().len() as u64, last.entries);

        // what is small finds room for a while, each whole or not at all
        let mut names = (0..50_000).map(|number| format!("sess-{number}"));
        let (name, full) = loop {
            let name = names.next().expect("the disk is full before");
            match crate::records::begin(&store, &name).await {
                Ok(()) => assert!(store.session(name.parse().unwrap()).await.unwrap().is_some()),
                Err(error) => break (name, error),
            }
        };
        assert!(matches!(full, StoreError::Full(_)), "{full:?}");
        assert_eq!(store.session(name.parse().unwrap()).await, Ok(None));

        // with more room it goes on
        place.sql("DROP TABLE ballast").await.unwrap();
        crate::records::begin(&store, &name).await.unwrap();
        let next = store.apply(heavy(last, &mut dice)).await.unwrap();
        assert_eq!(next.entries, last.entries + 1);
    });
}

/// A block with an event that no server makes smaller.
fn heavy(before: ChainState, dice: &mut Dice) -> Batch {
    let at = BlockRef { number: before.head.number + 1, hash: word(dice.next()) };
    let contract = tgp_protocol::value::EvmAddress([7; 20].into());
    let data = (0..20_000).flat_map(|_| dice.next().to_be_bytes()).collect();
    let event = RawEvent { log: 0, tx: word(1), contract, subject: word(2), topics: vec![], data };
    let block = Block { at, parent: before.head.hash, time: 1, events: vec![event] };
    Batch { before, head: at, last_final: 10, blocks: vec![block], rows: vec![], undo: vec![] }
}

/// What a server cannot be made to do in a test, a trigger says in its name: two transactions block each other, its memory
/// is used up.
#[test]
fn a_refusal_of_the_server_has_its_type_and_takes_everything_back() {
    let Some(server) = server::shared() else { return };
    run(async {
        let place = server.database();
        let store = place.open().await.unwrap();
        let mut model = Model::new(1, 64);
        model.open(&store).await;
        store.apply(model.grow(5, 9)).await.unwrap();
        for (state, is) in [
            ("53100", (|error| matches!(error, StoreError::Full(_))) as fn(&StoreError) -> bool),
            ("40001", |error| matches!(error, StoreError::Contention(_))),
            ("40P01", |error| matches!(error, StoreError::Contention(_))),
            ("53300", |error| matches!(error, StoreError::Busy(_))),
            ("57P01", |error| matches!(error, StoreError::Unreachable(_))),
            ("25006", |error| matches!(error, StoreError::Unreachable(_))),
            ("XX001", |error| matches!(error, StoreError::Damaged(_))),
            ("22003", |error| matches!(error, StoreError::Malformed(_))),
            ("42601", |error| matches!(error, StoreError::Engine(_))),
        ] {
            let trigger = format!(
                "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                 $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '{state}'; END $$;
                 CREATE OR REPLACE TRIGGER refuse BEFORE UPDATE ON chains EXECUTE FUNCTION refuse()"
            );
            place.sql(&trigger).await.unwrap();
            // the head is what is written last
            let error = store.apply(model.clone().grow(6, 9)).await.unwrap_err();
            assert!(is(&error), "{state}: {error:?}");
            let error = store.rewind(1, model.head(), model.at(12)).await.unwrap_err();
            assert!(is(&error), "{state}: {error:?}");
            model.check(&store).await;
        }
        place.sql("DROP TRIGGER refuse ON chains").await.unwrap();
        store.apply(model.grow(6, 9)).await.unwrap();
        model.check(&store).await;
    });
}

#[test]
fn opened_by_many_at_once_a_database_is_made_once() {
    let Some(server) = server::shared() else { return };
    run(async {
        for _ in 0..5 {
            let place = server.database();
            let connect = || {
                let address = place.address.clone();
                tokio::spawn(async move { Postgres::connect(&address).await })
            };
            let opened: Vec<_> = (0..8).map(|_| connect()).collect();
            for store in opened {
                store.await.unwrap().unwrap();
            }
        }
    });
}

#[test]
fn whoever_holds_a_chain_too_long_makes_it_busy() {
    let Some(server) = server::shared() else { return };
    run(async {
        let place = server.database();
        let store = place.open().await.unwrap();
        let mut model = Model::new(1, 62);
        model.open(&store).await;
        let holder = tokio::spawn({
            let place = place.clone();
            async move { place.sql("SELECT 1 FROM chains FOR UPDATE; SELECT pg_sleep(7)").await }
        });
        tokio::time::sleep(Duration::from_millis(300)).await;
        let started = Instant::now();
        let busy = store.apply(model.grow(3, 9)).await;
        assert!(matches!(busy, Err(StoreError::Busy(_))), "{busy:?}");
        assert!(started.elapsed() > Duration::from_secs(4));
        assert_eq!(store.chains().await.unwrap()[0].head, model.start.base);
        holder.await.unwrap().unwrap();
    });
}

/// Every call, on tables with rows: no table is scanned, and a page reads no more of an index than a few pages' worth.
#[test]
fn no_call_scans_a_table() {
    let Some(server) = server::shared() else { return };
    run(async {
        let place = server.database();
        let store = place.open().await.unwrap();
        let mut model = Model::new(1, 63);
        model.open(&store).await;
        store.apply(model.grow(300, 20)).await.unwrap();
        crate::records::fill(&store).await;
        store.close().await;
        // a planner that may scan a small table does; one that must not does so only where no index helps
        place.sql("ALTER DATABASE test SET enable_seqscan = off".replace("test", place.name()).as_str()).await.unwrap();
        place.sql("ANALYZE; SELECT pg_stat_reset()").await.unwrap();

        let store = place.open().await.unwrap();
        store.apply(model.grow(10, 20)).await.unwrap();
        let gone = model.rewind(&store, 10).await.unwrap();
        store.apply(model.put_back(gone, 15)).await.unwrap();
        for table in TABLES {
            let keys =
                model.rows().keys().filter(|(name, _)| *name == table.name).map(|(_, key)| key.clone()).collect();
            store.load(table, keys).await.unwrap();
            for index in table.indexes.iter().map(Some).chain([None]) {
                let Some(row) = model.rows().into_iter().find(|((name, _), _)| *name == table.name) else { continue };
                let values =
                    |names: &[&str]| names.iter().map(|name| row.1[table.place(name).unwrap()].clone()).collect();
                let key: Vec<&str> = table.key_columns().iter().map(|column| column.name).collect();
                let (equals, order) = index.map_or((&key[..1], &key[1..]), |index| (index.equals, index.order));
                let after = Some(values(order));
                let query = Select { table, index, equals: values(equals), after, limit: 5, newest: true };
                store.select(query).await.unwrap();
            }
        }
        store.feed(Cursor::start(1, 0), 5).await.unwrap();
        store.events_of(1, word(1), Some((200, 0)), 5).await.unwrap();
        store.blocks_below(1, 1000, 5).await.unwrap();
        crate::records::read_all(&store).await;
        store.close().await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        let scanned = "SELECT relname || ' ' || seq_scan FROM pg_stat_user_tables
                       WHERE seq_scan > 0 AND relname <> 'coreprover_schema'";
        assert_eq!(place.column(scanned).await, Vec::<String>::new());
        let read = "SELECT indexrelname || ' ' || idx_tup_read FROM pg_stat_user_indexes WHERE idx_tup_read > 0";
        assert!(place.column(read).await.len() > 20);
    });
}
