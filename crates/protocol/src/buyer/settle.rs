use super::{Offer, Query, require_fresh, require_same};
use crate::{
    Error, Reason, Result,
    sign::PublicKey,
    value::{Id, Timestamp, Word},
    wire::{Kind, Message, Received},
};
use serde::{Deserialize, Serialize};

/// Who tells of a settlement.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SettleSource {
    /// The buyer or his agent: a hint.
    BuyerNotify,
    /// The controller's own watcher: never over the network.
    ControllerWatcher,
    /// An indexer, signed with a key of the attribute registry.
    CoreproverIndexer,
}

/// What a SETTLE gives a controller to look at. It is never proof: only a final fact on the chain settles a session.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Claim {
    /// No transaction is named: look whether the order is there.
    Hint,
    /// This transaction: look it up.
    Transaction(Word),
}

/// A claim that a payment was, or was not, made.
///
/// ```
/// use tgp_protocol::{
///     Reason,
///     buyer::{Claim, EconomicEnvelope, Offer, Query, Settle, SettleSource},
///     sign::SigningKey,
///     value::{Bps, ChainId, EvmAddress, Word},
///     wire::{Message, Received},
/// };
///
/// let (buyer, seller) = ("buyer://alice".parse()?, "seller://bob".parse()?);
/// let query = Query::new("q-1".parse()?, buyer, seller, "USDC".parse()?, "1000000".parse()?);
/// let envelope = EconomicEnvelope { max_fees_bps: Bps::new(50)?, expiry: None };
/// let escrow: EvmAddress = "0x742d35cc6634c0532925a3b844bc9e7595f0beb0".parse()?;
/// let offer = Offer::answering(&query, "offer-1".parse()?, envelope)
///     .with_escrow(ChainId::eip155(8453), escrow, "sess-1".parse()?);
///
/// // the buyer says that he has paid: a reason to look at the chain, signed or not
/// let paid = Word::from([0x9f; 32]);
/// let hint = Settle::new("s-1".parse()?, offer.id.clone(), true, SettleSource::BuyerNotify)
///     .with_transaction(paid)
///     .with_session("sess-1".parse()?);
/// hint.check_settles(&offer)?;
/// assert_eq!(hint.claim(), Claim::Transaction(paid));
/// assert!(hint.check_settles_query(&query).is_err(), "it names the OFFER");
/// assert_eq!(Settle::admit(&Received::from_object(hint.to_object()?)?, &[])?, hint.claim());
///
/// // an indexer is believed under a key of the registry, and a controller's watcher never comes by the network
/// let indexer = SigningKey::from_seed(&[8; 32]);
/// let said = |source| -> tgp_protocol::Result<Received<Settle>> {
///     let settle = Settle::new("s-2".parse()?, "offer-1".parse()?, true, source)
///         .with_freshness("2026-11-21T10:00:00Z".parse()?, "n-1".parse()?);
///     Received::from_object(settle.to_signed(&indexer)?)
/// };
/// let indexed = said(SettleSource::CoreproverIndexer)?;
/// assert_eq!(Settle::admit(&indexed, &[indexer.public_key()])?, Claim::Hint);
/// assert_eq!(Settle::admit(&indexed, &[]).unwrap_err().reason(), Reason::SignatureMismatch);
/// let watcher = Settle::admit(&said(SettleSource::ControllerWatcher)?, &[indexer.public_key()]);
/// assert_eq!(watcher.unwrap_err().reason(), Reason::InternalSource);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Settle {
    /// Made by the sender, unique among his.
    pub id: Id,
    /// The OFFER that was paid, or the QUERY where there was none.
    pub query_or_offer_id: Id,
    /// Whether it went well.
    pub success: bool,
    /// Who says so.
    pub source: SettleSource,
    /// The transaction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layer8_tx: Option<Word>,
    /// The OFFER's session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<Id>,
    /// Never used before by this sender; required in a signed message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<Id>,
    /// When it was sent; required in a signed message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Timestamp>,
}

impl Settle {
    /// A claim without a transaction.
    #[must_use]
    pub fn new(id: Id, query_or_offer_id: Id, success: bool, source: SettleSource) -> Self {
        Self { id, query_or_offer_id, success, source, layer8_tx: None, session_id: None, nonce: None, timestamp: None }
    }

    /// By this transaction.
    #[must_use]
    pub fn with_transaction(mut self, transaction: Word) -> Self {
        self.layer8_tx = Some(transaction);
        self
    }

    /// Of this session.
    #[must_use]
    pub fn with_session(mut self, session_id: Id) -> Self {
        self.session_id = Some(session_id);
        self
    }

    /// What a signed message needs.
    #[must_use]
    pub fn with_freshness(mut self, timestamp: Timestamp, nonce: Id) -> Self {
        self.timestamp = Some(timestamp);
        self.nonce = Some(nonce);
        self
    }

    /// What there is to look at.
    #[must_use]
    pub fn claim(&self) -> Claim {
        self.layer8_tx.map_or(Claim::Hint, Claim::Transaction)
    }

    /// Checks that it tells of this QUERY, which had no OFFER.
    ///
    /// # Errors
    /// With the field that names another one.
    pub fn check_settles_query(&self, query: &Query) -> Result<()> {
        require_same("query_or_offer_id", &self.query_or_offer_id, &query.id, Reason::OtherMessage)
    }

    /// Checks that it tells of this OFFER, or of the QUERY that the OFFER answered, and names no other session.
    ///
    /// # Errors
    /// With the field that names another one.
    pub fn check_settles(&self, offer: &Offer) -> Result<()> {
        if self.query_or_offer_id != offer.query_id {
            require_same("query_or_offer_id", &self.query_or_offer_id, &offer.id, Reason::OtherMessage)?;
        }
        if self.session_id.is_none() {
            return Ok(());
        }
        require_same("session_id", &self.session_id, &offer.session_id, Reason::OtherMessage)
    }

    /// Admits a SETTLE from the network. `controller-watcher` is refused whoever sent it; `coreprover-indexer` must be
    /// signed with one of `indexers`, the keys of the attribute registry. A buyer's word needs no signature here: it is
    /// only ever a reason to look at the chain.
    ///
    /// # Errors
    /// With `SIG_INVALID`.
    pub fn admit(received: &Received<Self>, indexers: &[PublicKey]) -> Result<Claim> {
        let settle = received.message();
        match settle.source {
            SettleSource::BuyerNotify => {}
            SettleSource::ControllerWatcher => return Err(Error::from(Reason::InternalSource).within("source")),
            SettleSource::CoreproverIndexer => {
                let unsigned = received.object().given("signature").is_none();
                if !indexers.iter().any(|key| received.verify(key).is_ok()) {
                    let reason = if unsigned { Reason::Unsigned } else { Reason::SignatureMismatch };
                    return Err(Error::from(reason).within("signature"));
                }
            }
        }
        Ok(settle.claim())
    }
}

impl Message for Settle {
    const KIND: Kind = Kind::BuyerSettle;

    fn check(&self) -> Result<()> {
        Ok(())
    }

    fn check_signed(&self) -> Result<()> {
        require_fresh(self.nonce.as_ref(), self.timestamp)
    }
}
