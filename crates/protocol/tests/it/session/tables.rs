//! Every event in every state.

use super::{Table, apply_leg, at, block, event, leg_events, names, quoted, reference};
use std::collections::BTreeMap;
use tgp_protocol::{
    Reason,
    session::{
        GATEWAY, LegRole, LegState, PATHS, PAYEE, PAYER, Path, PathEnd, PathEvent, PathFact, PathState, PathStep, Role,
        SESSIONS, Session, SessionEventKind, SessionState, TIMERS, table,
    },
    value::Timestamp,
};

/// 004 sections 2.3 and 4, with C-11, C-14, C-43, C-46 and D-20.
pub(super) const SESSION: &str = "
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
    PROVED    refunded,-final       PATH:REFUNDED
    PROVED    never-locked,-final   CLOSED-(abandoned)
    SETTLED   closed                CLOSED-(settled)
    SELECTED  refunded,-final       PATH:REFUNDED
    LOCKED    refunded,-final       PATH:REFUNDED
    SERVING   refunded,-final       PATH:REFUNDED
    REFUNDED  closed                CLOSED-(refunded)
    DISCOVER  abandoned             CLOSED-(abandoned)
    QUOTED    abandoned             CLOSED-(abandoned)
    SELECTED  never-locked,-final   CLOSED-(abandoned)
    PROVED    claim-missed,-final   CLOSED-(claim-missed)";

/// The steps of a gateway.
const GATEWAY_LEG: &str = "
    Quoted         SELECT                   InLockPending
    Quoted         quote-expired            Dead
    InLockPending  in-locked,-final         InLockFinal
    InLockPending  in-never-locked,-final   Dead
    InLockPending  in-refunded,-final       Refunded
    InLockPending  secret-known             OutReturned
    InLockFinal    lock-signed              OutReserved
    InLockFinal    not-forwarded            OutDead
    InLockFinal    in-refunded,-final       Refunded
    InLockFinal    secret-known             OutReturned
    OutReserved    lock-broadcast           OutBroadcast
    OutReserved    out-locked,-final        OutLockFinal
    OutReserved    out-never-locked,-final  OutDead
    OutReserved    out-refunded,-final      OutDead
    OutReserved    secret-known             SecretKnown
    OutReserved    in-refunded,-final       InGone
    OutBroadcast   out-locked,-final        OutLockFinal
    OutBroadcast   out-never-locked,-final  OutDead
    OutBroadcast   out-refunded,-final      OutDead
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
    OutDead        secret-known             OutReturned
    InReleased     in-refunded,-final       Refunded
    InReleased     secret-known             InReleased
    InReleased     in-claimed,-final        Settled
    SecretKnown    in-claimed,-final        InClaimed
    SecretKnown    out-locked,-final        SecretKnown
    SecretKnown    out-claimed,-final       OutClaimed
    SecretKnown    out-refunded,-final      OutReturned
    SecretKnown    out-never-locked,-final  OutReturned
    SecretKnown    in-refunded,-final       InGone
    InClaimed      out-locked,-final        InClaimed
    InClaimed      refund-signed            InClaimed
    InClaimed      out-claimed,-final       Settled
    InClaimed      out-refunded,-final      Settled
    InClaimed      out-never-locked,-final  Settled
    OutClaimed     in-claimed,-final        Settled
    OutClaimed     in-refunded,-final       ClaimMissed
    OutReturned    in-locked,-final         OutReturned
    OutReturned    in-claimed,-final        Settled
    OutReturned    in-refunded,-final       Refunded
    OutReturned    in-never-locked,-final   Dead
    InGone         out-locked,-final        InGone
    InGone         refund-signed            InGone
    InGone         secret-known             InGone
    InGone         out-never-locked,-final  Refunded
    InGone         out-refunded,-final      Refunded
    InGone         out-claimed,-final       ClaimMissed";

/// The steps of a payer.
const PAYER_LEG: &str = "
    Quoted         lock-signed              OutReserved
    Quoted         quote-expired            Dead
    OutReserved    lock-broadcast           OutBroadcast
    OutReserved    out-locked,-final        OutLockFinal
    OutReserved    out-never-locked,-final  Dead
    OutReserved    out-refunded,-final      Refunded
    OutReserved    secret-known             SecretKnown
    OutBroadcast   out-locked,-final        OutLockFinal
    OutBroadcast   out-never-locked,-final  Dead
    OutBroadcast   out-refunded,-final      Refunded
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
    SecretKnown    out-locked,-final        SecretKnown
    SecretKnown    refund-signed            SecretKnown
    SecretKnown    out-claimed,-final       Settled
    SecretKnown    out-refunded,-final      Refunded
    SecretKnown    out-never-locked,-final  Dead";

/// The steps of a payee.
const PAYEE_LEG: &str = "
    Quoted         SELECT                   InLockPending
    Quoted         quote-expired            Dead
    InLockPending  in-locked,-final         InLockFinal
    InLockPending  in-never-locked,-final   Dead
    InLockPending  in-refunded,-final       Refunded
    InLockFinal    LOCKED                   Locked
    InLockFinal    release-signed           InReleased
    InLockFinal    in-refunded,-final       Refunded
    InLockFinal    in-claimed,-final        Settled
    Locked         secret-known             SecretKnown
    Locked         release-signed           InReleased
    Locked         in-refunded,-final       Refunded
    InReleased     in-refunded,-final       Refunded
    InReleased     in-claimed,-final        Settled
    SecretKnown    in-claimed,-final        Settled
    SecretKnown    in-refunded,-final       ClaimMissed";

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

/// Applies it at a time when its own deadline allows it: a timeout behind the timer, all else at its beginning.
fn apply_in_time(session: &mut Session, kind: SessionEventKind) -> tgp_protocol::Result<()> {
    let late = session.timeout_at().map_or(at(0), |last| Timestamp::from_millis(last.millis() + 1));
    let now = if kind == SessionEventKind::TimedOut { late } else { at(0) };
    session.apply(event(kind), now).map(|_| ())
}

/// Shows R-442..R-448, R-450..R-460, R-462.
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

/// Shows.
#[test]
fn legs_follow_the_steps_of_their_role() {
    use LegState::{ClaimMissed, InClaimed, InGone, InLockFinal, InLockPending, InReleased, OutBroadcast};
    use LegState::{OutClaimed, OutDead, OutLockFinal, OutRefunding, OutReserved, OutReturned};
    let not_of = |role: LegRole| match role {
        LegRole::Gateway => vec![],
        LegRole::Payer => [InLockPending, InLockFinal, InReleased, InGone, InClaimed, OutDead, OutClaimed]
            .into_iter()
            .chain([OutReturned, ClaimMissed])
            .collect(),
        LegRole::Payee => [OutReserved, OutBroadcast, OutLockFinal, OutRefunding, OutDead, OutClaimed, OutReturned]
            .into_iter()
            .chain([InGone, InClaimed])
            .collect(),
    };
    for (role, text) in [(LegRole::Gateway, GATEWAY_LEG), (LegRole::Payer, PAYER_LEG), (LegRole::Payee, PAYEE_LEG)] {
        let reached = explore(
            quoted(role),
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
    // a loss is never called REFUNDED: that follows from nothing but locks that all went back
    for row in PATHS.iter().filter(|row| row.to == PathState::Refunded) {
        assert_eq!(row.event, PathEvent::Fact(PathFact::Refunded));
    }
}
