//! The distance between two locks, and when a gateway may lock at all.

// a helper that fails ends the test
#![allow(clippy::unwrap_used)]

use crate::gateways::at;
use proptest::prelude::*;
use std::time::Duration;
use tgp_protocol::{
    Code, Reason,
    chain_profile::{ChainProfile, Delays},
    gateway::{HopTimes, MAX_LOCK, Plan, distance, last_reveal, payee_budget},
    value::Timestamp,
};

const PROFILES: [(u64, &str); 6] = [
    (1, include_str!("../../../../chains/1.toml")),
    (369, include_str!("../../../../chains/369.toml")),
    (943, include_str!("../../../../chains/943.toml")),
    (8453, include_str!("../../../../chains/8453.toml")),
    (31337, include_str!("../../../../chains/31337.toml")),
    (84532, include_str!("../../../../chains/84532.toml")),
];

/// The `[delays]` of a chain's profile.
fn delays(chain: u64) -> Delays {
    let (_, text) = PROFILES.into_iter().find(|(id, _)| *id == chain).expect("a profile");
    ChainProfile::read(text).expect("a good profile").delays
}

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Shows R-082.
#[test]
fn distances_are_those_of_the_chains_profiles() {
    let local = delays(31337);
    assert_eq!(distance(&local, &local), secs(30), "document 001's buffer");
    let ethereum = delays(1);
    assert_eq!(distance(&ethereum, &ethereum), secs(30 + 30 + 3600 + 60 + 600 + 768 + 30 + 900));
    // about 100 minutes, as the design's table has it
    assert!((95..=105).contains(&(distance(&ethereum, &ethereum).as_secs() / 60)));
    let base = delays(84532);
    assert!((135..=145).contains(&(distance(&base, &base).as_secs() / 60)));
    // the claim is on the chain of the incoming lock: its slowness counts
    assert!(distance(&base, &ethereum) > distance(&ethereum, &base));
    // of a gateway's own outage the larger one counts, whichever side it is written on
    assert_eq!(distance(&local, &ethereum), secs(30 + 30 + 3600 + 60 + 1));
    assert_eq!(distance(&ethereum, &local), secs(1 + 3600 + 60 + 600 + 768 + 30 + 900));
    // each of the two by itself: the longer outage may be on one chain and the longer slack on the other
    let [short, long] = [(100, 7), (20, 40)].map(|(outage, slack)| Delays { outage, slack, ..local });
    let parts = |delays: &Delays| {
        u64::from(delays.observation + 2 * delays.clock + delays.inclusion + delays.reorg + delays.censorship)
    };
    for (incoming, outgoing) in [(short, long), (long, short)] {
        assert_eq!(distance(&incoming, &outgoing), secs(parts(&local) + 100 + 40));
    }
}

fn hop() -> HopTimes {
    let local = delays(31337);
    HopTimes {
        now: at("10:00:00"),
        timeout_in: at("10:05:00"),
        timeout_out: at("10:04:30"),
        incoming_final: true,
        incoming: local,
        outgoing: local,
        outgoing_finality: Duration::ZERO,
        below: payee_budget(secs(60), &local),
    }
}

/// Shows.
#[test]
fn documents_timeouts_are_accepted_on_a_ledger_with_instant_finality() {
    assert_eq!(hop().check().unwrap(), at("10:00:01"), "the lock must be in a block within a second");
}

#[test]
fn each_condition_of_a_lock_is_checked_to_the_second() {
    let refused = |hop: HopTimes| {
        let error = hop.check().unwrap_err();
        (error.code(), error.reason(), error.field().to_string())
    };
    let little = (Code::InsufficientTimelock, Reason::TooLittleTime, "timeout".to_owned());
    assert_eq!(refused(HopTimes { timeout_in: at("10:04:59.999"), ..hop() }), little);
    assert_eq!(refused(HopTimes { timeout_out: at("10:04:30.001"), ..hop() }), little);
    let not_final = HopTimes { incoming_final: false, ..hop() };
    assert_eq!(refused(not_final), (Code::NotFinal, Reason::IncomingNotFinal, "lock_ref".to_owned()));
    // 1 s to be included, 0 to be final, 61 s below
    let last = Timestamp::from_millis(at("10:04:30").millis() - 62_000);
    assert!(HopTimes { now: last, ..hop() }.check().is_ok());
    assert_eq!(refused(HopTimes { now: last.after(Duration::from_millis(1)), ..hop() }), little);
    assert_eq!(refused(HopTimes { outgoing_finality: secs(250), ..hop() }), little);
}

#[test]
fn payee_shows_its_secret_only_while_a_claim_is_safe() {
    let ethereum = delays(1);
    let last = last_reveal(at("12:00:00"), &ethereum);
    assert_eq!(last, Timestamp::from_millis(at("12:00:00").millis() - (600 + 768 + 30 + 900) * 1000));
}

#[test]
fn clients_money_is_not_locked_for_longer_than_a_day() {
    let ethereum = Plan { chain: delays(1), finality: secs(1152) };
    assert!(Plan::timeouts(at("10:00:00"), &[ethereum; 8], secs(60), MAX_LOCK).is_ok());
    let error = Plan::timeouts(at("10:00:00"), &[ethereum; 16], secs(60), MAX_LOCK).unwrap_err();
    assert_eq!((error.code(), error.reason()), (Code::InsufficientTimelock, Reason::TooMuchTime));
    assert_eq!(Plan::timeouts(at("10:00:00"), &[], secs(60), MAX_LOCK).unwrap(), []);
}

#[test]
fn endless_times_are_refused_and_do_not_overflow() {
    let endless = HopTimes { below: Duration::MAX, outgoing_finality: Duration::MAX, ..hop() };
    assert_eq!(endless.check().unwrap_err().reason(), Reason::TooLittleTime);
    let local = Plan { chain: delays(31337), finality: Duration::MAX };
    let error = Plan::timeouts(at("10:00:00"), &[local; 3], Duration::MAX, MAX_LOCK).unwrap_err();
    assert_eq!(error.reason(), Reason::TooMuchTime);
}

fn any_lock() -> impl Strategy<Value = Plan> {
    let part = || 0..5000_u32;
    (part(), part(), part(), part(), part(), part(), part(), part()).prop_map(|(a, b, c, d, e, f, g, finality)| Plan {
        chain: Delays { observation: a, clock: b, outage: c, slack: d, inclusion: e, reorg: f, censorship: g },
        finality: secs(finality.into()),
    })
}

proptest! {
    /// Planned ends are accepted by every gateway even when every lock takes as long as its chain may take, and a
    /// millisecond less is refused by somebody.
    #[test]
    fn planned_timeouts_pass_every_hop(locks in prop::collection::vec(any_lock(), 2..8), service in 0..1000_u64) {
        let start = at("10:00:00");
        let times = Plan::timeouts(start, &locks, secs(service), Duration::MAX).unwrap();
        let budget = payee_budget(secs(service), &locks.last().unwrap().chain);
        let mut now = start;
        for place in 0..locks.len() - 1 {
            now = now.after(secs(locks[place].chain.inclusion.into()) + locks[place].finality);
            let below: Duration = (place + 1..locks.len() - 1).map(|next| distance(&locks[next].chain, &locks[next + 1].chain)).sum();
            let hop = HopTimes {
                now,
                timeout_in: times[place],
                timeout_out: times[place + 1],
                incoming_final: true,
                incoming: locks[place].chain,
                outgoing: locks[place + 1].chain,
                outgoing_finality: locks[place + 1].finality,
                below: below + budget,
            };
            prop_assert!(hop.check().is_ok());
            let earlier = Timestamp::from_millis(times[place].millis() - 1);
            let error = HopTimes { timeout_in: earlier, ..hop }.check().unwrap_err();
            prop_assert_eq!(error.code(), Code::InsufficientTimelock);
        }
    }
}
