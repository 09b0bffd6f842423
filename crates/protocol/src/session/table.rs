use super::{GATEWAY, PATHS, PAYEE, PAYER, SESSIONS, TIMERS};
use crate::{Error, Reason, Result};
use std::fmt::{Display, Write};

/// Declares an enum of plain names: its variants with what the documents call them.
macro_rules! names {
    ($(#[$about:meta])* $name:ident { $($(#[$about_variant:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$about_variant])* #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name in documents and on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(super) use names;

names! {
    /// What whoever drives a machine must do after a transition, beside writing it to the journal.
    Duty {
        /// Write a snapshot of the session.
        Snapshot = "snapshot",
        /// Send the other side an ERROR.
        SendError = "send ERROR",
        /// Look at the chain: what is there decides.
        AskChain = "ask chain",
        /// Write the transaction detail record.
        Record = "record",
        /// Call a human.
        Alarm = "alarm",
        /// Broadcast the claim of the incoming lock before anything else.
        Claim = "claim",
        /// Broadcast the refund of the outgoing lock.
        Refund = "refund",
        /// Only now may the incoming lock be given back.
        GiveBack = "give back",
    }
}

/// One row of a machine: in `from`, `event` leads to `to`.
///
/// ```
/// use tgp_protocol::session::{Duty, PATHS, PathEnd, PathState, Row};
///
/// let missed = PathState::Closed(PathEnd::ClaimMissed);
/// let rows: Vec<&Row<_, _>> = PATHS.iter().filter(|row| row.to == missed).collect();
/// assert_eq!((rows.len(), rows[0].from), (1, PathState::Proved));
/// assert_eq!(rows[0].duties, [Duty::Alarm, Duty::Record]);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Row<S: 'static, E: 'static> {
    /// Where it stands.
    pub from: S,
    /// What happens.
    pub event: E,
    /// Where it stands then.
    pub to: S,
    /// What is to be done.
    pub duties: &'static [Duty],
    /// Where this comes from.
    pub note: &'static str,
}

/// A row, written in one line.
pub(super) const fn row<S, E>(from: S, event: E, to: S, duties: &'static [Duty], note: &'static str) -> Row<S, E> {
    Row { from, event, to, duties, note }
}

/// A transition that was made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Transition<S> {
    /// Where it stood.
    pub from: S,
    /// A state that the same journal record passes through.
    pub through: Option<S>,
    /// Where it stands.
    pub to: S,
    /// What is to be done.
    pub duties: &'static [Duty],
}

/// The row for an event, or why there is none: a machine that has no way on at all has ended.
pub(super) fn step<S: PartialEq, E: PartialEq>(
    rows: &'static [Row<S, E>],
    from: &S,
    event: &E,
) -> Result<&'static Row<S, E>> {
    let mut ways = rows.iter().filter(|row| row.from == *from).peekable();
    if ways.peek().is_none() {
        return Err(Reason::Ended.into());
    }
    ways.find(|row| row.event == *event).ok_or_else(|| Error::from(Reason::WrongState))
}

/// Every table of this module in Markdown: what `docs/` shows is what the code does.
///
/// ```
/// let tables = tgp_protocol::session::table();
/// assert!(tables.starts_with("## Session\n\n| from | event | to | to do | why |\n"));
/// assert!(tables.contains("| PROVED | settled, final | SETTLED | record | R-026, C-43 |"));
/// ```
#[must_use]
pub fn table() -> String {
    let mut out = String::new();
    section(&mut out, "Session", SESSIONS);
    timers(&mut out);
    section(&mut out, "Path", PATHS);
    section(&mut out, "Leg of a gateway", GATEWAY);
    section(&mut out, "Leg of a payer", PAYER);
    section(&mut out, "Leg of a payee", PAYEE);
    out
}

// writing to a String cannot fail
fn section<S: Display, E: Display>(out: &mut String, title: &str, rows: &[Row<S, E>]) {
    let _ = writeln!(out, "## {title}\n\n| from | event | to | to do | why |\n|---|---|---|---|---|");
    for row in rows {
        let duties: Vec<_> = row.duties.iter().map(|duty| duty.as_str()).collect();
        let _ = writeln!(out, "| {} | {} | {} | {} | {} |", row.from, row.event, row.to, duties.join(", "), row.note);
    }
    out.push('\n');
}

fn timers(out: &mut String) {
    out.push_str("| timer | seconds | then | why |\n|---|---|---|---|\n");
    for rule in &TIMERS {
        let _ = writeln!(out, "| {} | {} | {} | {} |", rule.kind, rule.after.as_secs(), rule.action, rule.note);
    }
    out.push('\n');
}
