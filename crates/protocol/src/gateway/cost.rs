use super::money;
use crate::{
    Error, Reason, Result,
    value::{Bps, Decimal, Symbol},
};
use serde::{Deserialize, Serialize};

/// What a path costs: `base + variable x units`.
///
/// ```
/// use tgp_protocol::gateway::{Cost, CostModel};
///
/// let cost = Cost::new("9.00".parse()?, "0.01".parse()?, 100, "USDC".parse()?);
/// assert_eq!(cost.total("10.00".parse()?)?, Some("10".parse()?));
///
/// // a quarter of a percent of what is moved
/// let share = Cost::new("0".parse()?, "25".parse()?, 1, "USDC".parse()?).with_model(CostModel::Bps);
/// assert_eq!(share.total("200".parse()?)?, Some("0.5".parse()?));
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Cost {
    /// Whatever the number of units.
    #[serde(deserialize_with = "money::read")]
    pub base: Decimal,
    /// For each unit; under [`CostModel::Bps`], basis points of the amount.
    #[serde(deserialize_with = "money::read")]
    pub variable: Decimal,
    /// Of which money.
    pub currency: Symbol,
    /// How many units the price is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units: Option<u64>,
    /// What a unit is.
    #[serde(default)]
    pub model: CostModel,
}

/// What a unit is.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CostModel {
    /// A request.
    #[default]
    PerRequest,
    /// A byte.
    PerByte,
    /// A second.
    PerSecond,
    /// A ten-thousandth of the amount.
    Bps,
}

/// What the amount of a QUERY means.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AmountMode {
    /// It is delivered to the payee; what a path costs is a fee on top.
    #[default]
    Deliver,
    /// It is the most that the client pays; what a path costs is the price.
    Budget,
}

/// So many places behind the point leave four for a share in basis points.
const MOST_PLACES_OF_A_SHARE: u8 = 32;

impl Cost {
    /// Per request.
    #[must_use]
    pub fn new(base: Decimal, variable: Decimal, units: u64, currency: Symbol) -> Self {
        Self { base, variable, currency, units: Some(units), model: CostModel::PerRequest }
    }

    /// With another unit.
    #[must_use]
    pub fn with_model(mut self, model: CostModel) -> Self {
        self.model = model;
        self
    }

    /// The total for this amount; `None` when the number of units is not known.
    ///
    /// # Errors
    /// With [`Reason::BadBps`] for basis points that are none, and [`Reason::BadSum`] beyond what money can be.
    pub fn total(&self, amount: Decimal) -> Result<Option<Decimal>> {
        let too_much = || Error::from(Reason::BadSum);
        let variable = match self.model {
            CostModel::Bps => self.share_of(amount)?,
            CostModel::PerRequest | CostModel::PerByte | CostModel::PerSecond => {
                if self.variable == Decimal::default() {
                    Decimal::default()
                } else {
                    let Some(units) = self.units else { return Ok(None) };
                    self.variable.checked_mul(units).ok_or_else(too_much)?
                }
            }
        };
        self.base.checked_add(variable).ok_or_else(too_much).map(Some)
    }

    /// Exact: an amount with so many places that a ten-thousandth of it has none is refused.
    fn share_of(&self, amount: Decimal) -> Result<Decimal> {
        let bps = || Error::from(Reason::BadBps).within("variable");
        let points = self.variable.to_base_units(0).map_err(|_| bps())?;
        let points = u32::try_from(points.0).ok().and_then(|points| Bps::new(points).ok()).ok_or_else(bps)?;
        let small = amount.to_base_units(MOST_PLACES_OF_A_SHARE).map_err(|_| Error::from(Reason::BadSum))?;
        let tiny = Decimal::from_base_units(small, MOST_PLACES_OF_A_SHARE + 4)?;
        tiny.checked_mul(points.get().into()).ok_or_else(|| Reason::BadSum.into())
    }

    pub(super) fn check(&self) -> Result<()> {
        // what cannot be a share is refused whatever it would be a share of
        self.total(Decimal::default()).map(|_| ())
    }
}

impl AmountMode {
    /// What the client locks for a path of this total.
    ///
    /// # Errors
    /// With [`Reason::BadSum`] beyond what money can be.
    pub fn lock_amount(self, amount: Decimal, total: Decimal) -> Result<Decimal> {
        match self {
            Self::Deliver => amount.checked_add(total).ok_or_else(|| Reason::BadSum.into()),
            Self::Budget => Ok(total),
        }
    }
}
