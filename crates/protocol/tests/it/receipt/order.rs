//! What the escrow writes on the chain.

use super::{order_receipt, simple_receipt, slot, word};
use tgp_protocol::{
    receipt::{OrderOutcome, OrderReceipt},
    value::{Amount, ChainId},
};

/// `test/receipts/RustVector.t.sol` has the same two receipts and the same two hashes.
const TERMS_HASH: &str = "0x929acc8b13f2719bcf2bee9a14e4d66228940365ba01799a2d8781d10753950a";
const SIMPLE_HASH: &str = "0xffa03fedf9088091a1c2e6a4a55785590aefcac33eb27130141fbd6dca9a28d7";

/// Shows R-516. The hash is the contract's, word for word.
#[test]
fn receipt_hash_is_the_contracts() {
    assert_eq!(order_receipt().receipt_hash().to_string(), TERMS_HASH);
    assert_eq!(simple_receipt().receipt_hash().to_string(), SIMPLE_HASH);
}

#[test]
fn each_word_of_a_receipt_counts() {
    let receipt = order_receipt();
    let changes: [fn(&mut OrderReceipt); 16] = [
        |receipt| receipt.chain = ChainId::eip155(1),
        |receipt| receipt.minter = receipt.buyer,
        |receipt| receipt.order_id = word(1),
        |receipt| receipt.buyer = receipt.seller,
        |receipt| receipt.seller = receipt.buyer,
        |receipt| receipt.session_id = word(1),
        |receipt| receipt.offer_hash = word(1),
        |receipt| receipt.token = receipt.buyer,
        |receipt| receipt.paid = Amount::ZERO,
        |receipt| receipt.refunded = Amount::ZERO,
        |receipt| receipt.fee = Amount::ZERO,
        |receipt| receipt.outcome = OrderOutcome::Ruled,
        |receipt| receipt.settled_at += 1,
        |receipt| receipt.evidence = word(1),
        |receipt| receipt.receipt_address = word(1),
        |receipt| receipt.delivery_commitment = word(1),
    ];
    for (place, change) in changes.into_iter().enumerate() {
        let mut other = receipt;
        change(&mut other);
        let differing: Vec<_> = (0..16).filter(|word| other.words()[*word] != receipt.words()[*word]).collect();
        assert_eq!(differing, [place]);
        assert_ne!(other.receipt_hash(), receipt.receipt_hash());
    }
}

#[test]
fn only_the_slot_of_an_ended_order_holds_a_receipt() {
    let receipt = order_receipt();
    for state in 0..=u8::MAX {
        let held = receipt.is_in_slot(slot(state, receipt.receipt_hash()));
        assert_eq!(held, matches!(state, 6 | 8 | 10), "{state}");
        assert!(!receipt.is_in_slot(slot(state, word(0))), "an order without a receipt");
    }
    for byte in 6..32 {
        let mut changed = slot(6, receipt.receipt_hash()).0.0;
        changed[byte] ^= 1;
        assert!(!receipt.is_in_slot(changed.into()), "{byte}");
    }
}

#[test]
fn outcomes_have_the_contracts_numbers() {
    for number in 0..=u8::MAX {
        let outcome = OrderOutcome::from_number(number);
        assert_eq!(outcome.map(OrderOutcome::number), (1..=9).contains(&number).then_some(number));
    }
    assert_eq!(OrderOutcome::from_number(9), Some(OrderOutcome::Simple));
}
