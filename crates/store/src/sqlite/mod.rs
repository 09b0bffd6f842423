//! The embedded engine: one file, one thread that writes, as many readers as ask.

mod error;
mod read;
mod sql;
mod write;

use crate::{
    Batch, BlockRef, ChainStart, ChainState, ChainStore, Cursor, FeedEvent, Record, Result, Rewound, Select,
    StoreError, StoredEvent, Table,
};
use error::engine;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
    time::Duration,
};
use tgp_protocol::value::Word;
use tokio::sync::oneshot;

/// Every version of the tables, in order. What was once released never changes.
const MIGRATIONS: &[&str] = &[include_str!("../../schema/sqlite-1.sql")];

/// How long a statement waits for another process that writes.
const PATIENCE: Duration = Duration::from_secs(5);

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// A store in a file.
///
/// ```
/// # tokio::runtime::Runtime::new().map_err(|error| error.to_string()).and_then(|runtime| runtime.block_on(async {
/// use coreprover_store::{BlockRef, ChainStart, ChainStore, Sqlite};
/// use tgp_protocol::value::Word;
///
/// let folder = std::env::temp_dir().join(format!("coreprover-store-{}", std::process::id()));
/// std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
/// let store = Sqlite::open(folder.join("chain.db")).map_err(|error| error.to_string())?;
/// let base = BlockRef { number: 0, hash: Word::from([1; 32]) };
/// let start = ChainStart { chain: 31337, genesis: base.hash, base };
/// let state = store.open_chain(start).await.map_err(|error| error.to_string())?;
/// assert_eq!(state.head, base);
/// # std::fs::remove_dir_all(&folder).map_err(|error| error.to_string())
/// # })).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Sqlite {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    path: PathBuf,
    writer: mpsc::SyncSender<Job>,
    readers: Mutex<Vec<Connection>>,
}

impl Sqlite {
    /// Opens a file, makes it where there is none, and brings its tables to this version.
    ///
    /// # Errors
    /// With [`StoreError::Version`] for a file of a newer program, [`StoreError::Damaged`] for one that is no store, and
    /// [`StoreError::Unreachable`] where it cannot be opened.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref().to_path_buf();
        let mut connection = Connection::open(&path).map_err(engine)?;
        set_up(&connection)?;
        migrate(&mut connection)?;
        // a queue of a few jobs: whoever writes more waits, instead of filling the memory
        let (writer, jobs) = mpsc::sync_channel::<Job>(64);
        let work = move || {
            for job in jobs {
                job(&mut connection);
            }
        };
        thread::Builder::new()
            .name("coreprover-store".into())
            .spawn(work)
            .map_err(|error| StoreError::Unreachable(error.to_string()))?;
        Ok(Self { shared: Arc::new(Shared { path, writer, readers: Mutex::default() }) })
    }

    /// Runs a transaction on the thread that writes.
    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&rusqlite::Transaction<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let run = || {
                let transaction =
                    connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(engine)?;
                let done = work(&transaction)?;
                transaction.commit().map_err(engine)?;
                Ok(done)
            };
            // nobody may be waiting any more; the work is done all the same
            drop(answer.send(run()));
        });
        let gone = || StoreError::Unreachable("the writer has stopped".into());
        self.shared.writer.send(job).map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }

    /// Runs a read on a connection of its own. A reader sees the last commit and never waits for the writer.
    fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let pooled = self.shared.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match pooled {
            Some(connection) => connection,
            None => {
                let connection =
                    Connection::open_with_flags(&self.shared.path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(engine)?;
                set_up_reader(&connection)?;
                connection
            }
        };
        let done = work(&connection);
        self.shared.readers.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        done
    }
}

fn set_up(connection: &Connection) -> Result<()> {
    connection.busy_timeout(PATIENCE).map_err(engine)?;
    connection.set_prepared_statement_cache_capacity(128);
    for (name, value) in [("journal_mode", "WAL"), ("synchronous", "FULL"), ("cache_size", "-65536")] {
        connection.pragma_update(None, name, value).map_err(engine)?;
    }
    Ok(())
}

fn set_up_reader(connection: &Connection) -> Result<()> {
    connection.busy_timeout(PATIENCE).map_err(engine)?;
    connection.set_prepared_statement_cache_capacity(128);
    connection.pragma_update(None, "cache_size", "-8192").map_err(engine)
}

fn migrate(connection: &mut Connection) -> Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(engine)?;
    let found: u32 = transaction.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(engine)?;
    let needed = u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX);
    if found > needed {
        return Err(StoreError::Version { found, needed });
    }
    for migration in MIGRATIONS.iter().skip(found as usize) {
        transaction.execute_batch(migration).map_err(engine)?;
    }
    transaction.pragma_update(None, "user_version", needed).map_err(engine)?;
    transaction.commit().map_err(engine)
}

impl ChainStore for Sqlite {
    async fn open_chain(&self, start: ChainStart) -> Result<ChainState> {
        self.write(move |transaction| write::open_chain(transaction, start)).await
    }

    async fn chains(&self) -> Result<Vec<ChainState>> {
        self.read(read::chains)
    }

    async fn reset_chain(&self, start: ChainStart) -> Result<ChainState> {
        self.write(move |transaction| write::reset_chain(transaction, start)).await
    }

    async fn apply(&self, batch: Batch) -> Result<ChainState> {
        self.write(move |transaction| write::apply(transaction, &batch)).await
    }

    async fn rewind(&self, chain: u64, head: BlockRef, to: BlockRef) -> Result<Rewound> {
        self.write(move |transaction| write::rewind(transaction, chain, head, to)).await
    }

    async fn blocks_below(&self, chain: u64, below: u64, limit: usize) -> Result<Vec<BlockRef>> {
        self.read(|connection| read::blocks_below(connection, chain, below, limit))
    }

    async fn load(&self, table: &'static Table, keys: Vec<Record>) -> Result<Vec<Option<Record>>> {
        self.read(|connection| read::load(connection, table, &keys))
    }

    async fn select(&self, query: Select) -> Result<Vec<Record>> {
        self.read(|connection| read::select(connection, &query))
    }

    async fn events_of(
        &self,
        chain: u64,
        subject: Word,
        after: Option<(u64, u64)>,
        limit: usize,
    ) -> Result<Vec<StoredEvent>> {
        self.read(|connection| read::events_of(connection, chain, subject, after, limit))
    }

    async fn feed(&self, after: Cursor, limit: usize) -> Result<Vec<FeedEvent>> {
        self.read(|connection| read::feed(connection, after, limit))
    }
}
