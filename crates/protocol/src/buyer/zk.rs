use super::Query;
use crate::{Error, Reason, Result};
use serde::{Deserialize, Serialize};

/// What a buyer wants of escrow and of zero-knowledge proofs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ZkProfile {
    /// Pay directly; no escrow.
    None,
    /// Escrow where the controller advises it.
    Optional,
    /// Escrow, or nothing.
    Required,
}

/// What the operator's policy says about payments without escrow.
///
/// ```
/// use tgp_protocol::{Reason, buyer::{Query, ZkPolicy, ZkProfile}};
///
/// let (buyer, seller) = ("buyer://alice".parse()?, "seller://bob".parse()?);
/// let query = Query::new("q-1".parse()?, buyer, seller, "USDC".parse()?, "1000000".parse()?);
///
/// // who is willing gets escrow where the seller offers it; who demands it also needs it to be provable
/// assert!(!query.escrow_wanted());
/// assert!(query.clone().with_escrow_from_402("0x742d35cc6634c0532925a3b844bc9e7595f0beb0".parse()?).escrow_wanted());
/// let demanding = query.with_zk_profile(ZkProfile::Required);
/// assert!(demanding.escrow_wanted() && demanding.zk_wanted());
///
/// // the policy is asked whatever the buyer wants
/// assert!(!ZkProfile::None.zk_required(ZkPolicy::Free)?);
/// assert!(ZkProfile::None.zk_required(ZkPolicy::CounterOffer)?);
/// assert_eq!(ZkProfile::None.zk_required(ZkPolicy::Required).unwrap_err().reason(), Reason::EscrowRequired);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ZkPolicy {
    /// It does not ask for escrow.
    Free,
    /// It asks for escrow and refuses a buyer who wants none.
    Required,
    /// It asks for escrow and answers a buyer who wants none with an OFFER that has it.
    CounterOffer,
}

impl ZkProfile {
    /// What `zk_required` of the OFFER says. The policy is always asked, even when the buyer wants no escrow.
    ///
    /// # Errors
    /// With `POLICY_VIOLATION` when the buyer wants no escrow and the policy neither permits that nor counter-offers.
    pub fn zk_required(self, policy: ZkPolicy) -> Result<bool> {
        match (self, policy) {
            (Self::None, ZkPolicy::Required) => Err(Error::from(Reason::EscrowRequired).within("zk_profile")),
            (Self::Required, _) | (_, ZkPolicy::CounterOffer | ZkPolicy::Required) => Ok(true),
            (Self::None | Self::Optional, ZkPolicy::Free) => Ok(false),
        }
    }
}

impl Query {
    /// Whether the buyer wants an escrow: he demands it, or he is willing and the seller's 402 answer offered one.
    #[must_use]
    pub fn escrow_wanted(&self) -> bool {
        match self.zk_profile {
            ZkProfile::None => false,
            ZkProfile::Optional => self.escrow_from_402,
            ZkProfile::Required => true,
        }
    }

    /// Whether the buyer demands that proofs are possible. Escrow alone needs none.
    #[must_use]
    pub fn zk_wanted(&self) -> bool {
        self.zk_profile == ZkProfile::Required
    }
}
