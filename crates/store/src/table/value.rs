use crate::{Result, StoreError};
use serde::{Deserialize, Serialize};
use tgp_protocol::value::{Amount, EvmAddress, Word};

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A count, a time, a state: up to 2^63-1.
    Number,
    /// Text.
    Text,
    /// 20 or 32 bytes.
    Bytes,
    /// Money in the smallest unit, up to 2^256-1: decimal text in the embedded engine, NUMERIC in PostgreSQL.
    Amount,
}

/// One value of a row.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// Nothing stands there.
    Null,
    /// A [`Kind::Number`].
    Number(i64),
    /// A [`Kind::Text`], or a [`Kind::Amount`] in decimals.
    Text(String),
    /// A [`Kind::Bytes`].
    Bytes(Vec<u8>),
}

/// A type that a column holds.
pub trait Field: Sized {
    /// The column's kind.
    const KIND: Kind;
    /// Whether nothing may stand there.
    const OPTIONAL: bool = false;

    /// To the column.
    ///
    /// # Errors
    /// With [`StoreError::TooLarge`] for a number that the column does not hold.
    fn put(&self, field: &'static str) -> Result<Value>;

    /// From the column.
    ///
    /// # Errors
    /// With [`StoreError::Damaged`] for what was never written there.
    fn take(value: Value, field: &'static str) -> Result<Self>;
}

fn damaged<T>(field: &'static str) -> Result<T> {
    Err(StoreError::Damaged(format!("column {field}")))
}

impl Field for u64 {
    const KIND: Kind = Kind::Number;

    fn put(&self, field: &'static str) -> Result<Value> {
        i64::try_from(*self).map(Value::Number).map_err(|_| StoreError::TooLarge { field })
    }

    fn take(value: Value, field: &'static str) -> Result<Self> {
        match value {
            Value::Number(number) => Self::try_from(number).or_else(|_| damaged(field)),
            _ => damaged(field),
        }
    }
}

impl Field for u8 {
    const KIND: Kind = Kind::Number;

    fn put(&self, _: &'static str) -> Result<Value> {
        Ok(Value::Number(i64::from(*self)))
    }

    fn take(value: Value, field: &'static str) -> Result<Self> {
        Self::try_from(u64::take(value, field)?).or_else(|_| damaged(field))
    }
}

impl Field for bool {
    const KIND: Kind = Kind::Number;

    fn put(&self, _: &'static str) -> Result<Value> {
        Ok(Value::Number(i64::from(*self)))
    }

    fn take(value: Value, field: &'static str) -> Result<Self> {
        match value {
            Value::Number(0) => Ok(false),
            Value::Number(1) => Ok(true),
            _ => damaged(field),
        }
    }
}

impl Field for Word {
    const KIND: Kind = Kind::Bytes;

    fn put(&self, _: &'static str) -> Result<Value> {
        Ok(Value::Bytes(self.0.to_vec()))
    }

    fn take(value: Value, field: &'static str) -> Result<Self> {
        match value {
            Value::Bytes(bytes) => <[u8; 32]>::try_from(bytes).map(Self::from).or_else(|_| damaged(field)),
            _ => damaged(field),
        }
    }
}

impl Field for EvmAddress {
    const KIND: Kind = Kind::Bytes;

    fn put(&self, _: &'static str) -> Result<Value> {
        Ok(Value::Bytes(self.0.to_vec()))
    }

    fn take(value: Value, field: &'static str) -> Result<Self> {
        match value {
            Value::Bytes(bytes) if bytes.len() == 20 => Ok(Self(alloy_primitives::Address::from_slice(&bytes))),
            _ => damaged(field),
        }
    }
}

impl Field for Amount {
    const KIND: Kind = Kind::Amount;

    fn put(&self, _: &'static str) -> Result<Value> {
        Ok(Value::Text(self.to_string()))
    }

    fn take(value: Value, field: &'static str) -> Result<Self> {
        match value {
            Value::Text(text) => text.parse().or_else(|_| damaged(field)),
            _ => damaged(field),
        }
    }
}

impl Field for String {
    const KIND: Kind = Kind::Text;

    fn put(&self, _: &'static str) -> Result<Value> {
        Ok(Value::Text(self.clone()))
    }

    fn take(value: Value, field: &'static str) -> Result<Self> {
        match value {
            Value::Text(text) => Ok(text),
            _ => damaged(field),
        }
    }
}

impl<T: Field> Field for Option<T> {
    const KIND: Kind = T::KIND;
    const OPTIONAL: bool = true;

    fn put(&self, field: &'static str) -> Result<Value> {
        self.as_ref().map_or(Ok(Value::Null), |value| value.put(field))
    }

    fn take(value: Value, field: &'static str) -> Result<Self> {
        if value == Value::Null { Ok(None) } else { T::take(value, field).map(Some) }
    }
}
