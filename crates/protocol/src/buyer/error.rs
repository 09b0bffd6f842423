use super::require_fresh;
use crate::{
    Class, Code, Error, ErrorText, Failure, Reason, Result,
    value::{Id, Timestamp},
    wire::{Kind, Message},
};
use serde::{Deserialize, Serialize};

/// Why a message was refused, or a session failed.
///
/// ```
/// use tgp_protocol::{Error, Failure, Reason, buyer::ErrorMessage, sign::SigningKey, wire::Message};
///
/// let failure = Failure::new(&Error::from(Reason::ZeroAmount).within("amount"), "tbc-1".parse()?);
/// let error = ErrorMessage::new("err-1".parse()?, failure).correlated("q-1".parse()?);
/// assert_eq!(error.http_status(), 400);
/// assert!(error.to_object()?.get("class").is_some());
///
/// // signed, it cannot be shown again for another message
/// let key = SigningKey::from_seed(&[1; 32]);
/// let signed = error.with_freshness("2026-11-21T10:00:00Z".parse()?, "n-1".parse()?).to_signed(&key)?;
/// assert!(signed.get("signature").is_some());
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ErrorMessage {
    /// Made by the sender, unique among his.
    pub id: Id,
    /// The registry's code; read in any spelling of the documents.
    pub code: Code,
    /// What is wrong, for people.
    pub message: ErrorText,
    /// The message that is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<Id>,
    /// Whether to give up, to wait, or to change something; always sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<Class>,
    /// The tag of who refused; always sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hop: Option<Id>,
    /// What is wrong, for programs; always sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<ErrorText>,
    /// Never used before by this sender; required in a signed message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<Id>,
    /// When it was sent; required in a signed message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Timestamp>,
}

impl ErrorMessage {
    /// A failure as plane B writes it.
    #[must_use]
    pub fn new(id: Id, failure: Failure) -> Self {
        Self {
            id,
            code: failure.code,
            class: Some(failure.class()),
            message: failure.text,
            correlation_id: None,
            hop: Some(failure.hop),
            reason: Some(failure.reason),
            nonce: None,
            timestamp: None,
        }
    }

    /// About the message of this id.
    #[must_use]
    pub fn correlated(mut self, id: Id) -> Self {
        self.correlation_id = Some(id);
        self
    }

    /// What a signed message needs.
    #[must_use]
    pub fn with_freshness(mut self, timestamp: Timestamp, nonce: Id) -> Self {
        self.timestamp = Some(timestamp);
        self.nonce = Some(nonce);
        self
    }

    /// The status of the HTTP answer that carries it.
    #[must_use]
    pub fn http_status(&self) -> u16 {
        self.code.http_status()
    }
}

impl Message for ErrorMessage {
    const KIND: Kind = Kind::BuyerError;

    fn check(&self) -> Result<()> {
        let other = self.class.is_some_and(|class| class != self.code.class());
        if other { Err(Error::from(Reason::Contradiction).within("class")) } else { Ok(()) }
    }

    fn check_signed(&self) -> Result<()> {
        require_fresh(self.nonce.as_ref(), self.timestamp)
    }
}
