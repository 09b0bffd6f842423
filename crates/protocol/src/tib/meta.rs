use crate::{
    Error, Reason, Result,
    identity::ReplayKey,
    sign::{KeyId, Signature},
    value::{EpochMillis, Label, Nonce, Uuid},
};
use serde::{Deserialize, Serialize};

/// The only version of the block.
const VERSION: u64 = 1;

/// Version, expiry and what keeps a block from being used twice.
///
/// ```
/// use tgp_protocol::{identity::ReplayKey, tib::Meta, value::{EpochMillis, Uuid}};
///
/// let trace: Uuid = "6f1c5f3e-0b1a-4f6e-9d6c-2f9a0e1b2c3d".parse()?;
/// let meta = Meta::new([7; 16].into(), EpochMillis::from_millis(1_795_255_200_000), trace.clone());
/// // the nonce is new for a payment, not for all of them
/// assert_eq!(meta.replay_key(), ReplayKey::Tib { trace_id: trace, nonce: [7; 16].into() });
/// # Ok::<(), tgp_protocol::Reason>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Meta {
    /// Always 1.
    pub v: u64,
    /// Never used before under this `trace_id`.
    pub nonce: Nonce,
    /// Until when the block is good.
    pub exp: EpochMillis,
    /// The same for everything that belongs to one payment.
    pub trace_id: Uuid,
}

impl Meta {
    /// Of version 1.
    #[must_use]
    pub fn new(nonce: Nonce, exp: EpochMillis, trace_id: Uuid) -> Self {
        Self { v: VERSION, nonce, exp, trace_id }
    }

    /// Under what a peer remembers the block, at least until it expires.
    #[must_use]
    pub fn replay_key(&self) -> ReplayKey {
        ReplayKey::Tib { trace_id: self.trace_id.clone(), nonce: self.nonce }
    }

    pub(super) fn check(&self) -> Result<()> {
        if self.v == VERSION { Ok(()) } else { Err(Error::from(Reason::OtherCount).within("v")) }
    }
}

/// Encryption and the initiator's signature.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Crypto {
    /// How parts of the block are sealed, such as `hpke:X25519`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enc: Vec<Label>,
    /// The key of `sig`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<KeyId>,
    /// Over the canonical form of the block without this member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sig: Option<Signature>,
}
