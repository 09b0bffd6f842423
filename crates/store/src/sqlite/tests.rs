//! What only shows from inside: a disk that is full, and how the engine finds rows.

use super::{Readers, Shared, Sqlite, writer::Writer};
use crate::{
    Batch, Block, BlockRef, ChainStart, ChainState, ChainStore, Cursor, RawEvent, Record, RecordStore, Result, Select,
    StoreError, Table, Undo, Value, table::TABLES,
};
use rusqlite::{
    Connection,
    trace::{TraceEvent, TraceEventCodes},
};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};
use tgp_protocol::{
    session::{Dated, Role, Session, SessionEvent, SessionState},
    value::{EvmAddress, Timestamp, Word},
};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("coreprover-store-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

/// A store whose writer's connection was prepared by hand.
fn open(path: &Path, prepare: impl FnOnce(&mut Connection)) -> Sqlite {
    let mut connection = Connection::open(path).unwrap();
    super::prepare(&mut connection).unwrap();
    prepare(&mut connection);
    let writer = Writer::start(connection).unwrap();
    Sqlite { shared: Arc::new(Shared { writer, readers: Readers::of(path.to_path_buf()) }) }
}

fn run<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(test)
}

fn word(number: u64) -> Word {
    let mut bytes = [0; 32];
    bytes[24..].copy_from_slice(&number.to_be_bytes());
    bytes.into()
}

fn at(number: u64) -> BlockRef {
    BlockRef { number, hash: word(number) }
}

const ZERO: Word = Word(alloy_primitives::B256::ZERO);
const START: ChainStart = ChainStart { chain: 1, genesis: ZERO, base: BlockRef { number: 0, hash: ZERO } };

fn row(table: &Table, number: i64) -> Record {
    let value = |(place, column): (usize, &crate::Column)| match (place, column.kind) {
        (0, _) => Value::Number(1),
        (_, crate::Kind::Number) => Value::Number(number),
        (_, crate::Kind::Bytes) => Value::Bytes(number.to_be_bytes().to_vec()),
        (_, crate::Kind::Text | crate::Kind::Amount) => Value::Text(number.to_string()),
    };
    table.columns.iter().enumerate().map(value).collect()
}

/// One block with an event, and a row of every table.
fn batch(before: ChainState, data: usize) -> Batch {
    let number = before.head.number + 1;
    let event = RawEvent {
        log: 3,
        tx: word(1),
        contract: EvmAddress([7; 20].into()),
        subject: word(2),
        topics: vec![word(3)],
        data: vec![1; data],
    };
    let rows: Vec<_> = TABLES.iter().map(|table| (*table, row(table, i64::try_from(number).unwrap()))).collect();
    let undo = |(table, row): &(&'static Table, Record)| {
        let key = row[..table.key].to_vec();
        Undo { block: number, table, key, before: None }
    };
    let undo = rows.iter().map(undo).collect();
    let block = Block { at: at(number), parent: before.head.hash, time: number, events: vec![event] };
    Batch { before, head: at(number), last_final: number.saturating_sub(4), blocks: vec![block], rows, undo }
}

fn session(name: &str) -> (Session, Dated) {
    let now = Timestamp::from_millis(1_795_255_200_000);
    let mut session = Session::open(name.parse().unwrap(), Role::Controller, now);
    let event = SessionEvent::Query { query_id: "q-1".parse().unwrap() };
    session.apply(event.clone(), now).unwrap();
    (session, Dated { at: now, event })
}

#[test]
fn a_full_disk_is_named_and_nothing_is_half_written() {
    run(async {
        let folder = Folder::new("full");
        let path = folder.0.join("store.db");
        drop(open(&path, |_| ()));
        let pages: u32 =
            Connection::open(&path).unwrap().pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        let store = open(&path, |connection| connection.pragma_update(None, "max_page_count", pages + 40).unwrap());
        let mut last = store.open_chain(START).await.unwrap();
        let full = loop {
            match store.apply(batch(last, 9000)).await {
                Ok(state) => last = state,
                Err(error) => break error,
            }
        };
        assert!(matches!(full, StoreError::Full(_)), "{full:?}");
        assert!(last.entries > 1);
        assert_eq!(store.chains().await.unwrap(), [last]);
        assert_eq!(store.feed(Cursor::start(1, 0), 1000).await.unwrap().len() as u64, last.entries);

        // small writes that share a transaction: those that have no room are refused, none is torn
        let mut tasks = Vec::new();
        let names: Vec<String> = (0..2000).map(|number| format!("sess-{number}")).collect();
        for name in &names {
            let (session, event) = session(name);
            tasks.push(store.save_session(0, session, vec![event]));
        }
        let answers = all(tasks).await;
        assert!(answers.iter().any(|answer| matches!(answer, Err(StoreError::Full(_)))));
        for (name, answer) in names.iter().zip(&answers) {
            let stands = store.session(name.parse().unwrap()).await.unwrap();
            assert_eq!(stands.is_some(), answer.is_ok(), "{name}: {answer:?}");
        }
        drop(store);

        // with more room it goes on
        let store = open(&path, |_| ());
        store.apply(batch(last, 9000)).await.unwrap();
    });
}

/// All of them at once, on one thread.
async fn all<T>(futures: Vec<impl Future<Output = T>>) -> Vec<T> {
    let mut waiting: Vec<_> = futures.into_iter().map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(|context| {
        let mut open = false;
        for (future, answer) in waiting.iter_mut().filter(|(_, answer)| answer.is_none()) {
            match future.as_mut().poll(context) {
                std::task::Poll::Ready(ready) => *answer = Some(ready),
                std::task::Poll::Pending => open = true,
            }
        }
        if open { std::task::Poll::Pending } else { std::task::Poll::Ready(()) }
    })
    .await;
    waiting.into_iter().map(|(_, answer)| answer.unwrap()).collect()
}

#[test]
fn small_writes_that_wait_share_a_commit_and_fail_alone() {
    run(async {
        let folder = Folder::new("group");
        let store = open(&folder.0.join("store.db"), |_| ());
        let tasks = (0..600).map(|number| {
            let (session, event) = session(&format!("sess-{}", number % 300));
            store.save_session(0, session, vec![event])
        });
        let answers = all(tasks.collect()).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 300);
        for answer in &answers {
            assert!(matches!(answer, Ok(_) | Err(StoreError::Contention(_))), "{answer:?}");
        }
        let found = store.sessions_in(SessionState::QuerySent, None, 1000).await.unwrap();
        assert_eq!(found.len(), 300);
    });
}

static STATEMENTS: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

fn note(event: TraceEvent<'_>) {
    if let TraceEvent::Stmt(_, text) = event {
        STATEMENTS.lock().unwrap().insert(text.to_owned());
    }
}

fn trace(connection: &Connection) {
    connection.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(note));
}

/// Every statement that the engine was asked, of every call: none scans a table, none sorts what an index has sorted.
#[test]
fn no_statement_scans_a_table() {
    run(async {
        let folder = Folder::new("plans");
        let path = folder.0.join("store.db");
        let store = open(&path, |connection| trace(connection));
        let reader = Connection::open(&path).unwrap();
        trace(&reader);
        store.shared.readers.keep(reader);
        exercise(&store).await.unwrap();
        let connection = Connection::open(&path).unwrap();
        let mut checked = 0;
        for text in STATEMENTS.lock().unwrap().iter() {
            if !["SELECT", "INSERT", "UPDATE", "DELETE"].iter().any(|verb| text.starts_with(verb)) {
                continue;
            }
            checked += 1;
            let mut explain = connection.prepare(&format!("EXPLAIN QUERY PLAN {text}")).unwrap();
            let mut plan = explain.raw_query();
            while let Some(row) = plan.next().unwrap() {
                let step: String = row.get(3).unwrap();
                // the chains are few, and a whole table by its key is what was asked for
                let whole = step.contains("SCAN chains")
                    || (text.contains("FROM owed ORDER BY") && step.contains("INDEX"))
                    || (text.ends_with("DESC LIMIT 1") && step.starts_with("SCAN"));
                assert!(whole || !(step.contains("SCAN") || step.contains("TEMP B-TREE")), "{step}: {text}");
            }
        }
        assert!(checked > 80, "{checked}");
    });
}

/// Every call once.
async fn exercise(store: &Sqlite) -> Result<()> {
    let mut state = store.open_chain(START).await?;
    for _ in 1..9 {
        state = store.apply(batch(state, 5)).await?;
    }
    store.rewind(1, at(8), at(6)).await?;
    state = store.chains().await?[0];
    store.apply(batch(state, 5)).await?;
    store.blocks_below(1, 7, 3).await?;
    store.events_of(1, word(2), Some((2, 3)), 2).await?;
    store.feed(Cursor::start(1, 0), 3).await?;
    store.feed(Cursor { entry: 9, logs: 1, ..Cursor::start(1, 0) }, 3).await?;
    for table in TABLES {
        let row = row(table, 3);
        assert_eq!(store.load(table, vec![row[..table.key].to_vec()]).await?, [Some(row.clone())]);
        for newest in [false, true] {
            for index in table.indexes {
                let of =
                    |names: &[&str]| names.iter().filter_map(|name| Some(row[table.place(name)?].clone())).collect();
                let (equals, after) = (of(index.equals), Some(of(index.order)));
                store.select(Select { table, index: Some(index), equals, after, limit: 2, newest }).await?;
            }
            let (equals, after) = (row[..1].to_vec(), Some(row[1..table.key].to_vec()));
            store.select(Select { table, index: None, equals, after, limit: 2, newest }).await?;
        }
    }
    let (session, event) = session("sess-1");
    store.save_session(0, session, vec![event]).await?;
    let id = || "sess-1".parse().unwrap();
    store.session(id()).await?;
    store.sessions_in(SessionState::QuerySent, Some(id()), 3).await?;
    store.sessions_due(Timestamp::from_millis(0), 3).await?;
    store.snapshots(id()).await?;
    store.triplet(id()).await?;
    store.tip().await?;
    store.records(0, 3).await?;
    store.records_of(id()).await?;
    let day = "2026-11-21".parse().unwrap();
    assert!(store.seal_day(day).await.is_err());
    store.seal(day).await?;
    store.move_cursor("books", None, Cursor::start(1, 0)).await?;
    assert_eq!(store.cursor("books", 1).await?, Some(Cursor::start(1, 0)));
    store.reset_chain(START).await?;
    Ok(())
}
