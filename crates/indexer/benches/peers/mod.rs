//! Other indexers on the same chain: `make bench-peers` sets PEERS to the program that measures them.

use crate::{Failure, world::World};
use serde_json::{Value, json};
use std::{
    ffi::OsString,
    fs::OpenOptions,
    io::Write,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::process::Command;

pub(crate) struct Peers {
    program: Option<OsString>,
    folder: PathBuf,
}

impl Peers {
    /// Their figures and ours meet in a file of this folder.
    pub(crate) fn new(folder: &Path) -> Self {
        Self { program: std::env::var_os("PEERS"), folder: folder.to_owned() }
    }

    pub(crate) fn rate(&self, who: &str, rate: u64) -> Result<(), Failure> {
        self.keep(&json!({ "who": who, "rate": rate }))
    }

    pub(crate) fn live(&self, who: &str, p50: Duration, p95: Duration) -> Result<(), Failure> {
        let micros = |took: Duration| u64::try_from(took.as_micros());
        self.keep(&json!({ "who": who, "p50": micros(p50)?, "p95": micros(p95)? }))
    }

    fn keep(&self, figures: &Value) -> Result<(), Failure> {
        let mut file = OpenOptions::new().create(true).append(true).open(self.folder.join("results.jsonl"))?;
        Ok(writeln!(file, "{figures}")?)
    }

    pub(crate) async fn run(&self, world: &World, phase: &str, events: u64) -> Result<(), Failure> {
        let Some(program) = &self.program else { return Ok(()) };
        let mut command = Command::new("node");
        command.arg(program).arg(phase).env("PEERS_NODE", &world.anvil.url).env("PEERS_FOLDER", &self.folder);
        command.env("PEERS_ESCROW", world.escrow.to_string()).env("PEERS_VAULT", world.vault.to_string());
        let status = command.env("PEERS_EVENTS", events.to_string()).status().await?;
        if status.success() { Ok(()) } else { Err(format!("the peers, {phase}: {status}").into()) }
    }
}
