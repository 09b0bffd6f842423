//! Session snapshots.

// the helpers of these tests are not tests themselves
#![allow(clippy::unwrap_used)]

use tgp_protocol::{
    Reason,
    json::{self, Object, Value},
    record::SessionSnapshot,
    session::{Duty, End, FinalBlock, Role, Session, SessionEvent, SessionState},
};

/// 004 section 13 with straight quotes, its time as this version writes it, and the version that its table has.
const SNAPSHOT: &str = r#"{
  "session_id": "sess-abc123",
  "state": "Finalizing",
  "query_id": "q-abc123",
  "offer_id": "offer-abc123",
  "timestamp": "2023-11-11T21:20:00Z",
  "participants": {
    "buyer": "buyer://alice.wallet",
    "seller": "seller://store.example",
    "controller": "controller://gateway.tbc"
  },
  "settlement_path": "coreprover",
  "version": 1,
  "checksum": "sha256:9f2d8e7c3b1a5f4e2d1c0b9a8f7e6d5c4b3a2f1e0d9c8b7a6f5e4d3c2b1a0f9e"
}"#;

fn object(text: &str) -> Object {
    let Ok(Value::Object(object)) = json::parse(text.as_bytes()) else { panic!("an object") };
    object
}

/// The documents' example with the checksum that it should have.
fn genuine() -> Object {
    let mut object = object(SNAPSHOT);
    let bytes = object.canonical_without(&["checksum"]);
    let hash = tgp_protocol::tagged_hash("TGP/0.1/snapshot", [bytes.as_slice()]);
    object.insert("checksum", Value::String(tgp_protocol::value::Sha256Digest::from(hash).to_string()));
    object
}

/// Shows R-542, R-544, R-545.
#[test]
fn documents_example_is_read_field_by_field() {
    let printed = SessionSnapshot::from_object(object(SNAPSHOT)).unwrap_err();
    assert_eq!((printed.reason(), printed.field().to_string().as_str()), (Reason::HashMismatch, "checksum"));

    let snapshot = SessionSnapshot::from_object(genuine()).unwrap().into_fields();
    assert_eq!(snapshot.session_id.as_str(), "sess-abc123");
    assert_eq!(snapshot.state, SessionState::Finalizing);
    assert_eq!(snapshot.query_id.as_ref().unwrap().as_str(), "q-abc123");
    assert_eq!(snapshot.offer_id.as_ref().unwrap().as_str(), "offer-abc123");
    assert_eq!(snapshot.timestamp.millis(), 1_699_737_600_000);
    assert_eq!(snapshot.participants.controller.as_str(), "controller://gateway.tbc");
    assert_eq!(snapshot.settlement_path.as_str(), "coreprover");
    assert_eq!(snapshot.to_object().unwrap(), genuine());
}

#[test]
fn every_member_is_under_the_checksum() {
    for (name, text) in [
        ("session_id", r#""sess-abc124""#),
        ("state", r#""Settled""#),
        ("query_id", r#""q-1""#),
        ("offer_id", "null"),
        ("timestamp", r#""2023-11-11T21:20:01Z""#),
        ("settlement_path", r#""x402""#),
        ("version", "2"),
        ("later", "true"),
    ] {
        let mut changed = genuine();
        changed.insert(name, json::parse(text.as_bytes()).unwrap());
        assert_eq!(SessionSnapshot::from_object(changed).unwrap_err().reason(), Reason::HashMismatch, "{name}");
    }
    for (name, reason) in [
        ("session_id", Reason::Missing),
        ("state", Reason::Missing),
        ("participants", Reason::Missing),
        ("version", Reason::Missing),
        ("checksum", Reason::Missing),
        ("query_id", Reason::HashMismatch),
    ] {
        let mut without = genuine();
        without.remove(name);
        let mut null = genuine();
        null.insert(name, Value::Null);
        for wrong in [without, null] {
            assert_eq!(SessionSnapshot::from_object(wrong).unwrap_err().reason(), reason, "{name}");
        }
    }
}

/// A member of a later version is read with its checksum and comes back as it came.
#[test]
fn unknown_members_stay_in_a_snapshot() {
    let mut later = genuine();
    later.insert("later", json::parse(br#"["a", 1.5]"#).unwrap());
    later.remove("checksum");
    let hash = tgp_protocol::tagged_hash("TGP/0.1/snapshot", [later.canonical().as_slice()]);
    later.insert("checksum", Value::String(tgp_protocol::value::Sha256Digest::from(hash).to_string()));
    assert_eq!(*SessionSnapshot::from_object(later.clone()).unwrap().object(), later);
}

/// The two objects that the documents call SSO are told apart.
#[test]
fn a_ledger_summary_is_no_snapshot() {
    let mut summary = genuine();
    summary.insert("sso_id", Value::String("sso-1".to_owned()));
    let error = SessionSnapshot::from_object(summary).unwrap_err();
    assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::Contradiction, "sso_id"));
}

#[test]
fn versions_count_from_one() {
    let mut snapshot = SessionSnapshot::from_object(genuine()).unwrap().into_fields();
    snapshot.version = 0;
    let error = snapshot.to_object().unwrap_err();
    assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::OutOfRange, "version"));
}

/// A snapshot when the QUERY came, when the OFFER went and when it settled, each of the state it led to.
#[test]
fn a_session_leaves_a_snapshot_at_its_milestones() {
    let participants = SessionSnapshot::from_object(genuine()).unwrap().into_fields().participants;
    let now = "2026-11-21T10:00:00Z".parse().unwrap();
    let mut session = Session::open("sess-abc123".parse().unwrap(), Role::Controller, now);
    let mut snapshots: Vec<SessionSnapshot> = Vec::new();
    for event in [
        SessionEvent::Query { query_id: "q-abc123".parse().unwrap() },
        SessionEvent::Offer { offer_id: "offer-abc123".parse().unwrap(), expires_at: None },
        SessionEvent::Locked { ends_at: now },
        SessionEvent::Settle,
        SessionEvent::Final { end: End::Paid, block: FinalBlock::check(1, 1).unwrap() },
    ] {
        if session.apply(event, now).unwrap().duties.contains(&Duty::Snapshot) {
            let version = snapshots.last().map_or(1, |last| last.version + 1);
            let snapshot = SessionSnapshot::of(&session, participants.clone(), "coreprover".parse().unwrap(), version);
            assert_eq!(*SessionSnapshot::from_object(snapshot.to_object().unwrap()).unwrap().fields(), snapshot);
            snapshots.push(snapshot);
        }
    }
    let states: Vec<_> = snapshots.iter().map(|snapshot| (snapshot.version, snapshot.state)).collect();
    let expected = [SessionState::QuerySent, SessionState::OfferReceived, SessionState::Settled];
    assert_eq!(states, [(1, expected[0]), (2, expected[1]), (3, expected[2])]);
    assert_eq!((&snapshots[0].offer_id, snapshots[1].offer_id.is_some()), (&None, true));
}
