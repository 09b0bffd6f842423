use super::FeeSplit;
use crate::{
    area::{Area, Jurisdiction},
    buyer::ZkProfile,
    value::{ChainId, Decimal, Fraction, Id, Symbol},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, time::Duration};

/// A ledger as policies name it: a family such as `EVM` or `UTXO`, and a number in it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// Compared for equality: `EVM`, `UTXO`, `Solana`, others.
    pub family: Id,
    /// The number.
    pub chain_id: u64,
}

impl Network {
    /// An EVM chain.
    ///
    /// # Panics
    /// Never: `EVM` is an id.
    #[must_use]
    pub fn eip155(number: u64) -> Self {
        #[allow(clippy::expect_used, reason = "three letters are an id")]
        Self { family: "EVM".parse().expect("EVM is an id"), chain_id: number }
    }
}

impl From<ChainId> for Network {
    fn from(chain: ChainId) -> Self {
        Self::eip155(chain.number())
    }
}

/// What a policy is asked about: a payment, and what is known and promised about it.
///
/// Whatever is not set is not known, and what is not known satisfies no demand.
///
/// ```
/// use tgp_protocol::{
///     buyer::ZkProfile,
///     policy::{FeeSplit, Network, Policy, Prices, Subject},
/// };
///
/// let gateway = Policy::read(br#"{
///     "qos": { "max_latency_ms": 200, "min_success_rate": "0.99" }, "fee_split": { "service_fees": "payer" }
/// }"#)?;
/// let path = Policy::read(br#"{
///     "kycClass": "full", "jurisdiction": ["US", "DE"], "dataRetention": "30d", "allowedUse": ["retail"]
/// }"#)?;
/// let controller = Policy::read(br#"{ "version": "PEL-0.1", "constraints": { "zk_required": true } }"#)?;
/// let allowed = |subject: &Subject| {
///     [&gateway, &path, &controller].map(|policy| policy.evaluate(subject, &Prices::none()).is_allow())
/// };
///
/// let payment = Subject::new(Network::eip155(8453), "USDC".parse()?, "25".parse()?);
/// assert_eq!(allowed(&payment), [false; 3]);
///
/// let promised = payment
///     .with_latency_ms(150)
///     .with_success_rate("0.995".parse()?)
///     .with_fee_split(FeeSplit { service_fees: Some("payer".parse()?), ..FeeSplit::default() });
/// assert_eq!(allowed(&promised), [true, false, false]);
/// let shown = promised
///     .with_kyc_class("full".parse()?)
///     .with_jurisdiction("US-CA".parse()?)
///     .with_data_retention("30d".parse()?)
///     .with_use("retail".parse()?);
/// assert_eq!(allowed(&shown), [true, true, false]);
/// assert_eq!(allowed(&shown.with_zk(ZkProfile::Optional)), [true; 3]);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Subject {
    /// Where it is paid.
    pub network: Network,
    /// The registry's symbol of what is paid: never the symbol that a token gives itself.
    pub asset: Symbol,
    /// How much, in whole units of the asset, without fees.
    pub amount: Decimal,
    /// All fees, in whole units of the asset.
    pub fee: Decimal,
    /// What the buyer wants of escrow and proofs.
    pub zk: ZkProfile,
    /// The area in which it takes place.
    pub area: Option<Area>,
    /// The jurisdictions of everybody who takes part.
    pub jurisdictions: Vec<Jurisdiction>,
    /// What has been shown: `KYC`, `OFAC`, the sanctions list that was screened against.
    pub compliance: BTreeSet<Id>,
    /// What the thing paid for will be used for.
    pub uses: Vec<Id>,
    /// The class of identification.
    pub kyc_class: Option<Id>,
    /// For how long data is kept.
    pub data_retention: Option<Id>,
    /// The answer time that is promised, in milliseconds.
    pub latency_ms: Option<u64>,
    /// The rate of success that is promised.
    pub success_rate: Option<Fraction>,
    /// The time to delivery that is promised.
    pub delivery: Option<Duration>,
    /// Who bears the fees, where somebody has proposed it.
    pub fee_split: FeeSplit,
}

impl Subject {
    /// A payment without fees, about which nothing else is known.
    #[must_use]
    pub fn new(network: Network, asset: Symbol, amount: Decimal) -> Self {
        Self {
            network,
            asset,
            amount,
            fee: Decimal::default(),
            zk: ZkProfile::None,
            area: None,
            jurisdictions: Vec::new(),
            compliance: BTreeSet::new(),
            uses: Vec::new(),
            kyc_class: None,
            data_retention: None,
            latency_ms: None,
            success_rate: None,
            delivery: None,
            fee_split: FeeSplit::default(),
        }
    }

    /// All fees, in whole units of the asset.
    #[must_use]
    pub fn with_fee(mut self, fee: Decimal) -> Self {
        self.fee = fee;
        self
    }

    /// What the buyer wants of escrow and proofs.
    #[must_use]
    pub fn with_zk(mut self, profile: ZkProfile) -> Self {
        self.zk = profile;
        self
    }

    /// The area in which it takes place.
    #[must_use]
    pub fn with_area(mut self, area: Area) -> Self {
        self.area = Some(area);
        self
    }

    /// A jurisdiction of somebody who takes part.
    #[must_use]
    pub fn with_jurisdiction(mut self, jurisdiction: Jurisdiction) -> Self {
        self.jurisdictions.push(jurisdiction);
        self
    }

    /// Something that has been shown.
    #[must_use]
    pub fn with_compliance(mut self, tag: Id) -> Self {
        self.compliance.insert(tag);
        self
    }

    /// Something that the thing paid for will be used for.
    #[must_use]
    pub fn with_use(mut self, purpose: Id) -> Self {
        self.uses.push(purpose);
        self
    }

    /// The class of identification.
    #[must_use]
    pub fn with_kyc_class(mut self, class: Id) -> Self {
        self.kyc_class = Some(class);
        self
    }

    /// For how long data is kept.
    #[must_use]
    pub fn with_data_retention(mut self, label: Id) -> Self {
        self.data_retention = Some(label);
        self
    }

    /// The answer time that is promised.
    #[must_use]
    pub fn with_latency_ms(mut self, latency: u64) -> Self {
        self.latency_ms = Some(latency);
        self
    }

    /// The rate of success that is promised.
    #[must_use]
    pub fn with_success_rate(mut self, rate: Fraction) -> Self {
        self.success_rate = Some(rate);
        self
    }

    /// The time to delivery that is promised.
    #[must_use]
    pub fn with_delivery(mut self, time: Duration) -> Self {
        self.delivery = Some(time);
        self
    }

    /// Who bears the fees, by proposal.
    #[must_use]
    pub fn with_fee_split(mut self, split: FeeSplit) -> Self {
        self.fee_split = split;
        self
    }

    /// Every jurisdiction that is known: of the parties, and of the area.
    pub(super) fn known_jurisdictions(&self) -> impl Iterator<Item = Jurisdiction> + '_ {
        let area = self.area.as_ref().map(Area::jurisdiction);
        self.jurisdictions.iter().copied().chain(area)
    }
}
