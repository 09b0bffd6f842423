//! What there is to configure, printed as a file to begin with.

use crate::{
    failure::{Failure, Result},
    settings::keys,
};
use coreprover_indexer::config::{Key, Kind};
use std::io::{self, Write};

/// Every key with what it is, what counts without it and its variable; the page `docs/operate/configure.md` has the same.
pub(crate) fn config(out: &mut impl Write) -> Result<()> {
    write(out).map_err(|error| Failure::run("the standard output", error))
}

pub(crate) fn write(out: &mut impl Write) -> io::Result<()> {
    let mut table = "";
    for key in keys::all() {
        let Some((own, name)) = key.path.rsplit_once('.') else { continue };
        if own != table {
            let line = if table.is_empty() { "" } else { "\n" };
            // a table that nobody needs begins as a comment
            let mark = if keys::is_always(own) { "" } else { "#" };
            writeln!(out, "{line}{mark}[{}]", example(own))?;
            table = own;
        }
        writeln!(out, "\n# {}", key.about)?;
        let needed = if key.required { ", required" } else { "" };
        writeln!(out, "# {}: {}{needed}", keys::variable(&example(key.path)), key.kind.expected())?;
        if key.kind != Kind::Secret {
            writeln!(out, "#{name} = {}", value(key))?;
        }
    }
    Ok(())
}

/// A path with names where the operator has a choice.
fn example(path: &str) -> String {
    path.replace("chains.*", "chains.8453").replace("webhooks.*", "webhooks.books")
}

/// The default, or nothing, as a file has it.
fn value(key: &Key) -> String {
    match (key.kind, key.default) {
        (Kind::Number { .. } | Kind::Truth, Some(default)) => default.into(),
        (Kind::Urls(_), _) => "[]".into(),
        (_, default) => format!("{:?}", default.unwrap_or_default()),
    }
}
