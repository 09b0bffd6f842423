use crate::{
    Error, Reason, Result,
    area::{Area, Jurisdiction},
    policy::Policy,
    value::{Bps, ChainId, DomainName, Id, Symbol},
};
use serde::{Deserialize, Serialize};

/// The most that a domain may allow fees to be, as the escrow has it: 10 %.
pub(super) const FEE_CAP: u16 = 1_000;

/// What the registry says of a ledger.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Chain {
    /// The chain.
    pub chain: ChainId,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How long a payment usually takes to be final.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finality_seconds: Option<u64>,
}

/// A policy domain: what holds in a jurisdiction.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Domain {
    /// Its name: `US-OFAC`, `EU-GDPR`.
    pub name: Id,
    /// The jurisdiction.
    pub jurisdiction: Jurisdiction,
    /// The number by which orders name it, no other domain's; 0 is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u8>,
    /// What must be shown.
    #[serde(default)]
    pub compliance_tags: Vec<Id>,
    /// What may be paid with; anything without the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed_assets: Option<Vec<Symbol>>,
    /// The most that fees may be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_fee_bps: Option<Bps>,
}

impl Domain {
    /// The policy that it amounts to.
    ///
    /// # Errors
    /// When an asset or a tag stands twice.
    pub fn to_policy(&self) -> Result<Policy> {
        let (assets, tags) = (self.allowed_assets.clone(), self.compliance_tags.clone());
        Policy::of_domain(self.jurisdiction, assets, tags, self.max_fee_bps)
    }

    pub(super) fn check(&self) -> Result<()> {
        if self.max_fee_bps.is_some_and(|bps| bps.get() > FEE_CAP) {
            return Err(Error::from(Reason::BadBps).within("max_fee_bps"));
        }
        if self.number == Some(0) {
            return Err(Error::from(Reason::OutOfRange).within("number"));
        }
        self.to_policy().map(|_| ())
    }
}

/// In which transaction area a domain lies.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Place {
    /// The domain.
    pub(super) domain: DomainName,
    /// Its area.
    pub(super) area: Area,
}
