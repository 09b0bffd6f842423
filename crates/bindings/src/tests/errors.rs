//! Every custom error of every ABI decodes by its selector, to the error of its name.
use crate::{CoreProverEscrow, EscrowLens, HashedTimelock, ReceiptVault, TestUSD, TgpRouter, VerifierRegistry};
use alloy::{
    json_abi::JsonAbi,
    primitives::hex,
    sol_types::{Error, SolInterface},
};
use serde_json::Value;

/// What an ABI file says; its creation code is left aside.
pub(super) fn abi(text: &str) -> JsonAbi {
    let mut file: Value = serde_json::from_str(text).expect("JSON");
    serde_json::from_value(file["abi"].take()).expect("an ABI")
}

/// Each selector of the file is known to the generated type, and nothing more is.
fn check<T: SolInterface>(text: &str) {
    let abi = abi(text);
    let mut selectors: Vec<[u8; 4]> = abi.errors().map(|error| error.selector().0).collect();
    selectors.sort_unstable();
    selectors.dedup();
    assert!(!selectors.is_empty());
    assert_eq!(T::COUNT, selectors.len(), "errors of the file and of {}", T::NAME);
    for selector in selectors {
        assert!(T::valid_selector(selector), "{} misses {}", T::NAME, hex::encode(selector));
        // Without its fields it is that error, cut short, and not an unknown one; an error without fields decodes.
        let decoded = T::abi_decode_validate(&selector);
        assert!(!matches!(decoded, Err(Error::UnknownSelector { .. })), "{}", hex::encode(selector));
    }
    assert!(T::abi_decode_validate(&[0xde, 0xad, 0xbe, 0xef]).is_err());
}

#[test]
fn escrow_errors_decode() {
    check::<CoreProverEscrow::CoreProverEscrowErrors>(include_str!("../../abi/CoreProverEscrow.json"));
}

#[test]
fn timelock_errors_decode() {
    check::<HashedTimelock::HashedTimelockErrors>(include_str!("../../abi/HashedTimelock.json"));
}

#[test]
fn vault_errors_decode() {
    check::<ReceiptVault::ReceiptVaultErrors>(include_str!("../../abi/ReceiptVault.json"));
}

#[test]
fn router_errors_decode() {
    check::<TgpRouter::TgpRouterErrors>(include_str!("../../abi/TgpRouter.json"));
}

#[test]
fn registry_errors_decode() {
    check::<VerifierRegistry::VerifierRegistryErrors>(include_str!("../../abi/VerifierRegistry.json"));
}

#[test]
fn test_dollar_errors_decode() {
    check::<TestUSD::TestUSDErrors>(include_str!("../../abi/TestUSD.json"));
}

#[test]
fn creation_code_of_every_contract_is_present_and_linked() {
    let codes = [
        &CoreProverEscrow::BYTECODE,
        &EscrowLens::BYTECODE,
        &HashedTimelock::BYTECODE,
        &ReceiptVault::BYTECODE,
        &TestUSD::BYTECODE,
        &TgpRouter::BYTECODE,
        &VerifierRegistry::BYTECODE,
    ];
    assert!(codes.iter().all(|code| code.len() > 1_000));
}
