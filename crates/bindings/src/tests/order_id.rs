//! The order id that the escrow computes, computed here from the signed message. `test/script/OrderIdVector.t.sol` holds
//! the same two constants against the contract.
use crate::{CoreProverEscrow, Order, escrow_domain, messages::OrderTerms};
use alloy::{
    primitives::{
        Address, U256, address,
        aliases::{U40, U48, U96},
        b256, keccak256,
    },
    sol_types::{Eip712Domain, SolStruct},
};

pub(super) const ESCROW: Address = address!("00000000000000000000000000000000000e5c02");

fn domain() -> Eip712Domain {
    escrow_domain(31_337, ESCROW)
}

fn account(last: u8) -> Address {
    Address::with_last_byte(last)
}

/// The terms that the contract's test has too: a bonded order with nearly every field set.
pub(super) fn bonded() -> Order {
    Order {
        buyer: account(1),
        seller: account(2),
        token: account(3),
        amount: U96::from(100_000_000),
        counter_token: account(4),
        counter_amount: U96::from(90_000_000),
        fee_receiver: account(5),
        arbiter: account(6),
        verifier: account(7),
        policy: 1,
        silence: 1,
        jurisdiction: 42,
        slash_bps: 5_000,
        fee_bps: 100,
        max_fee_bps: 200,
        arbiter_fee_bps: 300,
        dispute_bond_bps: 500,
        zkb_version: U48::from(8),
        zks_version: U48::from(9),
        fund_by: U40::from(1_790_000_600_u64),
        commit_by: U40::from(1_790_001_800_u64),
        deliver_by: U40::from(1_790_086_400_u64),
        review_window: U48::from(172_800),
        dispute_window: U48::from(604_800),
        session_id: keccak256("session"),
        offer_hash: keccak256("offer"),
        salt: keccak256("salt"),
        ..Order::default()
    }
}

#[test]
fn bonded_order_has_the_id_of_the_contract() {
    let expected = b256!("2855d48435f75da976e364fbbcaade6b17e77d98e1f01366ec463fc587c73d89");
    assert_eq!(bonded().pack().eip712_signing_hash(&domain()), expected);
}

#[test]
fn plain_order_has_the_id_of_the_contract() {
    let full = bonded().pack();
    let terms = OrderTerms {
        feeReceiver: Address::ZERO,
        arbiter: Address::ZERO,
        verifier: Address::ZERO,
        counter: U256::ZERO,
        rules: U256::ZERO,
        ..full
    };
    let expected = b256!("1d2629005ac8b328a0926e5eddb3e0a79fb821c359ca33dbb51d53889fa19b50");
    assert_eq!(terms.eip712_signing_hash(&domain()), expected);
}

#[test]
fn id_binds_chain_and_contract() {
    let id = bonded().pack().eip712_signing_hash(&domain());
    let other_chain = Eip712Domain { chain_id: Some(U256::from(1)), ..domain() };
    let other_contract = Eip712Domain { verifying_contract: Some(account(1)), ..domain() };
    assert_ne!(bonded().pack().eip712_signing_hash(&other_chain), id);
    assert_ne!(bonded().pack().eip712_signing_hash(&other_contract), id);
}

/// Every bit of the packed words is a field's, at the place where it was put.
#[test]
fn fields_come_back_from_the_compact_form() {
    assert_eq!(Order::from(&bonded().pack()), bonded());
    for bit in 0..256 {
        let word = U256::ONE << bit;
        let alone = OrderTerms { payment: word, counter: word, rules: word, times: word, ..Order::default().pack() };
        assert_eq!(Order::from(&alone).pack(), alone, "bit {bit}");
    }
}

#[test]
fn terms_of_every_contract_are_the_same_words() {
    let terms = CoreProverEscrow::Terms::from(bonded().pack());
    assert_eq!(OrderTerms::from(terms), bonded().pack());
}
