//! What a session waits for, and for how long.

use super::{after, at, event, session};
use tgp_protocol::{
    Code, Reason,
    session::{Session, SessionEvent, SessionEventKind, SessionState, TIMERS, TimerAction, TimerKind},
    value::Timestamp,
};

/// Shows ..R-466. The timers of C-46, a millisecond before, at and after each.
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

#[test]
fn a_clock_that_goes_back_makes_nothing_younger() {
    let mut session = after(&[SessionEventKind::Query]);
    session.apply(event(SessionEventKind::Offer), at(20)).unwrap();
    session.apply(event(SessionEventKind::Settle), at(10)).unwrap();
    assert_eq!((session.created_at(), session.updated_at()), (at(0), at(20)));
}
