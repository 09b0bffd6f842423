//! What stands behind `tbc` on the command line.

use crate::{
    failure::{Failure, Result},
    settings::Flag,
};
use clap::{Parser, Subcommand};
use clap_complete::Shell;
use coreprover_bindings::Deployment;
use std::path::PathBuf;

/// Runs what CoreProver and TGP are made of.
#[derive(Debug, Parser)]
#[command(name = "tbc", version, arg_required_else_help = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Reads chains into a store, and serves what it has read.
    Index(Box<Index>),
    /// Prints every key of the configuration: what it is, what counts without it, and the name of its variable.
    Config,
    /// Prints what a shell needs to complete this command.
    Completions {
        /// Which shell.
        shell: Shell,
    },
}

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Index {
    #[command(subcommand)]
    pub(crate) command: Option<IndexCommand>,
    #[command(flatten)]
    options: Options,
    /// Checks the configuration, the store and the nodes, and ends.
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum IndexCommand {
    /// Forgets everything of a chain and begins it anew: for a chain that was replaced by another of the same number.
    Reset {
        /// The chain's number.
        #[arg(long)]
        chain: u64,
        /// Does not ask.
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        options: Options,
    },
    /// Compares the tables with what the contracts store.
    Verify {
        /// Only this chain.
        #[arg(long)]
        chain: Option<u64>,
        #[command(flatten)]
        options: Options,
    },
    /// Folds every event once more, into a store that is thrown away, and compares the tables.
    Rebuild {
        /// Only this chain.
        #[arg(long)]
        chain: Option<u64>,
        #[command(flatten)]
        options: Options,
    },
    /// Writes a table of one chain as CSV.
    Export {
        /// The table, such as orders.
        table: String,
        /// The chain's number.
        #[arg(long)]
        chain: u64,
        #[command(flatten)]
        options: Options,
    },
}

/// What is told on the command line counts more than the environment, and that more than the file.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The configuration's file. Without it TBC_CONFIG, or tbc.toml where there is one.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// A node of the chain; may be said more than once. Where it holds a key, set it in the file or the environment.
    #[arg(long, value_name = "URL")]
    rpc: Vec<String>,
    /// A node that tells of new blocks; may be said more than once.
    #[arg(long, value_name = "URL")]
    ws: Vec<String>,
    /// The deployment's file: which chain is meant, and where its contracts are.
    #[arg(long, value_name = "FILE")]
    deployment: Option<PathBuf>,
    /// The chain's profile.
    #[arg(long, value_name = "FILE")]
    profile: Option<PathBuf>,
    /// The store: sqlite:FILE, or postgres://USER@HOST/DATABASE.
    #[arg(long, value_name = "URL")]
    store: Option<String>,
    /// Where questions are answered.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// How logs are written: text or json.
    #[arg(long, value_name = "FORMAT")]
    log: Option<String>,
    /// Any other key, as --set index.chains.8453.quorum=2; `tbc config` prints them.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
}

/// The configuration as far as the command line says it.
#[derive(Debug)]
pub(crate) struct Given {
    pub(crate) file: Option<PathBuf>,
    pub(crate) flags: Vec<Flag>,
}

impl Index {
    pub(crate) fn given(&self) -> Result<Given> {
        let (options, chain) = match &self.command {
            None => (&self.options, None),
            Some(IndexCommand::Reset { options, chain, .. } | IndexCommand::Export { options, chain, .. }) => {
                (options, Some(*chain))
            }
            Some(IndexCommand::Verify { options, chain } | IndexCommand::Rebuild { options, chain }) => {
                (options, *chain)
            }
        };
        options.given(chain)
    }
}

impl Options {
    fn given(&self, chain: Option<u64>) -> Result<Given> {
        let mut flags = Vec::new();
        let mut say = |flag: &'static str, key: String, value: String| flags.push(Flag { flag, key, value });
        for (flag, key, value) in [
            ("--store", "store.url", &self.store),
            ("--listen", "index.listen", &self.listen),
            ("--log", "log.format", &self.log),
        ] {
            if let Some(value) = value {
                say(flag, key.into(), value.clone());
            }
        }
        let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
        let list = |urls: &[String]| (!urls.is_empty()).then(|| urls.join(","));
        let own = [
            ("--rpc", "rpc", list(&self.rpc)),
            ("--ws", "ws", list(&self.ws)),
            ("--deployment", "deployment", path(&self.deployment)),
            ("--profile", "profile", path(&self.profile)),
        ];
        if own.iter().any(|(_, _, value)| value.is_some()) {
            let chain = self.chain(chain)?;
            for (flag, name, value) in own {
                if let Some(value) = value {
                    say(flag, format!("index.chains.{chain}.{name}"), value);
                }
            }
        }
        for text in &self.set {
            let split = text.split_once('=').ok_or_else(|| Failure::told("--set", "", "say KEY=VALUE"))?;
            say("--set", split.0.trim().into(), split.1.trim().into());
        }
        Ok(Given { file: self.config.clone(), flags })
    }

    /// Which chain the flags are about: the one of the deployment's file.
    fn chain(&self, chain: Option<u64>) -> Result<u64> {
        let Some(path) = &self.deployment else {
            let why = "give --deployment too: its file says which chain this is about";
            return chain.ok_or_else(|| Failure::told("--rpc", "", why));
        };
        let wrong = |what: String| Failure::told("--deployment", path.display().to_string(), what);
        let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
        let deployment = Deployment::read(&text).map_err(|error| wrong(error.to_string()))?;
        match chain.filter(|chain| *chain != deployment.chain_id) {
            Some(other) => Err(wrong(format!("is about chain {}, not {other}", deployment.chain_id))),
            None => Ok(deployment.chain_id),
        }
    }
}
