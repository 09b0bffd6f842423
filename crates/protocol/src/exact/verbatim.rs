use crate::{
    Reason,
    json::{Number, Object, Value},
};
use serde::{
    Deserializer,
    de::{self, DeserializeSeed},
    ser::{SerializeMap, SerializeSeq},
};
use std::fmt;

/// An object that is carried member by member as it came, because somebody else has signed or will read it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Verbatim(pub(super) Object);

impl serde::Serialize for Verbatim {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0.iter() {
            map.serialize_entry(name, &Part(value))?;
        }
        map.end()
    }
}

struct Part<'v>(&'v Value);

impl serde::Serialize for Part<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(truth) => serializer.serialize_bool(*truth),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(integer), _) => serializer.serialize_u64(integer),
                (None, Some(integer)) => serializer.serialize_i64(integer),
                // as literal text: never through a float
                (None, None) => match serde_json::value::RawValue::from_string(number.to_string()) {
                    Ok(literal) => literal.serialize(serializer),
                    Err(_) => Err(serde::ser::Error::custom(Reason::UnsafeNumber)),
                },
            },
            Value::String(text) => serializer.serialize_str(text),
            Value::Array(elements) => {
                let mut list = serializer.serialize_seq(Some(elements.len()))?;
                for element in elements {
                    list.serialize_element(&Part(element))?;
                }
                list.end()
            }
            Value::Object(object) => {
                let mut map = serializer.serialize_map(Some(object.len()))?;
                for (name, value) in object.iter() {
                    map.serialize_entry(name, &Part(value))?;
                }
                map.end()
            }
        }
    }
}

impl<'de> serde::Deserialize<'de> for Verbatim {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match deserializer.deserialize_any(Whole)? {
            Value::Object(object) => Ok(Self(object)),
            _ => Err(de::Error::custom(Reason::WrongType)),
        }
    }
}

struct Whole;

impl<'de> DeserializeSeed<'de> for Whole {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> de::Visitor<'de> for Whole {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_u64<E: de::Error>(self, integer: u64) -> Result<Value, E> {
        number(&integer.to_string())
    }

    fn visit_i64<E: de::Error>(self, integer: i64) -> Result<Value, E> {
        number(&integer.to_string())
    }

    // the text of a number that is no integer
    fn visit_bytes<E: de::Error>(self, text: &[u8]) -> Result<Value, E> {
        number(std::str::from_utf8(text).map_err(|_| E::custom(Reason::NotUtf8))?)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = list.next_element_seed(Self)? {
            elements.push(element);
        }
        Ok(Value::Array(elements))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            members.push((name, map.next_value_seed(Self)?));
        }
        let object = Object::from_members(members);
        object.map(Value::Object).ok_or_else(|| de::Error::custom(Reason::DuplicateName))
    }
}

fn number<E: de::Error>(text: &str) -> Result<Value, E> {
    text.parse::<Number>().map(Value::Number).map_err(E::custom)
}
