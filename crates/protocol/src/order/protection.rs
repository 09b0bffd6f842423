use serde::{Deserialize, Serialize};

/// What protects the buyer when the seller does not deliver. The order is that of strength, so that a buyer's limit is a
/// comparison.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BuyerProtection {
    /// Nothing but the seller's word.
    None,
    /// Time: he may accept early or take back what was not committed; otherwise the payment is released by time.
    TimedOnly,
    /// An arbiter who rules when he contests.
    Dispute,
    /// A bond that a seller who does not deliver loses.
    Bond,
}
