//! Receipts: the contract's own hash, the three layers, and the steps of their verification.

// the helpers of these tests are not tests themselves
#![allow(clippy::unwrap_used)]

mod commitment;
mod order;
mod sample;
mod verify;

use sample::{
    bindings, digest, expected, fact_of, order_receipt, proof_of, settled, simple_receipt, slot, whole, word,
};
use tgp_protocol::receipt::Receipt;

fn receipt() -> Receipt {
    whole(&settled(), bindings())
}
