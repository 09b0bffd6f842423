//! Valid parts and messages between gateways: the worked example, in which a client pays 10.00, a gateway keeps 0.50,
//! and a provider gets 9.50.

use crate::{
    Outcome,
    object::{fields, object, put, written},
};
use tgp_protocol::{
    gateway::{Invoice, ProofData},
    json::{Kept, Object, Value},
    sign::SigningKey,
    tib::Tib,
    wire::Kind,
};

pub(crate) const PAYEE: u8 = 3;

pub(crate) fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

/// Of the secret of 32 times 0x5a, but for the first byte, which is 0x01.
const INVOICE: &str = r#"{
  "request_id": "req-abc-123", "hashlock": "HASHLOCK", "amount": "9.50",
  "expiry": "2025-12-01T10:01:00Z", "payee": "eh:tbcz:8Qk"
}"#;

/// The document's block, without a lock and a policy hash.
const TIB: &str = include_str!("../../tests/it/documents/tib.json");

const BOUND: &str = r#""sso_ids": ["sso-id-1", "sso-id-2"], "policy_hash": "POLICY",
  "state_refs": [{"type": "block_header", "height": 23456789,
    "hash": "0xb1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1"}]"#;

const LOCK: &str = r#"{"chain": "eip155:369", "contract": "0x00000000000000000000000000000000000000cc",
  "lock_id": "0x0101010101010101010101010101010101010101010101010101010101010101",
  "tx_hash": "0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "block": 23456789}"#;

/// The provider's own path: 8.50 + 0.01 x 100 = 9.50.
pub(crate) const PATH: &str = r#"{
  "path_id": "path-direct-c", "hops": ["provider-c.example.com"],
  "cost": {"base": "8.50", "variable": "0.01", "units": 100, "currency": "USDC", "model": "per_request"},
  "lock_amount": "9.50", "amount_mode": "budget", "risk_score": "0.01",
  "attributes": {"escrow_type": "htlc", "settlement_time_max": 120, "compliance": ["KYC"]}
}"#;

pub(crate) const QUERY: &str = r#""destination": "provider-c.example.com", "sso_ids": ["sso-id-1", "sso-id-2"],
  "attributes": {
    "amount": {"value": "10.00", "currency": "USDC"}, "amount_mode": "budget", "deadline": "2025-12-01T10:05:00Z",
    "compliance": ["KYC"], "qos": {"latency_ms": 500, "reliability": "0.99"}
  }"#;

/// What a message of each kind has besides its header.
fn body(kind: Kind) -> Outcome<String> {
    Ok(match kind {
        Kind::Query => QUERY.to_owned(),
        Kind::Advert => format!(
            r#""paths": [{PATH}], "ttl": 60, "withdrawn": ["path-old"],
            "bond": {{"asset": "USDC", "amount": "0.25", "refundable": true, "terms": "terms-1"}}, {BOUND}"#
        ),
        Kind::Select => format!(
            r#""path_id": "path-direct-c", "lock_ref": {LOCK}, "lock_deadline": "2025-12-01T10:01:00Z",
            "htlc_params": {{"hash": "HASHLOCK", "timeout": "2025-12-01T10:04:30Z", "amount": "9.50"}}, {BOUND}"#
        ),
        Kind::Locked => format!(
            r#""path_id": "path-direct-c", "htlc_id": "htlc-c-12345", "status": "LOCKED", "lock_ref": {LOCK}, {BOUND}"#
        ),
        Kind::Proof => format!(
            r#""htlc_secret": "0x015a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a",
            "settlement_txids": ["0xe0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0"], {BOUND}"#
        ),
        Kind::Settle => format!(
            r#""htlc_id": "htlc-c-12345", "status": "SETTLED", "final_amount": "9.50",
            "settlement_txids": ["0xe1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1"], {BOUND}"#
        ),
        Kind::Error => r#""error_code": "NO_ROUTE", "description": "is no path of the advert", "class": "F",
            "hop": "gateway-b.example.com", "path_id": "path-via-b""#
            .to_owned(),
        Kind::WithdrawRoute => r#""withdrawn": ["path-via-b"]"#.to_owned(),
        Kind::Abort => format!(
            r#""path_id": "path-via-b", "lock_ref": {LOCK}, "release": {{
            "chain": "eip155:369", "contract": "0x00000000000000000000000000000000000000cc",
            "lock_id": "0x0101010101010101010101010101010101010101010101010101010101010101",
            "signature": "0x{}1b"}}"#,
            "11".repeat(64)
        ),
        other => return Err(format!("{other} is of another plane").into()),
    })
}

fn filled(text: &str) -> Outcome<Object> {
    let mut secret = [0x5a; 32];
    secret[0] = 1;
    let lock = tgp_protocol::value::Secret::from(secret).hash_lock();
    let policy = object(r#"{"deny_jurisdictions":["RU"]}"#)?;
    let summaries = ["sso-id-1".parse()?, "sso-id-2".parse()?];
    let hash = tgp_protocol::ledger::policy_hash(&policy, &summaries);
    object(&text.replace("HASHLOCK", &lock.to_string()).replace("POLICY", &hash.to_string()))
}

/// The provider's invoice.
pub(crate) fn invoice() -> Outcome<Kept<Invoice>> {
    let invoice: Invoice = fields(&String::from_utf8(filled(INVOICE)?.canonical())?)?;
    Ok(invoice.sign(&key(PAYEE))?)
}

/// The info block, unsigned.
pub(crate) fn tib() -> Outcome<Object> {
    let mut tib = object(TIB)?;
    put(&mut tib, "meta.exp", Some("1764583260000"))?;
    put(&mut tib, "l8_value.amount", Some(r#""9.50""#))?;
    put(&mut tib, "l8_value.settlement.hashlock", Some(r#""HASHLOCK""#))?;
    put(&mut tib, "l10_policy.policy_hash", Some(r#""POLICY""#))?;
    filled(&written(&tib)?)
}

/// The info block, signed by its initiator.
pub(crate) fn signed_tib() -> Outcome<Object> {
    let tib = Kept::<Tib>::from_object(tib()?)?.into_fields();
    Ok(Kept::sign(tib, &key(4))?.object().clone())
}

/// A valid message of this kind, unsigned, with every member that it may have but the info block.
pub(crate) fn sample(kind: Kind) -> Outcome<Object> {
    let header = format!(
        r#""tgp_version": "0.1", "message_type": "{}", "request_id": "req-abc-123",
        "timestamp": "2025-12-01T10:00:00Z", "sender": "{}""#,
        kind.name(),
        if kind == Kind::Query { "client-a.example.com" } else { "provider-c.example.com" },
    );
    let mut message = filled(&format!("{{{header}, {}}}", body(kind)?))?;
    let invoice = invoice()?;
    match kind {
        Kind::Advert => {
            message.insert("invoice", Value::Object(invoice.object().clone()));
        }
        Kind::Proof => {
            let data = ProofData::new([9; 32].into(), invoice.fields().hashlock).sign(&key(PAYEE))?;
            message.insert("proof_data", Value::Object(data.object().clone()));
        }
        _ => {}
    }
    Ok(message)
}
