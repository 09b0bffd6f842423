//! Integers as decimal strings: for `#[serde(with = "decimal")]`.

use crate::Reason;
use serde::{Deserializer, Serializer, de};
use std::{fmt, marker::PhantomData, str::FromStr};

pub(super) fn serialize<T: fmt::Display, S: Serializer>(number: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}

/// One text for one number: no sign, no leading zero, nothing beyond the field's width.
pub(super) fn deserialize<'de, T: FromStr, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct Text<T>(PhantomData<T>);
    impl<T: FromStr> de::Visitor<'_> for Text<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a decimal string")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            let plain = text == "0" || !text.starts_with('0');
            if !plain || text.is_empty() || text.len() > 78 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(E::custom(Reason::BadAmount));
            }
            text.parse().map_err(|_| E::custom(Reason::OutOfRange))
        }
    }
    deserializer.deserialize_str(Text(PhantomData))
}
