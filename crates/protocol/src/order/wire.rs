use super::{Order, decimal, escrow_domain};
use crate::{
    Error, Reason, Result,
    value::{ChainId, EvmAddress, Word},
};
use alloy_primitives::{
    aliases::{U40, U48, U96},
    keccak256,
};
use alloy_sol_types::SolStruct;
use serde::{Deserialize, Serialize};

/// What the counter amount of an order is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum CounterKind {
    /// The seller's bond, which comes back.
    Bond,
    /// The other leg of an exchange.
    Swap,
}

/// Who gets the payment when the arbiter stays silent.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Silence {
    /// The buyer.
    ToBuyer,
    /// The seller.
    ToSeller,
}

/// What besides the buyer may release the payment.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PolicyBit {
    /// The verifier's signature over a Delivery.
    AttesterSig,
    /// A proof of the delivery circuit.
    ZkProof,
    /// A time that the buyer agreed to.
    Timed,
    /// The buyer's vouchers, little by little.
    Partial,
}

impl Silence {
    /// Its number in the terms.
    #[must_use]
    pub fn value(self) -> u8 {
        match self {
            Self::ToBuyer => 0,
            Self::ToSeller => 1,
        }
    }
}

impl PolicyBit {
    /// Every bit, in the order of their values.
    pub const ALL: [Self; 4] = [Self::AttesterSig, Self::ZkProof, Self::Timed, Self::Partial];

    /// Its value in the terms.
    #[must_use]
    pub const fn value(self) -> u8 {
        match self {
            Self::AttesterSig => 1,
            Self::ZkProof => 2,
            Self::Timed => 4,
            Self::Partial => 8,
        }
    }
}

/// The terms of an order on the wire: the contract's field names, integers as decimal strings, small enums by name.
/// [`Order`] is the same in the widths of the contract; each converts into the other without loss.
///
/// ```
/// use tgp_protocol::{
///     Reason,
///     order::{CounterKind, Order, OrderJson, PolicyBit, Silence},
///     value::{ChainId, EvmAddress},
/// };
///
/// // an arbiter's silence pays the seller (1), and a signature or the time (1 + 4) may release
/// let order = Order { policy: 5, silence: 1, ..Order::default() };
/// let mut wire = OrderJson::try_from(&order)?;
/// assert_eq!(Order::from(&wire), order);
/// assert_eq!((wire.kind, wire.silence), (CounterKind::Bond, Silence::ToSeller));
/// assert!(wire.has(PolicyBit::Timed) && !wire.has(PolicyBit::ZkProof));
/// assert_eq!(wire.policy.iter().map(|bit| bit.value()).sum::<u8>(), order.policy);
///
/// // who signs the id signs every term
/// let id = wire.order_id(ChainId::eip155(8453), EvmAddress([5; 20].into()));
/// wire.silence = Silence::ToBuyer;
/// assert_eq!(Silence::ToBuyer.value(), 0);
/// assert_ne!(wire.order_id(ChainId::eip155(8453), EvmAddress([5; 20].into())), id);
///
/// wire.check()?;
/// wire.policy.reverse();
/// assert_eq!(wire.check().unwrap_err().reason(), Reason::NotInOrder);
/// wire.policy = PolicyBit::ALL.to_vec();
/// wire.check()?;
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct OrderJson {
    pub buyer: EvmAddress,
    pub seller: EvmAddress,
    pub token: EvmAddress,
    #[serde(with = "decimal")]
    pub amount: U96,
    pub counter_token: EvmAddress,
    #[serde(with = "decimal")]
    pub counter_amount: U96,
    pub fee_receiver: EvmAddress,
    pub arbiter: EvmAddress,
    pub verifier: EvmAddress,
    pub delivery_circuit: Word,
    pub kind: CounterKind,
    /// In the order of [`PolicyBit::ALL`], each at most once; none means that the buyer alone releases.
    pub policy: Vec<PolicyBit>,
    pub silence: Silence,
    #[serde(with = "decimal")]
    pub jurisdiction: u8,
    #[serde(with = "decimal")]
    pub slash_bps: u16,
    #[serde(with = "decimal")]
    pub fee_bps: u16,
    #[serde(with = "decimal")]
    pub max_fee_bps: u16,
    #[serde(with = "decimal")]
    pub arbiter_fee_bps: u16,
    #[serde(with = "decimal")]
    pub dispute_bond_bps: u16,
    #[serde(with = "decimal")]
    pub delivery_version: U48,
    #[serde(with = "decimal")]
    pub zkb_version: U48,
    #[serde(with = "decimal")]
    pub zks_version: U48,
    #[serde(with = "decimal")]
    pub fund_by: U40,
    #[serde(with = "decimal")]
    pub commit_by: U40,
    #[serde(with = "decimal")]
    pub deliver_by: U40,
    #[serde(with = "decimal")]
    pub timed_release: U40,
    #[serde(with = "decimal")]
    pub review_window: U48,
    #[serde(with = "decimal")]
    pub dispute_window: U48,
    pub session_id: Word,
    pub offer_hash: Word,
    pub salt: Word,
}

impl OrderJson {
    /// The order's id at an escrow: the EIP-712 hash of every term.
    #[must_use]
    pub fn order_id(&self, chain: ChainId, escrow: EvmAddress) -> Word {
        Word(Order::from(self).pack().eip712_signing_hash(&escrow_domain(chain.number(), escrow.0)))
    }

    /// Whether this may release the payment besides the buyer.
    #[must_use]
    pub fn has(&self, bit: PolicyBit) -> bool {
        self.policy.contains(&bit)
    }

    /// Refuses policy bits that stand twice or in another order than that of [`PolicyBit::ALL`]: two texts would be one
    /// order.
    ///
    /// # Errors
    /// With the bit: [`Reason::RepeatedEntry`] or [`Reason::NotInOrder`].
    pub fn check(&self) -> Result<()> {
        let Some(before) = self.policy.windows(2).position(|pair| pair[0] >= pair[1]) else { return Ok(()) };
        let place = before + 1;
        let repeated = self.policy[..place].contains(&self.policy[place]);
        let reason = if repeated { Reason::RepeatedEntry } else { Reason::NotInOrder };
        Err(Error::from(reason).within(place).within("policy"))
    }
}

/// The session's id as orders hold it.
#[must_use]
pub fn session_word(session_id: &str) -> Word {
    Word(keccak256(session_id.as_bytes()))
}

impl TryFrom<&Order> for OrderJson {
    type Error = Error;

    /// # Errors
    /// With the field, when a small number has no name: the contract refuses such terms too.
    fn try_from(order: &Order) -> Result<Self> {
        let unknown = |field: &'static str| Error::from(Reason::UnknownValue).within(field);
        let kind = match order.kind {
            0 => CounterKind::Bond,
            1 => CounterKind::Swap,
            _ => return Err(unknown("kind")),
        };
        let silence = match order.silence {
            0 => Silence::ToBuyer,
            1 => Silence::ToSeller,
            _ => return Err(unknown("silence")),
        };
        if order.policy > 15 {
            return Err(unknown("policy"));
        }
        Ok(Self {
            buyer: order.buyer.into(),
            seller: order.seller.into(),
            token: order.token.into(),
            amount: order.amount,
            counter_token: order.counter_token.into(),
            counter_amount: order.counter_amount,
            fee_receiver: order.fee_receiver.into(),
            arbiter: order.arbiter.into(),
            verifier: order.verifier.into(),
            delivery_circuit: Word(order.delivery_circuit),
            kind,
            policy: PolicyBit::ALL.into_iter().filter(|bit| order.policy & bit.value() != 0).collect(),
            silence,
            jurisdiction: order.jurisdiction,
            slash_bps: order.slash_bps,
            fee_bps: order.fee_bps,
            max_fee_bps: order.max_fee_bps,
            arbiter_fee_bps: order.arbiter_fee_bps,
            dispute_bond_bps: order.dispute_bond_bps,
            delivery_version: order.delivery_version,
            zkb_version: order.zkb_version,
            zks_version: order.zks_version,
            fund_by: order.fund_by,
            commit_by: order.commit_by,
            deliver_by: order.deliver_by,
            timed_release: order.timed_release,
            review_window: order.review_window,
            dispute_window: order.dispute_window,
            session_id: Word(order.session_id),
            offer_hash: Word(order.offer_hash),
            salt: Word(order.salt),
        })
    }
}

impl From<&OrderJson> for Order {
    fn from(order: &OrderJson) -> Self {
        Self {
            buyer: order.buyer.into(),
            seller: order.seller.into(),
            token: order.token.into(),
            amount: order.amount,
            counter_token: order.counter_token.into(),
            counter_amount: order.counter_amount,
            fee_receiver: order.fee_receiver.into(),
            arbiter: order.arbiter.into(),
            verifier: order.verifier.into(),
            delivery_circuit: order.delivery_circuit.0,
            kind: match order.kind {
                CounterKind::Bond => 0,
                CounterKind::Swap => 1,
            },
            policy: order.policy.iter().fold(0, |bits, bit| bits | bit.value()),
            silence: order.silence.value(),
            jurisdiction: order.jurisdiction,
            slash_bps: order.slash_bps,
            fee_bps: order.fee_bps,
            max_fee_bps: order.max_fee_bps,
            arbiter_fee_bps: order.arbiter_fee_bps,
            dispute_bond_bps: order.dispute_bond_bps,
            delivery_version: order.delivery_version,
            zkb_version: order.zkb_version,
            zks_version: order.zks_version,
            fund_by: order.fund_by,
            commit_by: order.commit_by,
            deliver_by: order.deliver_by,
            timed_release: order.timed_release,
            review_window: order.review_window,
            dispute_window: order.dispute_window,
            session_id: order.session_id.0,
            offer_hash: order.offer_hash.0,
            salt: order.salt.0,
        }
    }
}
