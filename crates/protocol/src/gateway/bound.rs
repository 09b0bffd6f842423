use crate::{
    Error, Reason, Result,
    json::Kept,
    tib::{StateRef, Tib, ValueLayer, Verb},
    value::{ChainId, Id, Label, Sha256Digest, Timestamp, Word},
};
use std::collections::BTreeSet;

/// The ledger state and policy that a message is bound to: by its info block, by members of its own, or by both, which
/// then must agree.
///
/// ```
/// use tgp_protocol::{
///     Code,
///     gateway::{Attributes, Bound, Envelope, Query},
///     tib::StateRef,
///     value::{Id, Timestamp},
/// };
///
/// # let attributes = Attributes::new("10".parse()?, "USDC".parse()?, "2025-12-01T10:05:00Z".parse()?);
/// # let now = "2025-12-01T10:00:00Z".parse()?;
/// # let query = Query::new("req-1".parse()?, now, "a.example".parse()?, "c.example".parse()?, attributes);
/// let [first, second]: [Id; 2] = ["sso-1".parse()?, "sso-2".parse()?];
/// let query = query
///     .with_summaries(vec![first.clone(), second.clone()])
///     .with_policy_hash([1; 32].into())
///     .with_state_refs(vec![StateRef::block_header(100, [0xb1; 32].into())]);
/// let bound: Bound<'_> = query.bound();
/// assert_eq!(bound.summaries(), [&first, &second].into());
/// assert_eq!((bound.policy_hash(), bound.state_refs()[0].height), (Some([1; 32].into()), 100));
///
/// // a quote is good while all of its summaries are; one that is not at hand ends it at once
/// let [soon, later]: [Timestamp; 2] = ["2025-12-01T10:01:00Z".parse()?, "2025-12-01T10:02:00Z".parse()?];
/// assert_eq!(bound.current_until(|id| Some(if *id == first { later } else { soon }))?, soon);
/// assert_eq!(bound.current_until(|id| (*id == first).then_some(later)).unwrap_err().code(), Code::SsoMismatch);
///
/// // and what follows is bound to the same
/// let other = query.clone().with_summaries(vec![first]);
/// assert_eq!(other.bound().check_same(&bound).unwrap_err().code(), Code::SsoMismatch);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, Copy, Default, Debug)]
pub struct Bound<'m> {
    /// `sso_ids`
    pub sso_ids: &'m [Id],
    /// `policy_hash`
    pub policy_hash: Option<Sha256Digest>,
    /// `state_refs`
    pub state_refs: &'m [StateRef],
    /// `tib`
    pub tib: Option<&'m Kept<Tib>>,
}

impl<'m> Bound<'m> {
    /// The ids of the ledger summaries.
    #[must_use]
    pub fn summaries(&self) -> BTreeSet<&'m Id> {
        let ids = if self.sso_ids.is_empty() {
            self.tib.map_or(&[][..], |tib| tib.fields().summaries())
        } else {
            self.sso_ids
        };
        ids.iter().collect()
    }

    /// The hash of policy and summaries.
    #[must_use]
    pub fn policy_hash(&self) -> Option<Sha256Digest> {
        self.policy_hash.or_else(|| self.tib.and_then(|tib| tib.fields().l10_policy.policy_hash))
    }

    /// Concrete blocks.
    #[must_use]
    pub fn state_refs(&self) -> &'m [StateRef] {
        if self.state_refs.is_empty() { self.tib.map_or(&[], |tib| tib.fields().state_refs()) } else { self.state_refs }
    }

    /// Checks what a message of this verb must be bound to, and that the info block says the same as the message.
    pub(super) fn check_for(&self, verb: Verb) -> Result<()> {
        let at = |reason: Reason, name: &'static str| Error::from(reason).within(name);
        if let Some(tib) = self.tib {
            tib.check_for(verb).map_err(|error| error.within("tib"))?;
            let theirs: BTreeSet<_> = tib.fields().summaries().iter().collect();
            if !theirs.is_empty() && theirs != self.summaries() {
                return Err(at(Reason::Contradiction, "sso_ids"));
            }
            let hash = tib.fields().l10_policy.policy_hash;
            if hash.is_some() && hash != self.policy_hash() {
                return Err(at(Reason::Contradiction, "policy_hash"));
            }
            if let Some(layer) = &tib.fields().l8_value
                && !layer.state_refs.is_empty()
                && blocks(&layer.state_refs, layer) != blocks(self.state_refs(), layer)
            {
                return Err(at(Reason::Contradiction, "state_refs"));
            }
        }
        if verb.needs_summaries() && self.summaries().is_empty() {
            return Err(at(Reason::Missing, "sso_ids"));
        }
        if verb.needs_policy_hash() && self.policy_hash().is_none() {
            return Err(at(Reason::Missing, "policy_hash"));
        }
        if verb.needs_state_refs() && self.state_refs().is_empty() {
            return Err(at(Reason::Missing, "state_refs"));
        }
        Ok(())
    }

    /// When the first of the ledger summaries ends; `end_of` says when one does, and nothing of one that is not at hand
    /// or not current.
    ///
    /// # Errors
    /// With [`Reason::UnknownSummary`] at `sso_ids` when a summary has no end, or there is no summary at all.
    pub fn current_until(&self, end_of: impl Fn(&Id) -> Option<Timestamp>) -> Result<Timestamp> {
        let ends: Option<Vec<_>> = self.summaries().into_iter().map(end_of).collect();
        let first = ends.and_then(|ends| ends.into_iter().min());
        first.ok_or_else(|| Error::from(Reason::UnknownSummary).within("sso_ids"))
    }

    /// Checks that a later message is bound to what the quote was bound to: it is frozen until the receipt.
    ///
    /// # Errors
    /// With `SSO_MISMATCH` at `sso_ids`, or `POLICY_VIOLATION` at `policy_hash`.
    pub fn check_same(&self, quote: &Bound<'_>) -> Result<()> {
        if self.summaries() != quote.summaries() {
            return Err(Error::from(Reason::OtherSummaries).within("sso_ids"));
        }
        if self.policy_hash() != quote.policy_hash() {
            return Err(Error::from(Reason::OtherPolicy).within("policy_hash"));
        }
        Ok(())
    }
}

/// References as a set, each with its chain: one that names none stands on the chain of the info block.
fn blocks<'r>(refs: &'r [StateRef], layer: &ValueLayer) -> BTreeSet<(Option<ChainId>, u64, Word, &'r Label)> {
    let own = layer.network.chain();
    refs.iter().map(|state| (state.chain.or(own), state.height, state.hash, &state.kind)).collect()
}
