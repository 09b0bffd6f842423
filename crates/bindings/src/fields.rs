//! The values of logs and errors as JSON: what the ABI knows of them, and nothing lost.

use alloy::primitives::{Address, FixedBytes, Uint, hex};
use serde_json::{Map, Value};
use tgp_protocol::{Error, Reason, Result, value::EvmAddress};

/// A value that comes back from its JSON as it was.
pub(crate) trait Field: Sized {
    fn to_json(&self) -> Value;
    fn from_json(value: &Value) -> Result<Self>;
}

fn text(value: &Value) -> Result<&str> {
    value.as_str().ok_or_else(|| Reason::WrongType.into())
}

/// Of every width a decimal string: one rule for all, and no reader's number loses digits.
fn digits(value: &Value) -> Result<&str> {
    let text = text(value)?;
    let plain = text == "0" || !text.starts_with('0');
    let number = plain && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if number { Ok(text) } else { Err(Reason::BadAmount.into()) }
}

impl<const BITS: usize, const LIMBS: usize> Field for Uint<BITS, LIMBS> {
    fn to_json(&self) -> Value {
        self.to_string().into()
    }

    fn from_json(value: &Value) -> Result<Self> {
        Self::from_str_radix(digits(value)?, 10).map_err(|_| Reason::OutOfRange.into())
    }
}

macro_rules! native {
    ($($number:ty),+) => {$(
        impl Field for $number {
            fn to_json(&self) -> Value {
                self.to_string().into()
            }

            fn from_json(value: &Value) -> Result<Self> {
                digits(value)?.parse().map_err(|_| Reason::OutOfRange.into())
            }
        }
    )+};
}

native!(u8, u16, u64);

impl Field for bool {
    fn to_json(&self) -> Value {
        (*self).into()
    }

    fn from_json(value: &Value) -> Result<Self> {
        value.as_bool().ok_or_else(|| Reason::WrongType.into())
    }
}

impl Field for String {
    fn to_json(&self) -> Value {
        self.as_str().into()
    }

    fn from_json(value: &Value) -> Result<Self> {
        text(value).map(str::to_owned)
    }
}

impl Field for Address {
    fn to_json(&self) -> Value {
        self.to_checksum(None).into()
    }

    fn from_json(value: &Value) -> Result<Self> {
        Ok(text(value)?.parse::<EvmAddress>()?.into())
    }
}

impl<const N: usize> Field for FixedBytes<N> {
    fn to_json(&self) -> Value {
        hex::encode_prefixed(self).into()
    }

    fn from_json(value: &Value) -> Result<Self> {
        let digits = text(value)?.strip_prefix("0x").ok_or(Reason::BadWord)?;
        let mut bytes = [0; N];
        // `hex` would take a second prefix
        if digits.len() != 2 * N || hex::decode_to_slice(digits, &mut bytes).is_err() {
            return Err(Reason::BadWord.into());
        }
        Ok(bytes.into())
    }
}

impl<T: Field> Field for Vec<T> {
    fn to_json(&self) -> Value {
        self.iter().map(Field::to_json).collect()
    }

    fn from_json(value: &Value) -> Result<Self> {
        let elements = value.as_array().ok_or(Reason::WrongType)?;
        elements.iter().enumerate().map(|(at, one)| T::from_json(one).map_err(|error| error.within(at))).collect()
    }
}

/// A field's name in the ABI, where it is a keyword of Rust too.
pub(crate) fn plain(name: &'static str) -> &'static str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// A member of an object.
pub(crate) fn member<T: Field>(members: &Map<String, Value>, name: &'static str) -> Result<T> {
    let name = plain(name);
    let value = members.get(name).ok_or_else(|| Error::from(Reason::Missing).within(name))?;
    T::from_json(value).map_err(|error| error.within(name))
}

/// The members of an object that has so many.
pub(crate) fn members(value: &Value, count: usize) -> Result<&Map<String, Value>> {
    let members = value.as_object().ok_or(Reason::WrongType)?;
    if members.len() > count { Err(Reason::UnknownField.into()) } else { Ok(members) }
}

/// Structs of the ABIs: objects with the ABI's names.
macro_rules! object {
    ($($module:ident :: $name:ident { $($field:ident),* })+) => {$(
        impl $crate::fields::Field for $crate::$module::$name {
            fn to_json(&self) -> serde_json::Value {
                serde_json::Map::from_iter([$(($crate::fields::plain(stringify!($field)).to_owned(), self.$field.to_json())),*]).into()
            }

            fn from_json(value: &serde_json::Value) -> tgp_protocol::Result<Self> {
                let members = $crate::fields::members(value, [$(stringify!($field)),*].len())?;
                Ok(Self { $($field: $crate::fields::member(members, stringify!($field))?),* })
            }
        }
    )+};
}

pub(crate) use object;
