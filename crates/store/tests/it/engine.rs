//! A place for a store of each engine, and what runs a test in both.

use coreprover_store::{ChainStore, RecordStore, Result, Sqlite, StoreError};
use std::{
    future::Future,
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

/// Where a test's store stands. It is gone when the test ends.
pub(crate) trait Place {
    /// The engine.
    type Store: ChainStore + RecordStore;

    /// Opens the store that stands here, or makes it.
    fn open(&self) -> impl Future<Output = Result<Self::Store>>;

    /// Runs a statement behind the store's back.
    fn sql(&self, text: &str) -> impl Future<Output = Result<(), String>>;

    /// One column of text, read behind the store's back.
    fn column(&self, text: &str) -> impl Future<Output = Vec<String>>;
}

/// A folder for a file.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("coreprover-store-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.0.join("store.db")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

impl Place for Folder {
    type Store = Sqlite;

    async fn open(&self) -> Result<Sqlite> {
        Sqlite::open(self.file())
    }

    async fn sql(&self, text: &str) -> Result<(), String> {
        rusqlite::Connection::open(self.file()).unwrap().execute_batch(text).map_err(|error| error.to_string())
    }

    async fn column(&self, text: &str) -> Vec<String> {
        let connection = rusqlite::Connection::open(self.file()).unwrap();
        let mut select = connection.prepare(text).unwrap();
        let rows = select.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }
}

#[cfg(feature = "postgres")]
impl Place for crate::server::Database {
    type Store = coreprover_store::Postgres;

    async fn open(&self) -> Result<Self::Store> {
        coreprover_store::Postgres::connect(&self.address).await
    }

    async fn sql(&self, text: &str) -> Result<(), String> {
        use sqlx::Connection;

        let mut connection = sqlx::PgConnection::connect(&self.address).await.unwrap();
        let done = sqlx::raw_sql(sqlx::AssertSqlSafe(text)).execute(&mut connection).await;
        done.map(drop).map_err(|error| error.to_string())
    }

    async fn column(&self, text: &str) -> Vec<String> {
        use sqlx::{Connection, Row};

        let mut connection = sqlx::PgConnection::connect(&self.address).await.unwrap();
        let rows = sqlx::query(sqlx::AssertSqlSafe(text)).fetch_all(&mut connection).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }
}

/// Runs a test on a runtime of its own, as a program would.
pub(crate) fn run<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(test)
}

/// Runs a body once for each engine, with the place of an empty store in it.
macro_rules! on_both {
    (|$place:ident| $body:block) => {{
        $crate::engine::run(async {
            let $place = $crate::engine::Folder::new();
            eprintln!("in a file");
            $body
        });
        #[cfg(feature = "postgres")]
        if let Some(server) = $crate::server::shared() {
            $crate::engine::run(async {
                let $place = server.database();
                eprintln!("on a PostgreSQL server");
                $body
            });
        }
    }};
}
pub(crate) use on_both;

/// Whether a call was refused because somebody else was faster.
pub(crate) fn is_contention<T>(answer: &Result<T>) -> bool {
    matches!(answer, Err(StoreError::Contention(_)))
}
