use super::{AmountMode, Cost, HopId, HopQuote, Invoice, Query, hop_quote, money};
use crate::{
    Error, Reason, Result,
    json::Kept,
    sign::{KeyId, PublicKey, SigningKey},
    tib::EscrowType,
    value::{Decimal, DomainName, Fraction, Label, PathId, Sha256Digest},
};
use serde::{Deserialize, Serialize};

/// The most hops that any gateway accepts.
pub const MAX_HOPS: usize = 16;

/// The most hops that a gateway accepts where its operator names no other number.
pub const USUAL_HOPS: usize = 8;

/// A way to the payee, with its price.
///
/// ```
/// use tgp_protocol::{
///     Code,
///     gateway::{Attributes, Cost, HopId, MAX_HOPS, Path, PathAttributes, Query, USUAL_HOPS},
///     tib::EscrowType,
/// };
///
/// let cost = Cost::new("8.50".parse()?, "0.01".parse()?, 100, "USDC".parse()?);
/// let held = PathAttributes::new(EscrowType::Htlc, 120, vec!["KYC".parse()?]);
/// let (name, hop, risk) = ("path-1".parse()?, "c.example".parse()?, "0.01".parse()?);
/// let path = Path::new(name, hop, cost, "9.50".parse()?, risk, held).as_budget();
///
/// // what a client with this budget locks for it
/// # let (asked_at, deadline) = ("2025-12-01T10:00:00Z".parse()?, "2025-12-01T10:05:00Z".parse()?);
/// let query = |most: &str| -> tgp_protocol::Result<Query> {
///     let attributes = Attributes::new(most.parse()?, "USDC".parse()?, deadline).as_budget();
///     Ok(Query::new("req-1".parse()?, asked_at, "a.example".parse()?, "c.example".parse()?, attributes))
/// };
/// assert_eq!(path.amount_for(&query("10.00")?)?, "9.5".parse()?);
/// assert!(path.amount_for(&query("9.49")?).is_err(), "above the budget");
///
/// // a gateway goes on with it when it is not on it itself, by its name or its tag, and when it is short
/// let own: [HopId; 2] = ["b.example".parse()?, HopId::blinded(&[7; 32], &"req-1".parse()?)];
/// path.check_loop(&own)?;
/// path.check_length(USUAL_HOPS)?;
/// assert_eq!(path.check_loop(&path.hops).unwrap_err().code(), Code::LoopDetected);
/// assert!(path.check_length(0).is_err() && USUAL_HOPS < MAX_HOPS);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Path {
    /// Its name between the advertiser and who reads it; opaque.
    pub path_id: PathId,
    /// The gateways, from the advertiser down.
    pub hops: Vec<HopId>,
    /// What it costs.
    pub cost: Cost,
    /// What the client locks: this number counts, not the formula.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "money::read_optional")]
    pub lock_amount: Option<Decimal>,
    /// What the query's amount means for `cost`.
    #[serde(default)]
    pub amount_mode: AmountMode,
    /// The share of payments that fail here.
    pub risk_score: Fraction,
    /// How it is paid.
    pub attributes: PathAttributes,
    /// The hops' own words, from the payee's side up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hop_quotes: Vec<Kept<HopQuote>>,
}

/// How a path is paid.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PathAttributes {
    /// How value is held.
    pub escrow_type: EscrowType,
    /// The most seconds from PROOF to SETTLE.
    pub settlement_time_max: u32,
    /// What every hop has, such as `KYC`.
    #[serde(default)]
    pub compliance: Vec<Label>,
}

impl PathAttributes {
    /// Held so, settled within so many seconds.
    #[must_use]
    pub fn new(escrow_type: EscrowType, settlement_time_max: u32, compliance: Vec<Label>) -> Self {
        Self { escrow_type, settlement_time_max, compliance }
    }
}

/// What a gateway adds when it passes a path on.
#[derive(Clone, Debug)]
pub struct Extension {
    /// Its own name for the path.
    pub path_id: PathId,
    /// Itself.
    pub hop: HopId,
    /// Whom it advertises to.
    pub next: HopId,
    /// What it keeps.
    pub fee: Decimal,
    /// Seconds between the ends of its two locks.
    pub timelock_delta: u32,
    /// The share of payments that fail at this gateway.
    pub risk: Fraction,
    /// Seconds that it adds to the settlement.
    pub settlement_time: u32,
}

impl Path {
    /// The path of the payee's own gateway.
    #[must_use]
    pub fn new(
        path_id: PathId,
        hop: HopId,
        cost: Cost,
        lock_amount: Decimal,
        risk_score: Fraction,
        attributes: PathAttributes,
    ) -> Self {
        Self {
            path_id,
            hops: vec![hop],
            cost,
            lock_amount: Some(lock_amount),
            amount_mode: AmountMode::Deliver,
            risk_score,
            attributes,
            hop_quotes: Vec::new(),
        }
    }

    /// The cost is the price: the query named a budget.
    #[must_use]
    pub fn as_budget(mut self) -> Self {
        self.amount_mode = AmountMode::Budget;
        self
    }

    /// The path one hop further up: the gateway stands first, its fee is in the price, and its signed quote follows
    /// those that are there.
    ///
    /// # Errors
    /// With [`Reason::Loop`] when the gateway is a hop already, [`Reason::PathTooLong`], or [`Reason::BadSum`].
    pub fn extended(&self, by: Extension, invoice: &Kept<Invoice>, key: &SigningKey) -> Result<Self> {
        self.check_loop(std::slice::from_ref(&by.hop))?;
        let sum = |a: Decimal, b: Decimal| a.checked_add(b).ok_or_else(|| Error::from(Reason::BadSum));
        let previous = self.last_digest(invoice);
        let quote = HopQuote::new(previous, by.hop.clone(), by.next, by.fee, by.timelock_delta).sign(key)?;
        let mut path = self.clone();
        path.path_id = by.path_id;
        path.hops.insert(0, by.hop);
        path.cost.base = sum(path.cost.base, by.fee)?;
        path.lock_amount = path.lock_amount.map(|amount| sum(amount, by.fee)).transpose()?;
        let risk = path.risk_score.millionths().saturating_add(by.risk.millionths());
        path.risk_score = Fraction::from_millionths(risk).unwrap_or(Fraction::ONE);
        let time = &mut path.attributes.settlement_time_max;
        *time = time.saturating_add(by.settlement_time);
        path.hop_quotes.push(quote);
        path.check()?;
        Ok(path)
    }

    fn last_digest(&self, invoice: &Kept<Invoice>) -> Sha256Digest {
        self.hop_quotes.last().map_or_else(|| invoice.digest(), Kept::<HopQuote>::digest)
    }

    /// What must be locked for this path: its `lock_amount`, or what the formula says where an older peer left it out.
    ///
    /// # Errors
    /// With [`Reason::Missing`] when neither is known, [`Reason::Contradiction`] when path and query mean different
    /// things by the amount, [`Reason::BadSum`] when formula and `lock_amount` differ, and [`Reason::AboveBudget`].
    pub fn amount_for(&self, query: &Query) -> Result<Decimal> {
        let at = |reason: Reason, name: &'static str| Error::from(reason).within(name);
        let asked = query.attributes.amount.as_ref().ok_or_else(|| at(Reason::Missing, "lock_amount"))?;
        if self.amount_mode != query.attributes.amount_mode {
            return Err(at(Reason::Contradiction, "amount_mode"));
        }
        if self.cost.currency != asked.currency {
            return Err(at(Reason::Contradiction, "currency").within("cost"));
        }
        let total = self.cost.total(asked.value).map_err(|error| error.within("cost"))?;
        let formula = total.map(|total| self.amount_mode.lock_amount(asked.value, total)).transpose()?;
        let amount = match (self.lock_amount, formula) {
            (Some(amount), Some(formula)) if amount != formula => return Err(at(Reason::BadSum, "lock_amount")),
            (Some(amount), _) | (None, Some(amount)) => amount,
            (None, None) => return Err(at(Reason::Missing, "lock_amount")),
        };
        if self.amount_mode == AmountMode::Budget && amount > asked.value {
            return Err(at(Reason::AboveBudget, "lock_amount"));
        }
        Ok(amount)
    }

    /// Refuses a path that leads through this gateway already, under any of its names: its domain and its blinded tag.
    ///
    /// # Errors
    /// With `LOOP_DETECTED` at the hop.
    pub fn check_loop(&self, own: &[HopId]) -> Result<()> {
        if let Some(place) = self.hops.iter().position(|hop| own.contains(hop)) {
            return Err(Error::from(Reason::Loop).within(place).within("hops"));
        }
        Ok(())
    }

    /// Refuses a path with more hops than an operator permits.
    ///
    /// # Errors
    /// With [`Reason::PathTooLong`] at `hops`.
    pub fn check_length(&self, most: usize) -> Result<()> {
        let fits = self.hops.len() <= most.min(MAX_HOPS);
        if fits { Ok(()) } else { Err(Error::from(Reason::PathTooLong).within("hops")) }
    }

    /// Verifies the words of all hops and that the amounts add up: the payee's amount and all fees are `lock_amount`.
    /// `reader` is who reads the advert; `key_of` finds a hop's key by its name and key id.
    ///
    /// # Errors
    /// With `HOP_VERIFICATION_FAIL` and the place of the quote that fails; with [`Reason::Missing`] or [`Reason::BadSum`]
    /// at `lock_amount`.
    pub fn verify_quotes(
        &self,
        invoice: &Kept<Invoice>,
        reader: &HopId,
        key_of: impl Fn(&HopId, Option<KeyId>) -> Option<PublicKey>,
    ) -> Result<()> {
        let at = |error: Error| error.within("hop_quotes");
        let missing = self.hops.len().checked_sub(self.hop_quotes.len());
        if !matches!(missing, Some(0 | 1)) {
            return Err(at(Reason::HopWithoutQuote.into()));
        }
        hop_quote::verify_quotes(&self.hop_quotes, &self.hops, invoice, reader, key_of).map_err(at)?;
        // what the formula says instead is the advertiser's alone, and could hold fees that nobody signed
        let amount = self.lock_amount.ok_or_else(|| Error::from(Reason::Missing).within("lock_amount"))?;
        let mut fees = self.hop_quotes.iter().map(|quote| quote.fields().fee);
        let sum = fees.try_fold(invoice.fields().amount, Decimal::checked_add);
        if sum == Some(amount) { Ok(()) } else { Err(Error::from(Reason::BadSum).within("lock_amount")) }
    }

    pub(super) fn check(&self) -> Result<()> {
        let at = |reason: Reason, name: &'static str| Error::from(reason).within(name);
        if self.hops.is_empty() {
            return Err(at(Reason::WrongLength, "hops"));
        }
        self.check_length(MAX_HOPS)?;
        for (place, hop) in self.hops.iter().enumerate() {
            if self.hops[..place].contains(hop) {
                return Err(Error::from(Reason::Loop).within(place).within("hops"));
            }
            hop.check_disclosure().map_err(|reason| Error::from(reason).within(place).within("hops"))?;
        }
        if self.hop_quotes.len() > self.hops.len() {
            return Err(at(Reason::HopWithoutQuote, "hop_quotes"));
        }
        for (place, quote) in self.hop_quotes.iter().enumerate() {
            quote.check_shape().map_err(|error| error.within(place).within("hop_quotes"))?;
        }
        self.cost.check().map_err(|error| error.within("cost"))?;
        if self.lock_amount == Some(Decimal::default()) {
            return Err(at(Reason::ZeroAmount, "lock_amount"));
        }
        // under a budget the formula needs nothing of the query, but for a share of the amount
        if self.amount_mode == AmountMode::Budget
            && self.cost.model != super::CostModel::Bps
            && let (Some(amount), Some(total)) = (self.lock_amount, self.cost.total(Decimal::default())?)
            && amount != total
        {
            return Err(at(Reason::BadSum, "lock_amount"));
        }
        Ok(())
    }

    /// The first hop must be the sender, unless it hides behind a tag.
    pub(super) fn check_sender(&self, sender: &DomainName) -> Result<()> {
        match self.hops.first() {
            Some(HopId::Domain(domain)) if domain != sender => {
                Err(Error::from(Reason::FirstHopNotSender).within(0).within("hops"))
            }
            Some(_) | None => Ok(()),
        }
    }
}
