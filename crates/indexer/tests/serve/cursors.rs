//! How far an outlet came, kept in the store: by one program under one name, and through lost answers.

use crate::{
    Store,
    world::{CHAIN, World, released},
};
use coreprover_indexer::serve::{NotTaken, Outlet, OutletError, Parcel, Patience, Sink};
use coreprover_store::{
    Batch, BlockRef, ChainStart, ChainState, ChainStore, Contention, Cursor, FeedEvent, Record, Result, Rewound,
    Select, StoreError, StoredEvent, Table,
};
use std::{
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tgp_protocol::value::Word;
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::timeout,
};

const SOON: Duration = Duration::from_secs(30);

/// Takes everything.
struct Taker(UnboundedSender<String>);

impl Sink for Taker {
    const AT_ONCE: usize = 4;

    async fn hand_over(&mut self, parcels: &[Parcel]) -> (usize, Result<(), NotTaken>) {
        for parcel in parcels {
            self.0.send(parcel.id.clone()).unwrap();
        }
        (parcels.len(), Ok(()))
    }
}

fn outlet<S: ChainStore>(world: &World, store: S) -> (Outlet<S, Taker>, UnboundedReceiver<String>) {
    let (sender, receiver) = unbounded_channel();
    let poll = Duration::from_millis(5);
    let outlet = Outlet::new(store, world.chain(), "books", Taker(sender));
    (outlet.patient(Patience { poll, ..Patience::default() }), receiver)
}

#[tokio::test]
async fn of_two_programs_with_one_name_one_goes_on_and_the_other_ends() {
    let mut world = World::new().await;
    let [(one, mut got), (two, mut other)] = [outlet(&world, world.store.clone()), outlet(&world, world.store.clone())];
    let stands = [one.status(), two.status()];
    let mut runs = [one, two].map(|outlet| tokio::spawn(outlet.run(pending())));
    world.grow((0..20).map(|log| released(log, 1, 1)).collect(), vec![]).await;
    let [one, two] = &mut runs;
    let (ended, left) = timeout(SOON, async {
        tokio::select! { ended = &mut *one => (ended, 1), ended = &mut *two => (ended, 0) }
    })
    .await
    .expect("one ends");
    let error = ended.unwrap().unwrap_err();
    let is_told = matches!(&error, OutletError::Store(StoreError::Contention(Contention::Consumer { consumer, .. })) if consumer == "books");
    assert!(is_told, "{error}");
    // the one that is left hands everything over, in its order
    let mut status = stands[left].clone();
    drop(timeout(SOON, status.wait_for(|status| status.delivered == 20)).await.expect("the other goes on").unwrap());
    let got = if left == 0 { &mut got } else { &mut other };
    for log in 0..20 {
        assert_eq!(got.recv().await, Some(format!("{CHAIN}-0-1-{}", log + 1)));
    }
    runs[left].abort();
}

#[tokio::test]
async fn an_answer_that_was_lost_stops_nothing_and_repeats_nothing() {
    let mut world = World::new().await;
    let store = Lossy { store: world.store.clone(), calls: Arc::default() };
    let (outlet, mut got) = outlet(&world, store);
    let mut status = outlet.status();
    let run = tokio::spawn(outlet.run(pending()));
    world.grow((0..20).map(|log| released(log, 1, 1)).collect(), vec![]).await;
    drop(timeout(SOON, status.wait_for(|status| status.delivered == 20)).await.expect("it goes on").unwrap());
    run.abort();
    let mut ids = Vec::new();
    while let Ok(id) = got.try_recv() {
        ids.push(id);
    }
    assert_eq!(ids, (1..=20).map(|logs| format!("{CHAIN}-0-1-{logs}")).collect::<Vec<_>>());
    assert_eq!(world.store.cursor("books", CHAIN).await.unwrap().map(|cursor| cursor.logs), Some(20));
}

/// A store on a bad line: every other question about a cursor is not answered, and half of those were done.
#[derive(Clone)]
struct Lossy {
    store: Store,
    calls: Arc<AtomicU32>,
}

impl Lossy {
    fn call(&self) -> u32 {
        self.calls.fetch_add(1, Ordering::Relaxed)
    }
}

fn lost<T>() -> Result<T> {
    Err(StoreError::Unreachable("the line is down".into()))
}

impl ChainStore for Lossy {
    async fn cursor(&self, consumer: &str, chain: u64) -> Result<Option<Cursor>> {
        if self.call().is_multiple_of(2) { lost() } else { self.store.cursor(consumer, chain).await }
    }

    async fn move_cursor(&self, consumer: &str, from: Option<Cursor>, to: Cursor) -> Result<()> {
        match self.call() % 4 {
            0 => lost(),
            2 => self.store.move_cursor(consumer, from, to).await.and_then(|()| lost()),
            _ => self.store.move_cursor(consumer, from, to).await,
        }
    }

    async fn feed(&self, after: Cursor, limit: usize) -> Result<Vec<FeedEvent>> {
        self.store.feed(after, limit).await
    }

    // an outlet asks nothing else

    async fn open_chain(&self, _: ChainStart) -> Result<ChainState> {
        lost()
    }

    async fn chains(&self) -> Result<Vec<ChainState>> {
        lost()
    }

    async fn reset_chain(&self, _: ChainStart) -> Result<ChainState> {
        lost()
    }

    async fn apply(&self, _: Batch) -> Result<ChainState> {
        lost()
    }

    async fn rewind(&self, _: u64, _: BlockRef, _: BlockRef) -> Result<Rewound> {
        lost()
    }

    async fn blocks_below(&self, _: u64, _: u64, _: usize) -> Result<Vec<BlockRef>> {
        lost()
    }

    async fn load(&self, _: &'static Table, _: Vec<Record>) -> Result<Vec<Option<Record>>> {
        lost()
    }

    async fn select(&self, _: Select) -> Result<Vec<Record>> {
        lost()
    }

    async fn events_of(&self, _: u64, _: Word, _: Option<(u64, u64)>, _: usize) -> Result<Vec<StoredEvent>> {
        lost()
    }
}
