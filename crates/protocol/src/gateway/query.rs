use super::{
    AmountMode, Envelope,
    envelope::{bound_builders, header},
    money,
};
use crate::{
    Error, Reason, Result,
    json::{Kept, Object, Value},
    tib::{StateRef, Tib, Verb},
    value::{Clock, Decimal, DomainName, Fraction, Id, Label, Sha256Digest, Symbol, Timestamp},
    wire::{Kind, Message},
};
use serde::{Deserialize, Serialize};

/// QUERY: which paths lead there, and what do they cost? It goes down hop by hop; each gateway signs its own.
///
/// ```
/// use tgp_protocol::{
///     Reason,
///     gateway::{Attributes, Money, Qos, Query},
///     json::{Kept, Object},
///     tib::{Audit, Endpoint, Entities, IdentityLayer, Meta, PolicyLayer, Rules, TdrLevel, Tib},
///     value::{Clock, EpochMillis, Timestamp},
///     wire::Message,
/// };
///
/// let [sent, received, deadline]: [Timestamp; 3] =
///     ["2025-12-01T10:00:00Z".parse()?, "2025-12-01T10:00:01Z".parse()?, "2025-12-01T10:05:00Z".parse()?];
/// let attributes = Attributes::new("10.00".parse()?, "USDC".parse()?, deadline)
///     .as_budget()
///     .with_compliance(vec!["KYC".parse()?])
///     .with_qos(500, "0.99".parse()?);
/// let query = Query::new("req-1".parse()?, sent, "a.example".parse()?, "c.example".parse()?, attributes)
///     .with_summaries(vec!["sso-1".parse()?]);
///
/// // a gateway asks on for what is left when it has kept its fee and taken its time
/// query.check_open(&Clock::at(received))?;
/// let onward = query.forwarded("b.example".parse()?, received, "0.50".parse()?, 100)?;
/// let left = onward.attributes;
/// assert_eq!(left.amount, Some(Money { value: "9.50".parse()?, currency: "USDC".parse()? }));
/// assert_eq!(left.qos, Some(Qos { latency_ms: 400, reliability: "0.99".parse()? }));
/// assert_eq!((left.deadline, left.compliance), (Some(deadline), vec!["KYC".parse()?]));
/// assert_eq!(query.check_open(&Clock::at(deadline)).unwrap_err().reason(), Reason::InThePast);
///
/// // whether it would be answered at all, may be asked first: who and under which rules, without a price
/// let (payer, payee) = (Endpoint::new("eh:tbca:9x".parse()?), Endpoint::new("eh:tbcz:8Qk".parse()?));
/// let identity = IdentityLayer::new(Entities::new("did:loe:dbigge".parse()?, payer, payee));
/// let audit = Audit::new(TdrLevel::Summary, "syslog://a.example:514".parse()?);
/// let policy = PolicyLayer::new(vec![], Kept::<Rules>::from_object(Object::default())?, audit);
/// let trace = "6f1c5f3e-0b1a-4f6e-9d6c-2f9a0e1b2c3d".parse()?;
/// let meta = Meta::new([7; 16].into(), EpochMillis::from_millis(deadline.millis()), trace);
/// let precheck = query.as_precheck().with_tib(Kept::<Tib>::new(Tib::precheck(meta, identity, policy))?);
/// assert!(precheck.to_object()?.get("precheck").is_some());
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Query {
    /// Made by the client; kept on the way down.
    pub request_id: Id,
    /// When it was sent.
    pub timestamp: Timestamp,
    /// Who sent and signed it.
    pub sender: DomainName,
    /// Where the payment shall arrive.
    pub destination: DomainName,
    /// What is asked for.
    pub attributes: Attributes,
    /// Only whether such a query would be answered: no amount, no paths. `message_type` PRECHECK says the same.
    #[serde(default, skip_serializing_if = "is_false")]
    pub precheck: bool,
    /// Ledger summaries that a quote shall be bound to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sso_ids: Vec<Id>,
    /// The policy that it is asked under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_hash: Option<Sha256Digest>,
    /// Concrete blocks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub state_refs: Vec<StateRef>,
    /// Value, identity and policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tib: Option<Box<Kept<Tib>>>,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_false(truth: &bool) -> bool {
    !truth
}

/// What is asked for.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Attributes {
    /// How much; see `amount_mode`. Required but in a precheck.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// Whether that is delivered or is the most that is paid.
    #[serde(default)]
    pub amount_mode: AmountMode,
    /// When everything must be over. Required but in a precheck.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Timestamp>,
    /// What every hop must have, such as `KYC`.
    #[serde(default)]
    pub compliance: Vec<Label>,
    /// How good the service must be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qos: Option<Qos>,
}

/// An amount of a currency, in whole units.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Money {
    /// How much.
    #[serde(deserialize_with = "money::read")]
    pub value: Decimal,
    /// Of what.
    pub currency: Symbol,
}

/// How good the service must be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Qos {
    /// The most milliseconds that a hop may take.
    pub latency_ms: u32,
    /// The least share of requests that must succeed.
    pub reliability: Fraction,
}

impl Attributes {
    /// An amount that must be paid by a deadline.
    #[must_use]
    pub fn new(value: Decimal, currency: Symbol, deadline: Timestamp) -> Self {
        Self { amount: Some(Money { value, currency }), deadline: Some(deadline), ..Self::default() }
    }

    /// The amount is the most that the client pays.
    #[must_use]
    pub fn as_budget(mut self) -> Self {
        self.amount_mode = AmountMode::Budget;
        self
    }

    /// Every hop must have this.
    #[must_use]
    pub fn with_compliance(mut self, compliance: Vec<Label>) -> Self {
        self.compliance = compliance;
        self
    }

    /// The service must be so good.
    #[must_use]
    pub fn with_qos(mut self, latency_ms: u32, reliability: Fraction) -> Self {
        self.qos = Some(Qos { latency_ms, reliability });
        self
    }
}

impl Query {
    /// A query; ledger summaries are still to be named.
    #[must_use]
    pub fn new(
        request_id: Id,
        timestamp: Timestamp,
        sender: DomainName,
        destination: DomainName,
        attributes: Attributes,
    ) -> Self {
        Self {
            request_id,
            timestamp,
            sender,
            destination,
            attributes,
            precheck: false,
            sso_ids: Vec::new(),
            policy_hash: None,
            state_refs: Vec::new(),
            tib: None,
        }
    }

    /// Only ask whether such a query would be answered.
    #[must_use]
    pub fn as_precheck(mut self) -> Self {
        self.precheck = true;
        self
    }

    /// The query that a gateway sends on: itself as sender, its own time, less money by its fee, less latency by its
    /// own. The request and the deadline stay.
    ///
    /// # Errors
    /// With [`Reason::BadSum`] when the fee or the latency is more than there is.
    pub fn forwarded(&self, sender: DomainName, timestamp: Timestamp, fee: Decimal, latency_ms: u32) -> Result<Self> {
        let at = |name: &'static str| move || Error::from(Reason::BadSum).within(name).within("attributes");
        let mut onward = Self { sender, timestamp, tib: None, ..self.clone() };
        if let (Some(amount), AmountMode::Budget) = (&mut onward.attributes.amount, onward.attributes.amount_mode) {
            amount.value = amount.value.checked_sub(fee).ok_or_else(at("amount"))?;
        }
        if let Some(qos) = &mut onward.attributes.qos {
            qos.latency_ms = qos.latency_ms.checked_sub(latency_ms).ok_or_else(at("qos"))?;
        }
        Ok(onward)
    }

    /// Refuses a query whose deadline has come.
    ///
    /// # Errors
    /// With [`Reason::InThePast`] at `attributes.deadline`.
    pub fn check_open(&self, clock: &Clock) -> Result<()> {
        let open = self.attributes.deadline.map_or(Ok(()), |deadline| clock.check_open(deadline));
        open.map_err(|reason| Error::from(reason).within("deadline").within("attributes"))
    }

    fn verb(&self) -> Verb {
        if self.precheck { Verb::Precheck } else { Verb::Query }
    }
}

impl Message for Query {
    const KIND: Kind = Kind::Query;

    fn respell(object: &Object) -> Result<Option<Object>> {
        if object.get("message_type").and_then(Value::as_str) != Some("PRECHECK") {
            return Ok(None);
        }
        let mut query = object.clone();
        match query.insert("precheck", Value::Bool(true)) {
            None | Some(Value::Null | Value::Bool(true)) => Ok(Some(query)),
            Some(_) => Err(Error::from(Reason::Contradiction).within("precheck")),
        }
    }

    fn check(&self) -> Result<()> {
        let at = |reason: Reason, name: &'static str| Error::from(reason).within(name).within("attributes");
        if !self.precheck {
            let amount = self.attributes.amount.as_ref().ok_or_else(|| at(Reason::Missing, "amount"))?;
            if amount.value == Decimal::default() {
                return Err(Error::from(Reason::ZeroAmount).within("value").within("amount").within("attributes"));
            }
            let deadline = self.attributes.deadline.ok_or_else(|| at(Reason::Missing, "deadline"))?;
            if deadline <= self.timestamp {
                return Err(at(Reason::InThePast, "deadline"));
            }
        }
        self.bound().check_for(self.verb())
    }
}

impl Envelope for Query {
    header!();
    super::envelope::bound!();
}

bound_builders!(Query);
