use crate::{Error, Reason, Result, json::Kept, tib::Tib};

/// What a block is carried for.
///
/// ```
/// use tgp_protocol::tib::Verb;
///
/// let that = |needs: fn(Verb) -> bool| Verb::ALL.into_iter().filter(|verb| needs(*verb)).collect::<Vec<_>>();
/// // who is bound by it has signed it
/// assert_eq!(that(Verb::needs_signature), [Verb::Quote, Verb::Select, Verb::Commit, Verb::Settle]);
/// // a quote is about the ledger's summaries, a commitment about its blocks
/// assert_eq!(that(Verb::needs_summaries), [Verb::Query, Verb::Quote, Verb::Select, Verb::Commit, Verb::Locked]);
/// assert_eq!(that(Verb::needs_state_refs), [Verb::Commit, Verb::Proof, Verb::Settle]);
/// assert!(Verb::Quote.needs_policy_hash() && !Verb::Proof.needs_policy_hash());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Verb {
    /// A QUERY that only asks whether it would be answered.
    Precheck,
    /// QUERY.
    Query,
    /// ADVERT with a price.
    Quote,
    /// SELECT.
    Select,
    /// SELECT that brings its lock: the payer is bound.
    Commit,
    /// LOCKED.
    Locked,
    /// PROOF.
    Proof,
    /// SETTLE.
    Settle,
}

impl Verb {
    /// Every verb.
    pub const ALL: [Self; 8] =
        [Self::Precheck, Self::Query, Self::Quote, Self::Select, Self::Commit, Self::Locked, Self::Proof, Self::Settle];

    /// Whether the ids of ledger summaries must be there.
    #[must_use]
    pub fn needs_summaries(self) -> bool {
        matches!(self, Self::Query | Self::Quote | Self::Select | Self::Commit | Self::Locked)
    }

    /// Whether the policy hash must be there: on every quote, ticket and settlement.
    #[must_use]
    pub fn needs_policy_hash(self) -> bool {
        matches!(self, Self::Quote | Self::Select | Self::Commit | Self::Locked | Self::Settle)
    }

    /// Whether concrete blocks must be there.
    #[must_use]
    pub fn needs_state_refs(self) -> bool {
        matches!(self, Self::Commit | Self::Proof | Self::Settle)
    }

    /// Whether the initiator must have signed the block.
    #[must_use]
    pub fn needs_signature(self) -> bool {
        matches!(self, Self::Quote | Self::Select | Self::Commit | Self::Settle)
    }
}

impl Kept<Tib> {
    /// Checks what a block must have for this verb, besides [`Tib::check`]. The policy hash may stand in the message
    /// instead and is not looked for here.
    ///
    /// # Errors
    /// With the field that is missing, or that a precheck must not have.
    pub fn check_for(&self, verb: Verb) -> Result<()> {
        let tib = self.fields();
        tib.check()?;
        let value = |reason: Reason, name: &'static str| Error::from(reason).within(name).within("l8_value");
        match &tib.l8_value {
            Some(_) if verb == Verb::Precheck => return Err(Error::from(Reason::Contradiction).within("l8_value")),
            None if verb != Verb::Precheck => return Err(Error::from(Reason::Missing).within("l8_value")),
            Some(_) | None => {}
        }
        if verb.needs_summaries() && tib.summaries().is_empty() {
            return Err(value(Reason::Missing, "state_summaries"));
        }
        if verb.needs_state_refs() && tib.state_refs().is_empty() {
            return Err(value(Reason::Missing, "state_refs"));
        }
        let signed = tib.crypto.as_ref().is_some_and(|crypto| crypto.sig.is_some());
        if verb.needs_signature() && !signed {
            return Err(Error::from(Reason::Unsigned).within("sig").within("crypto"));
        }
        Ok(())
    }
}
