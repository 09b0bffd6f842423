use super::{Envelope, envelope::header};
use crate::{
    Error, Reason, Result,
    value::{DomainName, Id, PathId, Timestamp},
    wire::{Kind, Message},
};
use serde::{Deserialize, Serialize};

/// WITHDRAW-ROUTE: these paths no longer lead there. What is locked on them stays locked: only new selections end.
///
/// ```
/// use tgp_protocol::{
///     Code,
///     gateway::{GatewayMessage, Side, WithdrawRoute, check_direction},
///     sign::SigningKey,
///     wire::Message,
/// };
///
/// let (time, paths) = ("2025-12-01T10:00:09Z".parse()?, vec!["path-1".parse()?]);
/// let withdrawn = WithdrawRoute::new("req-2".parse()?, time, "b.example".parse()?, paths);
/// let message = GatewayMessage::read(&withdrawn.to_signed(&SigningKey::from_seed(&[2; 32]))?.canonical())?;
///
/// // routes come from the side that is paid, and go from there
/// check_direction(&message, Side::Payee)?;
/// assert_eq!(check_direction(&message, Side::Payer).unwrap_err().code(), Code::InvalidState);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WithdrawRoute {
    /// That of the advert, or a new one.
    pub request_id: Id,
    /// When it was sent.
    pub timestamp: Timestamp,
    /// Who sent and signed it.
    pub sender: DomainName,
    /// The paths, by the sender's names.
    pub withdrawn: Vec<PathId>,
}

impl WithdrawRoute {
    /// These paths.
    #[must_use]
    pub fn new(request_id: Id, timestamp: Timestamp, sender: DomainName, withdrawn: Vec<PathId>) -> Self {
        Self { request_id, timestamp, sender, withdrawn }
    }
}

impl Message for WithdrawRoute {
    const KIND: Kind = Kind::WithdrawRoute;

    fn check(&self) -> Result<()> {
        if self.withdrawn.is_empty() { Err(Error::from(Reason::WrongLength).within("withdrawn")) } else { Ok(()) }
    }
}

impl Envelope for WithdrawRoute {
    header!();
}
