//! Versions of circuits' verifiers.

use super::{At, FoldError, Key};
use crate::Event;
use coreprover_bindings::VerifierRegistry::{self, VerifierRegistryEvents as Registry};
use coreprover_store::table::Verifier;
use tgp_protocol::value::Word;

pub(super) fn fold(key: Key, event: &Event, at: &At, before: Option<Verifier>) -> Result<Verifier, FoldError> {
    let Event::Registry(event) = event else { return Err(FoldError::OutOfRange(key)) };
    if let Registry::VerifierProposed(e) = event {
        return if before.is_some() { Err(FoldError::Repeated(key)) } else { Ok(proposed(e, at)) };
    }
    let mut verifier = before.ok_or(FoldError::NoBeginning(key))?;
    match event {
        Registry::VerifierDeprecated(_) => verifier.deprecated_at = at.time,
        Registry::VerifierRevoked(_) => verifier.revoked_at = at.time,
        _ => {}
    }
    Ok(verifier)
}

fn proposed(e: &VerifierRegistry::VerifierProposed, at: &At) -> Verifier {
    let it = &e.verifier;
    Verifier {
        chain: at.chain,
        contract: at.contract,
        circuit: Word(e.circuit),
        version: e.version.to(),
        active_from: it.activeFrom,
        deprecated_at: it.deprecatedAt,
        revoked_at: it.revokedAt,
        public_inputs: it.nPublic,
        dev: it.dev,
        delivery: it.delivery,
        verifier: it.r#impl.into(),
        aggregator: it.aggregator.into(),
        code_hash: Word(it.codeHash),
        vk_hash: Word(it.vkHash),
        ceremony: Word(it.ceremony),
    }
}
