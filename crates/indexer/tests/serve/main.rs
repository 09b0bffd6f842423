//! What is served, from a real server on this machine, over a store that is filled by hand.

// the crate's own dependencies are not all needed here
#![allow(unused_crate_dependencies)]
// what a test's helper cannot make is a failed test
#![allow(clippy::unwrap_used)]

mod cursors;
mod described;
mod export;
mod fuzz;
mod health;
#[cfg(feature = "nats")]
mod nats;
mod rows;
mod stream;
mod webhook;
mod world;

use coreprover_store::Sqlite;
use std::path::Path;

/// What these tests fill.
pub(crate) type Store = Sqlite;

/// An empty store.
pub(crate) async fn store(folder: &Path) -> Store {
    Sqlite::open(folder.join("store.db")).unwrap()
}
