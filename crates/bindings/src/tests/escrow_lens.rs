//! What the lens is asked and what it answers, as bytes: `test/lens/RustVector.t.sol` holds the same against the
//! contract.
use super::order_id::{ESCROW, bonded};
use crate::{
    EscrowLens,
    enums::{Fault, Verb},
    escrow_domain,
    messages::{OrderTerms, Voucher},
};
use alloy::{
    primitives::{Address, B256, Bytes, U256, b256, bytes, keccak256},
    sol_types::{Eip712Domain, SolCall, SolStruct},
};

/// keccak256 of the calldata of `nextActions` for the bonded order.
const CALL: B256 = b256!("4bf8ded9fef14d6bf00c6d1c974cc7c547e644666527906cffe088713a9525e2");
/// The lens about that order at 1,790,000,000, fulfilled and with two days of review to come.
const ANSWER: Bytes = bytes!(
    "0000000000000000000000000000000000000000000000000000000000000009"
    "0000000000000000000000000000000000000000000000000000000000000060"
    "000000000000000000000000000000000000000000000000000000006ab3de80"
    "0000000000000000000000000000000000000000000000000000000000000004"
    "0000000000000000000000000000000000000000000000000000000000000003"
    "0000000000000000000000000000000000000000000000000000000000000007"
    "000000000000000000000000000000000000000000000000000000006ab53000"
    "0000000000000000000000000000000000000000000000000000000000000008"
    "0000000000000000000000000000000000000000000000000000000000000001"
    "000000000000000000000000000000000000000000000000000000006ab3de7f"
    "000000000000000000000000000000000000000000000000000000000000000b"
    "0000000000000000000000000000000000000000000000000000000000000001"
    "0000000000000000000000000000000000000000000000000000000000000000"
    "000000000000000000000000000000000000000000000000000000000000000b"
    "0000000000000000000000000000000000000000000000000000000000000002"
    "0000000000000000000000000000000000000000000000000000000000000000"
);
const VOUCHER: B256 = b256!("a345646cd0a0edcd352fc64ea984f83bc1ff6af705ed05021c286c66c7ef1f32");

fn domain() -> Eip712Domain {
    escrow_domain(31_337, ESCROW)
}

#[test]
fn call_is_that_of_the_contract() {
    let call = EscrowLens::nextActionsCall { terms: bonded().pack().into() };
    assert_eq!(keccak256(call.abi_encode()), CALL);
}

#[test]
fn answer_decodes_to_verbs_parties_and_times() {
    let answer = EscrowLens::nextActionsCall::abi_decode_returns_validate(&ANSWER).expect("an answer of the lens");
    let clock = 1_790_172_800_u64;
    let actions: Vec<(Verb, Address, u64)> = answer
        .actions
        .iter()
        .map(|action| (Verb::try_from(action.verb).expect("a verb"), action.who, action.until.to()))
        .collect();
    let account = Address::with_last_byte;
    let expected = [
        (Verb::FULFIL_ATTESTED, account(7), 1_790_259_200),
        (Verb::DISPUTE, account(1), clock - 1),
        (Verb::SETTLE, account(1), 0),
        (Verb::SETTLE, account(2), 0),
    ];
    assert_eq!(answer.state, 9);
    assert_eq!(actions, expected);
    assert_eq!(answer.nextChange, U256::from(clock));
    assert_eq!(EscrowLens::nextActionsCall::abi_encode_returns(&answer), ANSWER.to_vec());
}

#[test]
fn digest_of_a_message_is_that_of_the_lens() {
    let order_id = bonded().pack().eip712_signing_hash(&domain());
    let voucher = Voucher { orderId: order_id, cumulative: U256::from(60_000_000) };
    assert_eq!(voucher.eip712_signing_hash(&domain()), VOUCHER);
}

#[test]
fn faults_have_their_names() {
    let answer = U256::from(27).to_be_bytes::<32>();
    let fault = EscrowLens::checkCall::abi_decode_returns_validate(&answer).expect("an answer of the lens");
    assert_eq!(Fault::try_from(fault).expect("a fault"), Fault::FUND_BY_PASSED);
    assert!(Fault::try_from(u8::MAX).is_err());
}

#[test]
fn lens_takes_the_terms_that_are_signed() {
    let terms = EscrowLens::Terms::from(bonded().pack());
    assert_eq!(OrderTerms::from(terms), bonded().pack());
}
