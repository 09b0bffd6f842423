use crate::VerifierRegistry;
use alloy::{
    primitives::{B256, aliases::U48, keccak256},
    sol_types::{SolCall, SolError, SolEvent, SolInterface},
};

const VERSION: U48 = U48::from_limbs([7]);

#[test]
fn selectors_are_those_of_the_written_signatures() {
    let selector = |signature: &str| -> [u8; 4] { *keccak256(signature).first_chunk().expect("32 bytes") };
    assert_eq!(VerifierRegistry::verifyCall::SELECTOR, selector("verify(bytes32,uint48,uint256[8],uint256[])"));
    assert_eq!(VerifierRegistry::VersionTaken::SELECTOR, selector("VersionTaken(bytes32,uint48)"));
}

#[test]
fn event_decodes_from_its_log() {
    let circuit = keccak256("TGP.ZKB-01");
    let topics = [keccak256("VerifierDeprecated(bytes32,uint48)"), circuit, B256::with_last_byte(7)];
    let event = VerifierRegistry::VerifierDeprecated::decode_raw_log_validate(topics, &[]).expect("a valid log");
    assert_eq!(event, VerifierRegistry::VerifierDeprecated { circuit, version: VERSION });
}

#[test]
fn event_of_another_signature_is_refused() {
    let topics = [keccak256("Other(bytes32,uint48)"), B256::ZERO, B256::ZERO];
    assert!(VerifierRegistry::VerifierDeprecated::decode_raw_log_validate(topics, &[]).is_err());
}

#[test]
fn revert_decodes_to_its_error_with_values() {
    let circuit = keccak256("TGP.ZKS-01");
    let data = VerifierRegistry::VersionTaken { circuit, version: VERSION }.abi_encode();
    let error = VerifierRegistry::VerifierRegistryErrors::abi_decode_validate(&data).expect("a known error");
    let expected = VerifierRegistry::VersionTaken { circuit, version: VERSION };
    assert_eq!(error, VerifierRegistry::VerifierRegistryErrors::VersionTaken(expected));
}

#[test]
fn creation_code_is_present_and_linked() {
    assert!(VerifierRegistry::BYTECODE.len() > 1_000);
}
