//! Reads money, and says what is wrong when it comes as a JSON number.

use crate::{Reason, value::Decimal};
use serde::{
    Deserializer,
    de::{Error, Visitor},
};
use std::fmt;

/// For `deserialize_with`.
pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    struct Text;
    impl Visitor<'_> for Text {
        type Value = Decimal;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a decimal string")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Decimal, E> {
            text.parse().map_err(E::custom)
        }

        fn visit_u64<E: Error>(self, _: u64) -> Result<Decimal, E> {
            Err(E::custom(Reason::NumericMoney))
        }

        fn visit_i64<E: Error>(self, _: i64) -> Result<Decimal, E> {
            Err(E::custom(Reason::NumericMoney))
        }

        // the text of a JSON number that is no integer
        fn visit_bytes<E: Error>(self, _: &[u8]) -> Result<Decimal, E> {
            Err(E::custom(Reason::NumericMoney))
        }
    }
    deserializer.deserialize_any(Text)
}

/// The same for a member that may be left out.
pub(super) fn read_optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
    read(deserializer).map(Some)
}
