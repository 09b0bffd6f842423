//! The real command against real nodes and stores.

// the crate's own dependencies are not all needed here
#![allow(unused_crate_dependencies)]
// what a test's helper cannot make is a failed test
#![allow(clippy::unwrap_used)]

#[path = "../../../indexer/tests/it/anvil.rs"]
#[allow(dead_code)]
mod anvil;
mod commands;
mod index;
mod kill;
mod local;
mod pages;
mod refusals;
#[path = "../../../store/tests/it/server.rs"]
#[allow(dead_code)]
mod server;
mod tbc;
#[path = "../../../indexer/tests/it/world.rs"]
#[allow(dead_code)]
mod world;

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

/// A folder that goes with its test.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("coreprover-cli-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// A file with this text.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).expect("a file");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}
