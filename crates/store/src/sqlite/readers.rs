use super::{PATIENCE, error::engine, prepared};
use crate::Result;
use rusqlite::{Connection, OpenFlags, Transaction};
use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

/// How many connections are kept open. More are opened when more ask at once, and closed behind them.
const KEPT: usize = 16;

/// Connections that only read. A reader sees the last commit and never waits for the writer.
#[derive(Debug)]
pub(super) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(super) fn of(path: PathBuf) -> Self {
        Self { path, idle: Mutex::default() }
    }

    /// Reads what was committed at one moment, on the caller's own thread: the row is there sooner than another thread.
    pub(super) fn read<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let pooled = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match pooled {
            Some(connection) => connection,
            None => self.connect()?,
        };
        let done = connection.unchecked_transaction().map_err(engine).and_then(|transaction| work(&transaction))?;
        self.keep(connection);
        Ok(done)
    }

    pub(super) fn keep(&self, connection: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < KEPT {
            idle.push(connection);
        }
    }

    fn connect(&self) -> Result<Connection> {
        let connection = Connection::open_with_flags(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(engine)?;
        connection.busy_timeout(PATIENCE).map_err(engine)?;
        prepared(&connection)?;
        connection.pragma_update(None, "cache_size", "-8192").map_err(engine)?;
        Ok(connection)
    }
}
