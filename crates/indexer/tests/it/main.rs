//! The indexer against nodes: anvil, and chains that are simulated.

// the crate's own dependencies are not all needed here
#![allow(unused_crate_dependencies)]

mod anvil;
mod axes;
mod chains;
mod documented;
mod faults;
mod flows;
mod follow;
mod http;
mod live;
mod omits;
mod sim;
mod world;

use coreprover_store::Sqlite;
use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

/// What these tests fill.
pub(crate) type Store = Sqlite;

/// An empty store.
pub(crate) async fn store(folder: &Path) -> Store {
    Sqlite::open(folder.join("chain.db")).expect("a store")
}

/// How many stories each property has, where nobody asks for more.
pub(crate) const STORIES: u32 = 12;

/// Each how many of the points at which a follower may be dropped are tried.
pub(crate) const POINTS: usize = 1;

/// A folder that goes with its test.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("coreprover-indexer-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}
