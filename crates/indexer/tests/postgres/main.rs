//! What the indexer's other tests show on a file, shown on a PostgreSQL server of this program's own: forks and nodes that
//! fail, a real reorg, and what is served.

// the crate's own dependencies are not all needed here
#![allow(unused_crate_dependencies)]
// what a test's helper cannot make is a failed test
#![allow(clippy::unwrap_used)]

#[path = "../it/anvil.rs"]
mod anvil;
#[path = "../it/chains.rs"]
mod chains;
#[path = "../serve/cursors.rs"]
mod cursors;
#[path = "../it/world.rs"]
#[expect(dead_code, reason = "one flow of many")]
mod deployed;
#[path = "../serve/export.rs"]
mod export;
#[path = "../it/faults.rs"]
mod faults;
mod reorg;
#[path = "../serve/rows.rs"]
mod rows;
#[path = "../../../store/tests/it/server.rs"]
#[expect(dead_code, reason = "the store's own tests do more to a server")]
mod server;
#[path = "../it/sim/mod.rs"]
mod sim;
mod store;
#[path = "../serve/stream.rs"]
mod stream;
#[path = "../serve/webhook.rs"]
mod webhook;
#[path = "../serve/world.rs"]
#[expect(dead_code, reason = "not everything that is served asks the store")]
mod world;

use std::{path::Path, process};
pub(crate) use store::Store;
pub(crate) use world::Folder;

/// How many stories each property has, where nobody asks for more: a step asks the server about every table.
pub(crate) const STORIES: u32 = 2;

/// Each how many of the points at which a follower may be dropped are tried.
pub(crate) const POINTS: usize = 11;

/// An empty store. Without a server none of these tests can be run.
pub(crate) async fn store(_: &Path) -> Store {
    let Some(server) = server::shared() else { process::exit(0) };
    Store::connect(server.database().address).await
}
