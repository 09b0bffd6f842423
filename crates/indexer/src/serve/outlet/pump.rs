use super::{OutletStatus, Parcel};
use crate::serve::{Filter, ServedChain, delivery::Delivery};
use coreprover_store::{ChainStore, Contention, Cursor, StoreError};
use std::{
    hash::{BuildHasher, Hasher, RandomState},
    time::Duration,
};
use tokio::{sync::watch, time::sleep};

/// Why a receiver did not take a parcel. It is handed over again.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct NotTaken(pub String);

/// Where an outlet leads.
pub trait Sink: Send + 'static {
    /// How many parcels are handed over at once.
    const AT_ONCE: usize;

    /// Hands parcels over in their order: how many were taken, and why not the next one.
    fn hand_over(&mut self, parcels: &[Parcel]) -> impl Future<Output = (usize, Result<(), NotTaken>)> + Send;

    /// The last parcel that the receiver itself has kept, where it can say.
    fn kept(&mut self, _chain: u64) -> impl Future<Output = Result<Option<Cursor>, NotTaken>> + Send {
        async { Ok(None) }
    }
}

/// Why an outlet has stopped. Nothing else stops it: what is not taken is tried for ever.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutletError {
    /// The store is damaged, full, or of another version; or, with [`Contention::Consumer`], another program goes by the
    /// outlet's name.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How long an outlet waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Patience {
    /// After the first parcel that was not taken; twice as long after each further one.
    pub first: Duration,
    /// At most.
    pub most: Duration,
    /// For news, when nothing wakes it earlier.
    pub poll: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let [first, most, poll] = [1, 300, 2].map(Duration::from_secs);
        Self { first, most, poll }
    }
}

impl Patience {
    /// Between half of it and all of it: receivers that failed together are not asked together.
    fn after(self, failures: u32) -> Duration {
        let whole = self.first.saturating_mul(1 << failures.saturating_sub(1).min(20)).min(self.most);
        let dice = RandomState::new().build_hasher().finish();
        let part = u32::try_from(dice % 1_024).unwrap_or_default();
        whole / 2 + whole / 2 * part / 1_024
    }
}

/// Brings the feed of one chain to one receiver: in its order, at least once, from where it ended.
///
/// A receiver that takes nothing is asked again for ever, with growing pauses; what follows waits, because it may not
/// come first. When the chain was read anew it gets a parcel that says so, and then everything.
///
/// How far it came stands in the store, under its name, before the next parcels are handed over. Of two programs with one
/// name the first goes on; the other ends, and what both handed over came twice, under the same ids.
///
/// ```
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// use coreprover_indexer::serve::{
///     Filter, NotTaken, Outlet, OutletError, OutletStatus, Parcel, Patience, ServedChain, Sink, Status,
/// };
/// use coreprover_store::{Batch, Block, BlockRef, ChainStart, ChainStore, RawEvent, Sqlite};
/// use std::time::Duration;
/// use tgp_protocol::value::{EvmAddress, Word};
/// use tokio::sync::{mpsc, watch};
///
/// /// Hands parcels to another task, which is busy at first.
/// struct Channel(mpsc::Sender<Parcel>, bool);
///
/// impl Sink for Channel {
///     const AT_ONCE: usize = 10;
///
///     async fn hand_over(&mut self, parcels: &[Parcel]) -> (usize, Result<(), NotTaken>) {
///         if !std::mem::replace(&mut self.1, true) {
///             return (0, Err(NotTaken("busy".into())));
///         }
///         for (taken, parcel) in parcels.iter().enumerate() {
///             if self.0.send(parcel.clone()).await.is_err() {
///                 return (taken, Err(NotTaken("gone".into())));
///             }
///         }
///         (parcels.len(), Ok(()))
///     }
/// }
///
/// # let folder = std::env::temp_dir().join(format!("coreprover-outlet-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// let store = Sqlite::open(folder.join("chain.db"))?;
/// # let [base, at] = [1, 2].map(|byte: u8| BlockRef { number: u64::from(byte), hash: Word::from([byte; 32]) });
/// # let before = store.open_chain(ChainStart { chain: 8453, genesis: base.hash, base }).await?;
/// # let subject = Word::from([3; 32]);
/// # let contract = EvmAddress([5; 20].into());
/// # let event = |log| RawEvent { log, tx: subject, contract, subject, topics: vec![subject], data: vec![] };
/// # let block = Block { at, parent: base.hash, time: 0, events: vec![event(0), event(1)] };
/// # store.apply(Batch { before, head: at, last_final: 1, blocks: vec![block], rows: vec![], undo: vec![] }).await?;
/// // a block with two events about one order stands in the store
/// let follower = watch::Sender::new(Status::default());
/// let chain =
///     ServedChain { number: 8453, contracts: [].into(), status: follower.subscribe(), bounds: Default::default() };
/// let (sender, mut receiver) = mpsc::channel(10);
/// let outlet = Outlet::new(store.clone(), chain, "books", Channel(sender, false))
///     .only(Filter { subject: Some(subject), ..Filter::default() })
///     .patient(Patience { first: Duration::from_millis(5), ..Patience::default() });
/// let mut status: watch::Receiver<OutletStatus> = outlet.status();
/// let running = tokio::spawn(outlet.run(async move {
///     // enough when both were taken and noted
///     drop(status.wait_for(|status| (status.delivered, status.failures) == (2, 1)).await);
/// }));
/// let ids = [receiver.recv().await, receiver.recv().await].map(|parcel| parcel.map(|parcel| parcel.id));
/// assert_eq!(ids, ["8453-0-1-1", "8453-0-1-2"].map(|id| Some(id.to_owned())));
/// let ended: Result<(), OutletError> = running.await?;
/// ended?;
/// assert_eq!(store.cursor("books", 8453).await?.map(|cursor| cursor.to_string()), Some("8453-0-1-2".into()));
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Outlet<S, K> {
    store: S,
    chain: ServedChain,
    name: String,
    filter: Filter,
    sink: K,
    /// What stands in the store.
    noted: Option<Cursor>,
    patience: Patience,
    status: watch::Sender<OutletStatus>,
}

impl<S: ChainStore, K: Sink> Outlet<S, K> {
    /// An outlet of a name, under which its cursor is kept: up to 64 of a to z, 0 to 9, - and _.
    #[must_use]
    pub fn new(store: S, chain: ServedChain, name: &str, sink: K) -> Self {
        let status = OutletStatus { name: name.into(), chain: chain.number, ..OutletStatus::default() };
        let (name, status) = (name.to_owned(), watch::Sender::new(status));
        let (filter, patience) = (Filter::default(), Patience::default());
        Self { store, chain, name, filter, sink, noted: None, patience, status }
    }

    /// Only what a filter takes.
    #[must_use]
    pub fn only(self, filter: Filter) -> Self {
        Self { filter, ..self }
    }

    /// How long it waits.
    #[must_use]
    pub fn patient(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    /// How it goes, for [`crate::serve::Api::new`].
    #[must_use]
    pub fn status(&self) -> watch::Receiver<OutletStatus> {
        self.status.subscribe()
    }

    /// Runs until `stop` is done. What was handed over just then and not noted comes again next time.
    ///
    /// # Errors
    /// With what only a human can mend.
    pub async fn run(mut self, stop: impl Future<Output = ()>) -> Result<(), OutletError> {
        tokio::select! {
            () = stop => Ok(()),
            ended = self.bring() => ended,
        }
    }

    async fn bring(&mut self) -> Result<(), OutletError> {
        let mut news = self.chain.status.clone();
        let mut cursor = self.begin().await?;
        loop {
            news.borrow_and_update();
            match self.store.feed(cursor, K::AT_ONCE).await {
                Ok(found) if !found.is_empty() => {
                    self.page(&mut cursor, found).await?;
                    continue;
                }
                Ok(_) => {}
                Err(StoreError::OldCursor { epoch, .. }) => {
                    cursor = Cursor::start(self.chain.number, epoch);
                    self.until_taken(&[Parcel::reset(cursor)], &[cursor]).await?;
                    continue;
                }
                // a chain that was not opened yet will be
                Err(StoreError::UnknownChain(_)) => {}
                Err(error) if error.is_transient() => {}
                Err(error) => return Err(error.into()),
            }
            tokio::select! {
                Ok(()) = news.changed() => {}
                () = sleep(self.patience.poll) => {}
            }
        }
    }

    /// The later of what was noted here and what the receiver has.
    async fn begin(&mut self) -> Result<Cursor, OutletError> {
        self.noted = self.stands().await?;
        let mut failures = 0;
        let kept = loop {
            match self.sink.kept(self.chain.number).await {
                Ok(kept) => break kept,
                Err(error) => self.pause(&mut failures, error).await,
            }
        };
        // without either, the first epoch: if there was a later one, the receiver hears of it
        let cursor = self.noted.max(kept).unwrap_or_else(|| Cursor::start(self.chain.number, 0));
        self.status.send_modify(|status| status.cursor = Some(cursor));
        Ok(cursor)
    }

    async fn page(&mut self, cursor: &mut Cursor, found: Vec<coreprover_store::FeedEvent>) -> Result<(), OutletError> {
        let last_final = self.chain.status.borrow().last_final;
        let (mut parcels, mut cursors) = (Vec::new(), Vec::new());
        for event in found {
            *cursor = event.cursor;
            let delivery = Delivery::new(&self.chain, last_final, event);
            if self.filter.takes(&delivery) {
                let parcel = Parcel::new(self.chain.number, &delivery);
                parcels.push(parcel.map_err(|error| StoreError::Damaged(error.to_string()))?);
                cursors.push(*cursor);
            }
        }
        self.until_taken(&parcels, &cursors).await?;
        // what nobody wanted is behind it too
        if cursors.last() != Some(cursor) { self.note(*cursor).await } else { Ok(()) }
    }

    async fn until_taken(&mut self, mut parcels: &[Parcel], mut cursors: &[Cursor]) -> Result<(), OutletError> {
        let mut failures = 0;
        while !parcels.is_empty() {
            let (taken, result) = self.sink.hand_over(parcels).await;
            if let Some(last) = taken.checked_sub(1).and_then(|last| cursors.get(last)) {
                failures = 0;
                self.note(*last).await?;
                let count = u64::try_from(taken).unwrap_or(u64::MAX);
                self.status.send_modify(|status| (status.delivered, status.failing) = (status.delivered + count, None));
            }
            (parcels, cursors) = (parcels.get(taken..).unwrap_or_default(), cursors.get(taken..).unwrap_or_default());
            if let Err(error) = result {
                self.pause(&mut failures, error).await;
            }
        }
        Ok(())
    }

    async fn pause(&self, failures: &mut u32, error: NotTaken) {
        *failures = failures.saturating_add(1);
        let wait = self.patience.after(*failures);
        tracing::warn!(outlet = self.name, chain = self.chain.number, %error, failures, ?wait, "not taken");
        self.status.send_modify(|status| {
            status.failures += 1;
            status.failing = Some(error.0);
        });
        sleep(wait).await;
    }

    /// Keeps how far it came. As long as that cannot be kept nothing more is handed over.
    async fn note(&mut self, cursor: Cursor) -> Result<(), OutletError> {
        let mut unsure = false;
        loop {
            match self.store.move_cursor(&self.name, self.noted, cursor).await {
                Ok(()) => break,
                Err(error @ StoreError::Contention(Contention::Consumer { .. })) => {
                    // an earlier try whose answer was lost may have moved it
                    if unsure && self.stands().await? == Some(cursor) {
                        break;
                    }
                    return Err(error.into());
                }
                Err(error) => self.away(error).await?,
            }
            unsure = true;
        }
        self.noted = Some(cursor);
        self.status.send_modify(|status| status.cursor = Some(cursor));
        Ok(())
    }

    /// What was noted last.
    async fn stands(&self) -> Result<Option<Cursor>, OutletError> {
        loop {
            match self.store.cursor(&self.name, self.chain.number).await {
                Ok(cursor) => return Ok(cursor),
                Err(error) => self.away(error).await?,
            }
        }
    }

    /// Waits for a store that will be there again.
    async fn away(&self, error: StoreError) -> Result<(), OutletError> {
        if !error.is_transient() {
            return Err(error.into());
        }
        tracing::warn!(outlet = self.name, chain = self.chain.number, %error, "the cursor cannot be kept now");
        sleep(self.patience.poll).await;
        Ok(())
    }
}
