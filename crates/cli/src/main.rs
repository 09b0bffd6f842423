#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod args;
mod failure;
mod index;
mod log;
mod progress;
mod settings;
mod shown;
mod store;

use args::{Args, Command, IndexCommand};
use clap::{CommandFactory, Parser};
use failure::{Failure, Result};
use settings::Settings;
use std::{io, process::ExitCode};

fn main() -> ExitCode {
    // one for every client of this process, before any is made
    drop(rustls::crypto::ring::default_provider().install_default());
    match run(Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            log::complain(&failure);
            ExitCode::from(failure.code())
        }
    }
}

// of the tests in tests/, which sign
#[cfg(test)]
use {k256 as _, sha2 as _};

fn run(args: Args) -> Result<()> {
    match args.command {
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Args::command(), "tbc", &mut io::stdout());
            Ok(())
        }
        Command::Config => shown::config(&mut io::stdout()),
        Command::Index(index) => {
            let given = index.given()?;
            let settings = Settings::read(given.file.as_deref(), std::env::vars_os(), given.flags)?;
            log::start(&settings);
            let runtime = tokio::runtime::Runtime::new().map_err(|error| Failure::run("the runtime", error))?;
            runtime.block_on(async {
                match index.command {
                    None if index.check => index::check(settings).await,
                    None => index::run(settings).await,
                    Some(IndexCommand::Reset { chain, yes, .. }) => index::reset(settings, chain, yes).await,
                    Some(IndexCommand::Verify { chain, .. }) => index::verify(settings, chain).await,
                    Some(IndexCommand::Rebuild { chain, .. }) => index::rebuild(settings, chain).await,
                    Some(IndexCommand::Export { table, chain, .. }) => index::export(settings, &table, chain).await,
                }
            })
        }
    }
}
