//! Sessions, paths and legs against tables that were typed from the documents, not taken from the code.

// the helpers of these tests are not tests themselves
#![allow(clippy::unwrap_used)]

mod legs;
mod life;
mod money;
mod tables;
mod timers;
mod views;

use std::collections::BTreeMap;
use tgp_protocol::{
    Code,
    session::{
        Duty, End, FinalBlock, Leg, LegEvent, LegFact, LegRole, LegStep, Role, Session, SessionEvent, SessionEventKind,
    },
    value::{Secret, Timestamp},
};

type Table = BTreeMap<(String, String), String>;

fn reference(text: &str) -> Table {
    let mut table = Table::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let words: Vec<_> = line.split_whitespace().map(|word| word.replace("PATH:", "").replace('-', " ")).collect();
        let [from, event, to] = words.try_into().expect("three columns");
        assert_eq!(table.insert((from, event), to), None, "a row stands twice: {line}");
    }
    table
}

fn names<T: ToString>(all: impl IntoIterator<Item = T>) -> Vec<String> {
    let mut names: Vec<_> = all.into_iter().map(|one| one.to_string()).collect();
    names.sort();
    names
}

const DEEP: u64 = 1000;

fn block() -> FinalBlock {
    FinalBlock::check(7, DEEP).unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_795_255_200_000 + seconds * 1000)
}

/// An event of each kind, as it may come in any state.
fn event(kind: SessionEventKind) -> SessionEvent {
    use SessionEventKind as Kind;
    let offer_id = || "offer-1".parse().unwrap();
    let last = |end| SessionEvent::Final { end, block: block() };
    match kind {
        Kind::Query => SessionEvent::Query { query_id: "q-1".parse().unwrap() },
        Kind::Offer => SessionEvent::Offer { offer_id: offer_id(), expires_at: None },
        Kind::Accept => SessionEvent::Accept { offer_id: offer_id() },
        Kind::Reject => SessionEvent::Reject,
        Kind::Broadcast => SessionEvent::Broadcast { tx: [9; 32].into() },
        Kind::Locked => SessionEvent::Locked { ends_at: at(7200) },
        Kind::Reorged => SessionEvent::Reorged,
        Kind::Settle => SessionEvent::Settle,
        Kind::Retried => SessionEvent::Retried,
        Kind::TimedOut => SessionEvent::TimedOut,
        Kind::Failed => SessionEvent::Failed { code: Code::Internal },
        Kind::Paid => last(End::Paid),
        Kind::Split => last(End::Split),
        Kind::Refunded => last(End::Refunded),
        Kind::Dead => last(End::Dead),
    }
}

fn session() -> Session {
    Session::open("sess-1".parse().unwrap(), Role::Buyer, at(0))
}

/// A session to which these things happened, all at once.
fn after(kinds: &[SessionEventKind]) -> Session {
    let mut session = session();
    for kind in kinds {
        session.apply(event(*kind), at(0)).unwrap_or_else(|error| panic!("{kind}: {error}"));
    }
    session
}

fn secret() -> Secret {
    Secret::from([0x7f; 32])
}

fn quoted(role: LegRole) -> Leg {
    Leg::quoted(role, secret().hash_lock())
}

fn leg_events() -> Vec<LegEvent> {
    let steps = LegStep::ALL.iter().map(|step| LegEvent::Step(*step));
    let facts = LegFact::ALL.iter().map(|fact| LegEvent::Fact(*fact));
    steps.chain(facts).chain([LegEvent::Secret]).collect()
}

fn apply_leg(leg: &mut Leg, event: LegEvent) -> tgp_protocol::Result<Vec<Duty>> {
    let transition = match event {
        LegEvent::Step(step) => leg.apply(step)?,
        LegEvent::Fact(fact) => leg.observe(fact, block())?,
        LegEvent::Secret => leg.learn(&secret())?,
    };
    Ok(transition.duties.to_vec())
}
