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
