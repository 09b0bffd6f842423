//! A receipt with what it is about: the settlement, the request and the chain's word. The vectors are made of the same.

// a sample that cannot be made ends whatever is made of it
#![allow(clippy::unwrap_used)]

use tgp_protocol::{
    receipt::{Bindings, ChainFact, Expected, OrderOutcome, OrderReceipt, Receipt, SettlementProof},
    value::{Amount, ChainId, EvmAddress, Sha256Digest, Word},
};

pub(crate) fn order_receipt() -> OrderReceipt {
    OrderReceipt {
        chain: ChainId::eip155(8453),
        minter: "0x2e234DAe75C793f67A35089C9d99245E1C58470b".parse().unwrap(),
        order_id: "0xc3f36342357a7a1a973bcf0b6dcf186fbd583cdb7936b450c3693965d34b0e90".parse().unwrap(),
        buyer: "0x0ff93edfa7fb7ad5e962e4c0edb9207c03a0fe02".parse().unwrap(),
        seller: "0xdfa97bfe5d2b2e8169b194eaa78fbb793346b174".parse().unwrap(),
        session_id: "0xac3394aedd5f0646001ad6ed50b0b93f03346087c5f8d9e1af1c7be8993c068a".parse().unwrap(),
        offer_hash: "0x58735202734f795b4af32cc76b1788549009da7d9f64c78397956091249ea14e".parse().unwrap(),
        token: "0xf62849f9a0b5bf2913b396098f7c7019b51a820a".parse().unwrap(),
        paid: Amount::from(75_000_000),
        refunded: Amount::from(25_000_000),
        fee: Amount::from(750_000),
        outcome: OrderOutcome::TimedOut,
        settled_at: 1_795_255_200,
        evidence: "0x97794b46b3afe9245d61058666381907ac8a35b0e3bce564cde9dd0eea648cb6".parse().unwrap(),
        receipt_address: word(11),
        delivery_commitment: word(12),
    }
}

pub(crate) fn simple_receipt() -> OrderReceipt {
    let zero = word(0);
    OrderReceipt {
        session_id: zero,
        offer_hash: zero,
        token: EvmAddress::default(),
        paid: Amount::from(100_000_000_000_000_000),
        refunded: Amount::ZERO,
        fee: Amount::ZERO,
        outcome: OrderOutcome::Simple,
        evidence: zero,
        receipt_address: zero,
        delivery_commitment: zero,
        ..order_receipt()
    }
}

pub(crate) fn word(last: u8) -> Word {
    let mut bytes = [0; 32];
    bytes[31] = last;
    bytes.into()
}

pub(crate) fn digest(byte: u8) -> Sha256Digest {
    [byte; 32].into()
}

/// The slot of an ended order: state, time, and the upper 208 bits of the hash.
pub(crate) fn slot(state: u8, hash: Word) -> Word {
    let mut slot = [0; 32];
    slot[0] = state;
    slot[1..6].copy_from_slice(&1_795_255_200_u64.to_be_bytes()[3..]);
    slot[6..].copy_from_slice(&hash.0[..26]);
    slot.into()
}

const SESSION: &str = "sess-abc123";

pub(crate) fn settled() -> OrderReceipt {
    let session_id = alloy_primitives::keccak256(SESSION);
    OrderReceipt { session_id: Word(session_id), ..order_receipt() }
}

pub(crate) fn proof_of(receipt: &OrderReceipt) -> SettlementProof {
    SettlementProof {
        chain: receipt.chain,
        minter: receipt.minter,
        order_id: receipt.order_id,
        receipt_hash: receipt.receipt_hash(),
        tx: word(1),
        block_hash: word(2),
        log_index: 3,
    }
}

pub(crate) fn fact_of(receipt: OrderReceipt) -> ChainFact {
    let kept =
        if receipt.outcome == OrderOutcome::Simple { receipt.receipt_hash() } else { slot(6, receipt.receipt_hash()) };
    ChainFact { receipt, kept, tx: word(1), block_hash: word(2), log_index: 3, block: 90, last_final: 100 }
}

pub(crate) fn bindings() -> Bindings {
    Bindings {
        request: digest(1),
        session_id: SESSION.parse().unwrap(),
        payer: "eh:buyer:7f3a".parse().unwrap(),
        payee: "eh:seller:9c21".parse().unwrap(),
        token: order_receipt().token,
        amount: Amount::from(100_000_000),
        delivery: Some(order_receipt().evidence),
    }
}

pub(crate) fn whole(settled: &OrderReceipt, bindings: Bindings) -> Receipt {
    Receipt::new(vec![proof_of(settled)], bindings, digest(9)).unwrap()
}

pub(crate) fn expected() -> Expected {
    Expected {
        request: digest(1),
        session_id: SESSION.parse().unwrap(),
        chain: order_receipt().chain,
        seller: order_receipt().seller,
        simple_order: None,
        token: order_receipt().token,
        amount: Amount::from(100_000_000),
        policy_hash: digest(9),
        minters: vec![order_receipt().minter],
    }
}
