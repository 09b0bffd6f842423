use super::{Number, Object, Value, from_value, to_value};
use crate::{Reason, Result};
use serde::{
    Deserialize, Serialize,
    de::{self, DeserializeOwned, DeserializeSeed, Visitor},
};
use std::{fmt, marker::PhantomData};

/// The name under which [`super::from_value`] hands out an object two times.
pub(super) const KEPT: &str = "tgp_protocol::json::Kept";

/// A part of a message that somebody signed for himself: its fields, and the object that they were read from.
///
/// Whoever passes such a part on must not change a byte of its canonical form. Members that this version does not know
/// and the spelling of a number therefore stay as they came.
///
/// It is read by [`super::from_value`] only: another deserializer could be given fields beside an object that says
/// something else, and is refused.
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use tgp_protocol::{json::{self, Kept, Value}, value::Decimal};
///
/// #[derive(Serialize, Deserialize)]
/// struct Price {
///     amount: Decimal,
/// }
///
/// let Value::Object(object) = json::parse(br#"{"amount":"10.00","note":"with a tip"}"#)? else { panic!("an object") };
/// let price = Kept::<Price>::from_object(object)?;
/// assert_eq!(price.fields().amount, "10".parse()?);
/// // it goes on as it came, not as it was understood
/// assert_eq!(json::to_value(&price)?.canonical(), price.object().canonical());
/// assert_eq!(json::to_value(&price.into_fields())?.canonical(), br#"{"amount":"10"}"#);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept<T> {
    fields: T,
    object: Object,
}

impl<T> Kept<T> {
    /// The fields that this version knows.
    pub fn fields(&self) -> &T {
        &self.fields
    }

    /// Everything that was received.
    pub fn object(&self) -> &Object {
        &self.object
    }

    /// The fields, without what came with them.
    pub fn into_fields(self) -> T {
        self.fields
    }
}

impl<T: DeserializeOwned> Kept<T> {
    /// Reads the fields of an object.
    ///
    /// # Errors
    /// With the field's path when a member is missing or is not what the type says.
    pub fn from_object(object: Object) -> Result<Self> {
        let value = Value::Object(object);
        let fields = from_value(&value)?;
        let Value::Object(object) = value else { return Err(Reason::NotAnObject.into()) };
        Ok(Self { fields, object })
    }
}

impl<T: Serialize> Kept<T> {
    /// The fields in an object of their own.
    ///
    /// # Errors
    /// When the fields have no JSON form, or not that of an object.
    pub fn new(fields: T) -> Result<Self> {
        let Value::Object(object) = to_value(&fields)? else { return Err(Reason::NotAnObject.into()) };
        Ok(Self { fields, object })
    }

    pub(crate) fn object_mut(&mut self) -> &mut Object {
        &mut self.object
    }
}

impl<T> Serialize for Kept<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // as text: a number with places would otherwise have to become a float
        let text =
            String::from_utf8(self.object.canonical()).map_err(|_| serde::ser::Error::custom(Reason::NotUtf8))?;
        let raw =
            serde_json::value::RawValue::from_string(text).map_err(|_| serde::ser::Error::custom(Reason::NotJson))?;
        raw.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Kept<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Kind<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Kind<T> {
            type Value = Kept<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            // only the reader of this crate answers a struct so: the others would go by what the text is
            fn visit_newtype_struct<D: serde::Deserializer<'de>>(self, both: D) -> Result<Kept<T>, D::Error> {
                both.deserialize_seq(Both(PhantomData))
            }
        }

        struct Both<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Both<T> {
            type Value = Kept<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut twice: A) -> Result<Kept<T>, A::Error> {
                let malformed = || de::Error::custom(Reason::Malformed);
                let fields = twice.next_element::<T>()?.ok_or_else(malformed)?;
                match twice.next_element_seed(AsItIs)?.ok_or_else(malformed)? {
                    Value::Object(object) => Ok(Kept { fields, object }),
                    _ => Err(de::Error::custom(Reason::NotAnObject)),
                }
            }
        }
        deserializer.deserialize_struct(KEPT, &[], Kind(PhantomData))
    }
}

/// Builds the value that a deserializer walks through.
#[derive(Clone, Copy)]
struct AsItIs;

impl<'de> DeserializeSeed<'de> for AsItIs {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AsItIs {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Value, E> {
        self.visit_bytes(number.to_string().as_bytes())
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Value, E> {
        self.visit_bytes(number.to_string().as_bytes())
    }

    // the text of a number
    fn visit_bytes<E: de::Error>(self, text: &[u8]) -> Result<Value, E> {
        let text = std::str::from_utf8(text).map_err(|_| E::custom(Reason::UnsafeNumber))?;
        text.parse::<Number>().map(Value::Number).map_err(E::custom)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(element) = elements.next_element_seed(self)? {
            all.push(element);
        }
        Ok(Value::Array(all))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(name) = members.next_key::<String>()? {
            all.push((name, members.next_value_seed(self)?));
        }
        Object::from_members(all).map(Value::Object).ok_or_else(|| de::Error::custom(Reason::DuplicateName))
    }
}

#[cfg(test)]
mod tests {
    use super::Kept;
    use crate::{
        Reason,
        json::{from_value, parse, to_value},
    };
    use serde::{Deserialize, Serialize};

    #[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
    struct Price {
        amount: crate::value::Decimal,
    }

    #[derive(Serialize, Deserialize)]
    struct Outer {
        price: Kept<Price>,
    }

    #[test]
    fn spelling_and_unknown_members_stay() {
        let text = br#"{"price":{"amount":"10.00","later":[0.5,-7,null,true,{"a":"b"}]}}"#;
        let value = parse(text).unwrap();
        let outer: Outer = from_value(&value).unwrap();
        assert_eq!(outer.price.fields().amount, "10".parse().unwrap());
        assert_eq!(to_value(&outer).unwrap(), value);
    }

    /// The fields of one object beside another one would be read as what somebody signed.
    #[test]
    fn other_readers_are_refused() {
        for text in [r#"{"price":{"amount":"10"}}"#, r#"{"price":[{"amount":"1"},{"amount":"10"}]}"#] {
            assert!(serde_json::from_str::<Outer>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn errors_name_the_inner_field() {
        for (text, reason, field) in [
            (r#"{"price":{"amount":"ten"}}"#, Reason::BadDecimal, "price.amount"),
            (r#"{"price":{}}"#, Reason::Missing, "price.amount"),
            (r#"{"price":[]}"#, Reason::WrongType, "price"),
        ] {
            let error = from_value::<Outer>(&parse(text.as_bytes()).unwrap()).err().unwrap();
            assert_eq!((error.reason(), error.field().to_string().as_str()), (reason, field));
        }
    }
}
