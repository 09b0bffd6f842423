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
