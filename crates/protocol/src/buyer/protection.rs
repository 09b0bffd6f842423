use super::OfferedTerms;
use crate::{
    Reason,
    order::{CounterKind, PolicyBit},
};
use serde::{Deserialize, Serialize};

/// What protects the buyer when the seller does not deliver. The order is that of strength, so that a buyer's limit is a
/// comparison.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BuyerProtection {
    /// Nothing but the seller's name.
    None,
    /// Time: until the release he can take back what was not committed or delivered.
    TimedOnly,
    /// An arbiter who can be asked.
    Dispute,
    /// A bond that a seller who does not deliver loses to him.
    Bond,
}

impl BuyerProtection {
    /// Refuses a protection that the terms do not hold.
    pub(super) fn check(self, terms: Option<&OfferedTerms>) -> Result<(), Reason> {
        let held = match (self, terms) {
            (Self::None, _) => true,
            (_, None | Some(OfferedTerms::Simple(_))) => false,
            (Self::TimedOnly, Some(OfferedTerms::Terms(order))) => order.has(PolicyBit::Timed),
            (Self::Dispute, Some(OfferedTerms::Terms(order))) => !order.arbiter.is_zero(),
            (Self::Bond, Some(OfferedTerms::Terms(order))) => {
                order.kind == CounterKind::Bond && !order.counter_amount.is_zero() && order.slash_bps != 0
            }
        };
        if held { Ok(()) } else { Err(Reason::ProtectionOverstated) }
    }
}
