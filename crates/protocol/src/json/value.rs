use super::Number;
use std::cmp::Ordering;

/// A JSON value as it was received: every member, in canonical order.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number that every reader holds exactly.
    Number(Number),
    /// Text.
    String(String),
    /// A list.
    Array(Vec<Value>),
    /// Named members.
    Object(Object),
}

impl Value {
    /// The object, when it is one.
    #[must_use]
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) | Self::Array(_) => None,
        }
    }

    /// The text, when it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Array(_) | Self::Object(_) => None,
        }
    }
}

/// The members of a JSON object: unique names in the order of RFC 8785, that of their UTF-16 code units.
///
/// ```
/// use tgp_protocol::json::{self, Object, Value};
///
/// let member = |name: &str| (name.to_owned(), Value::Null);
/// assert_eq!(Object::from_members(vec![member("a"), member("a")]), None, "a name stands once");
/// let mut object = Object::from_members(vec![member("b"), member("a")]).expect("two names");
/// assert_eq!(object.canonical(), br#"{"a":null,"b":null}"#);
///
/// // a null is kept, and says nothing
/// assert_eq!((object.get("a"), object.given("a")), (Some(&Value::Null), None));
/// assert_eq!(object.insert("a", json::parse(b"1")?), Some(Value::Null));
/// object.remove("b");
/// assert_eq!((object.len(), json::parse(br#"{"a":1}"#)?.as_object()), (1, Some(&object)));
/// object.remove("a");
/// assert!(object.is_empty());
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash, Debug)]
pub struct Object(Vec<(String, Value)>);

impl Object {
    /// Sorts members into an object; `None` when a name stands twice.
    #[must_use]
    pub fn from_members(mut members: Vec<(String, Value)>) -> Option<Self> {
        members.sort_by(|(a, _), (b, _)| compare(a, b));
        let twice = members.windows(2).any(|pair| pair[0].0 == pair[1].0);
        (!twice).then_some(Self(members))
    }

    /// The member of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.position(name).ok().map(|place| &self.0[place].1)
    }

    /// The member of this name, unless it is null: to a reader of a message, such a member is not there.
    #[must_use]
    pub fn given(&self, name: &str) -> Option<&Value> {
        self.get(name).filter(|value| **value != Value::Null)
    }

    /// Puts a member in, or another value in its place; gives back the old one.
    pub fn insert(&mut self, name: &str, value: Value) -> Option<Value> {
        match self.position(name) {
            Ok(place) => Some(std::mem::replace(&mut self.0[place].1, value)),
            Err(place) => {
                self.0.insert(place, (name.to_owned(), value));
                None
            }
        }
    }

    /// Takes a member out.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        self.position(name).ok().map(|place| self.0.remove(place).1)
    }

    /// The members in canonical order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    pub(super) fn members(&self) -> &[(String, Value)] {
        &self.0
    }

    /// How many members there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn position(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(other, _)| compare(other, name))
    }
}

/// By UTF-16 code units: for text without surrogate pairs that is the order of the bytes.
fn compare(a: &str, b: &str) -> Ordering {
    if a.is_ascii() && b.is_ascii() { a.cmp(b) } else { a.encode_utf16().cmp(b.encode_utf16()) }
}
