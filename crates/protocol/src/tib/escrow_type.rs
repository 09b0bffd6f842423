use crate::Reason;
use serde::{Deserialize, Serialize};

/// How value is held between payment and delivery. Every name of the documents and of the registry's draft is read;
/// three are served.
///
/// ```
/// use tgp_protocol::{Reason, tib::EscrowType};
///
/// // what is known by name can be told apart from what is not, and is refused with the right words
/// assert_eq!(EscrowType::Htlc.require_served(), Ok(()));
/// assert_eq!(EscrowType::StateChannel.require_served(), Err(Reason::EscrowNotServed));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EscrowType {
    /// Each hop locks its own value under one hash.
    Htlc,
    /// The escrow contract holds it.
    Escrow,
    /// Nobody holds it: the payer's transfer goes to the payee.
    #[serde(alias = "immediate")]
    Direct,
    /// Paid later, between two parties who trust each other so far.
    Invoice,
    /// A state channel.
    StateChannel,
    /// Somebody who is trusted.
    TrustedEscrow,
    /// A proof without knowledge.
    ZkAttested,
    /// Another contract.
    SmartContract,
}

impl EscrowType {
    /// Refuses what is known by name only.
    ///
    /// # Errors
    /// With [`Reason::EscrowNotServed`].
    pub fn require_served(self) -> Result<(), Reason> {
        match self {
            Self::Htlc | Self::Escrow | Self::Direct => Ok(()),
            Self::Invoice | Self::StateChannel | Self::TrustedEscrow | Self::ZkAttested | Self::SmartContract => {
                Err(Reason::EscrowNotServed)
            }
        }
    }
}
