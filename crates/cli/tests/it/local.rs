//! A local chain with the contracts, and the file of its deployment.

use crate::{Folder, world::World};
use alloy::{
    primitives::{Address, Bytes, keccak256},
    sol_types::SolValue,
};
use coreprover_bindings::EscrowLens;
use serde_json::json;

/// The text of `deployments/<chain>.json` for the contracts of a world.
pub(crate) async fn deployment(world: &World, chain: u64) -> String {
    let lens = [EscrowLens::BYTECODE.to_vec(), world.escrow.abi_encode()].concat();
    let lens = world.anvil.deploy(world.anvil.accounts[0], lens).await;
    let mut contracts = serde_json::Map::new();
    for (name, address) in [
        ("CoreProverEscrow", world.escrow),
        ("ReceiptVault", world.vault),
        ("HashedTimelock", world.htlc),
        ("TgpRouter", world.router),
        ("VerifierRegistry", world.registry),
        ("EscrowLens", lens),
    ] {
        contracts.insert(name.into(), contract(world, address).await);
    }
    let genesis = world.anvil.rpc("eth_getBlockByNumber", json!(["0x0", false])).await;
    json!({
        "chainId": chain,
        "genesisHash": genesis["hash"],
        "deployedAt": 1_790_000_000,
        "permit2": "0x000000000022D473030F116dDEE9F6B43aC78BA3",
        "contracts": contracts,
    })
    .to_string()
}

/// The blocks in which the contracts were made are not asked for: nothing is logged before the first.
async fn contract(world: &World, address: Address) -> serde_json::Value {
    let code = world.anvil.rpc("eth_getCode", json!([address, "latest"])).await;
    let code: Bytes = serde_json::from_value(code).expect("its code");
    json!({ "address": address, "codeHash": keccak256(code), "block": 1 })
}

/// What the command needs for a world: the deployment's file, a profile in which blocks become final late, and the flags.
pub(crate) async fn flags(world: &World, chain: u64, folder: &Folder) -> Vec<String> {
    let file = folder.write(&format!("{chain}.json"), &deployment(world, chain).await);
    let profile = include_str!("../../../../chains/31337.toml");
    assert!(profile.contains("blocks = 0"));
    let profile =
        profile.replace("blocks = 0", "blocks = 64").replace("chain_id = 31337", &format!("chain_id = {chain}"));
    let profile = folder.write(&format!("{chain}.toml"), &profile);
    let poll = format!("index.chains.{chain}.poll_ms=20");
    [
        "--rpc",
        &world.anvil.url,
        "--deployment",
        &file.display().to_string(),
        "--profile",
        &profile.display().to_string(),
        "--set",
        &poll,
    ]
    .map(str::to_owned)
    .to_vec()
}
