//! Who may propose verifiers of a circuit, and the guardian.

use super::{At, FoldError, Key};
use crate::Event;
use alloy::primitives::{Address, B256};
use coreprover_bindings::VerifierRegistry::VerifierRegistryEvents as Registry;
use coreprover_store::table::Role;
use tgp_protocol::value::{EvmAddress, Word};

/// The guardian stands in the place of a circuit that cannot be.
pub(super) const GUARDIAN: Word = Word(B256::ZERO);

pub(super) fn fold(key: Key, event: &Event, at: &At, before: Option<Role>) -> Result<Role, FoldError> {
    let (Key::Role(_, circuit), Event::Registry(event)) = (key, event) else { return Err(FoldError::OutOfRange(key)) };
    let new = Role { chain: at.chain, contract: at.contract, circuit, holder: None, offered: None };
    let mut role = before.unwrap_or(new);
    let some = |address: Address| Some(EvmAddress(address)).filter(|address| !address.is_zero());
    match event {
        Registry::AggregatorOffered(e) => role.offered = some(e.to),
        Registry::GuardianOffered(e) => role.offered = some(e.to),
        Registry::AggregatorChanged(e) => (role.holder, role.offered) = (some(e.to), None),
        Registry::GuardianChanged(e) => (role.holder, role.offered) = (some(e.to), None),
        Registry::VerifierProposed(_) | Registry::VerifierDeprecated(_) | Registry::VerifierRevoked(_) => {}
    }
    Ok(role)
}
