use super::{Offer, OfferedTerms};
use crate::{
    Error, Reason, Result,
    json::{Object, Value},
    tagged_hash,
    value::Word,
    wire::{Message, Received},
};

/// Members that are not part of what is offered: the seal, or computed from the hash itself.
const OUTSIDE: [&str; 3] = ["signature", "kid", "offer_hash"];

/// The hash that an order and an ACCEPT name an OFFER by.
///
/// `TH("TGP/0.1/offer", JCS(OFFER without signature, kid, offer_hash, order.order_id, order.terms.offerHash,
/// order.seller_commitment))`: it covers every other member, known or not.
#[must_use]
pub fn offer_hash(offer: &Object) -> Word {
    let mut object = offer.clone();
    if let Some(Value::Object(order)) = offer.get("order") {
        let mut order = order.clone();
        order.remove("order_id");
        order.remove("seller_commitment");
        if let Some(Value::Object(terms)) = order.get("terms") {
            let mut terms = terms.clone();
            terms.remove("offerHash");
            order.insert("terms", Value::Object(terms));
        }
        object.insert("order", Value::Object(order));
    }
    tagged_hash("TGP/0.1/offer", [object.canonical_without(&OUTSIDE).as_slice()]).into()
}

impl Offer {
    /// Fills in what follows from the rest: the OFFER's hash, here and in the terms, and the order's id. The last step
    /// before signing; only the seller's commitment may still be added.
    ///
    /// # Errors
    /// When the OFFER does not pass its own check.
    pub fn sealed(mut self) -> Result<Self> {
        self.offer_hash = Some(Word::from([0; 32]));
        let hash = offer_hash(&self.to_object()?);
        self.offer_hash = Some(hash);
        if let (Some(order), Some(chain), Some(escrow)) = (&mut self.order, self.chain, self.coreprover_contract)
            && let OfferedTerms::Terms(terms) = &mut order.terms
        {
            terms.offer_hash = hash;
            order.order_id = terms.order_id(chain, escrow);
        }
        Ok(self)
    }

    /// Checks an OFFER as it was received: its hash, that the terms hold the same, and that the order's id is theirs.
    ///
    /// ```
    /// use tgp_protocol::{
    ///     Reason,
    ///     buyer::{EconomicEnvelope, Offer, Query},
    ///     json::Value,
    ///     value::Bps,
    ///     wire::{Message, Received},
    /// };
    ///
    /// let (buyer, seller) = ("buyer://alice".parse()?, "seller://bob".parse()?);
    /// let query = Query::new("q-1".parse()?, buyer, seller, "USDC".parse()?, "1000000".parse()?);
    /// let envelope = EconomicEnvelope { max_fees_bps: Bps::new(50)?, expiry: None };
    /// let mut object = Offer::answering(&query, "offer-1".parse()?, envelope).sealed()?.to_object()?;
    /// Offer::check_hashes(&Received::from_object(object.clone())?)?;
    ///
    /// // what this version does not know is offered, too
    /// object.insert("gift", Value::String("a mug".to_owned()));
    /// let error = Offer::check_hashes(&Received::from_object(object)?).unwrap_err();
    /// assert_eq!(error.reason(), Reason::HashMismatch);
    /// # Ok::<(), tgp_protocol::Error>(())
    /// ```
    ///
    /// # Errors
    /// With [`Reason::HashMismatch`] at the member that is wrong.
    pub fn check_hashes(received: &Received<Self>) -> Result<()> {
        let offer = received.message();
        let wrong = || Error::from(Reason::HashMismatch);
        if let Some(given) = offer.offer_hash
            && given != offer_hash(received.object())
        {
            return Err(wrong().within("offer_hash"));
        }
        let Some(order) = &offer.order else { return Ok(()) };
        if let Some(terms) = order.as_terms()
            && Some(terms.offer_hash) != offer.offer_hash
        {
            return Err(wrong().within("offerHash").within("terms").within("order"));
        }
        let (Some(chain), Some(escrow)) = (offer.chain, offer.coreprover_contract) else { return Ok(()) };
        order.check_id(chain, escrow).map_err(|error| error.within("order"))
    }
}
