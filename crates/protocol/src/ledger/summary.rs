use crate::{
    Error, Reason, Result,
    json::Kept,
    sign::{PublicKey, SigningKey, sign_kept, verify_member},
    value::{ChainId, Clock, Decimal, DomainName, EpochMillis, Id, Symbol, Timestamp},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, time::Duration};

/// The longest that a summary is believed, whatever its issuer says, where an operator names no other time.
pub const MAX_VALID_MS: u64 = 120_000;

const PURPOSE: &str = "sso";
const SIG: &str = "sig";

/// A signed summary of a ledger's state: what quotes are bound to.
///
/// ```
/// use std::time::Duration;
/// use tgp_protocol::{
///     ledger::{GasQuote, LedgerSummary, MAX_VALID_MS, Validity},
///     sign::SigningKey,
///     value::{ChainId, Clock, EpochMillis, Timestamp},
/// };
///
/// let key = SigningKey::from_seed(&[7; 32]);
/// let issued = EpochMillis::from_millis(1_764_583_200_000);
/// let summary = LedgerSummary::new("sso-1".parse()?, 369, 23_456_789, issued, 60_000, "gateway-a.example".parse()?)
///     .with_midprice("USDCUSD".parse()?, "1.0002".parse()?)
///     .with_gas_quote("5".parse()?)
///     .with_liquidity_cap("USDC".parse()?, "50000".parse()?);
/// let signed = summary.sign(&key)?;
///
/// // the receiver: who says so, may he, and until when
/// signed.verify(&key.public_key())?;
/// let summary = signed.fields();
/// summary.check_issuer(&["gateway-a.example".parse()?])?;
/// assert_eq!(summary.gas_quote, Some(GasQuote { max_gwei: "5".parse()? }));
/// assert_eq!(summary.chain(), ChainId::eip155(369));
/// let now = Timestamp::from(issued);
/// let valid = summary.validity(now, &Clock::at(now), Duration::from_millis(MAX_VALID_MS))?;
/// assert_eq!(valid, Validity { until: now.after(Duration::from_secs(60)), may_forward: true });
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LedgerSummary {
    /// What quotes name it by.
    pub sso_id: Id,
    /// The EIP-155 number of the chain.
    pub chain_id: u64,
    /// The block that it was made at.
    pub height: u64,
    /// Prices of pairs, such as `USDCUSD`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub midprices: BTreeMap<Symbol, Decimal>,
    /// What a transaction costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gas_quote: Option<GasQuote>,
    /// The most that can be moved of each asset, in whole units.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub liquidity_caps: BTreeMap<Symbol, Decimal>,
    /// When it was made. Without it nobody but the first receiver can tell when it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_at: Option<EpochMillis>,
    /// How long it is good.
    pub valid_ms: u64,
    /// Who made and signed it.
    pub issuer: DomainName,
}

/// What a transaction costs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct GasQuote {
    /// The most that gas costs, in gwei.
    pub max_gwei: Decimal,
}

/// Until when a summary counts, and for whom.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Validity {
    /// Quotes bound to it end here at the latest.
    pub until: Timestamp,
    /// Whether it may be passed on: one without an issue time would begin anew with every receiver.
    pub may_forward: bool,
}

impl LedgerSummary {
    /// A summary without prices, unsigned.
    #[must_use]
    pub fn new(
        sso_id: Id,
        chain_id: u64,
        height: u64,
        issued_at: EpochMillis,
        valid_ms: u64,
        issuer: DomainName,
    ) -> Self {
        let (midprices, liquidity_caps) = (BTreeMap::new(), BTreeMap::new());
        let issued_at = Some(issued_at);
        Self { sso_id, chain_id, height, midprices, gas_quote: None, liquidity_caps, issued_at, valid_ms, issuer }
    }

    /// With the price of a pair.
    #[must_use]
    pub fn with_midprice(mut self, pair: Symbol, price: Decimal) -> Self {
        self.midprices.insert(pair, price);
        self
    }

    /// With the most that can be moved of an asset.
    #[must_use]
    pub fn with_liquidity_cap(mut self, asset: Symbol, cap: Decimal) -> Self {
        self.liquidity_caps.insert(asset, cap);
        self
    }

    /// With the price of gas.
    #[must_use]
    pub fn with_gas_quote(mut self, max_gwei: Decimal) -> Self {
        self.gas_quote = Some(GasQuote { max_gwei });
        self
    }

    /// The chain.
    #[must_use]
    pub fn chain(&self) -> ChainId {
        ChainId::eip155(self.chain_id)
    }

    /// Signs the summary as its issuer.
    ///
    /// # Errors
    /// When the summary has no JSON form.
    pub fn sign(self, key: &SigningKey) -> Result<Kept<Self>> {
        sign_kept(self, PURPOSE, SIG, key)
    }

    /// Until when the summary counts. A receiver counts from the issue time, or, where there is none, from when he
    /// first saw the summary, which he must remember.
    ///
    /// # Errors
    /// With [`Reason::InTheFuture`] for an issue time beyond the clock's tolerance, [`Reason::InThePast`] when it is
    /// over, and [`Reason::OutOfRange`] when it was never good.
    pub fn validity(&self, first_seen: Timestamp, clock: &Clock, cap: Duration) -> Result<Validity> {
        if self.valid_ms == 0 {
            return Err(Error::from(Reason::OutOfRange).within("valid_ms"));
        }
        let from = self.issued_at.map_or(first_seen, Timestamp::from);
        if clock.now.after(clock.future) < from {
            return Err(Error::from(Reason::InTheFuture).within("issued_at"));
        }
        let until = from.after(Duration::from_millis(self.valid_ms).min(cap));
        clock.check_open(until).map_err(|reason| Error::from(reason).within("valid_ms"))?;
        Ok(Validity { until, may_forward: self.issued_at.is_some() })
    }

    /// Refuses a summary of an issuer who is not among the trusted ones.
    ///
    /// # Errors
    /// With [`Reason::UntrustedIssuer`].
    pub fn check_issuer(&self, trusted: &[DomainName]) -> Result<()> {
        let known = trusted.contains(&self.issuer);
        if known { Ok(()) } else { Err(Error::from(Reason::UntrustedIssuer).within("issuer")) }
    }
}

impl Kept<LedgerSummary> {
    /// Verifies the issuer's signature over everything that was received.
    ///
    /// # Errors
    /// See [`crate::sign::verify`].
    pub fn verify(&self, key: &PublicKey) -> Result<()> {
        verify_member(PURPOSE, self.object(), SIG, key)
    }
}
