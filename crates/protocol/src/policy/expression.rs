//! The policy expression of a controller: 004 section 15.

use super::{
    Policy,
    compile::{in_order, sorted},
    listed::Listed,
};
use crate::{
    Error, Reason, Result,
    area::Jurisdiction,
    json::present,
    value::{Decimal, Id, Symbol},
};
use serde::Deserialize;
use std::{fmt, time::Duration};

const VERSION: &str = "PEL-0.1";

/// Of all the texts of exemptions, each.
const LONGEST_EXEMPTION: usize = 256;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expression {
    version: String,
    #[serde(default, deserialize_with = "present")]
    jurisdiction: Option<Jurisdiction>,
    #[serde(default)]
    requires: Vec<Id>,
    #[serde(default)]
    exemptions: Vec<String>,
    #[serde(default)]
    constraints: Constraints,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Constraints {
    #[serde(default, deserialize_with = "present")]
    max_amount_usd: Option<Dollars>,
    #[serde(default, deserialize_with = "present")]
    min_amount_usd: Option<Dollars>,
    #[serde(default, deserialize_with = "present")]
    allowed_assets: Option<Vec<Symbol>>,
    #[serde(default, deserialize_with = "present")]
    blocked_assets: Option<Vec<Symbol>>,
    #[serde(default, deserialize_with = "present")]
    delivery_promise: Option<Promise>,
    #[serde(default)]
    zk_required: bool,
}

impl Expression {
    pub(super) fn compile(self) -> Result<Policy> {
        if self.version != VERSION {
            return Err(Error::from(Reason::UnknownDialect).within("version"));
        }
        if let Some(place) = self.exemptions.iter().position(|text| text.len() > LONGEST_EXEMPTION) {
            return Err(Error::from(Reason::WrongLength).within(place).within("exemptions"));
        }
        self.constraints.compile(self.jurisdiction, self.requires, self.exemptions)
    }
}

impl Constraints {
    fn compile(self, jurisdiction: Option<Jurisdiction>, requires: Vec<Id>, exemptions: Vec<String>) -> Result<Policy> {
        let within = |error: Error| error.within("constraints");
        let (max, min) = (self.max_amount_usd.map(|it| it.0), self.min_amount_usd.map(|it| it.0));
        in_order(min, max, "min_amount_usd").map_err(within)?;
        Ok(Policy {
            max_amount_usd: max,
            min_amount_usd: min,
            assets: Listed::optional(self.allowed_assets, "allowed_assets").map_err(within)?,
            deny_assets: Listed::optional(self.blocked_assets, "blocked_assets").map_err(within)?,
            delivery: self.delivery_promise.map(|promise| promise.0),
            zk_required: self.zk_required,
            requires: sorted(requires, "requires")?,
            jurisdiction,
            exemptions,
            ..Policy::default()
        })
    }
}

/// Dollars: a decimal string, or the whole number that the document's own example has.
struct Dollars(Decimal);

impl<'de> Deserialize<'de> for Dollars {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Dollars;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("dollars")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Dollars, E> {
                text.parse().map(Dollars).map_err(E::custom)
            }

            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Dollars, E> {
                Ok(Dollars(Decimal::from(number)))
            }

            fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<Dollars, E> {
                Err(E::custom(Reason::BadDecimal))
            }

            // the text of a JSON number that is no integer
            fn visit_bytes<E: serde::de::Error>(self, _: &[u8]) -> Result<Dollars, E> {
                Err(E::custom(Reason::BadDecimal))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

/// A time to delivery: `72h`.
struct Promise(Duration);

impl std::str::FromStr for Promise {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        let unit = text.chars().next_back().ok_or(Reason::BadPromise)?;
        let seconds = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            _ => return Err(Reason::BadPromise),
        };
        let digits = &text[..text.len() - 1];
        let plain = !digits.starts_with(['0', '+']);
        let number: u32 = digits.parse().ok().filter(|_| plain).ok_or(Reason::BadPromise)?;
        Ok(Self(Duration::from_secs(u64::from(number) * seconds)))
    }
}

impl<'de> Deserialize<'de> for Promise {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Promise;
    use std::time::Duration;

    #[test]
    fn promises_have_a_unit() {
        for (text, seconds) in [("72h", 259_200), ("1s", 1), ("30m", 1_800), ("7d", 604_800)] {
            assert_eq!(text.parse::<Promise>().map(|promise| promise.0), Ok(Duration::from_secs(seconds)));
        }
        for text in ["", "h", "72", "0h", "-1h", "+1h", "1.5h", "72H", "72 h", "4294967296d", "\u{e9}"] {
            assert!(text.parse::<Promise>().is_err(), "{text}");
        }
    }
}
