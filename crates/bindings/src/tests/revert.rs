//! Every error of the contracts' list, and what is none of them.
use super::errors::abi;
use crate::{CoreProverEscrow, Revert, enums::Fault};
use alloy::{
    primitives::{U256, hex, keccak256},
    sol_types::{Panic, PanicKind, Revert as Message, SolError},
};
use serde_json::Value;
use tgp_protocol::{Code, Failure};

fn list() -> Value {
    serde_json::from_str(include_str!("../../../../contracts/errors.json")).expect("JSON")
}

/// The data of an error whose values are all words: 1, 2, 3, ...
fn data(signature: &str) -> (Vec<u8>, usize) {
    let inner = signature.split_once('(').expect("a signature").1.trim_end_matches(')');
    let kinds: Vec<&str> = inner.split(',').filter(|kind| !kind.is_empty()).collect();
    let words = (1..=kinds.len()).flat_map(|value| U256::from(value).to_be_bytes::<32>());
    (keccak256(signature)[..4].iter().copied().chain(words).collect(), kinds.len())
}

#[test]
fn every_error_of_the_list_has_its_name_values_and_code() {
    let list = list();
    let both = ["errors", "libraries"].map(|name| list[name].as_array().expect("a list").clone());
    let errors = both.concat();
    assert!(errors.len() > 80);
    for error in errors {
        let text = |member: &str| error[member].as_str().expect("text").to_owned();
        let signature = text("signature");
        let (data, values) = data(&signature);
        assert_eq!(hex::encode_prefixed(&data[..4]), text("selector"));
        let revert = Revert::decode(&data);
        assert_eq!(revert.name(), signature.split('(').next().expect("a name"));
        assert_eq!(revert.code().as_str(), text("wire"), "{signature}");
        assert_eq!(revert.class().letter(), text("class"), "{signature}");
        assert_eq!(revert.fields().count(), values, "{signature}");
        if signature != "InvalidTerms(uint8)" {
            for (place, (name, value)) in revert.fields().enumerate() {
                let number = place + 1;
                assert!(!name.is_empty() && value.ends_with(&number.to_string()), "{signature}: {name} {value}");
            }
        }
        if values > 0 {
            // a value that is cut off is no value
            assert_eq!(Revert::decode(&data[..data.len() - 1]).name(), Revert::UNKNOWN, "{signature}");
        }
        let failure: Failure = revert.failure("escrow".parse().expect("a tag"));
        assert_eq!((failure.code, failure.reason.as_str()), (revert.code(), revert.name()));
        assert_eq!(failure.text.as_str(), revert.to_string().chars().take(256).collect::<String>());
    }
}

#[test]
fn every_error_of_every_abi_is_known() {
    for text in [
        include_str!("../../abi/CoreProverEscrow.json"),
        include_str!("../../abi/EscrowLens.json"),
        include_str!("../../abi/HashedTimelock.json"),
        include_str!("../../abi/ReceiptVault.json"),
        include_str!("../../abi/TgpRouter.json"),
        include_str!("../../abi/VerifierRegistry.json"),
    ] {
        for error in abi(text).errors() {
            let revert = Revert::decode(&data(&error.signature()).0);
            assert_eq!(revert.name(), error.name);
            let names: Vec<&str> = error.inputs.iter().map(|input| input.name.as_str()).collect();
            assert_eq!(revert.fields().map(|(name, _)| name).collect::<Vec<_>>(), names);
        }
    }
}

#[test]
fn faults_of_terms_have_their_names() {
    let faults = list()["faults"].as_array().expect("a list").clone();
    for (number, fault) in faults.iter().enumerate() {
        let error = CoreProverEscrow::InvalidTerms { fault: u8::try_from(number).expect("small") };
        assert_eq!(Revert::decode(&error.abi_encode()).field("fault"), fault["name"].as_str());
    }
    // of a newer escrow
    let later = CoreProverEscrow::InvalidTerms { fault: u8::MAX - 1 }.abi_encode();
    assert!(Fault::try_from(u8::MAX - 1).is_err());
    assert_eq!(Revert::decode(&later).field("fault"), Some("254"));
}

#[test]
fn words_of_solidity_and_of_strangers_are_failed_simulations() {
    let message = Revert::decode(&Message::from("ERC20: \u{1f4b8}\ntoo little").abi_encode());
    assert_eq!((message.name(), message.field("message")), ("Error", Some("ERC20: \u{1f4b8}\ntoo little")));
    let failure = message.failure("escrow".parse().expect("a tag"));
    assert_eq!(failure.text.as_str(), "Error(message: ERC20: ??too little)");

    let panic = Revert::decode(&Panic::from(PanicKind::UnderOverflow).abi_encode());
    assert_eq!(panic.to_string(), "Panic(code: 0x11)");
    let empty = Revert::decode(&[]);
    assert_eq!(empty.to_string(), "Empty(data: 0x)");
    let short = Revert::decode(&[1, 2, 3]);
    assert_eq!(short.to_string(), "Unknown(data: 0x010203)");
    let stranger = Revert::decode(&hex!("deadbeef00"));
    assert_eq!((stranger.name(), stranger.field("data")), (Revert::UNKNOWN, Some("0xdeadbeef00")));
    for revert in [message, panic, empty, short, stranger] {
        assert_eq!(revert.code(), Code::SimulationFail);
        assert_eq!(revert.field("other"), None);
    }
}

/// A string of a megabyte, a length beyond the data: whatever a contract may send back.
#[test]
fn hostile_data_ends_in_no_panic() {
    let long = Revert::decode(&Message::from("x".repeat(1 << 20)).abi_encode());
    assert_eq!(long.failure("escrow".parse().expect("a tag")).text.as_str().len(), 256);
    let mut data = Message::from("x").abi_encode();
    data[4..36].fill(0xff);
    assert_eq!(Revert::decode(&data).name(), Revert::UNKNOWN);
}
