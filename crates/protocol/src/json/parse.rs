use super::{Number, Object, Value};
use crate::{Reason, Result};
use json_event_parser::{JsonEvent, SliceJsonParser};

/// What a text may use up before it is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Length of the text.
    pub bytes: usize,
    /// Objects and arrays inside each other.
    pub depth: usize,
    /// Members of one object, elements of one array.
    pub members: usize,
}

impl Limits {
    /// Of every message but errors.
    pub const MESSAGE: Self = Self { bytes: 64 * 1024, depth: 32, members: 512 };

    /// Of an error message.
    pub const ERROR: Self = Self { bytes: 4 * 1024, ..Self::MESSAGE };

    /// Of a document that an operator or a domain publishes: policies, registries, key directories.
    pub const DOCUMENT: Self = Self { bytes: 16 * 1024 * 1024, depth: 32, members: 100_000 };
}

impl Default for Limits {
    fn default() -> Self {
        Self::MESSAGE
    }
}

/// Reads one JSON text within the limits of a message.
///
/// # Errors
/// See [`parse_within`].
pub fn parse(text: &[u8]) -> Result<Value> {
    parse_within(text, &Limits::MESSAGE)
}

/// Reads one JSON text.
///
/// # Errors
/// With `TOO_LARGE` for a text above `limits.bytes`; otherwise with `INVALID_QUERY` for what is no I-JSON: see the
/// module's page.
pub fn parse_within(text: &[u8], limits: &Limits) -> Result<Value> {
    if text.len() > limits.bytes {
        return Err(Reason::TooLarge.into());
    }
    if text.starts_with(b"\xef\xbb\xbf") || std::str::from_utf8(text).is_err() {
        return Err(Reason::NotUtf8.into());
    }
    let mut parser = SliceJsonParser::new(text);
    let mut open: Vec<Open> = Vec::new();
    loop {
        let event = parser.parse_next().map_err(|_| Reason::NotJson)?;
        let value = match event {
            JsonEvent::StartObject => {
                begin(&mut open, limits, Open::Object { members: Vec::new(), name: None })?;
                continue;
            }
            JsonEvent::StartArray => {
                begin(&mut open, limits, Open::Array(Vec::new()))?;
                continue;
            }
            JsonEvent::ObjectKey(key) => {
                if let Some(Open::Object { name, .. }) = open.last_mut() {
                    *name = Some(key.into_owned());
                }
                continue;
            }
            JsonEvent::EndObject | JsonEvent::EndArray => end(open.pop())?,
            JsonEvent::String(text) => Value::String(text.into_owned()),
            JsonEvent::Number(text) => Value::Number(text.parse::<Number>()?),
            JsonEvent::Boolean(truth) => Value::Bool(truth),
            JsonEvent::Null => Value::Null,
            JsonEvent::Eof => return Err(Reason::NotJson.into()),
        };
        let Some(outer) = open.last_mut() else {
            return match parser.parse_next() {
                Ok(JsonEvent::Eof) => Ok(value),
                _ => Err(Reason::TrailingText.into()),
            };
        };
        outer.take(value, limits)?;
    }
}

/// An object or array whose end has not come yet.
enum Open {
    Object { members: Vec<(String, Value)>, name: Option<String> },
    Array(Vec<Value>),
}

impl Open {
    fn take(&mut self, value: Value, limits: &Limits) -> Result<()> {
        let length = match self {
            Self::Object { members, name } => {
                members.push((name.take().ok_or(Reason::NotJson)?, value));
                members.len()
            }
            Self::Array(elements) => {
                elements.push(value);
                elements.len()
            }
        };
        if length > limits.members { Err(Reason::TooManyMembers.into()) } else { Ok(()) }
    }
}

fn begin(open: &mut Vec<Open>, limits: &Limits, inner: Open) -> Result<()> {
    if open.len() >= limits.depth {
        return Err(Reason::TooDeep.into());
    }
    open.push(inner);
    Ok(())
}

fn end(closed: Option<Open>) -> Result<Value> {
    match closed {
        Some(Open::Object { members, .. }) => {
            Ok(Value::Object(Object::from_members(members).ok_or(Reason::DuplicateName)?))
        }
        Some(Open::Array(elements)) => Ok(Value::Array(elements)),
        None => Err(Reason::NotJson.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Limits, parse, parse_within};
    use crate::{Reason, json::Value};
    use proptest::prelude::*;

    /// Any text that an I-JSON writer may send, without numbers beyond the exact ones.
    fn any_value() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            (-(1_i64 << 53) + 1..(1_i64 << 53)).prop_map(Into::into),
            any::<String>().prop_map(Into::into),
        ];
        leaf.prop_recursive(6, 64, 8, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..8).prop_map(Into::into),
                prop::collection::btree_map(any::<String>(), inner, 0..8)
                    .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn canonical_form_is_stable_under_order_and_space(value in any_value()) {
            let pretty = serde_json::to_vec_pretty(&value).unwrap();
            let tight = serde_json::to_vec(&value).unwrap();
            let canonical = parse(&pretty).unwrap().canonical();
            prop_assert_eq!(&canonical, &parse(&tight).unwrap().canonical());
            prop_assert_eq!(&canonical, &parse(&canonical).unwrap().canonical());
            prop_assert_eq!(serde_json::from_slice::<serde_json::Value>(&canonical).unwrap(), value);
        }

        #[test]
        fn what_is_accepted_is_json(text in any::<Vec<u8>>()) {
            if parse(&text).is_ok() {
                prop_assert!(serde_json::from_slice::<serde_json::Value>(&text).is_ok());
            }
        }
    }

    #[track_caller]
    fn refused(text: &[u8], reason: Reason) {
        assert_eq!(parse(text).expect_err("must be refused").reason(), reason);
    }

    #[test]
    fn refuses_what_readers_understand_differently() {
        refused(br#"{"a":1,"b":2,"a":3}"#, Reason::DuplicateName);
        refused(br#"{"a":1,"\u0061":3}"#, Reason::DuplicateName);
        refused(br#"["\ud800"]"#, Reason::NotJson);
        refused(br#"["\udc00\ud800"]"#, Reason::NotJson);
        refused(b"\xef\xbb\xbf{}", Reason::NotUtf8);
        refused(b"[\"\xff\"]", Reason::NotUtf8);
        refused("{\u{201c}a\u{201d}: 1}".as_bytes(), Reason::NotJson);
        refused(br#"{"a":1} {"#, Reason::TrailingText);
        refused(b"01", Reason::TrailingText);
        refused(b"9007199254740993", Reason::UnsafeNumber);
        refused(b"-9007199254740992", Reason::UnsafeNumber);
        refused(b"1e400", Reason::UnsafeNumber);
        for text in ["", " ", "nul", "{", "[1,]", "{\"a\":1,}", "+1", ".5", "1.", "NaN", "'a'", "[1 2]", "\"\n\""] {
            refused(text.as_bytes(), Reason::NotJson);
        }
    }

    #[test]
    fn limits_are_exact() {
        let nested = |depth: usize| [vec![b'['; depth], vec![b']'; depth]].concat();
        assert!(parse(&nested(32)).is_ok());
        refused(&nested(33), Reason::TooDeep);
        refused(&vec![b'['; 60_000], Reason::TooDeep);
        let list = |length: usize| format!("[{}]", vec!["1"; length].join(","));
        assert!(parse(list(512).as_bytes()).is_ok());
        refused(list(513).as_bytes(), Reason::TooManyMembers);
        let text = |bytes: usize| format!("\"{}\"", "a".repeat(bytes - 2));
        assert!(parse(text(65_536).as_bytes()).is_ok());
        refused(text(65_537).as_bytes(), Reason::TooLarge);
        let small = Limits { bytes: 4, ..Limits::MESSAGE };
        assert!(matches!(parse_within(b"true", &small), Ok(Value::Bool(true))));
    }
}
