use crate::{Reason, value::serde_by_text};
use alloy_primitives::{U256, aliases::U96, ruint::UintTryFrom};
use std::{fmt, str::FromStr};

/// An amount in an asset's smallest unit, written as a decimal string. Plane B also reads a JSON integer, which is
/// below 2^53 whenever it parses.
///
/// ```
/// use tgp_protocol::value::Amount;
///
/// let amount: Amount = "1000000".parse()?;
/// assert_eq!(amount.to_string(), "1000000");
/// assert!("1.5".parse::<Amount>().is_err());
/// # Ok::<(), tgp_protocol::Reason>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Amount(pub U256);

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(U256::ZERO);

    /// As an order holds it.
    ///
    /// # Errors
    /// With [`Reason::AboveU96`]: about 79 billion whole units of an asset with 18 decimals are the most.
    pub(crate) fn to_u96(self) -> Result<U96, Reason> {
        U96::uint_try_from(self.0).map_err(|_| Reason::AboveU96)
    }

    /// Refuses nothing at all.
    ///
    /// # Errors
    /// With [`Reason::ZeroAmount`].
    pub(crate) fn require_positive(self) -> Result<Self, Reason> {
        if self.0.is_zero() { Err(Reason::ZeroAmount) } else { Ok(self) }
    }
}

impl From<u64> for Amount {
    fn from(amount: u64) -> Self {
        Self(U256::from(amount))
    }
}

impl FromStr for Amount {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        // one text for one amount: no sign, no leading zero
        let plain = text == "0" || !text.starts_with('0');
        if !plain || text.is_empty() || text.len() > 78 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Reason::BadAmount);
        }
        U256::from_str_radix(text, 10).map(Self).map_err(|_| Reason::BadAmount)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl serde::Serialize for Amount {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Amount {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Amount;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an amount")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Amount, E> {
                text.parse().map_err(E::custom)
            }

            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Amount, E> {
                Ok(Amount::from(number))
            }

            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Amount, E> {
                u64::try_from(number).map(Amount::from).map_err(|_| E::custom(Reason::BadAmount))
            }

            // the text of a JSON number that is no integer
            fn visit_bytes<E: serde::de::Error>(self, _: &[u8]) -> Result<Amount, E> {
                Err(E::custom(Reason::BadAmount))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

/// The most places behind the point: those of the most finely divided assets.
const MOST_PLACES: usize = Decimal::MOST_PLACES as usize;

/// Money in whole units of a currency, as a decimal string: `"10.00"`. Never negative, never a float.
///
/// ```
/// use tgp_protocol::value::Decimal;
///
/// let price: Decimal = "9.50".parse()?;
/// assert_eq!(price.to_base_units(6)?.to_string(), "9500000");
/// assert_eq!(price, "9.5".parse()?);
/// assert_eq!(Decimal::from_base_units(9_500_000.into(), 6)?, price);
/// assert!(Decimal::from_base_units(1.into(), Decimal::MOST_PLACES + 1).is_err());
///
/// // sums are exact, or there is none
/// let cent = "0.01".parse()?;
/// assert_eq!(price.checked_add(cent), Some("9.51".parse()?));
/// assert_eq!(cent.checked_mul(950), Some(price));
/// assert_eq!(cent.checked_sub(price), None);
/// # Ok::<(), tgp_protocol::Reason>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Debug)]
pub struct Decimal {
    /// The number without its point.
    digits: U256,
    /// Of `digits`, behind the point; the last of them is not 0.
    places: u8,
}

impl Decimal {
    /// The most places behind the point, and so the most decimals that an asset may have.
    pub const MOST_PLACES: u8 = 36;

    /// The amount in base units of an asset with so many decimals.
    ///
    /// # Errors
    /// With [`Reason::TooPrecise`] when there are more places than the asset has, and [`Reason::BadAmount`] above
    /// 2^256-1.
    pub fn to_base_units(self, decimals: u8) -> Result<Amount, Reason> {
        let missing = decimals.checked_sub(self.places).ok_or(Reason::TooPrecise)?;
        let scale = U256::from(10).checked_pow(U256::from(missing)).ok_or(Reason::BadAmount)?;
        self.digits.checked_mul(scale).map(Amount).ok_or(Reason::BadAmount)
    }

    /// So many base units of an asset with so many decimals.
    ///
    /// # Errors
    /// With [`Reason::OutOfRange`] above [`Self::MOST_PLACES`] decimals: the number could be written and not read.
    pub fn from_base_units(amount: Amount, decimals: u8) -> Result<Self, Reason> {
        if decimals > Self::MOST_PLACES {
            return Err(Reason::OutOfRange);
        }
        Ok(Self { digits: amount.0, places: decimals }.normal())
    }

    /// The sum, unless it is beyond 2^256-1 of the smaller unit.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let (a, b, places) = self.aligned(other)?;
        Some(Self { digits: a.checked_add(b)?, places }.normal())
    }

    /// The difference, unless it is below zero.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        let (a, b, places) = self.aligned(other)?;
        Some(Self { digits: a.checked_sub(b)?, places }.normal())
    }

    /// So many times as much.
    #[must_use]
    pub fn checked_mul(self, times: u64) -> Option<Self> {
        Some(Self { digits: self.digits.checked_mul(U256::from(times))?, places: self.places }.normal())
    }

    /// The digits without the point, and how many of them stand behind it.
    pub(crate) fn parts(self) -> (U256, u8) {
        (self.digits, self.places)
    }

    /// Both in the smaller unit.
    fn aligned(self, other: Self) -> Option<(U256, U256, u8)> {
        let places = self.places.max(other.places);
        let scaled = |it: Self| {
            let scale = U256::from(10).checked_pow(U256::from(places - it.places))?;
            it.digits.checked_mul(scale)
        };
        Some((scaled(self)?, scaled(other)?, places))
    }

    fn normal(mut self) -> Self {
        let ten = U256::from(10);
        while self.places != 0 && (self.digits % ten).is_zero() {
            self.digits /= ten;
            self.places -= 1;
        }
        self
    }
}

impl From<u64> for Decimal {
    fn from(whole: u64) -> Self {
        Self { digits: U256::from(whole), places: 0 }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        if self.places > other.places {
            return other.cmp(self).reverse();
        }
        // in the other's smaller unit, where a number that does not fit is the greater one
        let scale = U256::from(10).checked_pow(U256::from(other.places - self.places));
        let scaled = scale.and_then(|scale| self.digits.checked_mul(scale));
        match scaled {
            Some(scaled) => scaled.cmp(&other.digits),
            None if self.digits.is_zero() => U256::ZERO.cmp(&other.digits),
            None => std::cmp::Ordering::Greater,
        }
    }
}

impl FromStr for Decimal {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        let (whole, places) = text.split_once('.').map_or((text, None), |(whole, places)| (whole, Some(places)));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let plain = whole == "0" || !whole.starts_with('0');
        if !plain || !digits(whole) || !places.is_none_or(digits) || text.len() > 79 {
            return Err(Reason::BadDecimal);
        }
        let places = places.unwrap_or_default();
        if places.len() > MOST_PLACES {
            return Err(Reason::BadDecimal);
        }
        let digits = U256::from_str_radix(&format!("{whole}{places}"), 10).map_err(|_| Reason::BadDecimal)?;
        let places = u8::try_from(places.len()).map_err(|_| Reason::BadDecimal)?;
        Ok(Self { digits, places }.normal())
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (places, least) = (usize::from(self.places), usize::from(self.places) + 1);
        let digits = format!("{:0>least$}", self.digits.to_string());
        let (whole, rest) = digits.split_at(digits.len() - places);
        if places == 0 { f.write_str(whole) } else { write!(f, "{whole}.{rest}") }
    }
}

serde_by_text!(Decimal);

/// Basis points, at most 10,000.
///
/// ```
/// use tgp_protocol::{Reason, value::Bps};
///
/// assert_eq!(Bps::new(50)?.get(), 50);
/// assert_eq!(Bps::new(10_001), Err(Reason::BadBps));
/// # Ok::<(), Reason>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Bps(u16);

impl Bps {
    /// So many basis points.
    ///
    /// # Errors
    /// With [`Reason::BadBps`] above 10,000.
    pub fn new(bps: u32) -> Result<Self, Reason> {
        u16::try_from(bps).ok().filter(|bps| *bps <= 10_000).map(Self).ok_or(Reason::BadBps)
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> u16 {
        self.0
    }

    /// The share of an amount, rounded down.
    ///
    /// # Errors
    /// With [`Reason::BadAmount`] when the product is beyond 2^256-1.
    pub(crate) fn of(self, amount: Amount) -> Result<Amount, Reason> {
        let product = amount.0.checked_mul(U256::from(self.0)).ok_or(Reason::BadAmount)?;
        Ok(Amount(product / U256::from(10_000)))
    }
}

impl serde::Serialize for Bps {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u16(self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Bps {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(u32::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::{Amount, Decimal};
    use crate::Reason;
    use alloy_primitives::U256;
    use std::cmp::Ordering;

    /// 78 digits and the point between them.
    #[test]
    fn the_greatest_number_is_read_back_with_any_places() {
        for places in 0..=Decimal::MOST_PLACES {
            let most = Decimal::from_base_units(Amount(U256::MAX), places).unwrap();
            assert_eq!(most.to_string().parse(), Ok(most), "{places}");
        }
    }

    /// What can be made can be written and read, and nothing more can be made.
    #[test]
    fn more_places_than_are_read_are_not_made() {
        let zeros = "0".repeat(35);
        assert!(format!("0.{zeros}1").parse::<Decimal>().is_ok());
        for text in [format!("0.{zeros}01"), format!("0.{zeros}10"), format!("1.{zeros}00")] {
            assert_eq!(text.parse::<Decimal>(), Err(Reason::BadDecimal), "{text}");
        }
        for decimals in Decimal::MOST_PLACES + 1..=u8::MAX {
            for amount in [Amount::ZERO, 1.into(), Amount(U256::MAX)] {
                assert_eq!(Decimal::from_base_units(amount, decimals), Err(Reason::OutOfRange), "{decimals}");
            }
        }
    }

    #[test]
    fn any_number_of_decimals_is_ordered_and_written() {
        let one = Decimal::from(1);
        for decimals in 0..=Decimal::MOST_PLACES {
            let tiny = Decimal::from_base_units(1.into(), decimals).unwrap();
            let large = Decimal::from_base_units(Amount(U256::MAX), decimals).unwrap();
            assert_eq!(tiny.cmp(&one), if decimals == 0 { Ordering::Equal } else { Ordering::Less }, "{decimals}");
            assert_eq!(large.cmp(&one), Ordering::Greater, "{decimals}");
            assert_eq!(one.cmp(&tiny), tiny.cmp(&one).reverse());
            assert_eq!(Decimal::default().cmp(&tiny), Ordering::Less);
            let zeros = "0".repeat(usize::from(decimals.saturating_sub(1)));
            assert_eq!(tiny.to_string(), if decimals == 0 { "1".to_owned() } else { format!("0.{zeros}1") });
        }
    }
}
