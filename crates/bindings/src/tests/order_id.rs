//! The order id that the escrow computes, computed here from types of our own. `test/script/OrderIdVector.t.sol` holds
//! the same two constants against the contract.
use alloy::{
    primitives::{Address, B256, U256, address, b256, keccak256},
    sol,
    sol_types::{Eip712Domain, SolStruct, eip712_domain},
};

sol! {
    struct OrderTerms {
        address buyer;
        address seller;
        uint256 payment;
        uint256 counter;
        address feeReceiver;
        address arbiter;
        address verifier;
        bytes32 deliveryCircuit;
        uint256 rules;
        uint256 times;
        bytes32 sessionId;
        bytes32 offerHash;
        bytes32 salt;
    }
}

const ESCROW: Address = address!("00000000000000000000000000000000000e5c02");

fn domain() -> Eip712Domain {
    eip712_domain! { name: "CoreProverEscrow", version: "1", chain_id: 31_337, verifying_contract: ESCROW, }
}

fn account(last: u8) -> Address {
    Address::with_last_byte(last)
}

/// The terms that the contract's test has too: a bonded order with every field set.
fn bonded() -> OrderTerms {
    let packed = |token: Address, amount: u64| (U256::from_be_bytes(token.into_word().0) << 96) | U256::from(amount);
    let fold =
        |parts: &[(u64, usize)]| parts.iter().fold(U256::ZERO, |all, &(value, bits)| (all << bits) | U256::from(value));
    OrderTerms {
        buyer: account(1),
        seller: account(2),
        payment: packed(account(3), 100_000_000),
        counter: packed(account(4), 90_000_000),
        feeReceiver: account(5),
        arbiter: account(6),
        verifier: account(7),
        deliveryCircuit: B256::ZERO,
        rules: fold(&[
            (0, 8),
            (1, 8),
            (1, 8),
            (42, 8),
            (5_000, 16),
            (100, 16),
            (200, 16),
            (300, 16),
            (500, 16),
            (0, 48),
            (8, 48),
            (9, 48),
        ]),
        times: fold(&[
            (1_790_000_600, 40),
            (1_790_001_800, 40),
            (1_790_086_400, 40),
            (0, 40),
            (172_800, 48),
            (604_800, 48),
        ]),
        sessionId: keccak256("session"),
        offerHash: keccak256("offer"),
        salt: keccak256("salt"),
    }
}

#[test]
fn bonded_order_has_the_id_of_the_contract() {
    let expected = b256!("2855d48435f75da976e364fbbcaade6b17e77d98e1f01366ec463fc587c73d89");
    assert_eq!(bonded().eip712_signing_hash(&domain()), expected);
}

#[test]
fn plain_order_has_the_id_of_the_contract() {
    let terms = OrderTerms {
        feeReceiver: Address::ZERO,
        arbiter: Address::ZERO,
        verifier: Address::ZERO,
        counter: U256::ZERO,
        rules: U256::ZERO,
        ..bonded()
    };
    let expected = b256!("1d2629005ac8b328a0926e5eddb3e0a79fb821c359ca33dbb51d53889fa19b50");
    assert_eq!(terms.eip712_signing_hash(&domain()), expected);
}

#[test]
fn id_binds_chain_and_contract() {
    let id = bonded().eip712_signing_hash(&domain());
    let other_chain = Eip712Domain { chain_id: Some(U256::from(1)), ..domain() };
    let other_contract = Eip712Domain { verifying_contract: Some(account(1)), ..domain() };
    assert_ne!(bonded().eip712_signing_hash(&other_chain), id);
    assert_ne!(bonded().eip712_signing_hash(&other_contract), id);
}
