//! A session from its QUERY to its end.

use super::{after, at, block, event, reference, session, tables::SESSION};
use proptest::prelude::*;
use tgp_protocol::{
    Code, Reason,
    session::{
        Dated, Duty, FinalBlock, OrderState, Outcome, Role, SESSIONS, Session, SessionEvent, SessionEventKind,
        SessionState, session_id,
    },
};

#[test]
fn accept_names_the_offer_of_the_session() {
    let mut session = after(&[SessionEventKind::Query, SessionEventKind::Offer]);
    let other = SessionEvent::Accept { offer_id: "offer-2".parse().unwrap() };
    let error = session.apply(other, at(0)).unwrap_err();
    assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::OtherOffer, "offer_id"));
}

/// Shows R-457. SETTLE leads to a look at the chain, and nothing but a final block settles.
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

/// Each end leaves a record, and the three moments of section 13 a snapshot.
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

/// D-20: what is not known is not failure.
#[test]
fn an_error_that_says_a_payment_is_out_fails_no_session() {
    let before = [SessionEventKind::Query, SessionEventKind::Offer, SessionEventKind::Accept];
    for code in [Code::SettlementPending, Code::NotFinal] {
        for length in 2..=before.len() {
            let mut session = after(&before[..length]);
            let state = session.state();
            let step = session.apply(SessionEvent::Failed { code }, at(1)).unwrap();
            assert_eq!((step.to, step.duties, session.outcome()), (state, &[Duty::AskChain][..], None));
            session.apply(event(SessionEventKind::Broadcast), at(2)).unwrap();
            assert_eq!(session.state(), SessionState::Finalizing);
        }
    }
}

/// Shows R-499. The numbers of the contract, and what a session makes of them.
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
    assert_eq!(session_id([0; 16]).unwrap().as_str(), "sess-00000000-0000-4000-8000-000000000000");
    assert_eq!(session_id([0xff; 16]).unwrap().as_str(), "sess-ffffffff-ffff-4fff-bfff-ffffffffffff");
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

proptest! {
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
