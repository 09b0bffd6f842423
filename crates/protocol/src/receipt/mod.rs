//! Receipts: what the escrow writes on the chain, and what a settlement commits to off it.
//!
//! An [`OrderReceipt`] is the contract's own, with the very hash that it keeps. A [`Receipt`] of the protocol commits to
//! three layers: where it was settled, who it binds to which request, and under which policy. Its hash, the
//! `tdr_receipt_hash`, stands in the transaction detail record, and [`verify`] holds it against the chain.

mod commitment;
mod order_receipt;
mod verify;

pub use commitment::{Bindings, Receipt, SettlementProof, attest, verify_attestation};
pub use order_receipt::{OrderOutcome, OrderReceipt};
pub use verify::{ChainFact, Expected, verify};
