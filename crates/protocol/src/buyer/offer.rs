use super::{
    BuyerProtection, EconomicEnvelope, NextAction, OfferedOrder, OfferedTerms, Query, protection::check_protection,
    require_fresh,
};
use crate::{
    Error, Reason, Result,
    order::OrderJson,
    tib::CarriedTib,
    value::{Amount, ChainId, EvmAddress, Id, Sha256Digest, Symbol, Timestamp, Word},
    wire::{Kind, Message},
};
use serde::{Deserialize, Serialize};

/// What a controller answers: pay so, through this contract, at most at this cost.
///
/// ```
/// use tgp_protocol::{buyer::{EconomicEnvelope, Offer, Query}, value::Bps, wire::Message};
///
/// let (id, buyer, seller) = ("q-1".parse()?, "buyer://alice".parse()?, "seller://bob".parse()?);
/// let query = Query::new(id, buyer, seller, "USDC".parse()?, "1000000".parse()?);
/// let envelope = EconomicEnvelope { max_fees_bps: Bps::new(50)?, expiry: None };
/// let offer = Offer::answering(&query, "offer-1".parse()?, envelope).sealed()?;
/// offer.check_answers(&query)?;
/// assert!(offer.to_object()?.get("offer_hash").is_some());
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
///
/// With escrow it says through which contract, under which policy, and what the buyer does next:
///
/// ```
/// # use tgp_protocol::{buyer::{EconomicEnvelope, Offer, Query}, value::Bps};
/// # let (id, buyer, seller) = ("q-1".parse()?, "buyer://alice".parse()?, "seller://bob".parse()?);
/// # let query = Query::new(id, buyer, seller, "USDC".parse()?, "1000000".parse()?);
/// # let envelope = EconomicEnvelope { max_fees_bps: Bps::new(50)?, expiry: None };
/// use tgp_protocol::{Reason, buyer::{ActionId, Channel, NextAction}, value::{ChainId, EvmAddress}, wire::Message};
///
/// let escrow: EvmAddress = "0x742d35cc6634c0532925a3b844bc9e7595f0beb0".parse()?;
/// let offer = Offer::answering(&query, "offer-1".parse()?, envelope)
///     .with_policy([9; 32].into())
///     .with_next_actions(vec![NextAction::new(ActionId::Create, Channel::Onchain)])
///     .with_zk_required();
/// assert_eq!(offer.check().unwrap_err().reason(), Reason::Missing, "escrow is required, and no contract named");
/// let offer = offer.with_escrow(ChainId::eip155(8453), escrow, "sess-1".parse()?).sealed()?;
/// offer.check_answers(&query)?;
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Offer {
    /// Made by the controller, unique among his.
    pub id: Id,
    /// The QUERY that it answers.
    pub query_id: Id,
    /// The QUERY's.
    pub asset: Symbol,
    /// The QUERY's.
    pub amount: Amount,
    /// The escrow; none for a direct payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coreprover_contract: Option<EvmAddress>,
    /// Where the escrow stands; required with an order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chain: Option<ChainId>,
    /// The session that the order belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<Id>,
    /// Whether the policy asks for escrow.
    pub zk_required: bool,
    /// Cost and lifetime.
    pub economic_envelope: EconomicEnvelope,
    /// The order that the buyer makes by paying.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OfferedOrder>,
    /// What the order and an ACCEPT name this OFFER by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer_hash: Option<Word>,
    /// The policy under which it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_hash: Option<Sha256Digest>,
    /// What protects the buyer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyer_protection: Option<BuyerProtection>,
    /// What can be done now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub next_actions: Vec<NextAction>,
    /// Value, identity and policy in one block; see [`CarriedTib::read`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tib: Option<CarriedTib>,
    /// Never used before by this sender; required in a signed message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<Id>,
    /// When it was sent; required in a signed message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Timestamp>,
}

impl Offer {
    /// A direct payment, without escrow.
    #[must_use]
    pub fn answering(query: &Query, id: Id, economic_envelope: EconomicEnvelope) -> Self {
        Self {
            id,
            query_id: query.id.clone(),
            asset: query.asset.clone(),
            amount: query.amount,
            coreprover_contract: None,
            chain: None,
            session_id: None,
            zk_required: false,
            economic_envelope,
            order: None,
            offer_hash: None,
            policy_hash: None,
            buyer_protection: None,
            next_actions: Vec::new(),
            tib: None,
            nonce: None,
            timestamp: None,
        }
    }

    /// Through this escrow, for this session.
    #[must_use]
    pub fn with_escrow(mut self, chain: ChainId, contract: EvmAddress, session_id: Id) -> Self {
        self.chain = Some(chain);
        self.coreprover_contract = Some(contract);
        self.session_id = Some(session_id);
        self
    }

    /// With these terms. [`Offer::sealed`] fills in the hashes.
    #[must_use]
    pub fn with_order(mut self, terms: OrderJson, protection: BuyerProtection) -> Self {
        let terms = OfferedTerms::Terms(Box::new(terms));
        self.order = Some(OfferedOrder { terms, order_id: Word::from([0; 32]), seller_commitment: None });
        self.buyer_protection = Some(protection);
        self
    }

    /// The policy asks for escrow.
    #[must_use]
    pub fn with_zk_required(mut self) -> Self {
        self.zk_required = true;
        self
    }

    /// The policy under which it was made.
    #[must_use]
    pub fn with_policy(mut self, policy_hash: Sha256Digest) -> Self {
        self.policy_hash = Some(policy_hash);
        self
    }

    /// What can be done now.
    #[must_use]
    pub fn with_next_actions(mut self, actions: Vec<NextAction>) -> Self {
        self.next_actions = actions;
        self
    }

    /// With this block.
    #[must_use]
    pub fn with_tib(mut self, tib: CarriedTib) -> Self {
        self.tib = Some(tib);
        self
    }

    /// What a signed message needs.
    #[must_use]
    pub fn with_freshness(mut self, timestamp: Timestamp, nonce: Id) -> Self {
        self.timestamp = Some(timestamp);
        self.nonce = Some(nonce);
        self
    }
}

impl Message for Offer {
    const KIND: Kind = Kind::BuyerOffer;

    fn check(&self) -> Result<()> {
        let at = |field: &'static str, reason: Reason| Err(Error::from(reason).within(field));
        if self.amount.require_positive().is_err() {
            return at("amount", Reason::ZeroAmount);
        }
        if self.coreprover_contract.is_some_and(EvmAddress::is_zero) {
            return at("coreprover_contract", Reason::ZeroAddress);
        }
        if self.zk_required && self.coreprover_contract.is_none() {
            return at("coreprover_contract", Reason::Missing);
        }
        if let Some(order) = &self.order {
            self.check_order(order)?;
        }
        if let Some(protection) = self.buyer_protection {
            let terms = self.order.as_ref().map(|order| &order.terms);
            check_protection(protection, terms).map_err(|reason| Error::from(reason).within("buyer_protection"))?;
        }
        self.tib.as_ref().map_or(Ok(()), |tib| tib.read().map(|_| ()).map_err(|error| error.within("tib")))
    }

    fn check_signed(&self) -> Result<()> {
        require_fresh(self.nonce.as_ref(), self.timestamp)
    }
}
