use crate::{Error, Reason, Result, ledger::LedgerSummary, tib::StateRef, value::ChainId};

/// Checks that concrete blocks match or exceed the ledger summaries of the quote. `chain` is where references without
/// a chain of their own stand.
///
/// Two parties of one lock see one chain, while a path's summaries may speak of several: summaries of a chain that no
/// reference stands on are passed over, but at least one must be met.
///
/// ```
/// use tgp_protocol::{
///     Code,
///     ledger::{LedgerSummary, check_state_refs},
///     tib::StateRef,
///     value::{ChainId, EpochMillis},
/// };
///
/// let issued = EpochMillis::from_millis(1_764_583_200_000);
/// let summary = LedgerSummary::new("sso-1".parse()?, 369, 1_000, issued, 60_000, "gateway-a.example".parse()?);
/// let at = |height| StateRef::block_header(height, [1; 32].into());
/// check_state_refs(&[at(999), at(1_000)], ChainId::eip155(369), &[&summary])?;
/// let error = check_state_refs(&[at(999)], ChainId::eip155(369), &[&summary]).unwrap_err();
/// assert_eq!((error.code(), error.field().to_string().as_str()), (Code::SsoMismatch, "state_refs"));
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
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
