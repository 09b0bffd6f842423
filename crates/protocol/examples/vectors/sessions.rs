use crate::{
    Outcome,
    random::Random,
    topic::{Case, Topic, refusal},
};
use serde_json::{Value, json};
use std::fmt::Display;
use tgp_protocol::{
    Code, Error,
    session::{
        Dated, End, FinalBlock, GATEWAY, Leg, LegEvent, LegFact, LegRole, LegStep, OrderState, PATHS, PAYEE, PAYER,
        Path, PathEvent, PathFact, PathState, PathStep, Role, Row, SESSIONS, Session, SessionEvent, SessionState,
        TIMERS, Transition,
    },
    value::{Secret, Timestamp},
};

/// When the sessions of this file are opened.
const OPENED: i64 = 1_795_255_200_000;

const SECRET: [u8; 32] = [7; 32];

pub(crate) fn topic() -> Outcome<Topic> {
    let mut topic = Topic::new(
        "The machines of sessions, paths and legs: their tables (what a table does not have is refused), journals with the state that they lead to (the last event may be refused), walks event by event, and the states of orders. A session's timer is over one millisecond after its instant.",
    );
    for (machine, table) in [
        ("session", rows(SESSIONS)),
        ("path", rows(PATHS)),
        ("leg of a gateway", rows(GATEWAY)),
        ("leg of a payer", rows(PAYER)),
        ("leg of a payee", rows(PAYEE)),
    ] {
        topic.push(Case::new(format!("table: {machine}")).with("machine", machine).with("table", table));
    }
    let timers: Vec<_> =
        TIMERS.iter().map(|rule| json!([rule.kind.as_str(), rule.after.as_secs(), rule.action.as_str()])).collect();
    topic.push(Case::new("table: timers").with("machine", "timers").with("table", timers));
    journals(&mut topic)?;
    timers_at_their_ends(&mut topic)?;
    walks(&mut topic)?;
    for number in 0..=12_u8 {
        let state = OrderState::from_number(number);
        let case = Case::new(format!("order state {number}")).with("order_state", number);
        let session = state.and_then(OrderState::session_state).map(SessionState::as_str);
        let case = case.with("state", state.map(OrderState::as_str)).with("session_state", session);
        topic.push(case.with("end", state.and_then(OrderState::end).map(End::as_str)));
    }
    for state in PathState::ALL {
        let case = Case::new(format!("session of a path that is {state}")).with("path_state", state.to_string());
        topic.push(case.with("session_state", state.session_state().as_str()));
    }
    Ok(topic)
}

fn rows<S: Display, E: Display>(rows: &[Row<S, E>]) -> Vec<Value> {
    let row = |row: &Row<S, E>| {
        let duties: Vec<_> = row.duties.iter().map(|duty| duty.as_str()).collect();
        json!([row.from.to_string(), row.event.to_string(), row.to.to_string(), duties])
    };
    rows.iter().map(row).collect()
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(OPENED + millis)
}

fn query() -> Outcome<SessionEvent> {
    Ok(SessionEvent::Query { query_id: "q-1".parse()? })
}

fn offer(expires_at: Option<Timestamp>) -> Outcome<SessionEvent> {
    Ok(SessionEvent::Offer { offer_id: "offer-1".parse()?, expires_at })
}

fn accept(offer_id: &str) -> Outcome<SessionEvent> {
    Ok(SessionEvent::Accept { offer_id: offer_id.parse()? })
}

fn broadcast() -> SessionEvent {
    SessionEvent::Broadcast { tx: [9; 32].into() }
}

fn locked() -> SessionEvent {
    SessionEvent::Locked { ends_at: at(5_400_000) }
}

fn ended(end: End) -> Outcome<SessionEvent> {
    Ok(SessionEvent::Final { end, block: FinalBlock::check(4_711, 4_711)? })
}

/// Every state with every event, each in time.
fn journals(topic: &mut Topic) -> Outcome<()> {
    let reach = [
        ("Idle", vec![]),
        ("QuerySent", vec![query()?]),
        ("OfferReceived", vec![query()?, offer(None)?]),
        ("AcceptSent", vec![query()?, offer(None)?, accept("offer-1")?]),
        ("Finalizing, tx_pending", vec![query()?, offer(None)?, broadcast()]),
        ("Finalizing, escrow_open", vec![query()?, offer(None)?, accept("offer-1")?, locked()]),
        ("Settled", vec![query()?, offer(None)?, locked(), ended(End::Paid)?]),
        ("Errored", vec![query()?, SessionEvent::Reject]),
    ];
    let mut events = vec![
        query()?,
        offer(None)?,
        offer(Some(at(60_000)))?,
        accept("offer-1")?,
        accept("offer-2")?,
        SessionEvent::Reject,
        broadcast(),
        locked(),
        SessionEvent::Reorged,
        SessionEvent::Settle,
        SessionEvent::Retried,
        SessionEvent::TimedOut,
        SessionEvent::Failed { code: Code::Timeout },
    ];
    for end in End::ALL {
        events.push(ended(*end)?);
    }
    for (state, before) in &reach {
        for (place, event) in events.iter().enumerate() {
            let mut all = before.clone();
            all.push(event.clone());
            let dated = (0..).step_by(1_000).zip(all).map(|(millis, event)| Dated { at: at(millis), event });
            let name = format!("{state}: {}, event {place}", event.kind());
            topic.push(journal(name, Role::Controller, dated.collect(), None)?);
        }
    }
    let late = vec![Dated { at: at(0), event: query()? }, Dated { at: at(1_000), event: offer(Some(at(1_000)))? }];
    topic.push(journal("offer that is over when it comes".to_owned(), Role::Buyer, late, None)?);
    let back = vec![Dated { at: at(10_000), event: query()? }, Dated { at: at(5_000), event: SessionEvent::Reject }];
    topic.push(journal("clock that was set back".to_owned(), Role::Buyer, back, None)?);
    Ok(())
}

/// Each timer at its instant, and a millisecond before and after: what is due, and what happens to who comes then.
fn timers_at_their_ends(topic: &mut Topic) -> Outcome<()> {
    let start = vec![Dated { at: at(0), event: query()? }];
    let with = |event: SessionEvent| [&start[..], &[Dated { at: at(0), event }]].concat();
    let offered = with(offer(None)?);
    let after = |event: SessionEvent| [&offered[..], &[Dated { at: at(0), event }]].concat();
    let opened = [&after(broadcast())[..], &[Dated { at: at(0), event: locked() }]].concat();
    let again = [&opened[..], &[Dated { at: at(0), event: broadcast() }]].concat();
    let gone = [&opened[..], &[Dated { at: at(1_000), event: SessionEvent::Reorged }]].concat();
    let retried = [&after(broadcast())[..], &[Dated { at: at(600_001), event: SessionEvent::Retried }]].concat();
    let accepted = after(accept("offer-1")?);
    let behind = [&after(broadcast())[..], &[Dated { at: at(400_000), event: accept("offer-1")? }]].concat();
    for (name, before, end, answer) in [
        ("QuerySent", start.clone(), 30_000, offer(None)?),
        ("OfferReceived", offered.clone(), 300_000, accept("offer-1")?),
        ("OfferReceived, offer ends sooner", with(offer(Some(at(60_000)))?), 60_000, accept("offer-1")?),
        ("OfferReceived, offer ends later", with(offer(Some(at(900_000)))?), 300_000, accept("offer-1")?),
        ("OfferReceived, payment late", offered.clone(), 300_000, broadcast()),
        ("AcceptSent", accepted, 300_000, broadcast()),
        ("tx_pending", after(broadcast()), 600_000, locked()),
        ("tx_pending, ACCEPT behind the payment", behind, 600_000, ended(End::Paid)?),
        ("tx_pending, retried", retried, 1_200_001, ended(End::Dead)?),
        ("escrow_open", opened, 6_000_000, ended(End::Refunded)?),
        ("escrow_open, another broadcast", again, 6_000_000, SessionEvent::Settle),
        ("escrow_open, reorged", gone, 601_000, locked()),
    ] {
        for (moment, millis) in [("before", end - 1), ("at", end), ("after", end + 1)] {
            let name = |what: &str| format!("timer {name}, {moment} its end: {what}");
            topic.push(journal(name("due"), Role::Controller, before.clone(), Some(at(millis)))?);
            for (what, event) in [("timed out", SessionEvent::TimedOut), ("answer", answer.clone())] {
                let dated = [&before[..], &[Dated { at: at(millis), event }]].concat();
                topic.push(journal(name(what), Role::Controller, dated, None)?);
            }
        }
    }
    Ok(())
}

fn journal(name: String, role: Role, events: Vec<Dated>, now: Option<Timestamp>) -> Outcome<Case> {
    let mut session = Session::open("sess-1".parse()?, role, at(0));
    let case = Case::new(name).with("machine", "session").with("role", role.as_str());
    let case = case.with("opened_at", at(0).to_string()).with("events", serde_json::to_value(&events)?);
    let case = match now {
        None => case,
        Some(now) => case.with("now", now.to_string()),
    };
    let mut last = None;
    let count = events.len();
    for (place, Dated { at, event }) in events.into_iter().enumerate() {
        match session.apply(event, at) {
            Ok(transition) => last = Some(transition),
            Err(error) if place + 1 == count => return Ok(case.with_refusal(&error)),
            Err(error) => return Err(error.into()),
        }
    }
    let Some(transition) = last else { return Err("no event".into()) };
    let duties: Vec<_> = transition.duties.iter().map(|duty| duty.as_str()).collect();
    let timer = session.timer().map(|timer| json!({ "kind": timer.kind.as_str(), "at": timer.at.to_string() }));
    let case =
        case.with("state", session.state().as_str()).with("through", transition.through.map(SessionState::as_str));
    let case = case.with("duties", duties).with("timer", timer).with("updated_at", session.updated_at().to_string());
    Ok(match now {
        None => case,
        Some(now) => case.with("due", session.due(now).map(|due| due.action.as_str())),
    })
}

/// Events drawn at random, so that most are refused at some point of every walk.
fn walks(topic: &mut Topic) -> Outcome<()> {
    let mut random = Random::new("TGP/0.1/vectors/sessions");
    let steps = PathStep::ALL.iter().copied().map(PathEvent::Step);
    let facts = PathFact::ALL.iter().copied().map(PathEvent::Fact);
    let events: Vec<_> = steps.chain(facts).collect();
    let final_block = FinalBlock::check(1, 1)?;
    for walk in 0..10 {
        let mut path = Path::discover();
        let mut seen = (Vec::new(), Vec::new());
        for _ in 0..24 {
            let event = drawn(&mut random, &events, PATHS, path.state());
            let result = match event {
                PathEvent::Step(step) => path.apply(step),
                PathEvent::Fact(fact) => path.observe(fact, final_block),
            };
            seen.0.push(event.to_string());
            seen.1.push(outcome(result));
        }
        let case = Case::new(format!("walk: path {walk}")).with("machine", "path");
        topic.push(case.with("walk", seen.0).with("steps", seen.1));
    }
    let (secret, wrong) = (Secret::from(SECRET), Secret::from([8; 32]));
    let steps = LegStep::ALL.iter().copied().map(LegEvent::Step);
    let facts = LegFact::ALL.iter().copied().map(LegEvent::Fact);
    let events: Vec<_> = steps.chain(facts).chain([LegEvent::Secret]).collect();
    for role in LegRole::ALL {
        for walk in 0..20 {
            let mut leg = Leg::quoted(*role, secret.hash_lock());
            let mut seen = (Vec::new(), Vec::new());
            for _ in 0..24 {
                let event = drawn(&mut random, &events, role.table(), leg.state());
                let is_wrong = event == LegEvent::Secret && random.bytes()[0] < 64;
                let result = match event {
                    LegEvent::Step(step) => leg.apply(step),
                    LegEvent::Fact(fact) => leg.observe(fact, final_block),
                    LegEvent::Secret => leg.learn(if is_wrong { &wrong } else { &secret }),
                };
                seen.0.push(if is_wrong { "wrong secret".to_owned() } else { event.to_string() });
                seen.1.push(outcome(result));
            }
            let case = Case::new(format!("walk: leg of a {role} {walk}")).with("machine", format!("leg of a {role}"));
            topic.push(case.with("walk", seen.0).with("steps", seen.1));
        }
    }
    Ok(())
}

/// Every second time an event that is possible, where one is.
fn drawn<S: PartialEq, E: Copy>(random: &mut Random, events: &[E], rows: &[Row<S, E>], state: S) -> E {
    let possible: Vec<_> = rows.iter().filter(|row| row.from == state).map(|row| row.event).collect();
    let bytes = random.bytes();
    let from = if bytes[0].is_multiple_of(2) && !possible.is_empty() { &possible } else { events };
    from[usize::from(bytes[1]) % from.len()]
}

fn outcome<S: Display>(result: Result<Transition<S>, Error>) -> Value {
    match result {
        Err(error) => json!({ "refused": refusal(&error) }),
        Ok(transition) => {
            let duties: Vec<_> = transition.duties.iter().map(|duty| duty.as_str()).collect();
            json!({ "state": transition.to.to_string(), "duties": duties })
        }
    }
}
