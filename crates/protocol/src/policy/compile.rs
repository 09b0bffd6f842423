use super::{FeeSplit, Network, expression::Expression, gateway::Rules, listed::Listed, path::PathPolicy};
use crate::{
    Error, Reason, Result,
    area::Jurisdiction,
    json::{Limits, Object, Value, from_rules, members_of, parse_within},
    value::{Bps, Decimal, Fraction, Id, Symbol},
};
use serde::de::DeserializeOwned;
use std::time::Duration;

/// The ways in which the documents write a policy.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Dialect {
    /// The rules of a gateway: 002 section 12.
    Gateway,
    /// The policy expression of a controller, which names its version: 004 section 15.
    Expression,
    /// The policy block of an x402 path: 003 section 4.1.
    Path,
}

impl Dialect {
    /// Which dialect a document is in: an expression says its version, and the others share no member. An object
    /// without members is a gateway's, and has no rules.
    #[must_use]
    pub fn of(document: &Object) -> Self {
        let has_any = |names: &[&str]| names.iter().any(|name| document.get(name).is_some());
        if has_any(&["version", "constraints"]) {
            Self::Expression
        } else if has_any(members_of::<PathPolicy>()) {
            Self::Path
        } else {
            Self::Gateway
        }
    }
}

/// A compiled policy. Every field that is `None` has no rule.
///
/// ```
/// use tgp_protocol::{json::{self, Value}, policy::{Dialect, Policy}};
///
/// let document = json::parse(br#"{
///     "version": "PEL-0.1", "jurisdiction": "US", "exemptions": ["charities"],
///     "constraints": { "max_amount_usd": "2000" }
/// }"#)?;
/// let Value::Object(document) = document else { panic!("an object") };
/// assert_eq!(Dialect::of(&document), Dialect::Expression);
///
/// let policy = Policy::compile(document)?;
/// assert_eq!(policy.jurisdiction(), Some("US".parse()?));
/// // for the log: no rule is relaxed by them
/// assert_eq!(policy.exemptions(), ["charities"]);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Policy {
    pub(super) deny_jurisdictions: Option<Listed<Jurisdiction>>,
    pub(super) deny_assets: Option<Listed<Symbol>>,
    pub(super) sanctions: Option<Id>,
    pub(super) max_total_usd: Option<Decimal>,
    pub(super) max_amount_usd: Option<Decimal>,
    pub(super) min_amount_usd: Option<Decimal>,
    pub(super) max_fee_usd: Option<Decimal>,
    pub(super) max_fee_bps: Option<Bps>,
    pub(super) networks: Option<Listed<Network>>,
    pub(super) assets: Option<Listed<Symbol>>,
    pub(super) jurisdictions: Option<Listed<Jurisdiction>>,
    pub(super) uses: Option<Listed<Id>>,
    /// Sorted, each with its place in the document.
    pub(super) requires: Vec<(Id, usize)>,
    pub(super) kyc_class: Option<Id>,
    pub(super) data_retention: Option<Id>,
    pub(super) zk_required: bool,
    pub(super) max_latency_ms: Option<u64>,
    pub(super) min_success_rate: Option<Fraction>,
    pub(super) delivery: Option<Duration>,
    pub(super) fee_split: FeeSplit,
    pub(super) jurisdiction: Option<Jurisdiction>,
    pub(super) exemptions: Vec<String>,
}

impl Policy {
    /// Reads a policy's document in any dialect.
    ///
    /// # Errors
    /// When the text is no strict JSON object, and as [`Self::compile`].
    pub fn read(text: &[u8]) -> Result<Self> {
        match parse_within(text, &Limits::DOCUMENT)? {
            Value::Object(document) => Self::compile(document),
            _ => Err(Reason::NotAnObject.into()),
        }
    }

    /// Compiles a policy's document in any dialect.
    ///
    /// # Errors
    /// With the field that is wrong: a member that the dialect does not have, a list with the same entry twice, limits
    /// that contradict each other.
    pub fn compile(document: Object) -> Result<Self> {
        match Dialect::of(&document) {
            Dialect::Gateway => read_as::<Rules>(document)?.compile(),
            Dialect::Expression => read_as::<Expression>(document)?.compile(),
            Dialect::Path => read_as::<PathPolicy>(document)?.compile(),
        }
    }

    /// A policy domain of the attribute registry: the assets that it allows, the tags that it asks for, and the most
    /// that fees may be.
    ///
    /// ```
    /// use tgp_protocol::{policy::{Network, Policy, Prices, Subject}, value::Bps};
    ///
    /// let assets = Some(vec!["USDC".parse()?]);
    /// let policy = Policy::of_domain("US".parse()?, assets, vec!["OFAC".parse()?], Some(Bps::new(50)?))?;
    /// let subject = Subject::new(Network::eip155(1), "USDC".parse()?, "100".parse()?).with_compliance("OFAC".parse()?);
    /// let with_fee = |fee: &str| fee.parse().map(|fee| subject.clone().with_fee(fee));
    /// assert!(policy.evaluate(&with_fee("0.50")?, &Prices::none()).is_allow());
    /// assert!(!policy.evaluate(&with_fee("0.51")?, &Prices::none()).is_allow());
    /// # Ok::<(), tgp_protocol::Error>(())
    /// ```
    ///
    /// # Errors
    /// When an asset or a tag stands twice.
    pub fn of_domain(
        jurisdiction: Jurisdiction,
        allowed_assets: Option<Vec<Symbol>>,
        compliance_tags: Vec<Id>,
        max_fee_bps: Option<Bps>,
    ) -> Result<Self> {
        Ok(Self {
            assets: Listed::optional(allowed_assets, "allowed_assets")?,
            requires: sorted(compliance_tags, "compliance_tags")?,
            max_fee_bps,
            jurisdiction: Some(jurisdiction),
            ..Self::default()
        })
    }

    /// The jurisdiction that the policy was written for: where it applies, not a rule of it. [`super::PolicySet`]
    /// selects by it.
    #[must_use]
    pub fn jurisdiction(&self) -> Option<Jurisdiction> {
        self.jurisdiction
    }

    /// Free text that a policy says it makes exceptions for. It relaxes nothing; it is for the log.
    #[must_use]
    pub fn exemptions(&self) -> &[String] {
        &self.exemptions
    }
}

fn read_as<T: DeserializeOwned>(document: Object) -> Result<T> {
    from_rules(&Value::Object(document))
}

/// A list sorted, with the places of its entries, none of which stands twice.
pub(super) fn sorted(entries: Vec<Id>, name: &'static str) -> Result<Vec<(Id, usize)>> {
    let mut sorted: Vec<(Id, usize)> = entries.into_iter().enumerate().map(|(place, entry)| (entry, place)).collect();
    sorted.sort_unstable();
    match sorted.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        Some(pair) => Err(Error::from(Reason::RepeatedEntry).within(pair[1].1).within(name)),
        None => Ok(sorted),
    }
}

/// Refuses a minimum above a maximum: nothing could ever pass.
pub(super) fn in_order(min: Option<Decimal>, max: Option<Decimal>, name: &'static str) -> Result<()> {
    match (min, max) {
        (Some(min), Some(max)) if min > max => Err(Error::from(Reason::Contradiction).within(name)),
        _ => Ok(()),
    }
}
