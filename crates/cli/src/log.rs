//! Lines for people on a terminal, or a JSON object each for machines. Both go to the standard error: what a command
//! prints can be piped on.

use crate::{failure::Failure, progress, settings::Settings};
use std::io::{self, IsTerminal, Write};
use tracing_subscriber::{filter::Targets, fmt, layer::SubscriberExt, util::SubscriberInitExt};

/// What logs what is worth reading; of everything else only warnings.
const OWN: [&str; 3] = ["tbc", "coreprover_indexer", "coreprover_store"];

pub(crate) fn start(settings: &Settings) {
    let level = settings.level.parse().unwrap_or(tracing::Level::INFO);
    let targets = Targets::new().with_default(tracing::Level::WARN.min(level));
    let targets = OWN.into_iter().fold(targets, |targets, own| targets.with_target(own, level));
    let registry = tracing_subscriber::registry().with(targets);
    let colours = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    // the first of a process stays: there is one
    drop(if settings.json {
        registry.with(fmt::layer().json().flatten_event(true).with_writer(|| Lines)).try_init()
    } else {
        registry.with(fmt::layer().with_target(false).with_ansi(colours).with_writer(|| Lines)).try_init()
    });
}

/// The standard error, with a bar that shows progress out of the way.
struct Lines;

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        progress::aside(|| io::stderr().lock().write_all(bytes)).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// Says why the command ends.
pub(crate) fn complain(failure: &Failure) {
    let mut out = io::stderr().lock();
    // nobody is left who could be told that it cannot be written
    drop(match failure {
        Failure::Told(wrong) => wrong.iter().try_for_each(|wrong| writeln!(out, "tbc: {wrong}")),
        Failure::Run(text) => writeln!(out, "tbc: {text}"),
        Failure::Found => Ok(()),
    });
}
