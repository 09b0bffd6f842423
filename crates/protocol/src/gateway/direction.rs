use super::GatewayMessage;
use crate::{Error, Reason, Result};

/// Who sent a message, as seen from its receiver: every message belongs to one lock between two parties.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Side {
    /// Who pays the receiver: the client's side.
    Payer,
    /// Whom the receiver pays: the provider's side.
    Payee,
}

/// Checks that a message comes from the side that may send it. QUERY and SELECT come from the payer's side; ADVERT,
/// WITHDRAW-ROUTE, LOCKED and PROOF from the payee's; a release from the payee of the lock, the request for it from the
/// payer; SETTLE and ERROR from both.
///
/// # Errors
/// With `INVALID_STATE` at `message_type`: a PROOF from the payer's side, for one, would claim what it has to pay.
pub fn check_direction(message: &GatewayMessage, from: Side) -> Result<()> {
    let allowed = match message {
        GatewayMessage::Query(_) | GatewayMessage::Select(_) => from == Side::Payer,
        GatewayMessage::Advert(_)
        | GatewayMessage::WithdrawRoute(_)
        | GatewayMessage::Locked(_)
        | GatewayMessage::Proof(_) => from == Side::Payee,
        GatewayMessage::Abort(abort) => {
            let answer = abort.message().release.is_some();
            from == if answer { Side::Payee } else { Side::Payer }
        }
        GatewayMessage::Settle(_) | GatewayMessage::Error(_) => true,
    };
    if allowed { Ok(()) } else { Err(Error::from(Reason::WrongDirection).within("message_type")) }
}
