//! The engine for several machines: a PostgreSQL server.

mod apply;
mod cursors;
mod error;
mod migrate;
mod open;
mod read;
mod record;
mod rewind;
mod rows;

use crate::{
    Batch, BlockRef, ChainStart, ChainState, ChainStore, Cursor, FeedEvent, Record, Result, Rewound, Select,
    StoredEvent, Table,
};
use error::engine;
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::time::Duration;
use tgp_protocol::value::Word;

/// How long a call waits for a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many connections a program holds at most.
const CONNECTIONS: u32 = 16;

/// A store in a PostgreSQL database, version 14 or newer.
///
/// Whoever writes to a chain locks its row: of two indexers one waits, and then finds that the chain stands elsewhere.
/// Entries of the feed are numbered under that lock, so nobody sees the tenth before the ninth.
///
/// ```no_run
/// # async fn example() -> Result<(), coreprover_store::StoreError> {
/// use coreprover_store::{ChainStore, Postgres};
///
/// let store = Postgres::connect("postgres://coreprover@localhost/coreprover").await?;
/// for chain in store.chains().await? {
///     println!("{} stands at {}", chain.chain, chain.head);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Postgres {
    pool: PgPool,
}

impl Postgres {
    /// Connects to a database and brings its tables to this version. The address is
    /// `postgres://user:password@host:port/database`, or `postgres:///database?host=/folder/of/the/socket`.
    ///
    /// The way there is not encrypted: use a socket, a private network or a tunnel.
    ///
    /// # Errors
    /// With [`crate::StoreError::Unreachable`] without a server, with [`crate::StoreError::Version`] for tables of a newer
    /// program, with [`crate::StoreError::Damaged`] for a database with tables of another program, and with
    /// [`crate::StoreError::Malformed`] for an address that is none.
    pub async fn connect(address: &str) -> Result<Self> {
        let options: PgConnectOptions = address.parse().map_err(engine)?;
        // whatever the server's own configuration says: what was answered is on the disk, and nobody waits for ever
        let options =
            options.application_name("coreprover").options([("synchronous_commit", "on"), ("lock_timeout", "5s")]);
        let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE);
        let pool = pool.connect_with(options).await.map_err(engine)?;
        migrate::migrate(&pool).await?;
        Ok(Self { pool })
    }

    /// Closes every connection, when the calls that are under way have ended.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

impl ChainStore for Postgres {
    async fn open_chain(&self, start: ChainStart) -> Result<ChainState> {
        open::open_chain(&self.pool, start).await
    }

    async fn chains(&self) -> Result<Vec<ChainState>> {
        read::chains(&self.pool).await
    }

    async fn reset_chain(&self, start: ChainStart) -> Result<ChainState> {
        open::reset_chain(&self.pool, start).await
    }

    async fn apply(&self, batch: Batch) -> Result<ChainState> {
        apply::apply(&self.pool, &batch).await
    }

    async fn rewind(&self, chain: u64, head: BlockRef, to: BlockRef) -> Result<Rewound> {
        rewind::rewind(&self.pool, chain, head, to).await
    }

    async fn blocks_below(&self, chain: u64, below: u64, limit: usize) -> Result<Vec<BlockRef>> {
        read::blocks_below(&self.pool, chain, below, limit).await
    }

    async fn load(&self, table: &'static Table, keys: Vec<Record>) -> Result<Vec<Option<Record>>> {
        rows::load(&self.pool, table, &keys).await
    }

    async fn select(&self, query: Select) -> Result<Vec<Record>> {
        rows::select(&self.pool, &query).await
    }

    async fn events_of(
        &self,
        chain: u64,
        subject: Word,
        after: Option<(u64, u64)>,
        limit: usize,
    ) -> Result<Vec<StoredEvent>> {
        read::events_of(&self.pool, chain, subject, after, limit).await
    }

    async fn feed(&self, after: Cursor, limit: usize) -> Result<Vec<FeedEvent>> {
        read::feed(&self.pool, after, limit).await
    }

    async fn cursor(&self, consumer: &str, chain: u64) -> Result<Option<Cursor>> {
        cursors::cursor(&self.pool, consumer, chain).await
    }

    async fn move_cursor(&self, consumer: &str, from: Option<Cursor>, to: Cursor) -> Result<()> {
        cursors::move_cursor(&self.pool, consumer, from, to).await
    }
}
