use super::HttpsUrl;
use crate::{
    Error, Reason, Result,
    area::Area,
    value::{Account, Amount, EvmAddress, Fraction, Party, Symbol},
};
use serde::{Deserialize, Serialize};

/// A seller: where he is paid, where he signs, and who rules in a dispute with him.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Seller {
    /// His name in messages.
    pub party: Party,
    /// Where he is paid.
    pub account: Account,
    /// Where terms go in and his signature comes out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit_endpoint: Option<HttpsUrl>,
    /// Who rules in a dispute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arbiter: Option<EvmAddress>,
    /// In which transaction area he sells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<Area>,
    /// What he promises.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_level: Option<ServiceLevel>,
    /// What he takes by x402.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub x402: Option<Capabilities>,
}

/// What a service promises.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ServiceLevel {
    /// The share of time in which it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub availability: Option<Fraction>,
    /// How long a settlement takes at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settlement_seconds: Option<u64>,
}

/// What a seller takes by x402.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Capabilities {
    /// The least, in base units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_amount: Option<Amount>,
    /// The most, in base units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_amount: Option<Amount>,
    /// What he takes; anything without the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assets: Option<Vec<Symbol>>,
}

impl Seller {
    pub(super) fn check(&self) -> Result<()> {
        let at = |reason: Reason, name| Err(Error::from(reason).within(name));
        if self.account.address.is_zero() {
            return at(Reason::ZeroAddress, "account");
        }
        match self.arbiter {
            Some(arbiter) if arbiter.is_zero() => return at(Reason::ZeroAddress, "arbiter"),
            Some(arbiter) if arbiter == self.account.address => return at(Reason::Contradiction, "arbiter"),
            _ => {}
        }
        match self.x402.as_ref().map(|it| (it.min_amount, it.max_amount)) {
            Some((Some(min), Some(max))) if min > max => at(Reason::Contradiction, "x402"),
            _ => Ok(()),
        }
    }
}
