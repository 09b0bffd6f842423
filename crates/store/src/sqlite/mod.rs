//! The embedded engine: one file, one thread that writes, as many readers as ask.

mod cursors;
mod error;
mod open;
mod read;
mod readers;
mod record;
mod rewind;
mod sql;
#[cfg(test)]
mod tests;
mod write;
mod writer;

use crate::{
    Batch, BlockRef, ChainStart, ChainState, ChainStore, Cursor, FeedEvent, Record, Result, Rewound, Select,
    StoreError, StoredEvent, Table,
};
use error::engine;
use readers::Readers;
use rusqlite::{Connection, TransactionBehavior, config::DbConfig};
use std::{
    path::Path,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};
use tgp_protocol::value::Word;
use writer::Writer;

/// Every version of the tables, in order. What was once released never changes.
const MIGRATIONS: &[&str] = &[include_str!("../../schema/sqlite-1.sql")];

/// The version of the tables that this program uses.
const NEEDED: u32 = 1;

/// How long a statement waits for another process that writes.
const PATIENCE: Duration = Duration::from_secs(5);

/// What `PRAGMA application_id` says of a store: "cpst".
const APPLICATION: u32 = 0x6370_7374;

/// A store in a file.
///
/// One thread writes; what small writes wait for it are committed together. Reads run on the caller's thread. Several
/// programs may open one file: their writes wait for each other, for five seconds at most.
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
/// # drop(store);
/// # std::fs::remove_dir_all(&folder).map_err(|error| error.to_string())
/// # })).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Sqlite {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    writer: Writer,
    readers: Readers,
}

impl Sqlite {
    /// Opens a file, makes it where there is none, and brings its tables to this version.
    ///
    /// # Errors
    /// With [`StoreError::Version`] for a file of a newer program, [`StoreError::Damaged`] for one that is no store, and
    /// [`StoreError::Unreachable`] where it cannot be opened.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let mut connection = Connection::open(path).map_err(engine)?;
        connection.busy_timeout(PATIENCE).map_err(engine)?;
        prepare(&mut connection)?;
        let writer = Writer::start(connection)?;
        Ok(Self { shared: Arc::new(Shared { writer, readers: Readers::of(path.to_path_buf()) }) })
    }
}

fn set_up(connection: &Connection) -> Result<()> {
    prepared(connection)?;
    // FULL: what was answered stays through a loss of power. The log grows to 64 MiB before its pages go into the file: ids
    // are spread like hashes, and a page that many batches change is copied once.
    for (name, value) in [
        ("journal_mode", "WAL"),
        ("synchronous", "FULL"),
        ("cache_size", "-65536"),
        ("wal_autocheckpoint", "16384"),
        ("journal_size_limit", "67108864"),
    ] {
        connection.pragma_update(None, name, value).map_err(engine)?;
    }
    Ok(())
}

/// Statements are compiled once. Without the guarantee of a stable plan the engine compiles one again whenever its values
/// change, to look at its statistics, of which there are none.
fn prepared(connection: &Connection) -> Result<()> {
    connection.set_prepared_statement_cache_capacity(128);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(engine)?;
    Ok(())
}

/// Makes a connection ready to write. While a file is made and switched to its log, the engine calls it busy without waiting.
fn prepare(connection: &mut Connection) -> Result<()> {
    let started = Instant::now();
    loop {
        match migrate(connection).and_then(|()| set_up(connection)) {
            Err(StoreError::Busy(_)) if started.elapsed() < PATIENCE => thread::sleep(Duration::from_millis(5)),
            done => return done,
        }
    }
}

fn migrate(connection: &mut Connection) -> Result<()> {
    // one moment for its three questions: another program may be making the tables right now
    let found = connection.transaction().map_err(engine).and_then(|transaction| version(&transaction))?;
    if found == NEEDED {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(engine)?;
    // another program may have been faster
    for migration in MIGRATIONS.iter().skip(version(&transaction)? as usize) {
        transaction.execute_batch(migration).map_err(engine)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION).map_err(engine)?;
    transaction.pragma_update(None, "user_version", NEEDED).map_err(engine)?;
    transaction.commit().map_err(engine)
}

/// The version of the tables, 0 where there are none.
fn version(connection: &Connection) -> Result<u32> {
    let number = |text| connection.query_row(text, [], |row| row.get::<_, u32>(0)).map_err(engine);
    if number("PRAGMA application_id")? != APPLICATION && number("SELECT count(*) FROM sqlite_schema")? != 0 {
        return Err(StoreError::Damaged("the file belongs to another program".into()));
    }
    match number("PRAGMA user_version")? {
        found if found > NEEDED => Err(StoreError::Version { found, needed: NEEDED }),
        found => Ok(found),
    }
}

impl ChainStore for Sqlite {
    async fn open_chain(&self, start: ChainStart) -> Result<ChainState> {
        loop {
            let opened = self.shared.writer.large(move |transaction| open::open_chain(transaction, start)).await?;
            if let Some(state) = opened {
                return Ok(state);
            }
        }
    }

    async fn chains(&self) -> Result<Vec<ChainState>> {
        self.shared.readers.read(|connection| read::chains(connection))
    }

    async fn reset_chain(&self, start: ChainStart) -> Result<ChainState> {
        self.shared.writer.small(move |transaction| open::forget_chain(transaction, start.chain)).await?;
        self.open_chain(start).await
    }

    async fn apply(&self, batch: Batch) -> Result<ChainState> {
        self.shared.writer.large(move |transaction| write::apply(transaction, &batch)).await
    }

    async fn rewind(&self, chain: u64, head: BlockRef, to: BlockRef) -> Result<Rewound> {
        self.shared.writer.large(move |transaction| rewind::rewind(transaction, chain, head, to)).await
    }

    async fn blocks_below(&self, chain: u64, below: u64, limit: usize) -> Result<Vec<BlockRef>> {
        self.shared.readers.read(|connection| read::blocks_below(connection, chain, below, limit))
    }

    async fn load(&self, table: &'static Table, keys: Vec<Record>) -> Result<Vec<Option<Record>>> {
        self.shared.readers.read(|connection| read::load(connection, table, &keys))
    }

    async fn select(&self, query: Select) -> Result<Vec<Record>> {
        self.shared.readers.read(|connection| read::select(connection, &query))
    }

    async fn events_of(
        &self,
        chain: u64,
        subject: Word,
        after: Option<(u64, u64)>,
        limit: usize,
    ) -> Result<Vec<StoredEvent>> {
        self.shared.readers.read(|connection| read::events_of(connection, chain, subject, after, limit))
    }

    async fn feed(&self, after: Cursor, limit: usize) -> Result<Vec<FeedEvent>> {
        self.shared.readers.read(|connection| read::feed(connection, after, limit))
    }

    async fn cursor(&self, consumer: &str, chain: u64) -> Result<Option<Cursor>> {
        self.shared.readers.read(|connection| cursors::cursor(connection, consumer, chain))
    }

    async fn move_cursor(&self, consumer: &str, from: Option<Cursor>, to: Cursor) -> Result<()> {
        let consumer = consumer.to_owned();
        self.shared.writer.small(move |transaction| cursors::move_cursor(transaction, &consumer, from, to)).await
    }
}
