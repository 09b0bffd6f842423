use crate::value::{EvmAddress, Timestamp};
use serde::{Deserialize, Serialize};

/// Something that can be done with an order: the verbs of the contracts' `EscrowLens`, in its order.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum ActionId {
    #[serde(rename = "coreprover-create")]
    Create,
    #[serde(rename = "coreprover-commit")]
    Commit,
    #[serde(rename = "coreprover-fulfil")]
    Fulfil,
    #[serde(rename = "coreprover-fulfil-attested")]
    FulfilAttested,
    #[serde(rename = "coreprover-fulfil-proven")]
    FulfilProven,
    #[serde(rename = "coreprover-claim")]
    Claim,
    #[serde(rename = "coreprover-release")]
    Release,
    #[serde(rename = "coreprover-refund")]
    Refund,
    #[serde(rename = "coreprover-dispute")]
    Dispute,
    #[serde(rename = "coreprover-resolve")]
    Resolve,
    #[serde(rename = "coreprover-resolve-by-silence")]
    ResolveBySilence,
    #[serde(rename = "coreprover-settle")]
    Settle,
    #[serde(rename = "coreprover-collect-buyer")]
    CollectBuyer,
    #[serde(rename = "coreprover-collect-seller")]
    CollectSeller,
    #[serde(rename = "coreprover-collect-buyer-with-proof")]
    CollectBuyerWithProof,
    #[serde(rename = "coreprover-collect-seller-with-proof")]
    CollectSellerWithProof,
}

impl ActionId {
    /// Every action, at the place that its verb has in the contract.
    pub const ALL: [Self; 16] = [
        Self::Create,
        Self::Commit,
        Self::Fulfil,
        Self::FulfilAttested,
        Self::FulfilProven,
        Self::Claim,
        Self::Release,
        Self::Refund,
        Self::Dispute,
        Self::Resolve,
        Self::ResolveBySilence,
        Self::Settle,
        Self::CollectBuyer,
        Self::CollectSeller,
        Self::CollectBuyerWithProof,
        Self::CollectSellerWithProof,
    ];

    /// The action of a verb that `nextActions` of the contract gave.
    #[must_use]
    pub fn from_verb(verb: u8) -> Option<Self> {
        Self::ALL.get(usize::from(verb)).copied()
    }
}

/// The way on which an action is done.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// By a transaction of one's own: always open while money is held.
    Onchain,
    /// Through the controller or the seller's server.
    Server,
    /// Through an x402 facilitator.
    Facilitator,
}

/// What a party can do next, by which way and until when.
///
/// ```
/// use tgp_protocol::buyer::{ActionId, Channel, NextAction};
///
/// let buyer = "0x742d35cc6634c0532925a3b844bc9e7595f0beb0".parse()?;
/// let pay = NextAction::new(ActionId::Create, Channel::Onchain).by(buyer).until("2026-11-21T10:00:00Z".parse()?);
/// assert_eq!(pay.who, Some(buyer));
///
/// // the contract's numbers are the places in the list
/// assert_eq!(ActionId::from_verb(0), Some(pay.id));
/// assert_eq!(ActionId::ALL.iter().position(|id| *id == ActionId::Settle), Some(11));
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NextAction {
    /// What.
    pub id: ActionId,
    /// By which way.
    pub channel: Channel,
    /// Whose call or signature it takes; anyone's without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<EvmAddress>,
    /// The last second at which it is open; no end without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Timestamp>,
}

impl NextAction {
    /// Open to anyone, without an end.
    #[must_use]
    pub fn new(id: ActionId, channel: Channel) -> Self {
        Self { id, channel, who: None, deadline: None }
    }

    /// Only with this party's call or signature.
    #[must_use]
    pub fn by(mut self, who: EvmAddress) -> Self {
        self.who = Some(who);
        self
    }

    /// Until this second.
    #[must_use]
    pub fn until(mut self, deadline: Timestamp) -> Self {
        self.deadline = Some(deadline);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::ActionId;

    /// The contract's list of verbs, as names on the wire.
    #[test]
    fn actions_are_the_contracts_verbs() {
        let source = include_str!("../../../../contracts/interfaces/IEscrowLens.sol");
        let list = source.split_once("enum Verb {").and_then(|(_, rest)| rest.split_once('}')).expect("the enum").0;
        let verbs: Vec<_> = list.split(',').map(str::trim).collect();
        assert_eq!(verbs.len(), ActionId::ALL.len());
        for (number, verb) in verbs.into_iter().enumerate() {
            let action = ActionId::from_verb(u8::try_from(number).unwrap()).unwrap();
            let name = format!("\"coreprover-{}\"", verb.to_lowercase().replace('_', "-"));
            assert_eq!(serde_json::to_string(&action).unwrap(), name);
        }
        assert_eq!(ActionId::from_verb(16), None);
    }
}
