use super::{Accept, ErrorMessage, Offer, Query, Settle};
use crate::{
    Error, Reason, Result,
    identity::ReplayKey,
    json::Object,
    sign::PublicKey,
    value::{Clock, Id, Party, Sha256Digest, Timestamp},
    wire::{Kind, Received, read},
};

/// Any message of plane B, as it was received.
///
/// ```
/// use tgp_protocol::buyer::BuyerMessage;
///
/// let text = br#"{"phase":"SETTLE","id":"s-1","query_or_offer_id":"o-1","success":true,"source":"buyer-notify"}"#;
/// let message = BuyerMessage::read(text)?;
/// // what a controller needs before it knows which message it is: whose answer, and whether it has been here before
/// assert_eq!(message.correlation_id(), Some(&"o-1".parse()?));
/// assert_eq!(message.nonce(), None);
/// let again = br#"{"id":"s-1", "phase":"SETTLE", "source":"buyer-notify", "success":true, "query_or_offer_id":"o-1"}"#;
/// assert_eq!(BuyerMessage::read(again)?.digest(), message.digest());
///
/// let BuyerMessage::Settle(settle) = message else { panic!("a SETTLE") };
/// assert!(settle.message().success);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Debug)]
pub enum BuyerMessage {
    /// May I pay, and how?
    Query(Received<Query>),
    /// So.
    Offer(Box<Received<Offer>>),
    /// Yes.
    Accept(Received<Accept>),
    /// I have paid.
    Settle(Received<Settle>),
    /// No.
    Error(Received<ErrorMessage>),
}

/// The same expression for whichever message it is.
macro_rules! each {
    ($message:expr, $received:ident => $what:expr) => {
        match $message {
            Self::Query($received) => $what,
            Self::Offer($received) => $what,
            Self::Accept($received) => $what,
            Self::Settle($received) => $what,
            Self::Error($received) => $what,
        }
    };
}

impl BuyerMessage {
    /// Reads a message of any kind of this plane.
    ///
    /// # Errors
    /// As [`Received::read`]; with [`Reason::UnknownKind`] for a message of another plane.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let (kind, object) = read(bytes)?;
        Ok(match kind {
            Kind::BuyerQuery => Self::Query(Received::from_object(object)?),
            Kind::BuyerOffer => Self::Offer(Box::new(Received::from_object(object)?)),
            Kind::BuyerAccept => Self::Accept(Received::from_object(object)?),
            Kind::BuyerSettle => Self::Settle(Received::from_object(object)?),
            Kind::BuyerError => Self::Error(Received::from_object(object)?),
            other => return Err(Error::from(Reason::UnknownKind).within(other.discriminator())),
        })
    }

    /// The sender's id of the message.
    #[must_use]
    pub fn id(&self) -> &Id {
        each!(self, received => &received.message().id)
    }

    /// The message that it answers or is about.
    #[must_use]
    pub fn correlation_id(&self) -> Option<&Id> {
        match self {
            Self::Query(_) => None,
            Self::Offer(offer) => Some(&offer.message().query_id),
            Self::Accept(accept) => Some(&accept.message().offer_id),
            Self::Settle(settle) => Some(&settle.message().query_or_offer_id),
            Self::Error(error) => error.message().correlation_id.as_ref(),
        }
    }

    /// What makes a signed message one that was not sent before.
    #[must_use]
    pub fn nonce(&self) -> Option<&Id> {
        each!(self, received => received.message().nonce.as_ref())
    }

    /// When it was sent, where it says so.
    #[must_use]
    pub fn timestamp(&self) -> Option<Timestamp> {
        each!(self, received => received.message().timestamp)
    }

    /// Refuses a message whose time is too old or lies in the future.
    ///
    /// # Errors
    /// At `timestamp`.
    pub fn check_fresh(&self, clock: &Clock) -> Result<()> {
        let Some(timestamp) = self.timestamp() else { return Ok(()) };
        clock.check_fresh(timestamp).map_err(|reason| Error::from(reason).within("timestamp"))
    }

    /// Under what the message is remembered: its id, of the party that sent it. Of a QUERY that is its `from`; who sends
    /// the others is known by the session that they belong to.
    ///
    /// ```
    /// use tgp_protocol::{buyer::BuyerMessage, identity::ReplayKey, value::Party};
    ///
    /// let text = br#"{"phase":"SETTLE","id":"s-1","query_or_offer_id":"o-1","success":true,"source":"buyer-notify"}"#;
    /// let alice: Party = "buyer://alice.wallet".parse()?;
    /// let key = BuyerMessage::read(text)?.replay_key(&alice);
    /// assert_eq!(key, ReplayKey::Buyer { from: alice, id: "s-1".parse()? });
    /// # Ok::<(), tgp_protocol::Error>(())
    /// ```
    #[must_use]
    pub fn replay_key(&self, sender: &Party) -> ReplayKey {
        ReplayKey::Buyer { from: sender.clone(), id: self.id().clone() }
    }

    /// Everything that was received.
    #[must_use]
    pub fn object(&self) -> &Object {
        each!(self, received => received.object())
    }

    /// The hash of everything that was received: the same id with another digest is another message.
    #[must_use]
    pub fn digest(&self) -> Sha256Digest {
        each!(self, received => received.digest())
    }

    /// Verifies the signature over everything that was received.
    ///
    /// # Errors
    /// With `SIG_INVALID`.
    pub fn verify(&self, key: &PublicKey) -> Result<()> {
        each!(self, received => received.verify(key))
    }
}
