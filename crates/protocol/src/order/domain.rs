use alloy_primitives::Address;
use alloy_sol_types::{Eip712Domain, eip712_domain};

/// The domain of every message for the escrow at `escrow` on the chain `chain_id`.
///
/// ```
/// use alloy_sol_types::SolStruct;
/// use tgp_protocol::order::{escrow_domain, messages::EarlyRefund, router_domain, timelock_domain};
///
/// // the same words to two contracts, or on two chains, are two messages
/// let words = EarlyRefund { lockId: [7; 32].into() };
/// let at = [5; 20].into();
/// let digest = words.eip712_signing_hash(&timelock_domain(8453, at));
/// let others = [timelock_domain(1, at), timelock_domain(8453, [6; 20].into())];
/// for other in others.into_iter().chain([router_domain(8453, at), escrow_domain(8453, at)]) {
///     assert_ne!(words.eip712_signing_hash(&other), digest);
/// }
/// ```
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
