//! Sessions, paths and legs against tables that were typed from the documents, not taken from the code.

// the helpers of these tests are not tests themselves
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use std::collections::BTreeMap;
use tgp_protocol::{
    Code, Reason,
    session::{
        Dated, Duty, End, FinalBlock, GATEWAY, Leg, LegEvent, LegFact, LegRole, LegState, LegStep, OrderState, Outcome,
        PATHS, PAYEE, PAYER, Path, PathEnd, PathEvent, PathFact, PathState, PathStep, Role, SESSIONS, Session,
        SessionEvent, SessionEventKind, SessionState, TIMERS, TimerAction, TimerKind, session_id, table,
    },
    value::Timestamp,
};

/// 004 sections 2.3 and 4, with C-11, C-14, C-43, C-46 and D-20.
const SESSION: &str = "
    Idle           QUERY             QuerySent
    Idle           ERROR             Errored
    QuerySent      OFFER             OfferReceived
    QuerySent      rejected          Errored
    QuerySent      timed-out         Errored
    QuerySent      ERROR             Errored
    OfferReceived  ACCEPT            AcceptSent
    OfferReceived  rejected          Errored
    OfferReceived  timed-out         Errored
    OfferReceived  ERROR             Errored
    OfferReceived  broadcast         Finalizing
    OfferReceived  locked-on-chain   Finalizing
    OfferReceived  SETTLE            OfferReceived
    AcceptSent     broadcast         Finalizing
    AcceptSent     locked-on-chain   Finalizing
    AcceptSent     SETTLE            AcceptSent
    AcceptSent     timed-out         Errored
    AcceptSent     ERROR             Errored
    Finalizing     ACCEPT            Finalizing
    Finalizing     broadcast         Finalizing
    Finalizing     locked-on-chain   Finalizing
    Finalizing     reorged           Finalizing
    Finalizing     SETTLE            Finalizing
    Finalizing     ERROR             Finalizing
    Finalizing     retried           Finalizing
    Finalizing     paid,-final       Settled
    Finalizing     split,-final      Settled
    Finalizing     refunded,-final   Errored
    Finalizing     dead,-final       Errored";

/// 000 and 002 section 3, with C-14 and D-21.
const PATH: &str = "
    DISCOVER  ADVERT                PATH:QUOTED
    QUOTED    SELECT                PATH:SELECTED
    SELECTED  LOCKED                PATH:LOCKED
    LOCKED    service-begins        PATH:SERVING
    LOCKED    PROOF                 PATH:PROVED
    SERVING   PROOF                 PATH:PROVED
    SELECTED  PROOF                 PATH:PROVED
    PROVED    settled,-final        PATH:SETTLED
    SETTLED   closed                CLOSED-(settled)
    SELECTED  refunded,-final       PATH:REFUNDED
    LOCKED    refunded,-final       PATH:REFUNDED
    SERVING   refunded,-final       PATH:REFUNDED
    REFUNDED  closed                CLOSED-(refunded)
    DISCOVER  abandoned             CLOSED-(abandoned)
    QUOTED    abandoned             CLOSED-(abandoned)
    SELECTED  never-locked,-final   CLOSED-(abandoned)
    PROVED    claim-missed,-final   CLOSED-(claim-missed)";

/// The steps J1 to J15 of a gateway.
const GATEWAY_LEG: &str = "
    Quoted         SELECT                   InLockPending
    Quoted         quote-expired            Dead
    InLockPending  in-locked,-final         InLockFinal
    InLockPending  in-never-locked,-final   Dead
    InLockPending  in-refunded,-final       Refunded
    InLockFinal    lock-signed              OutReserved
    InLockFinal    not-forwarded            OutDead
    InLockFinal    in-refunded,-final       Refunded
    OutReserved    lock-broadcast           OutBroadcast
    OutReserved    out-locked,-final        OutLockFinal
    OutReserved    out-never-locked,-final  OutDead
    OutReserved    secret-known             SecretKnown
    OutReserved    in-refunded,-final       InGone
    OutBroadcast   out-locked,-final        OutLockFinal
    OutBroadcast   out-never-locked,-final  OutDead
    OutBroadcast   secret-known             SecretKnown
    OutBroadcast   in-refunded,-final       InGone
    OutLockFinal   LOCKED                   Locked
    OutLockFinal   secret-known             SecretKnown
    OutLockFinal   refund-signed            OutRefunding
    OutLockFinal   out-refunded,-final      OutDead
    OutLockFinal   in-refunded,-final       InGone
    Locked         secret-known             SecretKnown
    Locked         refund-signed            OutRefunding
    Locked         out-refunded,-final      OutDead
    Locked         in-refunded,-final       InGone
    OutRefunding   secret-known             SecretKnown
    OutRefunding   out-refunded,-final      OutDead
    OutRefunding   in-refunded,-final       InGone
    OutDead        release-signed           InReleased
    OutDead        in-refunded,-final       Refunded
    InReleased     in-refunded,-final       Refunded
    SecretKnown    in-claimed,-final        InClaimed
    SecretKnown    out-claimed,-final       OutEnded
    SecretKnown    out-refunded,-final      OutEnded
    SecretKnown    in-refunded,-final       ClaimMissed
    InClaimed      out-claimed,-final       Settled
    InClaimed      out-refunded,-final      Settled
    OutEnded       in-claimed,-final        Settled
    OutEnded       in-refunded,-final       ClaimMissed
    InGone         out-locked,-final        InGone
    InGone         refund-signed            InGone
    InGone         out-never-locked,-final  Refunded
    InGone         out-refunded,-final      Refunded
    InGone         secret-known             ClaimMissed";

/// The steps JA1 to JA6 of a payer.
const PAYER_LEG: &str = "
    Quoted         lock-signed              OutReserved
    Quoted         quote-expired            Dead
    OutReserved    lock-broadcast           OutBroadcast
    OutReserved    out-locked,-final        OutLockFinal
    OutReserved    out-never-locked,-final  Dead
    OutReserved    secret-known             SecretKnown
    OutBroadcast   out-locked,-final        OutLockFinal
    OutBroadcast   out-never-locked,-final  Dead
    OutBroadcast   secret-known             SecretKnown
    OutLockFinal   LOCKED                   Locked
    OutLockFinal   secret-known             SecretKnown
    OutLockFinal   refund-signed            OutRefunding
    OutLockFinal   out-refunded,-final      Refunded
    Locked         secret-known             SecretKnown
    Locked         refund-signed            OutRefunding
    Locked         out-refunded,-final      Refunded
    OutRefunding   secret-known             SecretKnown
    OutRefunding   out-refunded,-final      Refunded
    SecretKnown    out-claimed,-final       Settled
    SecretKnown    out-refunded,-final      ClaimMissed";

/// The steps JC1 to JC5 of a payee.
const PAYEE_LEG: &str = "
    Quoted         SELECT                   InLockPending
    Quoted         quote-expired            Dead
    InLockPending  in-locked,-final         InLockFinal
    InLockPending  in-never-locked,-final   Dead
    InLockPending  in-refunded,-final       Refunded
    InLockFinal    LOCKED                   Locked
    InLockFinal    release-signed           InReleased
    InLockFinal    in-refunded,-final       Refunded
    Locked         secret-known             SecretKnown
    Locked         release-signed           InReleased
    Locked         in-refunded,-final       Refunded
    InReleased     in-refunded,-final       Refunded
    SecretKnown    in-claimed,-final        Settled
    SecretKnown    in-refunded,-final       ClaimMissed";

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

/// Every event in every state that can be reached: allowed and leading where the reference says, or refused without a
/// change. Gives back the states that were reached.
fn explore<M: Clone, E: Copy>(
    start: M,
    table: &Table,
    events: &[E],
    name: impl Fn(E) -> String,
    state: impl Fn(&M) -> String,
    apply: impl Fn(&mut M, E) -> tgp_protocol::Result<()>,
) -> Vec<String> {
    let mut reached = BTreeMap::from([(state(&start), start.clone())]);
    let mut open = vec![start];
    while let Some(machine) = open.pop() {
        let from = state(&machine);
        let is_end = !table.keys().any(|(state, _)| *state == from);
        for &event in events {
            let mut next = machine.clone();
            let result = apply(&mut next, event);
            match table.get(&(from.clone(), name(event))) {
                Some(to) => {
                    result.unwrap_or_else(|error| panic!("{from} + {}: {error}", name(event)));
                    assert_eq!(state(&next), *to, "{from} + {}", name(event));
                    if !reached.contains_key(to) {
                        reached.insert(to.clone(), next.clone());
                        open.push(next);
                    }
                }
                None => {
                    let reason = result.expect_err(&format!("{from} + {}", name(event))).reason();
                    assert_eq!(reason, if is_end { Reason::Ended } else { Reason::WrongState }, "{from}");
                    assert_eq!(state(&next), from, "a refused event changes nothing");
                }
            }
        }
    }
    reached.into_keys().collect()
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

/// Applies it at a time when its own deadline allows it: a timeout behind the timer, all else at its beginning.
fn apply_in_time(session: &mut Session, kind: SessionEventKind) -> tgp_protocol::Result<()> {
    let late = session.timeout_at().map_or(at(0), |last| Timestamp::from_millis(last.millis() + 1));
    let now = if kind == SessionEventKind::TimedOut { late } else { at(0) };
    session.apply(event(kind), now).map(|_| ())
}

/// Shows ..R-448, R-450..R-460, R-462.
#[test]
fn sessions_follow_the_documents_table() {
    let table = reference(SESSION);
    for role in Role::ALL {
        let start = Session::open("sess-1".parse().unwrap(), *role, at(0));
        let kinds = SessionEventKind::ALL;
        let state = |session: &Session| session.state().to_string();
        let reached = explore(start, &table, kinds, |kind| kind.to_string(), state, apply_in_time);
        assert_eq!(reached, names(SessionState::ALL));
    }
}

/// Shows.
#[test]
fn paths_follow_the_documents_table() {
    let steps = PathStep::ALL.iter().map(|step| PathEvent::Step(*step));
    let events: Vec<_> = steps.chain(PathFact::ALL.iter().map(|fact| PathEvent::Fact(*fact))).collect();
    let apply = |path: &mut Path, event| match event {
        PathEvent::Step(step) => path.apply(step).map(|_| ()),
        PathEvent::Fact(fact) => path.observe(fact, block()).map(|_| ()),
    };
    let table = reference(PATH);
    let reached =
        explore(Path::discover(), &table, &events, |event| event.to_string(), |path| path.state().to_string(), apply);
    assert_eq!(reached, names(PathState::ALL));
    // 000 and 002 have nine names
    let mut words: Vec<_> = PathState::ALL.iter().map(|state| state.as_str()).collect();
    words.dedup();
    assert_eq!(words.len(), 9);
}

fn leg_events() -> Vec<LegEvent> {
    let steps = LegStep::ALL.iter().map(|step| LegEvent::Step(*step));
    steps.chain(LegFact::ALL.iter().map(|fact| LegEvent::Fact(*fact))).collect()
}

fn apply_leg(leg: &mut Leg, event: LegEvent) -> tgp_protocol::Result<Vec<Duty>> {
    let transition = match event {
        LegEvent::Step(step) => leg.apply(step)?,
        LegEvent::Fact(fact) => leg.observe(fact, block())?,
    };
    Ok(transition.duties.to_vec())
}

/// Shows.
#[test]
fn legs_follow_the_steps_of_their_role() {
    use LegState::{InClaimed, InGone, InLockFinal, InLockPending, InReleased, OutBroadcast, OutDead};
    use LegState::{OutEnded, OutLockFinal, OutRefunding, OutReserved};
    let not_of = |role: LegRole| match role {
        LegRole::Gateway => vec![],
        LegRole::Payer => vec![InLockPending, InLockFinal, InReleased, InGone, InClaimed, OutDead, OutEnded],
        LegRole::Payee => {
            vec![OutReserved, OutBroadcast, OutLockFinal, OutRefunding, OutDead, OutEnded, InGone, InClaimed]
        }
    };
    for (role, text) in [(LegRole::Gateway, GATEWAY_LEG), (LegRole::Payer, PAYER_LEG), (LegRole::Payee, PAYEE_LEG)] {
        let reached = explore(
            Leg::quoted(role),
            &reference(text),
            &leg_events(),
            |event| event.to_string(),
            |leg| leg.state().to_string(),
            |leg, event| apply_leg(leg, event).map(|_| ()),
        );
        let others = not_of(role);
        assert_eq!(reached, names(LegState::ALL.iter().filter(|state| !others.contains(state))), "{role}");
    }
}

/// The rules of the money, read off the tables: they hold whatever rows are added.
#[test]
fn legs_keep_their_money_whole() {
    for row in GATEWAY {
        let locks_out = row.event == LegEvent::Step(LegStep::Reserve);
        assert!(!locks_out || row.from == LegState::InLockFinal, "D-18: {row:?}");
        let gives_back = row.event == LegEvent::Step(LegStep::Release);
        assert!(!gives_back || row.from == LegState::OutDead, "D-21: {row:?}");
    }
    let secret_known =
        [LegState::SecretKnown, LegState::InClaimed, LegState::OutEnded, LegState::Settled, LegState::ClaimMissed];
    for row in GATEWAY.iter().chain(PAYER).chain(PAYEE) {
        let learned = row.event == LegEvent::Step(LegStep::Secret);
        assert_eq!(secret_known.contains(&row.to), secret_known.contains(&row.from) || learned, "{row:?}");
        assert!(!secret_known.contains(&row.from) || matches!(row.event, LegEvent::Fact(_)), "after J10: {row:?}");
        assert_eq!(
            row.to.is_end() && row.to != LegState::Dead,
            row.duties.contains(&Duty::Record) && row.to != LegState::Dead
        );
    }
    let gives_back = GATEWAY.iter().filter(|row| row.to == LegState::OutDead);
    assert!(gives_back.into_iter().all(|row| row.duties == [Duty::GiveBack]));
    // a loss calls somebody: the gateway's and the payee's, not the payer's, who has his money back
    for row in GATEWAY.iter().chain(PAYEE).filter(|row| row.to == LegState::ClaimMissed) {
        assert!(row.duties.contains(&Duty::Alarm), "{row:?}");
    }
}

/// Shows ..R-466 and the timers of C-46, a millisecond before, at and after each.
#[test]
fn timers_are_due_after_their_last_instant() {
    use SessionEventKind::{Accept, Broadcast, Locked, Offer, Query};
    let cases: [(&[SessionEventKind], TimerKind, i64, TimerAction); 5] = [
        (&[Query], TimerKind::QuerySent, 30, TimerAction::Fail),
        (&[Query, Offer], TimerKind::OfferReceived, 300, TimerAction::AskChainThenFail),
        (&[Query, Offer, Accept], TimerKind::AcceptSent, 300, TimerAction::AskChainThenFail),
        (&[Query, Offer, Broadcast], TimerKind::TxPending, 600, TimerAction::AlarmAndRebroadcast),
        (&[Query, Offer, Locked], TimerKind::EscrowOpen, 7200 + 600, TimerAction::AskChainAndCollect),
    ];
    for (kinds, timer, seconds, action) in cases {
        let session = after(kinds);
        assert_eq!(session.timeout_at(), Some(at(seconds)), "{timer}");
        for (millis, is_over) in [(-1, false), (0, false), (1, true)] {
            let now = Timestamp::from_millis(at(seconds).millis() + millis);
            let due = session.due(now).map(|due| (due.timer.kind, due.action));
            assert_eq!(due, is_over.then_some((timer, action)), "{timer} {millis}");
            assert_eq!(session.is_timed_out(now), is_over);
            let mut next = session.clone();
            let result = next.apply(SessionEvent::TimedOut, now).map(|transition| transition.to);
            let can_fail = matches!(action, TimerAction::Fail | TimerAction::AskChainThenFail);
            match (can_fail, is_over) {
                (true, true) => assert_eq!(result.unwrap(), SessionState::Errored),
                (true, false) => assert_eq!(result.unwrap_err().reason(), Reason::NotDue),
                // D-20: no timeout turns a broadcast into a failure
                (false, _) => assert_eq!(result.unwrap_err().reason(), Reason::WrongState),
            }
        }
    }
    for (rule, kind) in TIMERS.iter().zip(TimerKind::ALL) {
        assert_eq!((rule, rule.kind), (kind.rule(), *kind));
    }
    assert_eq!(session().due(at(1_000_000)), None, "nothing runs before the QUERY");
}

/// The offer's own expiry counts where it is sooner.
#[test]
fn offers_end_at_the_sooner_of_two_times() {
    for (expiry, expected) in [(299, 299), (300, 300), (301, 300), (3600, 300)] {
        let mut session = after(&[SessionEventKind::Query]);
        let offer = SessionEvent::Offer { offer_id: "offer-1".parse().unwrap(), expires_at: Some(at(expiry)) };
        session.apply(offer, at(0)).unwrap();
        assert_eq!(session.timeout_at(), Some(at(expected)));
        let mut late = session.clone();
        assert!(session.apply(event(SessionEventKind::Accept), at(expected)).is_ok());
        let error = late.apply(event(SessionEventKind::Accept), at(expected + 1)).unwrap_err();
        assert_eq!(error.code(), Code::QuoteExpired);
        // money is never late
        assert!(late.apply(event(SessionEventKind::Locked), at(expected + 1)).is_ok());
    }
    let mut session = after(&[SessionEventKind::Query]);
    let over = SessionEvent::Offer { offer_id: "offer-1".parse().unwrap(), expires_at: Some(at(0)) };
    assert_eq!(session.apply(over, at(0)).unwrap_err().code(), Code::QuoteExpired);
    assert_eq!(session.apply(event(SessionEventKind::Offer), at(31)).unwrap_err().code(), Code::Timeout);
    assert_eq!(session.state(), SessionState::QuerySent);
}

#[test]
fn accept_names_the_offer_of_the_session() {
    let mut session = after(&[SessionEventKind::Query, SessionEventKind::Offer]);
    let other = SessionEvent::Accept { offer_id: "offer-2".parse().unwrap() };
    let error = session.apply(other, at(0)).unwrap_err();
    assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::OtherOffer, "offer_id"));
}

/// Shows R-478: SETTLE leads to a look at the chain, and nothing but a final block settles.
#[test]
fn only_a_final_block_settles() {
    use SessionEventKind::{Accept, Broadcast, Locked, Offer, Query, Settle};
    let states: [&[SessionEventKind]; 4] =
        [&[Query, Offer], &[Query, Offer, Accept], &[Query, Offer, Broadcast], &[Query, Offer, Locked]];
    for kinds in states {
        let mut session = after(kinds);
        let before = session.state();
        let transition = session.apply(event(Settle), at(0)).unwrap();
        assert_eq!((transition.to, transition.duties), (before, &[Duty::AskChain][..]));
    }
    for row in SESSIONS.iter().filter(|row| row.to == SessionState::Settled) {
        assert!(matches!(row.event, SessionEventKind::Paid | SessionEventKind::Split));
    }
    assert_eq!(FinalBlock::check(101, 100), Err(Reason::NotFinalYet));
    assert_eq!(tgp_protocol::Error::from(Reason::NotFinalYet).code(), Code::NotFinal);
    assert!(FinalBlock::check(100, 100).is_ok());
}

/// Shows: each end leaves a record, and the three moments of section 13 a snapshot.
#[test]
fn ends_leave_a_record_and_milestones_a_snapshot() {
    for row in SESSIONS {
        assert_eq!(row.duties.contains(&Duty::Record), row.to.is_end(), "{row:?}");
        let milestone =
            matches!(row.event, SessionEventKind::Query | SessionEventKind::Offer) || row.to == SessionState::Settled;
        assert_eq!(row.duties.contains(&Duty::Snapshot), milestone, "{row:?}");
    }
}

/// C-11: without an ACCEPT the first evidence passes three states in one record.
#[test]
fn evidence_passes_through_accept_sent() {
    for kind in [SessionEventKind::Broadcast, SessionEventKind::Locked] {
        let mut session = after(&[SessionEventKind::Query, SessionEventKind::Offer]);
        let transition = session.apply(event(kind), at(1)).unwrap();
        let path = (transition.from, transition.through, transition.to);
        assert_eq!(path, (SessionState::OfferReceived, Some(SessionState::AcceptSent), SessionState::Finalizing));
        let mut session = after(&[SessionEventKind::Query, SessionEventKind::Offer, SessionEventKind::Accept]);
        assert_eq!(session.apply(event(kind), at(1)).unwrap().through, None);
    }
}

#[test]
fn a_payment_under_way_is_pending_or_open() {
    use SessionEventKind::{Broadcast, Locked, Offer, Query, Reorged, Retried};
    let mut session = after(&[Query, Offer, Broadcast]);
    let kind = |session: &Session| session.timer().unwrap().kind;
    session.apply(event(Retried), at(700)).unwrap();
    assert_eq!((kind(&session), session.timeout_at()), (TimerKind::TxPending, Some(at(1300))));
    session.apply(event(Locked), at(710)).unwrap();
    session.apply(event(Broadcast), at(711)).unwrap();
    assert_eq!((kind(&session), session.timeout_at()), (TimerKind::EscrowOpen, Some(at(7800))));
    session.apply(event(Reorged), at(720)).unwrap();
    assert_eq!((kind(&session), session.timeout_at()), (TimerKind::TxPending, Some(at(1320))));
    session.apply(event(Locked), at(730)).unwrap();
    session.apply(event(Retried), at(8000)).unwrap();
    assert_eq!((kind(&session), session.timeout_at()), (TimerKind::EscrowOpen, Some(at(8600))));
    assert_eq!(session.state(), SessionState::Finalizing);
}

/// The numbers of the contract, and what a session makes of them.
#[test]
fn order_states_map_to_sessions() {
    use SessionState::{Errored, Finalizing, Settled};
    let expected = [
        None,
        Some(Finalizing),
        None,
        Some(Finalizing),
        Some(Finalizing),
        Some(Finalizing),
        Some(Settled),
        Some(Finalizing),
        Some(Errored),
        Some(Finalizing),
        Some(Settled),
    ];
    for number in 0..=u8::MAX {
        let state = OrderState::from_number(number);
        assert_eq!(state.map(OrderState::number), (number <= 10).then_some(number));
        let Some(state) = state else { continue };
        assert_eq!(state.session_state(), expected[usize::from(number)], "{state}");
        let Some(end) = state.end() else {
            assert_eq!(state.session_state().filter(|state| state.is_end()), None);
            continue;
        };
        let mut session = after(&[SessionEventKind::Query, SessionEventKind::Offer, SessionEventKind::Locked]);
        session.apply(SessionEvent::Final { end, block: block() }, at(0)).unwrap();
        assert_eq!(Some(session.state()), state.session_state());
        assert_eq!(session.outcome(), Some(Outcome::Final(end)));
    }
}

/// Shows.
#[test]
fn a_session_holds_the_documents_fields() {
    let id = session_id([0xab; 16]).unwrap();
    assert_eq!(id.as_str(), "sess-abababab-abab-4bab-abab-abababababab");
    let mut session = Session::open(id.clone(), Role::Controller, at(0));
    session.apply(event(SessionEventKind::Query), at(1)).unwrap();
    session.apply(event(SessionEventKind::Offer), at(2)).unwrap();
    assert_eq!((session.session_id(), session.role()), (&id, Role::Controller));
    assert_eq!(session.query_id().unwrap().as_str(), "q-1");
    assert_eq!(session.offer_id().unwrap().as_str(), "offer-1");
    assert_eq!((session.created_at(), session.updated_at(), session.timeout_at()), (at(0), at(2), Some(at(302))));
    assert_eq!(session.role().meaning(session.state()), "OFFER sent");
    assert_eq!(Role::Buyer.meaning(session.state()), "OFFER received");
}

#[test]
fn the_tables_print_every_row_once() {
    let text = table();
    let rows = SESSIONS.len() + PATHS.len() + GATEWAY.len() + PAYER.len() + PAYEE.len() + TIMERS.len();
    let lines: Vec<_> = text.lines().filter(|line| line.starts_with("| ")).collect();
    // six headings
    assert_eq!(lines.len(), rows + 6);
    assert!(lines.contains(&"| Idle | QUERY | QuerySent | snapshot | R-450, R-546 |"), "{text}");
    assert!(lines.iter().all(|line| !line.contains("unknown")));
    for row in SESSIONS {
        let twice = SESSIONS.iter().filter(|other| (other.from, other.event) == (row.from, row.event)).count();
        assert_eq!(twice, 1, "{row:?}");
    }
}

/// One payment seen three ways: what each step of a leg is for the path and for the session, by hand.
struct Views {
    leg: Leg,
    path: Path,
    session: Session,
}

impl Views {
    fn quoted(role: LegRole) -> Self {
        let mut path = Path::discover();
        path.apply(PathStep::Advert).unwrap();
        Self { leg: Leg::quoted(role), path, session: after(&[SessionEventKind::Query, SessionEventKind::Offer]) }
    }

    fn step(&mut self, step: PathStep) {
        self.path.apply(step).unwrap_or_else(|error| panic!("{step} in {}: {error}", self.path.state()));
    }

    fn fact(&mut self, fact: PathFact) {
        self.path.observe(fact, block()).unwrap_or_else(|error| panic!("{fact} in {}: {error}", self.path.state()));
    }

    fn session(&mut self, kind: SessionEventKind) {
        let state = self.session.state();
        self.session.apply(event(kind), at(0)).unwrap_or_else(|error| panic!("{kind} in {state}: {error}"));
    }

    /// Lets it happen in all three, or in none.
    fn happen(&mut self, event: LegEvent, serve: bool) -> bool {
        use SessionEventKind as Kind;
        let from = self.leg.state();
        if apply_leg(&mut self.leg, event).is_err() {
            return false;
        }
        if event == LegEvent::Step(LegStep::Secret) {
            self.step(PathStep::Proof);
        }
        match (from, self.leg.state()) {
            (_, LegState::InLockPending) => {
                self.step(PathStep::Select);
                self.session(Kind::Accept);
            }
            (LegState::Quoted, LegState::OutReserved) => {
                self.step(PathStep::Select);
                self.session(Kind::Broadcast);
            }
            (_, LegState::InLockFinal) => self.session(Kind::Locked),
            (_, LegState::Locked) => {
                self.step(PathStep::Locked);
                if serve {
                    self.step(PathStep::Serve);
                }
            }
            (LegState::Quoted, LegState::Dead) => {
                self.step(PathStep::Abandon);
                self.session(Kind::Reject);
            }
            (LegState::InLockPending, LegState::Dead) => {
                self.fact(PathFact::NeverLocked);
                self.session(Kind::Failed);
            }
            (_, LegState::Dead) => {
                self.fact(PathFact::NeverLocked);
                self.session(Kind::Dead);
            }
            (LegState::InLockPending, LegState::Refunded) => {
                self.fact(PathFact::Refunded);
                self.session(Kind::Locked);
                self.session(Kind::Refunded);
            }
            (_, LegState::Refunded) => {
                self.fact(PathFact::Refunded);
                self.session(Kind::Refunded);
            }
            (_, LegState::Settled) => {
                self.fact(PathFact::Settled);
                self.session(Kind::Paid);
            }
            (_, LegState::ClaimMissed) => {
                self.fact(PathFact::ClaimMissed);
                self.session(Kind::Refunded);
            }
            _ => {}
        }
        true
    }
}

proptest! {
    /// Shows: whatever happens to a leg in whatever order, its path and session say the same.
    #[test]
    fn three_views_agree_after_every_event(
        role in prop::sample::select(LegRole::ALL),
        serve in any::<bool>(),
        choices in prop::collection::vec(any::<prop::sample::Index>(), 1..60),
    ) {
        let events = leg_events();
        let mut views = Views::quoted(role);
        for choice in choices {
            // choose among what is possible, so that a run gets far
            let possible: Vec<_> =
                events.iter().filter(|event| apply_leg(&mut views.leg.clone(), **event).is_ok()).collect();
            if possible.is_empty() {
                break;
            }
            prop_assert!(views.happen(*possible[choice.index(possible.len())], serve));
            let (leg, path, session) = (views.leg.state(), views.path.state(), views.session.state());
            prop_assert!(leg.agrees_with(path), "{leg} is not {path}");
            prop_assert!(path.agrees_with(session), "{path} is not {session}");
            prop_assert_eq!(leg.is_end(), session.is_end());
        }
    }

    /// Random events at random times, against the reference; the journal of those that counted gives the same session.
    #[test]
    fn sessions_replay_to_what_they_are(steps in prop::collection::vec((any::<prop::sample::Index>(), 0_i64..400), 0..40)) {
        let table = reference(SESSION);
        let mut live = session();
        let mut journal = Vec::new();
        let mut now = 0;
        for (choice, wait) in steps {
            // ACCEPT names an offer, so it comes only when one was made: the other case has its own test
            let kind = SessionEventKind::ALL[choice.index(SessionEventKind::ALL.len())];
            now += wait;
            let before = live.clone();
            let expected = table.get(&(before.state().to_string(), kind.to_string()));
            match live.apply(event(kind), at(now)) {
                Ok(transition) => {
                    prop_assert_eq!(Some(&transition.to.to_string()), expected);
                    prop_assert_eq!(live.updated_at(), at(now));
                    prop_assert_eq!(live.outcome().is_some(), live.state().is_end());
                    journal.push(Dated { at: at(now), event: event(kind) });
                }
                Err(error) => {
                    prop_assert_eq!(&live, &before);
                    let by_time = matches!(error.reason(), Reason::NotDue | Reason::TooLate | Reason::InThePast);
                    prop_assert!(expected.is_none() || by_time, "{}", error);
                    prop_assert!(!before.state().is_end() || error.reason() == Reason::Ended);
                }
            }
            let replayed = Session::replay("sess-1".parse().unwrap(), Role::Buyer, at(0), &journal).unwrap();
            prop_assert_eq!(&replayed, &live);
        }
        // what the journal keeps is text
        for dated in journal {
            let value = tgp_protocol::json::to_value(&dated).unwrap();
            prop_assert_eq!(tgp_protocol::json::from_value::<Dated>(&value).unwrap(), dated);
        }
    }
}

/// Nothing leads out of an end: every event in every end, not only those of the tables.
#[test]
fn ends_absorb() {
    for role in LegRole::ALL {
        for state in LegState::ALL.iter().filter(|state| state.is_end()) {
            assert!(role.table().iter().all(|row| row.from != *state), "{role}: {state}");
        }
    }
    for end in PathEnd::ALL {
        assert!(PATHS.iter().all(|row| row.from != PathState::Closed(*end)));
    }
    for row in SESSIONS {
        assert!(!row.from.is_end(), "{row:?}");
    }
    // never REFUNDED once proved
    for row in PATHS.iter().filter(|row| row.to == PathState::Refunded) {
        assert!(matches!(row.from, PathState::Selected | PathState::Locked | PathState::Serving), "{row:?}");
    }
}
