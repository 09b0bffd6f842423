use crate::{Error, Reason, Result, ledger::LedgerSummary, tib::StateRef, value::ChainId};

/// Checks that concrete blocks match or exceed the ledger summaries of the quote. `chain` is where references without
/// a chain of their own stand.
///
/// Two parties of one lock see one chain, while a path's summaries may speak of several: summaries of a chain that no
/// reference stands on are passed over, but at least one must be met.
///
/// # Errors
/// With `SSO_MISMATCH` at `state_refs` when a chain's highest reference is below a summary, or no summary is met.
pub fn check_state_refs(refs: &[StateRef], chain: ChainId, summaries: &[&LedgerSummary]) -> Result<()> {
    let mut met = false;
    for summary in summaries {
        let on_chain = refs.iter().filter(|state| state.chain.unwrap_or(chain) == summary.chain());
        match on_chain.map(|state| state.height).max() {
            Some(height) if height >= summary.height => met = true,
            Some(_) => return Err(Error::from(Reason::BelowSummary).within("state_refs")),
            None => {}
        }
    }
    if met { Ok(()) } else { Err(Error::from(Reason::BelowSummary).within("state_refs")) }
}
