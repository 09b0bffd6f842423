//! Transaction detail records.

// the helpers of these tests are not tests themselves
#![allow(clippy::unwrap_used)]

mod chain;
mod renderings;
mod seal;
mod triplet;

use tgp_protocol::{
    json::{self, Object, Value},
    record::tdr::{Entry, Tdr, Tip},
    sign::{KeyId, PublicKey, SigningKey},
    tagged_hash,
    value::Sha256Digest,
};

fn key() -> SigningKey {
    SigningKey::from_seed(&[1; 32])
}

fn known(kid: KeyId) -> Option<PublicKey> {
    Some(key().public_key()).filter(|key| key.id() == kid)
}

fn object(text: &str) -> Object {
    let Ok(Value::Object(object)) = json::parse(text.as_bytes()) else { panic!("an object") };
    object
}

/// The record of 001 section 5 and the row of 003 section 7.2, whose hashes the documents cut short.
fn entry() -> Entry {
    let value = object(
        r#"{
          "tdr_id": "tdr-789",
          "request_id": "req-abc-123",
          "session_id": "sess-abc123",
          "trace_id": "6f1c2a34-0f5e-4b6a-8a55-3d1d2b9c0e77",
          "service": "api-processing",
          "verb": "SETTLE",
          "ts_start": "2025-11-03T08:14:20Z",
          "timestamp": "2025-11-03T08:14:33Z",
          "status": "success",
          "l8": { "family": "EVM", "chain_id": "base-sepolia" },
          "asset": { "symbol": "USDC" },
          "amount": "10000",
          "txid": "0xabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcadef",
          "block": 12345678,
          "client_id": "c-9b12",
          "path_id": "gwA>gwB>gwC",
          "rs": "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
          "auth_nonce": "0xf3746613c2d920b5fdabc0856f2aeb2d4f88ee6037b8cc5d04a71a4462f13480",
          "policy_hash": "sha256:1111111111111111111111111111111111111111111111111111111111111111",
          "sso_ids": ["sso-1", "sso-2"]
        }"#,
    );
    json::from_value(&Value::Object(value)).unwrap()
}

fn chain(length: usize) -> Vec<Tdr> {
    let mut tip = Tip::default();
    let numbered = |number: usize| Entry { tdr_id: format!("tdr-{number}").parse().unwrap(), ..entry() };
    (0..length).map(|number| tip.append(numbered(number), &key()).unwrap()).collect()
}

fn objects(records: &[Tdr]) -> Vec<Object> {
    records.iter().map(|record| record.object().clone()).collect()
}

fn names(object: &Object) -> Vec<&str> {
    object.iter().map(|(name, _)| name).collect()
}

fn th(tag: &str, parts: &[&[u8]]) -> Sha256Digest {
    tagged_hash(tag, parts.iter().copied()).into()
}
