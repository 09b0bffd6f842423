//! Prints the tables of `docs/protocol` that are made of this crate's own: each under a line `=== <name>`. `make
//! generate` puts them into the pages that name them, so a page shows what the code does.

// the crate's dependencies are not all needed here
#![allow(unused_crate_dependencies)]

use std::{
    fmt::{Display, Write as _},
    io::{self, Write as _},
};
use tgp_protocol::{
    Code, Reason,
    policy::Rule,
    session::{self, LegState, OrderState, PathState, SessionState},
    wire::{Kind, Plane},
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = String::new();
    // the tables of the three machines stand apart by empty lines, with headings between them
    let machines = session::table();
    let machines = machines.split("\n\n").filter(|part| part.starts_with('|'));
    for (name, table) in ["session", "timers", "path", "gateway", "payer", "payee"].into_iter().zip(machines) {
        writeln!(out, "=== {name}\n{}", table.trim_end())?;
    }
    views(&mut out)?;
    orders(&mut out)?;
    kinds(&mut out)?;
    rules(&mut out)?;
    errors(&mut out)?;
    reasons(&mut out)?;
    io::stdout().write_all(out.as_bytes())?;
    Ok(())
}

fn names<T: Copy + Display>(all: &[T], is_wanted: impl Fn(T) -> bool) -> String {
    let names: Vec<_> = all.iter().filter(|one| is_wanted(**one)).map(T::to_string).collect();
    names.join(", ")
}

/// Which states of the three machines can be one payment.
fn views(out: &mut String) -> std::fmt::Result {
    writeln!(out, "=== views\n| path | session | leg of a party |\n|---|---|---|")?;
    for path in PathState::ALL {
        let sessions = names(SessionState::ALL, |session| path.agrees_with(session));
        let legs = names(LegState::ALL, |leg| leg.agrees_with(*path));
        writeln!(out, "| {path} | {sessions} | {legs} |")?;
    }
    Ok(())
}

/// What a session makes of the contract's numbers.
fn orders(out: &mut String) -> std::fmt::Result {
    writeln!(out, "=== orders\n| number | order | session, once that is final |\n|---:|---|---|")?;
    for state in OrderState::ALL {
        let session = state.session_state().map_or("-", SessionState::as_str);
        writeln!(out, "| {} | {state} | {session} |", state.number())?;
    }
    Ok(())
}

fn kinds(out: &mut String) -> std::fmt::Result {
    writeln!(out, "=== kinds\n| plane | said by | kinds |\n|---|---|---|")?;
    for (plane, said_by) in [
        (Plane::Buyer, "`phase`"),
        (Plane::Gateway, "`message_type`"),
        (Plane::Exact, "`vpqVersion`, `vseVersion` or `posVersion`"),
    ] {
        let of_plane = Kind::ALL.iter().filter(|kind| kind.plane() == plane).map(|kind| kind.name());
        writeln!(out, "| {} | {said_by} | {} |", plane.letter(), of_plane.collect::<Vec<_>>().join(", "))?;
    }
    Ok(())
}

fn rules(out: &mut String) -> std::fmt::Result {
    writeln!(out, "=== rules\n| | stage | rule |\n|---:|---|---|")?;
    for (place, rule) in Rule::ALL.iter().enumerate() {
        writeln!(out, "| {} | {} | `{rule}` |", place + 1, format!("{:?}", rule.stage()).to_lowercase())?;
    }
    Ok(())
}

fn errors(out: &mut String) -> std::fmt::Result {
    writeln!(out, "=== errors\n| code | class | HTTP | on plane S | also read |\n|---|---|---:|---|---|")?;
    for code in Code::ALL {
        let others: Vec<_> = code.spellings().iter().map(|text| format!("`{text}`")).collect();
        let (class, http, dotted) = (code.class().letter(), code.http_status(), code.dotted());
        writeln!(out, "| `{code}` | {class} | {http} | `{dotted}` | {} |", others.join(", "))?;
    }
    Ok(())
}

fn reasons(out: &mut String) -> std::fmt::Result {
    writeln!(out, "=== reasons\n| reason | code | text |\n|---|---|---|")?;
    for reason in Reason::ALL {
        let text = reason.text().replace('|', "\\|").replace('<', "&lt;");
        writeln!(out, "| `{}` | {} | {text} |", reason.name(), reason.code())?;
    }
    Ok(())
}
