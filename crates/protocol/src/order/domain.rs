use alloy_primitives::Address;
use alloy_sol_types::{Eip712Domain, eip712_domain};

/// The domain of every message for the escrow at `escrow` on the chain `chain_id`.
#[must_use]
pub fn escrow_domain(chain_id: u64, escrow: Address) -> Eip712Domain {
    domain("CoreProverEscrow", chain_id, escrow)
}

/// The domain of every message for the hash locks of the contract at `timelock`.
#[must_use]
pub fn timelock_domain(chain_id: u64, timelock: Address) -> Eip712Domain {
    domain("HashedTimelock", chain_id, timelock)
}

/// The domain of every message for the router at `router`.
#[must_use]
pub fn router_domain(chain_id: u64, router: Address) -> Eip712Domain {
    domain("TgpRouter", chain_id, router)
}

fn domain(name: &'static str, chain_id: u64, contract: Address) -> Eip712Domain {
    eip712_domain! { name: name, version: "1", chain_id: chain_id, verifying_contract: contract, }
}
