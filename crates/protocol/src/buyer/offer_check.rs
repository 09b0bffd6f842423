use super::{Offer, OfferedOrder, OfferedTerms, Query, ZkProfile, require_same};
use crate::{
    Error, Reason, Result,
    order::{OrderJson, session_word},
    tib::AnyTib,
    value::{Clock, Timestamp},
};
use alloy_primitives::U256;
use std::time::Duration;

/// How long an OFFER stands that does not say so itself.
///
/// ```
/// use tgp_protocol::{
///     buyer::{EconomicEnvelope, Offer, QUOTE_LIFETIME, Query},
///     value::{Bps, Clock, Timestamp},
/// };
///
/// let (buyer, seller) = ("buyer://alice".parse()?, "seller://bob".parse()?);
/// let query = Query::new("q-1".parse()?, buyer, seller, "USDC".parse()?, "1000000".parse()?);
/// let envelope = EconomicEnvelope { max_fees_bps: Bps::new(50)?, expiry: None };
/// let offer = Offer::answering(&query, "offer-1".parse()?, envelope);
/// let came: Timestamp = "2026-11-21T10:00:00Z".parse()?;
/// assert_eq!(offer.expires_at(came), came.after(QUOTE_LIFETIME));
/// offer.check_open(came, &Clock::at("2026-11-21T10:04:59Z".parse()?))?;
/// assert!(offer.check_open(came, &Clock::at("2026-11-21T10:05:00Z".parse()?)).is_err());
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
pub const QUOTE_LIFETIME: Duration = Duration::from_secs(5 * 60);

impl Offer {
    /// The first instant at which it is over, when it came at `received`: the earliest of all that is given, and never
    /// longer than [`QUOTE_LIFETIME`] where the envelope says nothing.
    #[must_use]
    pub fn expires_at(&self, received: Timestamp) -> Timestamp {
        let envelope = self.economic_envelope.expiry.unwrap_or_else(|| received.after(QUOTE_LIFETIME));
        let terms = self.order.as_ref().and_then(OfferedOrder::as_terms);
        // the last second to pay still counts
        let fund_by = terms.and_then(|terms| i64::try_from(terms.fund_by).ok());
        let order = fund_by.map(|last| Timestamp::from_millis(last.saturating_add(1).saturating_mul(1000)));
        let block = self.tib.as_ref().and_then(|tib| match tib.read() {
            Ok(AnyTib::Full(block)) => Some(block.fields().meta.exp.into()),
            Ok(AnyTib::Lite(_)) | Err(_) => None,
        });
        order.into_iter().chain(block).fold(envelope, Timestamp::min)
    }

    /// Refuses an OFFER that came at `received` and is over: see [`Self::expires_at`].
    ///
    /// # Errors
    /// With `QUOTE_EXPIRED` at `economic_envelope.expiry`.
    pub fn check_open(&self, received: Timestamp, clock: &Clock) -> Result<()> {
        let open = clock.check_open(self.expires_at(received));
        open.map_err(|reason| Error::from(reason).within("expiry").within("economic_envelope"))
    }

    /// Checks that it answers this QUERY: its id, asset and amount echoed, its payer the buyer of the terms, and escrow
    /// where the buyer demands it.
    ///
    /// # Errors
    /// With the field that differs.
    pub fn check_answers(&self, query: &Query) -> Result<()> {
        require_same("query_id", &self.query_id, &query.id, Reason::OtherMessage)?;
        require_same("asset", &self.asset, &query.asset, Reason::NotEchoed)?;
        require_same("amount", &self.amount, &query.amount, Reason::NotEchoed)?;
        if query.zk_profile == ZkProfile::Required && !self.zk_required {
            return Err(Error::from(Reason::EscrowMissing).within("zk_required"));
        }
        if let Some(payer) = query.payer
            && let Some(order) = &self.order
        {
            require_same("chain", &self.chain, &Some(payer.chain), Reason::OtherPayer)?;
            if let Some(terms) = order.as_terms() {
                require_same("buyer", &terms.buyer, &payer.address, Reason::OtherPayer)
                    .map_err(|error| error.within("terms").within("order"))?;
            }
        }
        Ok(())
    }

    /// What must hold between the terms and the rest.
    fn check_terms(&self, terms: &OrderJson) -> Result<()> {
        let at = |field: &'static str, reason: Reason| Error::from(reason).within(field);
        terms.check()?;
        if U256::from(terms.amount) != self.amount.0 {
            return Err(at("amount", Reason::Contradiction));
        }
        if terms.max_fee_bps != self.economic_envelope.max_fees_bps.get() {
            return Err(at("maxFeeBps", Reason::Contradiction));
        }
        let session = self.session_id.as_ref().map(|session| session_word(session.as_str()));
        if session != Some(terms.session_id) {
            return Err(at("sessionId", Reason::Contradiction));
        }
        Ok(())
    }

    pub(super) fn check_order(&self, order: &OfferedOrder) -> Result<()> {
        let missing = |name: &'static str| Err(Error::from(Reason::Missing).within(name));
        if self.coreprover_contract.is_none() {
            return missing("coreprover_contract");
        }
        if self.chain.is_none() {
            return missing("chain");
        }
        if self.session_id.is_none() {
            return missing("session_id");
        }
        if self.offer_hash.is_none() {
            return missing("offer_hash");
        }
        let in_order = |error: Error| error.within("order");
        match &order.terms {
            OfferedTerms::Terms(terms) => {
                self.economic_envelope.fee_cap_of_order().map_err(|error| error.within("economic_envelope"))?;
                self.check_terms(terms).map_err(|error| in_order(error.within("terms")))?;
            }
            OfferedTerms::Simple(terms) => {
                let same = require_same("amount", &terms.amount, &self.amount, Reason::Contradiction);
                same.map_err(|error| in_order(error.within("terms")))?;
            }
        }
        let Some(commitment) = &order.seller_commitment else { return Ok(()) };
        commitment.check().map_err(|error| in_order(error.within("seller_commitment")))
    }
}
