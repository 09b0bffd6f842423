use super::{
    Envelope, Invoice, Path, Query,
    envelope::{bound, bound_builders, header},
    money,
};
use crate::{
    Error, Reason, Result,
    json::Kept,
    tib::{StateRef, Tib, Verb},
    value::{Clock, Decimal, DomainName, Id, Label, PathId, Sha256Digest, Symbol, Timestamp},
    wire::{Kind, Message},
};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long a quote between gateways is good where nothing says otherwise.
pub const DEFAULT_TTL: Duration = Duration::from_secs(60);

/// ADVERT: these paths lead there, at these prices. It comes up hop by hop; each gateway puts itself in front and signs
/// its own. One without paths answers a precheck, or takes paths back.
///
/// ```
/// use std::time::Duration;
/// use tgp_protocol::{
///     Code,
///     gateway::{Advert, Attributes, Bond, DEFAULT_TTL, Query},
///     value::{Clock, Timestamp},
/// };
///
/// # use tgp_protocol::gateway::{Cost, Path, PathAttributes};
/// # let cost = Cost::new("8.50".parse()?, "0.01".parse()?, 100, "USDC".parse()?);
/// # let attributes = PathAttributes::new(tgp_protocol::tib::EscrowType::Htlc, 120, vec![]);
/// # let (name, hop, risk) = ("path-1".parse()?, "c.example".parse()?, "0.01".parse()?);
/// # let path = Path::new(name, hop, cost, "9.50".parse()?, risk, attributes).as_budget();
/// # use tgp_protocol::{gateway::Invoice, sign::SigningKey, value::Secret};
/// # let (c, secret) = (SigningKey::from_seed(&[3; 32]), Secret::from(std::array::from_fn(|place| place as u8)));
/// # let expiry = "2025-12-01T10:01:00Z".parse()?;
/// # let payee = "eh:tbcz:8Qk".parse()?;
/// # let invoice = Invoice::new("req-1".parse()?, secret.hash_lock(), "9.50".parse()?, expiry, payee).sign(&c)?;
/// let time = |text: &str| format!("2025-12-01T{text}Z").parse::<Timestamp>();
/// let attributes = Attributes::new("10.00".parse()?, "USDC".parse()?, time("10:05:00")?).as_budget();
/// let query = Query::new("req-1".parse()?, time("10:00:00")?, "b.example".parse()?, "c.example".parse()?, attributes);
///
/// // the provider's answer: its own path, its signed invoice, what it takes for quotes that nobody selects
/// let bond = Bond { asset: "USDC".parse()?, amount: "0.25".parse()?, refundable: true, terms: "terms-1".parse()? };
/// let advert = Advert::new("req-1".parse()?, time("10:00:02")?, "c.example".parse()?, vec![path], 30)
///     .with_invoice(invoice)
///     .with_bond(bond)
///     .with_withdrawn(vec!["path-0".parse()?])
///     .with_summaries(vec!["sso-1".parse()?])
///     .with_policy_hash([1; 32].into());
/// advert.check_against(&query)?;
/// assert_eq!(advert.path(&"path-1".parse()?).map(|path| path.hops.len()), Some(1));
/// assert!(advert.path(&"path-0".parse()?).is_none(), "withdrawn");
///
/// // it ends with its time to live, with the invoice, or with a ledger summary: whichever is first
/// assert_eq!(advert.expiry([]), time("10:00:32")?);
/// assert_eq!(advert.expiry([time("10:00:20")?]), time("10:00:20")?);
/// let mut lasting = advert.clone();
/// (lasting.ttl, lasting.invoice) = (None, None);
/// assert_eq!(lasting.expiry([]), time("10:00:02")?.after(DEFAULT_TTL));
/// assert_eq!(DEFAULT_TTL, Duration::from_secs(60));
/// advert.check_open(&Clock::at(time("10:00:31")?), [])?;
/// assert_eq!(advert.check_open(&Clock::at(time("10:00:32")?), []).unwrap_err().code(), Code::QuoteExpired);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Advert {
    /// That of the query.
    pub request_id: Id,
    /// When it was sent.
    pub timestamp: Timestamp,
    /// Who sent and signed it.
    pub sender: DomainName,
    /// The paths.
    #[serde(default)]
    pub paths: Vec<Path>,
    /// Seconds that the prices are good from `timestamp` on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl: Option<u32>,
    /// Paths that no longer lead there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdrawn: Vec<PathId>,
    /// The payee's word, unchanged. Without it nothing can be locked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice: Option<Box<Kept<Invoice>>>,
    /// What must be paid before the next quote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bond: Option<Bond>,
    /// The ledger summaries that the prices are bound to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sso_ids: Vec<Id>,
    /// The policy that they are bound to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_hash: Option<Sha256Digest>,
    /// Concrete blocks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub state_refs: Vec<StateRef>,
    /// Value, identity and policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tib: Option<Box<Kept<Tib>>>,
}

/// What a gateway wants for giving quotes that nobody selects.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Bond {
    /// Of what.
    pub asset: Symbol,
    /// How much, in whole units.
    #[serde(deserialize_with = "money::read")]
    pub amount: Decimal,
    /// Given back, or credited to fees.
    pub refundable: bool,
    /// Where the terms stand. A label, never fetched.
    pub terms: Label,
}

impl Advert {
    /// An advert; what it is bound to is still to be named.
    #[must_use]
    pub fn new(request_id: Id, timestamp: Timestamp, sender: DomainName, paths: Vec<Path>, ttl: u32) -> Self {
        Self {
            request_id,
            timestamp,
            sender,
            paths,
            ttl: Some(ttl),
            withdrawn: Vec::new(),
            invoice: None,
            bond: None,
            sso_ids: Vec::new(),
            policy_hash: None,
            state_refs: Vec::new(),
            tib: None,
        }
    }

    /// With the payee's word.
    #[must_use]
    pub fn with_invoice(mut self, invoice: Kept<Invoice>) -> Self {
        self.invoice = Some(Box::new(invoice));
        self
    }

    /// Asking for a bond.
    #[must_use]
    pub fn with_bond(mut self, bond: Bond) -> Self {
        self.bond = Some(bond);
        self
    }

    /// Taking paths back.
    #[must_use]
    pub fn with_withdrawn(mut self, paths: Vec<PathId>) -> Self {
        self.withdrawn = paths;
        self
    }

    /// The path of this name, with its place.
    #[must_use]
    pub fn path(&self, path_id: &PathId) -> Option<&Path> {
        self.paths.iter().find(|path| path.path_id == *path_id)
    }

    /// When the prices end: the earliest of `ttl` (60 s where it is left out), the invoice, the info block, and
    /// whatever else the caller knows, such as the query's deadline and the ledger summaries' ends.
    #[must_use]
    pub fn expiry(&self, others: impl IntoIterator<Item = Timestamp>) -> Timestamp {
        let ttl = self.ttl.map_or(DEFAULT_TTL, |seconds| Duration::from_secs(seconds.into()));
        let invoice = self.invoice.as_ref().map(|invoice| invoice.fields().expiry);
        let tib = self.tib.as_ref().map(|tib| Timestamp::from(tib.fields().meta.exp));
        others.into_iter().chain(invoice).chain(tib).fold(self.timestamp.after(ttl), Timestamp::min)
    }

    /// Refuses prices that have ended.
    ///
    /// # Errors
    /// With `QUOTE_EXPIRED` at `ttl`.
    pub fn check_open(&self, clock: &Clock, others: impl IntoIterator<Item = Timestamp>) -> Result<()> {
        clock.check_open(self.expiry(others)).map_err(|reason| Error::from(reason).within("ttl"))
    }

    /// Checks an answer against its query: the same request, and paths that add up and stay within the budget. An answer
    /// to a precheck has no paths.
    ///
    /// # Errors
    /// With the field that is wrong.
    pub fn check_against(&self, query: &Query) -> Result<()> {
        if self.request_id != query.request_id {
            return Err(Error::from(Reason::OtherExchange).within("request_id"));
        }
        if query.precheck {
            let none = self.paths.is_empty();
            return if none { Ok(()) } else { Err(Error::from(Reason::Contradiction).within("paths")) };
        }
        for (place, path) in self.paths.iter().enumerate() {
            path.amount_for(query).map_err(|error| error.within(place).within("paths"))?;
        }
        Ok(())
    }
}

impl Message for Advert {
    const KIND: Kind = Kind::Advert;

    fn check(&self) -> Result<()> {
        let at = |reason: Reason, name: &'static str| Error::from(reason).within(name);
        if self.ttl == Some(0) {
            return Err(at(Reason::OutOfRange, "ttl"));
        }
        for (place, path) in self.paths.iter().enumerate() {
            let at = |error: Error| error.within(place).within("paths");
            path.check().and_then(|()| path.check_sender(&self.sender)).map_err(at)?;
            if self.paths[..place].iter().any(|other| other.path_id == path.path_id) {
                return Err(at(Error::from(Reason::DuplicateName).within("path_id")));
            }
            if self.withdrawn.contains(&path.path_id) {
                return Err(at(Error::from(Reason::Contradiction).within("path_id")));
            }
        }
        if let Some(invoice) = &self.invoice {
            invoice.check_shape().map_err(|error| error.within("invoice"))?;
        }
        if let Some(bond) = &self.bond
            && bond.amount == Decimal::default()
        {
            return Err(at(Reason::ZeroAmount, "amount").within("bond"));
        }
        if self.paths.is_empty() { Ok(()) } else { self.bound().check_for(Verb::Quote) }
    }
}

impl Envelope for Advert {
    header!();
    bound!();
}

bound_builders!(Advert);
