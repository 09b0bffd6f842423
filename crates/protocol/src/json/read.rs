//! From a [`Value`] to a type, with the path of what is wrong.

use super::{Object, Value, kept::KEPT};
use crate::{Error, Reason, Result, Segment};
use serde::de::{self, DeserializeOwned, IntoDeserializer, Visitor};

/// The name of a struct that may also be written as one text: it is read as either, with the names of its members.
pub(crate) const TEXT_OR_OBJECT: &str = "tgp_protocol::json::TextOrObject";

/// Reads a type out of a value. Members that the type does not have are passed over, and a member that is null is read
/// as if it were not there: an optional one is absent, a required one is missing.
///
/// ```
/// use serde::Deserialize;
/// use tgp_protocol::{Reason, json};
///
/// #[derive(Deserialize)]
/// struct Tip {
///     amount: u64,
///     note: Option<String>,
/// }
///
/// let tip: Tip = json::from_value(&json::parse(br#"{"amount":5,"note":null,"later":[]}"#)?)?;
/// assert_eq!((tip.amount, tip.note), (5, None));
/// let error = json::from_value::<Tip>(&json::parse(br#"{"amount":null}"#)?).map(|_| ()).unwrap_err();
/// assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::Missing, "amount"));
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
///
/// # Errors
/// With the field's path when a member is missing or is not what the type says.
pub fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T> {
    T::deserialize(Reader { value, nulls: Nulls::Absent })
}

/// The same for a document of rules, where null is refused for what is no option: whoever writes null for a list of a
/// rule may mean that nothing is allowed as well as everything.
pub(crate) fn from_rules<T: DeserializeOwned>(value: &Value) -> Result<T> {
    T::deserialize(Reader { value, nulls: Nulls::Values })
}

/// The members that a struct knows, by their names in JSON.
pub(crate) fn members_of<T: DeserializeOwned>() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    // the probe refuses every type after it has learned the names
    let _ = T::deserialize(Probe(&mut names));
    names
}

/// Reads a member of a document of rules that may be left out but must not be null; see [`from_rules`].
pub(crate) fn present<'de, D, T>(deserializer: D) -> std::result::Result<Option<T>, D::Error>
where
    D: de::Deserializer<'de>,
    T: de::Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// What null says as a member that a struct knows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nulls {
    /// What an absent member says.
    Absent,
    /// It is a value: a type takes or refuses it.
    Values,
}

/// Reads one value.
#[derive(Clone, Copy)]
struct Reader<'v> {
    value: &'v Value,
    nulls: Nulls,
}

impl<'v> Reader<'v> {
    /// For a part of the value.
    fn on(self, value: &'v Value) -> Self {
        Self { value, ..self }
    }
}

impl<'de> de::Deserializer<'de> for Reader<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(truth) => visitor.visit_bool(*truth),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(integer), _) => visitor.visit_u64(integer),
                (None, Some(integer)) => visitor.visit_i64(integer),
                // never as a float: a type that takes fractions reads the bytes of their text
                (None, None) => visitor.visit_bytes(number.to_string().as_bytes()),
            },
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(elements) => visitor.visit_seq(Elements { rest: elements.iter().enumerate(), whole: self }),
            Value::Object(object) => visitor.visit_map(Members::of(object, &[], self)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if matches!(self.value, Value::Null) { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        match self.value {
            Value::Object(_) if name == KEPT => {
                let twice = Twice { whole: self, left: 2 };
                visitor.visit_newtype_struct(de::value::SeqAccessDeserializer::new(twice))
            }
            Value::Object(object) => visitor.visit_map(Members::of(object, names, self)),
            Value::String(text) if name == TEXT_OR_OBJECT => visitor.visit_borrowed_str(text),
            _ => Err(Reason::WrongType.into()),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        match self.value {
            Value::String(text) => visitor.visit_enum(text.as_str().into_deserializer()),
            _ => Err(Reason::WrongType.into()),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.value {
            Value::String(text) => visitor.visit_borrowed_str(text),
            _ => Err(Reason::WrongType.into()),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier
    }
}

struct Elements<'v> {
    rest: std::iter::Enumerate<std::slice::Iter<'v, Value>>,
    whole: Reader<'v>,
}

impl<'de> de::SeqAccess<'de> for Elements<'de> {
    type Error = Error;

    fn next_element_seed<T: de::DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        let Some((place, value)) = self.rest.next() else { return Ok(None) };
        seed.deserialize(self.whole.on(value)).map(Some).map_err(|error| error.within(place))
    }

    fn size_hint(&self) -> Option<usize> {
        self.rest.size_hint().1
    }
}

/// One value two times: once for its type, once as it is.
struct Twice<'v> {
    whole: Reader<'v>,
    left: u8,
}

impl<'de> de::SeqAccess<'de> for Twice<'de> {
    type Error = Error;

    fn next_element_seed<T: de::DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        seed.deserialize(self.whole).map(Some)
    }
}

struct Members<'v> {
    rest: std::iter::Enumerate<std::slice::Iter<'v, (String, Value)>>,
    /// Those of the struct that is being read.
    names: &'static [&'static str],
    whole: Reader<'v>,
    /// What the next value belongs to.
    now: Option<(Segment, &'v Value)>,
}

impl<'v> Members<'v> {
    fn of(object: &'v Object, names: &'static [&'static str], whole: Reader<'v>) -> Self {
        Self { rest: object.members().iter().enumerate(), names, whole, now: None }
    }
}

impl<'de> de::MapAccess<'de> for Members<'de> {
    type Error = Error;

    fn next_key_seed<K: de::DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        for (place, (name, value)) in self.rest.by_ref() {
            let known = self.names.iter().find(|known| **known == name);
            if known.is_some() && *value == Value::Null && self.whole.nulls == Nulls::Absent {
                continue;
            }
            let segment = known.map_or(Segment::Index(place), |known| Segment::Name(known));
            self.now = Some((segment, value));
            let name = seed.deserialize(de::value::BorrowedStrDeserializer::new(name));
            return name.map(Some).map_err(|error: Error| error.within(segment));
        }
        Ok(None)
    }

    fn next_value_seed<V: de::DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        let (segment, value) = self.now.take().ok_or(Reason::Malformed)?;
        seed.deserialize(self.whole.on(value)).map_err(|error| error.within(segment))
    }
}

/// Learns the names of a struct's members.
struct Probe<'p>(&'p mut &'static [&'static str]);

impl<'de> de::Deserializer<'de> for Probe<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value> {
        Err(Reason::WrongType.into())
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        _: V,
    ) -> Result<V::Value> {
        *self.0 = names;
        Err(Reason::WrongType.into())
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}
