use crate::{Contract, Deployment, LoadError};
use serde_json::{Value, json};
use std::{fs, path::Path};
use tgp_protocol::Reason;

fn file() -> Value {
    let contract = |place: usize| {
        json!({
            "address": format!("0x{:040x}", place + 1),
            "codeHash": format!("0x{:064x}", place + 100),
            "block": 7,
            "compiler": { "version": "0.8.37", "viaIR": true },
            "constructorArguments": "0x",
            "tx": format!("0x{:064x}", 1),
        })
    };
    let contracts: Value = Contract::ALL.iter().enumerate().map(|(n, c)| (c.name().to_owned(), contract(n))).collect();
    json!({
        "aggregator": "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
        "chainId": 31_337,
        "deployedAt": 1_790_000_000,
        "permit2": "0x000000000022D473030F116dDEE9F6B43aC78BA3",
        "contracts": contracts,
        "tokens": { "TestUSD": format!("0x{:040x}", 50) },
    })
}

#[test]
fn every_contract_has_its_place() {
    let deployment = Deployment::read(&file().to_string()).expect("a sound file");
    for (place, contract) in Contract::ALL.into_iter().enumerate() {
        let deployed = deployment.contract(contract);
        assert_eq!(deployed.address.to_string(), format!("0x{:040x}", place + 1));
        assert_eq!(deployed.code_hash.to_string(), format!("0x{:064x}", place + 100));
    }
    assert_eq!((deployment.chain_id, deployment.genesis_hash), (31_337, None));
    assert_eq!(deployment.tokens["TestUSD"].to_string(), format!("0x{:040x}", 50));
}

#[test]
fn wrong_fields_are_named() {
    let word = format!("0x{}", "0".repeat(63));
    for (pointer, value, field, reason) in [
        ("/chainId", json!("31337"), "chainId", Reason::WrongType),
        ("/chainId", json!(-1), "chainId", Reason::OutOfRange),
        ("/permit2", json!(format!("0x{:040x}", 0)), "permit2", Reason::ZeroAddress),
        ("/contracts/TgpRouter/codeHash", json!(word), "contracts.TgpRouter.codeHash", Reason::BadWord),
        ("/contracts/EscrowLens/address", json!("0x12"), "contracts.EscrowLens.address", Reason::BadAddress),
        (
            "/contracts/ReceiptVault/address",
            json!(format!("0x{:040x}", 0)),
            "contracts.ReceiptVault.address",
            Reason::ZeroAddress,
        ),
        ("/contracts/HashedTimelock", json!(7), "contracts.HashedTimelock", Reason::WrongType),
    ] {
        let mut file = file();
        *file.pointer_mut(pointer).expect("a member of the file") = value;
        let error = Deployment::read(&file.to_string()).expect_err(pointer);
        assert_eq!((error.field().to_string().as_str(), error.reason()), (field, reason));
    }
    let mut less = file();
    less["contracts"]["CoreProverEscrow"].as_object_mut().expect("an object").remove("codeHash");
    let error = Deployment::read(&less.to_string()).expect_err("no code hash");
    assert_eq!(error.field().to_string(), "contracts.CoreProverEscrow.codeHash");
    assert_eq!(Deployment::read("{").expect_err("no JSON").reason(), Reason::NotJson);
}

#[test]
fn file_of_another_chain_is_refused() {
    let folder = std::env::temp_dir().join(format!("coreprover-deployments-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("8453.json"), file().to_string()).expect("a file");
    let other = Deployment::load(&folder, 8453).expect_err("another chain");
    assert!(matches!(other, LoadError::OtherChain { found: 31_337, .. }), "{other}");
    fs::write(folder.join("8453.json"), "{}").expect("a file");
    let empty = Deployment::load(&folder, 8453).expect_err("an empty file");
    assert!(empty.to_string().contains("8453.json: INVALID_QUERY: "), "{empty}");
    fs::remove_dir_all(&folder).expect("the folder");
    let none = Deployment::load(Path::new("/nowhere"), 1).expect_err("no file");
    assert!(matches!(none, LoadError::File { .. }), "{none}");
}
