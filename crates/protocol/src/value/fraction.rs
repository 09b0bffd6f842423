use crate::Reason;
use std::{fmt, str::FromStr};

const MILLION: u32 = 1_000_000;

/// A share between 0 and 1 in parts per million: risk, reliability, rate of success. Written as a decimal string, also
/// read from a JSON number.
///
/// ```
/// use tgp_protocol::value::Fraction;
///
/// let risk: Fraction = "0.05".parse()?;
/// assert_eq!(risk.millionths(), 50_000);
/// assert_eq!(risk.to_string(), "0.05");
///
/// // what the other 950,000 are
/// let rest = Fraction::from_millionths(Fraction::ONE.millionths() - risk.millionths());
/// assert_eq!(rest, Some("0.95".parse()?));
/// assert_eq!(Fraction::from_millionths(1_000_001), None);
/// # Ok::<(), tgp_protocol::Reason>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Fraction(u32);

impl Fraction {
    /// The whole.
    pub const ONE: Self = Self(MILLION);

    /// So many parts of a million; `None` above the whole.
    #[must_use]
    pub fn from_millionths(millionths: u32) -> Option<Self> {
        (millionths <= MILLION).then_some(Self(millionths))
    }

    /// Parts of a million.
    #[must_use]
    pub fn millionths(self) -> u32 {
        self.0
    }
}

impl FromStr for Fraction {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        let (whole, places) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if !matches!(whole, "0" | "1") || places.is_empty() || places.len() > 6 || !digits(places) {
            return Err(Reason::BadFraction);
        }
        let places: u32 = format!("{places:0<6}").parse().map_err(|_| Reason::BadFraction)?;
        let millionths = if whole == "1" { MILLION + places } else { places };
        Self::from_millionths(millionths).ok_or(Reason::BadFraction)
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_multiple_of(MILLION) {
            return write!(f, "{}", self.0 / MILLION);
        }
        let places = format!("{:06}", self.0);
        write!(f, "0.{}", places.trim_end_matches('0'))
    }
}

impl serde::Serialize for Fraction {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Fraction {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Fraction;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a fraction")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Fraction, E> {
                text.parse().map_err(E::custom)
            }

            // the text of a JSON number that is no integer
            fn visit_bytes<E: serde::de::Error>(self, text: &[u8]) -> Result<Fraction, E> {
                std::str::from_utf8(text)
                    .map_err(|_| E::custom(Reason::BadFraction))
                    .and_then(|text| self.visit_str(text))
            }

            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Fraction, E> {
                self.visit_str(&number.to_string())
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}
