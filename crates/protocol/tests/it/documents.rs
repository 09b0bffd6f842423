//! The documents' own examples, re-typed with straight quotes.

use tgp_protocol::json::{self, Object, Value};

/// 004 section 3.1, with its escrow address cut to what an address is: the printed one has 39 digits.
pub(crate) const QUERY: &str = r#"{
  "phase": "QUERY",
  "id": "q-abc123",
  "from": "buyer://alice.wallet",
  "to": "seller://store.example",
  "asset": "USDC",
  "amount": 1000000,
  "escrow_from_402": true,
  "escrow_contract_from_402": "0x742d35cc6634c0532925a3b844bc9e7595f0beb0",
  "zk_profile": "REQUIRED"
}"#;

/// 004 section 3.2, with the same repair.
pub(crate) const OFFER: &str = r#"{
  "phase": "OFFER",
  "id": "offer-abc123",
  "query_id": "q-abc123",
  "asset": "USDC",
  "amount": 1000000,
  "coreprover_contract": "0x742d35cc6634c0532925a3b844bc9e7595f0beb0",
  "session_id": "sess-abc123",
  "zk_required": true,
  "economic_envelope": {
    "max_fees_bps": 50,
    "expiry": "2025-11-10T23:59:59Z"
  }
}"#;

/// 004 section 3.3.
pub(crate) const SETTLE: &str = r#"{
  "phase": "SETTLE",
  "id": "settle-abc123",
  "query_or_offer_id": "offer-abc123",
  "success": true,
  "source": "buyer-notify",
  "layer8_tx": "0x9f2d8e7c3b1a5f4e2d1c0b9a8f7e6d5c4b3a2f1e0d9c8b7a6f5e4d3c2b1a0f9e",
  "session_id": "sess-abc123"
}"#;

/// 004 section 3.4.
pub(crate) const ERROR: &str = r#"{
  "phase": "ERROR",
  "id": "err-abc123",
  "code": "UNSUPPORTED_ASSET",
  "message": "Asset DOGE not supported in this jurisdiction",
  "correlation_id": "q-abc123"
}"#;

/// 003 section 4.1, with one of the three classes that the printed `kycClass` lists. Its token is the one of Ethereum's
/// main net, its chain a test net of Base.
pub(crate) const VPQ: &str = r#"{
  "vpqVersion": 1,
  "pathId": "gwA>gwB>gwC",
  "asset": {
    "chain": "base-sepolia",
    "erc20": "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48",
    "decimals": 6,
    "symbol": "USDC"
  },
  "price": {
    "amount": "10000",
    "currency": "USDC",
    "ttlSeconds": 45
  },
  "fees": [
    {"hop":"gwA","type":"policy_eval","amount":"0"},
    {"hop":"gwB","type":"crossdomain","amount":"25"},
    {"hop":"gwC","type":"egress_settle","amount":"5"}
  ],
  "policy": {
    "kycClass": "P1",
    "jurisdiction": ["US-CA","EU-DE"],
    "sanctions": "OFAC-2025.09",
    "dataRetention": "tdr-90d",
    "allowedUse": ["ai-inference","data-access"]
  },
  "rs": {
    "name": "Example RS",
    "settlementAddress": "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
    "paymentRequirements": {
      "scheme": "x402:exact:eip3009",
      "maxAmountRequired": "10000",
      "validityMinSeconds": 30,
      "requiredNetwork": "base-sepolia",
      "requiredToken": "erc20:USDC"
    }
  },
  "nonce": "vpq-7ff5b6b2",
  "sig": "gwC-signature-over-hash"
}"#;

/// 003 section 3.1, with whole values where the printed ones are cut.
pub(crate) const X_PAYMENT: &str = r#"{
  "x402Version": 1,
  "scheme": "exact",
  "network": "base-sepolia",
  "payload": {
    "signature": "0x2d6a7588d6acca505cbf0d9a4a227e0c52c6c34008c8e8986a1283259764173608a2ce6496642e377d6da8dbbf5836e9bd15092f9ecab05ded3d6293af148b571c",
    "authorization": {
      "from": "0x857b06519E91e3A54538791bDbb0E22373e36b66",
      "to":   "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
      "value": "10000",
      "validAfter":  "1740672089",
      "validBefore": "1740672154",
      "nonce": "0xf3746613c2d920b5fdabc0856f2aeb2d4f88ee6037b8cc5d04a71a4462f13480"
    }
  }
}"#;

/// 003 section 7.1, with whole values.
pub(crate) const POS: &str = r#"{
  "posVersion": 1,
  "txHash": "0x9f2d8e7c3b1a5f4e2d1c0b9a8f7e6d5c4b3a2f1e0d9c8b7a6f5e4d3c2b1a0f9e",
  "blockNumber": 12345678,
  "chainId": 84532,
  "erc20": "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
  "from": "0x857b06519E91e3A54538791bDbb0E22373e36b66",
  "to": "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
  "value": "10000",
  "vpqNonce": "vpq-7ff5b6b2",
  "pathId": "gwA>gwB>gwC",
  "sig": "gwC-signature"
}"#;

/// The document with each of its values, however deep, replaced by each of some others in turn.
pub(crate) fn spoiled(document: &Object) -> Vec<Object> {
    let others = [
        "null",
        "true",
        "-1",
        "9007199254740991",
        "0.5",
        r#""SECRET""#,
        "[]",
        "{}",
        r#"["SECRET"]"#,
        r#"{"SECRET":1}"#,
    ];
    let others = others.map(|text| json::parse(text.as_bytes()).expect("JSON"));
    let mut spoiled = Vec::new();
    for (name, value) in document.iter() {
        let inner = match value {
            Value::Object(object) => self::spoiled(object).into_iter().map(Value::Object).collect(),
            Value::Array(elements) => in_list(elements),
            _ => Vec::new(),
        };
        for value in others.iter().cloned().chain(inner) {
            let mut changed = document.clone();
            changed.insert(name, value);
            spoiled.push(changed);
        }
    }
    spoiled
}

fn in_list(elements: &[Value]) -> Vec<Value> {
    let mut lists = Vec::new();
    for (place, element) in elements.iter().enumerate() {
        let Value::Object(object) = element else { continue };
        for changed in spoiled(object) {
            let mut list = elements.to_vec();
            list[place] = Value::Object(changed);
            lists.push(Value::Array(list));
        }
    }
    lists
}

/// 002 section 11.1: the information block, with one value where the document lists several, without the question marks
/// behind names, with a real nonce, time, address, hash and handles, and without the wallet that the document lets
/// everybody see in `can_settle_on`.
pub(crate) const TIB: &str = include_str!("documents/tib.json");

/// 004 section 12: the flat block, with the quotes and digits that are missing there.
pub(crate) const TIB_LITE: &str = include_str!("documents/tib_lite.json");
