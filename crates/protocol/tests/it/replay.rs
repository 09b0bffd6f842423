//! What keeps messages from counting twice.

// a helper that fails ends the test
#![allow(clippy::unwrap_used)]

use crate::gateways::{KINDS, at, key, object, put, read, sample, v};
use std::collections::{HashMap, HashSet};
use tgp_protocol::{
    Code, Reason,
    identity::{ReplayKey, Seen, remember_until, seen},
    json,
    value::{ChainId, Clock, Sha256Digest, Word},
    wire::Kind,
};

/// What is remembered of the messages that came so far, by one key.
#[derive(Default)]
struct Remembered(HashMap<ReplayKey, Sha256Digest>);

impl Remembered {
    fn seen(&mut self, object: &json::Object) -> Result<Seen, Reason> {
        let message = read(object).unwrap();
        let (key, digest) = (message.replay_key(&key(1).public_key()), message.digest());
        let seen = seen(self.0.get(&key), &digest).map_err(|error| error.reason());
        self.0.entry(key).or_insert(digest);
        seen
    }
}

fn with(kind: Kind, place: &str, text: &str) -> json::Object {
    let mut object = sample(kind);
    put(&mut object, place, Some(json::parse(text.as_bytes()).unwrap()));
    object
}

fn without_lock(kind: Kind) -> json::Object {
    let mut object = sample(kind);
    for name in ["lock_ref", "lock_deadline"] {
        object.remove(name);
    }
    object
}

/// Shows R-197.
#[test]
fn a_message_counts_once() {
    let mut keys = HashSet::new();
    for kind in KINDS {
        let message = read(&sample(kind)).unwrap();
        assert!(keys.insert(message.replay_key(&key(1).public_key())), "{kind} shares its key with another message");
        let digest = message.digest();
        assert_eq!(seen(None, &digest).unwrap(), Seen::Never);
        assert_eq!(seen(Some(&digest), &digest).unwrap(), Seen::Before);
        let mut later = sample(kind);
        later.insert("later", json::Value::Null);
        let later = read(&later).unwrap();
        let keys = [&message, &later].map(|message| message.replay_key(&key(1).public_key()));
        if [Kind::Error, Kind::WithdrawRoute].contains(&kind) {
            assert_ne!(keys[0], keys[1], "each text of {kind} counts for itself");
            continue;
        }
        assert_eq!(keys[0], keys[1]);
        let error = seen(Some(&digest), &later.digest()).unwrap_err();
        assert_eq!((error.code(), error.reason()), (Code::Replay, Reason::KeyReused));
    }
    let message = read(&sample(KINDS[0])).unwrap();
    assert!(keys.insert(message.replay_key(&key(2).public_key())), "of another sender");
    let spaced = object(&String::from_utf8(sample(KINDS[0]).canonical()).unwrap().replace(',', " ,\n"));
    assert_eq!(read(&spaced).unwrap().digest(), message.digest());
    let payment = |nonce: u8| ReplayKey::Payment {
        chain: ChainId::eip155(1),
        token: v("0x833589fcd6edb6e08f4c7c32d4f71b54bda02913"),
        from: v("0x00000000000000000000000000000000000000cc"),
        nonce: Word::from([nonce; 32]),
    };
    assert_ne!(payment(1), payment(2));
    assert_ne!(
        ReplayKey::Buyer { from: v("buyer://a"), id: v("q-1") },
        ReplayKey::Buyer { from: v("buyer://b"), id: v("q-1") }
    );
}

/// Two paths of one request may lead through one peer: each of their locks has an end of its own.
#[test]
fn each_lock_of_a_request_is_settled_once() {
    let settled = |htlc_id: &str, amount: &str| {
        let mut settle = sample(Kind::Settle);
        for (name, text) in [("htlc_id", htlc_id), ("final_amount", amount)] {
            settle.insert(name, json::Value::String(text.to_owned()));
        }
        let message = read(&settle).unwrap();
        (message.replay_key(&key(1).public_key()), message.digest())
    };
    let (first, digest) = settled("htlc-1", "9.50");
    assert_ne!(settled("htlc-2", "9.50").0, first);
    let (again, other) = settled("htlc-1", "9.40");
    assert_eq!(again, first);
    assert_eq!(seen(Some(&digest), &other).unwrap_err().reason(), Reason::KeyReused);
}

/// A SELECT is refused, then its COMMIT: two errors on one path, of one code perhaps, in one second perhaps.
#[test]
fn every_error_of_a_path_is_heard() {
    let mut known = Remembered::default();
    let first = sample(Kind::Error);
    assert_eq!(known.seen(&first), Ok(Seen::Never));
    let later = with(Kind::Error, "timestamp", r#""2025-12-01T10:00:10Z""#);
    let other = with(Kind::Error, "description", r#""the COMMIT is refused too""#);
    for error in [&later, &other] {
        assert_eq!(known.seen(error), Ok(Seen::Never));
        assert_eq!(known.seen(error), Ok(Seen::Before));
    }
    assert_eq!(known.seen(&first), Ok(Seen::Before));
}

/// The payer may ask to end a path before its lock and after; what is said of the lock counts once.
#[test]
fn an_abort_of_a_lock_may_follow_that_of_a_selection() {
    let mut unlocked = without_lock(Kind::Abort);
    let mut known = Remembered::default();
    assert_eq!(known.seen(&unlocked), Ok(Seen::Never));
    assert_eq!(known.seen(&sample(Kind::Abort)), Ok(Seen::Never));
    let again = with(Kind::Abort, "timestamp", r#""2025-12-01T10:00:11Z""#);
    assert_eq!(known.seen(&again), Err(Reason::KeyReused));
    unlocked.insert("timestamp", json::Value::String("2025-12-01T10:00:11Z".into()));
    assert_eq!(known.seen(&unlocked), Err(Reason::KeyReused));
}

/// LOCKED answers a SELECT, and then its COMMIT.
#[test]
fn a_commit_is_answered_after_its_select() {
    let mut known = Remembered::default();
    assert_eq!(known.seen(&without_lock(Kind::Locked)), Ok(Seen::Never));
    assert_eq!(known.seen(&sample(Kind::Locked)), Ok(Seen::Never));
    assert_eq!(known.seen(&with(Kind::Locked, "htlc_id", r#""htlc-9""#)), Err(Reason::KeyReused));
}

/// Paths of one advert may end one after the other; to advertise anew takes a new request id.
#[test]
fn paths_of_a_request_are_withdrawn_one_by_one() {
    let mut known = Remembered::default();
    assert_eq!(known.seen(&sample(Kind::Advert)), Ok(Seen::Never));
    for path in ["path-direct-c", "path-via-b"] {
        let withdrawn = with(Kind::WithdrawRoute, "withdrawn", &format!(r#"["{path}"]"#));
        assert_eq!(known.seen(&withdrawn), Ok(Seen::Never), "{path}");
        assert_eq!(known.seen(&withdrawn), Ok(Seen::Before), "{path}");
    }
    assert_eq!(known.seen(&with(Kind::Advert, "ttl", "59")), Err(Reason::KeyReused));
    assert_eq!(known.seen(&with(Kind::Advert, "request_id", r#""req-abc-124""#)), Ok(Seen::Never));
}

/// A path is chosen and then locked: the COMMIT is no second SELECT. Another lock on the same path is.
#[test]
fn a_commit_may_follow_its_select() {
    let mut known = Remembered::default();
    assert_eq!(known.seen(&without_lock(Kind::Select)), Ok(Seen::Never));
    assert_eq!(known.seen(&sample(Kind::Select)), Ok(Seen::Never));
    let other_lock = with(Kind::Select, "lock_ref.lock_id", &format!(r#""0x{}""#, "77".repeat(32)));
    let spelled = with(Kind::Select, "message_type", r#""COMMIT""#);
    for other in [other_lock, spelled] {
        assert_eq!(known.seen(&other), Err(Reason::KeyReused));
    }
}

#[test]
fn messages_are_remembered_for_as_long_as_they_can_do_anything() {
    let clock = Clock::at(at("10:00:00"));
    assert_eq!(remember_until([], &clock), at("10:02:00"));
    assert_eq!(remember_until([at("10:30:00"), at("10:05:00")], &clock), at("10:32:00"));
    // an older message cannot come in fresh again after it is forgotten
    let forgotten = Clock::at(remember_until([], &clock));
    assert_eq!(forgotten.check_fresh(at("10:00:59")), Err(Reason::Stale));
}
