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
