//! How money differs on plane S from plane B.

use crate::{Reason, value::Amount};
use serde::{Deserializer, de};
use std::fmt;

/// Money is a string on this plane: a JSON number is refused. For `#[serde(deserialize_with)]`.
pub(super) fn amount<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Amount, D::Error> {
    struct Text;
    impl de::Visitor<'_> for Text {
        type Value = Amount;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an amount")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Amount, E> {
            text.parse().map_err(E::custom)
        }

        fn visit_u64<E: de::Error>(self, _: u64) -> Result<Amount, E> {
            Err(E::custom(Reason::NumericMoney))
        }

        fn visit_i64<E: de::Error>(self, _: i64) -> Result<Amount, E> {
            Err(E::custom(Reason::NumericMoney))
        }

        fn visit_bytes<E: de::Error>(self, _: &[u8]) -> Result<Amount, E> {
            Err(E::custom(Reason::NumericMoney))
        }
    }
    deserializer.deserialize_any(Text)
}
