use super::{Offer, require_fresh, require_same};
use crate::{
    Error, Reason, Result,
    value::{Id, Timestamp, Word},
    wire::{Kind, Message},
};
use serde::{Deserialize, Serialize};

/// A buyer's yes to an OFFER, before he pays. Optional: a payment is a yes too.
///
/// ```
/// use tgp_protocol::{
///     Reason,
///     buyer::{Accept, EconomicEnvelope, Offer, Query},
///     sign::SigningKey,
///     value::Bps,
///     wire::Message,
/// };
///
/// let (buyer, seller) = ("buyer://alice".parse()?, "seller://bob".parse()?);
/// let query = Query::new("q-1".parse()?, buyer, seller, "USDC".parse()?, "1000000".parse()?);
/// let envelope = EconomicEnvelope { max_fees_bps: Bps::new(50)?, expiry: None };
/// let offer = Offer::answering(&query, "offer-1".parse()?, envelope).sealed()?;
/// let hash = offer.offer_hash.expect("sealed");
///
/// let accept = Accept::new("a-1".parse()?, offer.id.clone(), hash);
/// accept.check_accepts(&offer)?;
/// // signed, it needs what nobody can send again
/// let key = SigningKey::from_seed(&[1; 32]);
/// assert!(accept.to_signed(&key).is_err());
/// let accept = accept.with_freshness("2026-11-21T10:00:00Z".parse()?, "n-1".parse()?);
/// assert!(accept.to_signed(&key).is_ok());
///
/// // a yes is to this text and no other
/// let dearer = EconomicEnvelope { max_fees_bps: Bps::new(60)?, ..envelope };
/// let dearer = Offer::answering(&query, "offer-1".parse()?, dearer).sealed()?;
/// assert_eq!(accept.check_accepts(&dearer).unwrap_err().reason(), Reason::HashMismatch);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Accept {
    /// Made by the buyer, unique among his.
    pub id: Id,
    /// The OFFER.
    pub offer_id: Id,
    /// The OFFER's hash: he agrees to this text and no other.
    pub offer_hash: Word,
    /// Never used before by this sender; required in a signed message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<Id>,
    /// When it was sent; required in a signed message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Timestamp>,
}

impl Accept {
    /// A yes to the OFFER of this id and hash.
    #[must_use]
    pub fn new(id: Id, offer_id: Id, offer_hash: Word) -> Self {
        Self { id, offer_id, offer_hash, nonce: None, timestamp: None }
    }

    /// What a signed message needs.
    #[must_use]
    pub fn with_freshness(mut self, timestamp: Timestamp, nonce: Id) -> Self {
        self.timestamp = Some(timestamp);
        self.nonce = Some(nonce);
        self
    }

    /// Checks that it accepts this OFFER, whose hash has been checked.
    ///
    /// # Errors
    /// With the field that names another one.
    pub fn check_accepts(&self, offer: &Offer) -> Result<()> {
        require_same("offer_id", &self.offer_id, &offer.id, Reason::OtherMessage)?;
        if Some(self.offer_hash) == offer.offer_hash {
            Ok(())
        } else {
            Err(Error::from(Reason::HashMismatch).within("offer_hash"))
        }
    }
}

impl Message for Accept {
    const KIND: Kind = Kind::BuyerAccept;

    fn check(&self) -> Result<()> {
        Ok(())
    }

    fn check_signed(&self) -> Result<()> {
        require_fresh(self.nonce.as_ref(), self.timestamp)
    }
}
