//! The messages of documents 001 and 002: as printed they are refused, mended they are read.

// a helper that fails ends the test
#![allow(clippy::unwrap_used)]

use crate::gateways::{at, hash, hashlock, key, object, proof, put, read, refused, secret, sign_as, v};
use sha2::{Digest, Sha256};
use tgp_protocol::{
    Code, Reason, Result,
    gateway::{GatewayMessage, Intake},
    json::{self, Object, Value},
    tib::EscrowType,
    value::{HashLock, Secret},
    wire::Kind,
};

/// 001, step 1, from the client; money is a number as the document has it.
const QUERY: &str = r#"{
  "tgp_version": "0.1", "message_type": "QUERY", "request_id": "req-abc-123", "timestamp": "2025-12-01T10:00:00Z",
  "sender": "client-a.example.com", "destination": "provider-c.example.com",
  "attributes": {
    "amount": {"value": 10.00, "currency": "USDC"}, "deadline": "2025-12-01T10:05:00Z",
    "qos": {"latency_ms": 500, "reliability": 0.99}, "compliance": ["KYC"]
  },
  "signature": "ed25519-sig-client-a"
}"#;

/// 001, step 2, from the provider.
const ADVERT: &str = r#"{
  "tgp_version": "0.1", "message_type": "ADVERT", "request_id": "req-abc-123", "timestamp": "2025-12-01T10:00:02Z",
  "sender": "provider-c.example.com",
  "paths": [{
    "path_id": "path-direct-c", "hops": ["provider-c.example.com"],
    "cost": {"base": 8.00, "variable": 0.01, "currency": "USDC"}, "risk_score": 0.01,
    "attributes": {"escrow_type": "htlc", "settlement_time_max": 120, "compliance": ["KYC"]}
  }],
  "ttl": 60, "signature": "ed25519-sig-provider-c"
}"#;

/// 001, step 3, from the client.
const SELECT: &str = r#"{
  "tgp_version": "0.1", "message_type": "SELECT", "request_id": "req-abc-123", "timestamp": "2025-12-01T10:00:05Z",
  "sender": "client-a.example.com", "path_id": "path-via-b",
  "htlc_params": {
    "hash": "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "timeout": "2025-12-01T10:05:00Z", "amount": 10.00
  },
  "signature": "ed25519-sig-client-a"
}"#;

/// 001, step 4, from the provider.
const LOCKED: &str = r#"{
  "tgp_version": "0.1", "message_type": "LOCKED", "request_id": "req-abc-123", "timestamp": "2025-12-01T10:00:07Z",
  "sender": "provider-c.example.com", "path_id": "path-direct-c", "htlc_id": "htlc-c-12345", "status": "LOCKED",
  "signature": "ed25519-sig-provider-c"
}"#;

/// 001, step 6, from the provider.
const PROOF: &str = r#"{
  "tgp_version": "0.1", "message_type": "PROOF", "request_id": "req-abc-123", "timestamp": "2025-12-01T10:00:31Z",
  "sender": "provider-c.example.com", "htlc_secret": "preimage-secret-xyz",
  "proof_data": {"tdr_hash": "sha256:abcdef", "signature": "ed25519-sig-provider-c"},
  "signature": "ed25519-sig-provider-c"
}"#;

/// 001, step 7, to the provider.
const SETTLE: &str = r#"{
  "tgp_version": "0.1", "message_type": "SETTLE", "request_id": "req-abc-123", "timestamp": "2025-12-01T10:00:33Z",
  "sender": "gateway-b.example.com", "htlc_id": "htlc-c-12345", "status": "SETTLED", "final_amount": 9.50,
  "signature": "ed25519-sig-gateway-b"
}"#;

/// 002, section 2.1 to 2.7, with the common fields of section 2 that the document leaves out of each.
const GATEWAY_EXAMPLES: [(Kind, &str); 7] = [
    (
        Kind::Query,
        r#"{"message_type": "QUERY", "request_id": "req-123", "sender": "client.example",
        "destination": "provider.example", "attributes": {"amount": {"value": 100, "currency": "USD"},
        "deadline": "2025-12-01T12:00:00Z", "compliance": ["KYC", "AML"],
        "qos": {"latency_ms": 500, "reliability": 0.99}}}"#,
    ),
    (
        Kind::Advert,
        r#"{"message_type": "ADVERT", "request_id": "req-123", "sender": "gateway-a.example", "paths": [
        {"path_id": "path-1", "hops": ["gateway-a.example", "gateway-b.example"],
        "cost": {"base": 1.50, "variable": 0.02, "currency": "USD"}, "risk_score": 0.05,
        "attributes": {"escrow_type": "htlc", "settlement_time_max": 300, "compliance": ["KYC"]}}], "ttl": 60}"#,
    ),
    (
        Kind::Select,
        r#"{"message_type": "SELECT", "request_id": "req-123", "sender": "client.example", "path_id": "path-1",
        "htlc_params": {"hash": "sha256-of-secret", "timeout": "2025-12-01T12:05:00Z", "amount": 101.50}}"#,
    ),
    (
        Kind::Locked,
        r#"{"message_type": "LOCKED", "request_id": "req-123", "sender": "gateway-a.example", "path_id": "path-1",
        "htlc_id": "htlc-456", "status": "LOCKED"}"#,
    ),
    (
        Kind::Proof,
        r#"{"message_type": "PROOF", "request_id": "req-123", "sender": "provider.example",
        "htlc_secret": "preimage-of-hash",
        "proof_data": {"tdr_hash": "sha256-of-tdr", "signature": "provider-signature"}}"#,
    ),
    (
        Kind::Settle,
        r#"{"message_type": "SETTLE", "request_id": "req-123", "sender": "gateway-a.example", "htlc_id": "htlc-456",
        "status": "SETTLED", "final_amount": 101.50}"#,
    ),
    (
        Kind::Error,
        r#"{"message_type": "ERROR", "request_id": "req-123", "sender": "gateway-b.example",
        "error_code": "HTLC_TIMEOUT", "description": "HTLC expired before proof received"}"#,
    ),
];

fn text(value: &str) -> Value {
    Value::String(value.to_owned())
}

/// Adds what the documents' messages lack: the ledger state and policy that they are bound to.
fn bind(message: &mut Object, kind: Kind) {
    let ids = ["sso-id-1", "sso-id-2"].map(text).to_vec();
    if !matches!(kind, Kind::Error | Kind::Proof) {
        message.insert("sso_ids", Value::Array(ids));
        message.insert("policy_hash", text(&hash().to_string()));
    }
    if matches!(kind, Kind::Proof | Kind::Settle) {
        let state = r#"[{"type":"block_header","height":23456789,"hash":"0xb1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1"}]"#;
        message.insert("state_refs", json::parse(state.as_bytes()).unwrap());
    }
    if kind == Kind::Settle {
        message.insert("settlement_txids", Value::Array(vec![text(&format!("0x{}", "e1".repeat(32)))]));
    }
}

/// Replaces hash, secret and inner signature by real ones.
fn mend(message: &mut Object, kind: Kind) {
    match kind {
        Kind::Select => put(message, "htlc_params.hash", Some(text(&hashlock().to_string()))),
        Kind::Proof => {
            message.insert("htlc_secret", text(&secret().to_string()));
            message.insert("proof_data", Value::Object(proof().proof_data.object().clone()));
        }
        _ => {}
    }
}

fn compat(message: &Object) -> Result<GatewayMessage> {
    let intake = Intake { numeric_money: true, ..Intake::default() };
    GatewayMessage::read_as(&message.canonical(), intake)
}

/// Shows R-049..R-057, R-064..R-071, R-074, R-076, R-084, R-089, R-094.
#[test]
fn messages_of_three_domains_are_read_in_compat_mode_when_mended() {
    let all = [
        (Kind::Query, QUERY),
        (Kind::Advert, ADVERT),
        (Kind::Select, SELECT),
        (Kind::Locked, LOCKED),
        (Kind::Proof, PROOF),
        (Kind::Settle, SETTLE),
    ];
    for (kind, printed) in all {
        let mut message = object(printed);
        bind(&mut message, kind);
        mend(&mut message, kind);
        sign_as(kind, &mut message, 1);
        let read = compat(&message).unwrap_or_else(|error| panic!("{kind}: {error}"));
        // the signature is over the numbers, not over what was made of them
        read.verify(&key(1).public_key()).unwrap_or_else(|error| panic!("{kind}: {error}"));
        assert_eq!(read.kind(), kind);
        assert_eq!(read.object(), &message);
    }
}

/// Shows R-139..R-148.
#[test]
fn examples_of_the_gateway_document_are_read_when_mended() {
    for (kind, printed) in GATEWAY_EXAMPLES {
        let mut message = object(printed);
        message.insert("vgp_version", text("0.1"));
        message.insert("timestamp", text("2025-12-01T11:59:00Z"));
        bind(&mut message, kind);
        mend(&mut message, kind);
        sign_as(kind, &mut message, 1);
        let read = compat(&message).unwrap_or_else(|error| panic!("{kind}: {error}"));
        read.verify(&key(1).public_key()).expect("verifies");
    }
}

/// Shows R-143.
#[test]
fn cost_on_top_of_a_delivered_amount_adds_up() {
    let [query, advert] = [GATEWAY_EXAMPLES[0], GATEWAY_EXAMPLES[1]].map(|(kind, printed)| {
        let mut message = object(printed);
        message.insert("tgp_version", text("0.1"));
        message.insert("timestamp", text("2025-12-01T11:59:00Z"));
        bind(&mut message, kind);
        sign_as(kind, &mut message, 1);
        compat(&message).expect("valid")
    });
    let (GatewayMessage::Query(query), GatewayMessage::Advert(advert)) = (query, advert) else { panic!("two kinds") };
    let path = &advert.message().paths[0];
    // the document leaves out the units: nothing says what the variable part is for
    let error = path.amount_for(query.message()).unwrap_err();
    assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::Missing, "lock_amount"));
    let mut path = path.clone();
    path.cost.units = Some(0);
    assert_eq!(path.amount_for(query.message()).unwrap(), v("101.50"));
    assert_eq!(path.attributes.escrow_type, EscrowType::Htlc);
}

/// Shows R-054, R-077.
#[test]
fn money_as_a_number_needs_the_compat_mode() {
    for (kind, printed, field) in [
        (Kind::Query, QUERY, "attributes.amount.value"),
        (Kind::Advert, ADVERT, "paths[0].cost.base"),
        (Kind::Select, SELECT, "htlc_params.amount"),
        (Kind::Settle, SETTLE, "final_amount"),
    ] {
        let mut message = object(printed);
        bind(&mut message, kind);
        mend(&mut message, kind);
        sign_as(kind, &mut message, 1);
        let error = read(&message).expect_err("a number");
        assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::NumericMoney, field), "{kind}");
        assert!(compat(&message).is_ok());
    }
}

#[test]
fn compat_mode_touches_money_only() {
    let mut message = object(QUERY);
    bind(&mut message, Kind::Query);
    put(&mut message, "attributes.deadline", Some(json::parse(b"5").unwrap()));
    sign_as(Kind::Query, &mut message, 1);
    assert_eq!(compat(&message).unwrap_err().reason(), Reason::WrongType);
    // and never lets through what is no money
    let mut message = object(QUERY);
    bind(&mut message, Kind::Query);
    put(&mut message, "attributes.amount.value", Some(json::parse(b"-10.00").unwrap()));
    sign_as(Kind::Query, &mut message, 1);
    assert_eq!(compat(&message).unwrap_err().reason(), Reason::BadDecimal);
}

/// The documents' own hash is that of the empty text, and its secret is no secret of 32 bytes.
///
/// Shows R-075, R-090, R-157.
#[test]
fn printed_hash_and_secret_are_refused() {
    let mut select = object(SELECT);
    bind(&mut select, Kind::Select);
    put(&mut select, "htlc_params.amount", Some(text("10.00")));
    let error = read(&select).unwrap_err();
    assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::KnownSecret, "htlc_params.hash"));
    let mut proof = object(PROOF);
    bind(&mut proof, Kind::Proof);
    let error = read(&proof).unwrap_err();
    assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::BadSecret, "htlc_secret"));
}

/// Whose secret anybody can guess is no lock: nothing, the hash of nothing, one byte 32 times, and no hash at all.
#[test]
fn locks_that_anybody_opens_are_refused() {
    let sha256 = |bytes: &[u8]| -> [u8; 32] { Sha256::digest(bytes).into() };
    let nothing = sha256(b"");
    let known = [nothing, sha256(&nothing), sha256(&[0; 32]), sha256(&[0x2a; 32]), sha256(&[0xff; 32]), [0; 32]];
    for lock in known {
        assert_eq!(HashLock::from(lock).check(), Err(Reason::KnownSecret));
        let text = format!("\"{}\"", HashLock::from(lock));
        refused(Kind::Select, "htlc_params.hash", Some(&text), Reason::KnownSecret, "htlc_params.hash");
        refused(Kind::Advert, "invoice.hashlock", Some(&text), Reason::KnownSecret, "invoice.hashlock");
    }
    let guessed = format!("\"{}\"", Secret::from(nothing));
    refused(Kind::Proof, "htlc_secret", Some(&guessed), Reason::KnownSecret, "htlc_secret");
}

/// Shows R-058, R-138.
#[test]
fn printed_signature_is_none() {
    let mut locked = object(LOCKED);
    bind(&mut locked, Kind::Locked);
    let error = read(&locked).expect("complete but for its signature").verify(&key(1).public_key()).unwrap_err();
    assert_eq!((error.code(), error.reason()), (Code::SigInvalid, Reason::BadSignature));
}

#[test]
fn printed_marks_are_not_read() {
    let curly = QUERY.replace('"', "\u{201d}");
    assert_eq!(GatewayMessage::read(curly.as_bytes()).unwrap_err().reason(), Reason::NotJson);
    // a name with the document's mark for what is optional is another name
    let mut message = object(LOCKED);
    bind(&mut message, Kind::Locked);
    let hash = message.remove("policy_hash").unwrap();
    message.insert("policy_hash?", hash);
    let error = read(&message).unwrap_err();
    assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::Missing, "policy_hash"));
}

/// 001 asks 8.00 + 0.01 for each of 100 and locks 9.50: that does not add up.
///
/// Shows R-067.
#[test]
fn printed_sums_are_refused() {
    refused(Kind::Advert, "paths[0].cost.base", Some(r#""8.00""#), Reason::BadSum, "paths[0].lock_amount");
    refused(Kind::Advert, "paths[0].cost.units", Some("99"), Reason::BadSum, "paths[0].lock_amount");
    let mut message = object(ADVERT);
    bind(&mut message, Kind::Advert);
    put(&mut message, "paths[0].amount_mode", Some(text("budget")));
    put(&mut message, "paths[0].cost.units", Some(json::parse(b"100").unwrap()));
    put(&mut message, "paths[0].lock_amount", Some(json::parse(b"9.50").unwrap()));
    let error = compat(&message).unwrap_err();
    assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::BadSum, "paths[0].lock_amount"));
}

/// Shows R-205.
#[test]
fn other_spellings_of_verbs_are_read() {
    let mut precheck = object(QUERY);
    precheck.insert("message_type", text("PRECHECK"));
    precheck.insert("attributes", Value::Object(Object::default()));
    let Ok(GatewayMessage::Query(query)) = read(&precheck) else { panic!("a query") };
    assert!(query.message().precheck);
    assert!(query.object().get("precheck").is_none(), "what was received stays");
    precheck.insert("precheck", Value::Bool(false));
    let error = read(&precheck).unwrap_err();
    assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::Contradiction, "precheck"));

    // what is only asked has an answer without paths
    let mut answer = crate::gateways::advert();
    let error = answer.check_against(query.message()).unwrap_err();
    assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::Contradiction, "paths"));
    answer.paths.clear();
    answer.check_against(query.message()).unwrap();

    let mut quote = crate::gateways::sample(Kind::Advert);
    quote.insert("message_type", text("QUOTE"));
    assert_eq!(read(&quote).unwrap().kind(), Kind::Advert);
    let mut commit = crate::gateways::sample(Kind::Select);
    commit.insert("message_type", text("COMMIT"));
    assert_eq!(read(&commit).unwrap().kind(), Kind::Select);
    let mut unlocked = commit.clone();
    unlocked.remove("lock_ref");
    commit.insert("lock_ref", Value::Null);
    for without in [unlocked, commit] {
        let error = read(&without).unwrap_err();
        assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::Missing, "lock_ref"));
    }
}

#[test]
fn payment_in_parts_is_refused_and_not_mistaken_for_a_whole() {
    let mut select = crate::gateways::sample(Kind::Select);
    select.insert("parts", json::parse(b"2").unwrap());
    let error = read(&select).unwrap_err();
    assert_eq!((error.reason(), error.code()), (Reason::PartsReserved, Code::Unsupported));
}

/// Shows R-071, R-141, R-159.
#[test]
fn deadline_and_quote_end_at_the_earliest_time() {
    let advert = crate::gateways::advert();
    assert_eq!(advert.expiry([]), at("10:01:00"));
    assert_eq!(advert.expiry([at("10:00:30")]), at("10:00:30"));
    let mut without = advert;
    without.ttl = None;
    without.invoice = None;
    assert_eq!(without.expiry([]), at("10:01:02"));
}
