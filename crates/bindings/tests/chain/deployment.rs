use crate::local::Local;
use alloy::{
    primitives::{Bytes, keccak256},
    providers::{Provider, ProviderBuilder},
};
use coreprover_bindings::{ConnectError, Contract, Deployment};

async fn set_code(local: &Local, contract: Contract, code: Bytes) {
    let address = local.deployment.contract(contract).address.0;
    let _: serde_json::Value =
        local.provider.raw_request("anvil_setCode".into(), (address, code)).await.expect("anvil sets code");
}

#[tokio::test]
async fn deployment_of_the_script_is_on_the_chain() {
    let local = Local::start().await;
    local.deployment.verify(&local.provider).await.expect("what the script deployed");
    let block = local.deployment.contract(Contract::Router).block;
    assert!(block <= local.provider.get_block_number().await.unwrap());
    let vault = local.contracts.escrow.vault().call().await.unwrap();
    assert_eq!(vault, local.deployment.contract(Contract::Vault).address.0);
}

#[tokio::test]
async fn another_byte_of_code_is_named() {
    let local = Local::start().await;
    let address = local.deployment.contract(Contract::Router).address.0;
    let mut code = local.provider.get_code_at(address).await.unwrap().to_vec();
    *code.last_mut().unwrap() ^= 1;
    let hash = keccak256(&code);
    set_code(&local, Contract::Router, code.into()).await;

    let error = local.deployment.connect(local.provider.clone()).await.unwrap_err();
    let ConnectError::OtherCode { contract, address: at, expected, found } = error else { panic!("{error}") };
    assert_eq!((contract, at, found), (Contract::Router, address, hash));
    assert_eq!(expected, local.deployment.contract(Contract::Router).code_hash.0);

    set_code(&local, Contract::Vault, Bytes::new()).await;
    let error = local.deployment.verify(&local.provider).await.unwrap_err();
    assert!(matches!(error, ConnectError::NoCode { contract: Contract::Vault, .. }), "{error}");
}

#[tokio::test]
async fn another_chain_is_named() {
    let local = Local::start().await;
    let mut elsewhere = local.deployment.clone();
    elsewhere.chain_id = 8453;
    let error = elsewhere.verify(&local.provider).await.unwrap_err();
    assert!(matches!(error, ConnectError::OtherChain { expected: 8453, found: 31_337 }), "{error}");

    let first = local.provider.get_block_by_number(0.into()).await.unwrap().unwrap().header.hash;
    let mut same: Deployment = local.deployment.clone();
    same.genesis_hash = Some(first.0.into());
    same.verify(&local.provider).await.expect("the chain that begins so");
    same.genesis_hash = Some([7; 32].into());
    let error = same.verify(&local.provider).await.unwrap_err();
    assert!(matches!(error, ConnectError::OtherGenesis { found: Some(found), .. } if found == first), "{error}");
}

#[tokio::test]
async fn a_node_that_does_not_answer_is_no_other_chain() {
    let local = Local::start().await;
    // port 9 is nobody's
    let nobody = ProviderBuilder::new().connect_http("http://127.0.0.1:9".parse().unwrap());
    let error = local.deployment.verify(&nobody).await.unwrap_err();
    assert!(matches!(error, ConnectError::Node(_)), "{error}");
}
