//! What the benchmarks on a generated chain share.

use super::{events::contracts, server::NodeProcess};
use coreprover_indexer::{
    Chain, Follower, Limits, Step,
    node::{Endpoints, Http, Policy},
};
use coreprover_store::Sqlite;
use std::{path::PathBuf, sync::Arc, time::Duration};
use tgp_protocol::chain_profile::{FinalityRule, Wait};

pub(crate) type Failure = Box<dyn std::error::Error>;

/// The generated chain's number.
pub(crate) const CHAIN: u64 = 1_337;

/// Blocks are final so many deep.
pub(crate) async fn open(node: &NodeProcess, store: &Sqlite, depth: u64) -> Result<Follower<Sqlite, Http>, Failure> {
    let chain = Chain {
        number: CHAIN,
        contracts: Arc::new(contracts()),
        start: 1,
        finality: Wait { rule: FinalityRule::Depth, blocks: depth, seconds: 0 },
        limits: Limits::default(),
    };
    let timeout = Duration::from_secs(120);
    let nodes = Endpoints::new([Http::new(&node.url, timeout)?], Policy { timeout, ..Policy::default() });
    Ok(Follower::open(store.clone(), nodes, chain).await?)
}

/// Steps until there is nothing left, and says of each how many events came.
pub(crate) async fn every(follower: &mut Follower<Sqlite, Http>, mut came: impl FnMut(u64)) -> Result<(), Failure> {
    loop {
        match follower.step().await? {
            Step::Applied { events, .. } => came(events),
            Step::RolledBack { .. } => {}
            Step::Waiting => return Ok(()),
        }
    }
}

/// A folder that goes with the benchmark.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Result<Self, Failure> {
        let path = std::env::temp_dir().join(format!("coreprover-bench-{}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Of all files, in bytes.
    pub(crate) fn size(&self) -> Result<u64, Failure> {
        let mut size = 0;
        for file in std::fs::read_dir(&self.0)? {
            size += file?.metadata()?.len();
        }
        Ok(size)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// What this process held at most, as Linux says it.
pub(crate) fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "unknown here".into(), |value| value.trim().to_owned())
}
