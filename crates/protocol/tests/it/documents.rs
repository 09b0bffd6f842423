//! The documents' own examples, re-typed with straight quotes.

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

/// 002 section 11.1: the information block, with one value where the document lists several, and without the question
/// marks behind names.
pub(crate) const TIB: &str = r#"{
  "meta": {
    "v": 1,
    "nonce": "5f0c1b8e2d7a4c3990b1e6f2a8d40c17",
    "exp": 1762147200000,
    "trace_id": "3f2b8c1e-7a55-4d0e-9a41-0c6d2f1b7e90"
  },
  "l8_value": {
    "network": { "family": "EVM", "chain_id": 369, "endpoint_class": "full" },
    "asset": { "symbol": "USDC", "address": "0x209693bc6afc0c5328ba36faf03c514ef312287c", "decimals": 6 },
    "state_summaries": ["sso-id-1", "sso-id-2"],
    "state_refs": [{ "type": "block_header", "height": 23456789, "hash": "0x00" }],
    "amount": "1250.00",
    "settlement": { "mode": "escrow", "timelock_ms": 180000 },
    "price_oracle": { "id": "chainlink:USDCUSD", "tolerance_bps": 50 }
  },
  "l9_identity": {
    "entities": {
      "initiator": "did:loe:dbigge",
      "payer": { "handle": "eh:tbca:a1", "proofs": ["sig:1", "zk:addr_ownership"] },
      "payee": { "handle": "eh:tbcz:b2", "proofs": ["attest:1"] },
      "mediators": ["as12345", "auditor.example"]
    },
    "bindings": [{ "handle": "eh:tbca:a1", "can_settle_on": ["evm:0xAA"], "proof": "sig-or-zk" }],
    "vc_refs": ["sd-jwt:1", "vc:jwt:2"]
  },
  "l10_policy": {
    "roles": [
      { "role": "initiator", "entity": "did:loe:dbigge", "rights": ["quote", "commit"] },
      { "role": "router", "entity": "as12345", "rights": ["route", "settle"] }
    ],
    "rules": {
      "allow_networks": [{ "family": "EVM", "chain_id": 369 }],
      "deny_jurisdictions": ["RU"],
      "fee_split": { "network_fees": "payer", "service_fees": "split:70/30" },
      "caps": { "max_total_usd": "2000", "max_fee_usd": "5" },
      "qos": { "max_latency_ms": 800, "min_success_rate": 0.99 }
    },
    "compliance": ["OFAC:US-2025-10"],
    "audit": { "tdr_level": "full", "log_sink": "syslog://tbc.local:514" }
  },
  "crypto": { "enc": ["hpke:X25519"], "sig": "base64" }
}"#;
