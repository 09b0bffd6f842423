//! The storage slot of a terms order, as the contract packs it.

use alloy::primitives::{B256, U256, keccak256};
use tgp_protocol::value::Word;

pub(super) const BUYER_SHIELDED: u8 = 1;
pub(super) const SELLER_SHIELDED: u8 = 2;
pub(super) const DISPUTED_UNFULFILLED: u8 = 4;

/// `state 8 | flags 8 | clock 40 | word 200`. Nothing where the clock or the word does not fit: the contract reverts there.
pub(super) fn open(state: u8, flags: u8, clock: U256, word: U256) -> Option<Word> {
    if clock >> 40 != U256::ZERO || word >> 200 != U256::ZERO {
        return None;
    }
    let head = U256::from(u16::from_be_bytes([state, flags])) << 240;
    Some(Word(B256::from(head | clock << 200 | word)))
}

/// `state 8 | settledAt 40 | receiptHash 208`.
pub(super) fn ended(state: u8, settled_at: u64, receipt_hash: Word) -> Option<Word> {
    if settled_at >> 40 != 0 {
        return None;
    }
    let head = U256::from(state) << 248 | U256::from(settled_at) << 208;
    Some(Word(B256::from(head | U256::from_be_bytes(receipt_hash.0.0) >> 48)))
}

pub(super) fn flags(slot: Word) -> u8 {
    slot.0[1]
}

/// The right-hand 200 bits of an open slot.
pub(super) fn word(slot: Word) -> U256 {
    U256::from_be_slice(&slot.0[7..])
}

/// The 200 bits that stand for evidence.
pub(super) fn evidence(order: Word, evidence: Word) -> U256 {
    U256::from_be_bytes(keccak256([order.0.0, evidence.0.0].concat()).0) >> 56
}
