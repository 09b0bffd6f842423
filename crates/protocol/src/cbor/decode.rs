use super::head::{DECIMAL_FRACTION, FALSE, Head, NULL, TRUE, major};
use crate::{
    Reason, Result,
    json::{Limits, Number, Object, Value},
};

/// Reads one deterministically encoded item within the limits of a message.
///
/// # Errors
/// See [`decode_within`].
pub fn decode(bytes: &[u8]) -> Result<Value> {
    decode_within(bytes, &Limits::MESSAGE)
}

/// Reads one deterministically encoded item. It calls itself once a level, so `limits.depth` must suit the stack.
///
/// ```
/// use tgp_protocol::{Reason, cbor, json::Limits};
///
/// let nested = [0x81, 0x81, 0x00];
/// assert_eq!(cbor::decode(&nested)?.canonical(), b"[[0]]");
/// let flat = Limits { depth: 1, ..Limits::MESSAGE };
/// assert_eq!(cbor::decode_within(&nested, &flat).unwrap_err().reason(), Reason::TooDeep);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
///
/// # Errors
/// With `TOO_LARGE` for more than `limits.bytes`; otherwise with `INVALID_QUERY` for whatever [`super::encode`] would
/// not have written.
pub fn decode_within(bytes: &[u8], limits: &Limits) -> Result<Value> {
    if bytes.len() > limits.bytes {
        return Err(Reason::TooLarge.into());
    }
    let mut reader = Reader { rest: bytes, limits, depth: 0 };
    let value = reader.value()?;
    if reader.rest.is_empty() { Ok(value) } else { Err(Reason::TrailingBytes.into()) }
}

struct Reader<'b> {
    rest: &'b [u8],
    limits: &'b Limits,
    /// Arrays and maps that are open.
    depth: usize,
}

impl<'b> Reader<'b> {
    fn value(&mut self) -> Result<Value, Reason> {
        let head = self.head()?;
        match (head.major, head.number) {
            (major::UNSIGNED | major::NEGATIVE, _) => Ok(Value::Number(Number::from_decimal(integer(head)?, 0)?)),
            (major::TEXT, length) => Ok(Value::String(self.text(length)?.to_owned())),
            (major::ARRAY, length) => self.inside(length, |reader| reader.array(length)),
            (major::MAP, length) => self.inside(length, |reader| reader.map(length)),
            (major::TAG, DECIMAL_FRACTION) => self.fraction().map(Value::Number),
            (major::SIMPLE, FALSE) => Ok(Value::Bool(false)),
            (major::SIMPLE, TRUE) => Ok(Value::Bool(true)),
            (major::SIMPLE, NULL) => Ok(Value::Null),
            _ => Err(Reason::NotInModel),
        }
    }

    fn head(&mut self) -> Result<Head, Reason> {
        let (head, rest) = Head::read(self.rest)?;
        self.rest = rest;
        Ok(head)
    }

    fn text(&mut self, length: u64) -> Result<&'b str, Reason> {
        let length = usize::try_from(length).map_err(|_| Reason::NotCbor)?;
        let (text, rest) = self.rest.split_at_checked(length).ok_or(Reason::NotCbor)?;
        self.rest = rest;
        std::str::from_utf8(text).map_err(|_| Reason::NotUtf8)
    }

    /// Reads the inside of an array or map that says to have so many elements. Nothing is allocated for what it says.
    fn inside(&mut self, length: u64, read: impl FnOnce(&mut Self) -> Result<Value, Reason>) -> Result<Value, Reason> {
        if self.depth >= self.limits.depth {
            return Err(Reason::TooDeep);
        }
        if usize::try_from(length).map_or(true, |length| length > self.limits.members) {
            return Err(Reason::TooManyMembers);
        }
        self.depth += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn array(&mut self, length: u64) -> Result<Value, Reason> {
        let mut elements = Vec::new();
        for _ in 0..length {
            elements.push(self.value()?);
        }
        Ok(Value::Array(elements))
    }

    fn map(&mut self, length: u64) -> Result<Value, Reason> {
        let mut members = Vec::new();
        let mut before: &[u8] = &[];
        for _ in 0..length {
            let start = self.rest;
            let head = self.head()?;
            if head.major != major::TEXT {
                return Err(Reason::KeyNotText);
            }
            let name = self.text(head.number)?;
            // the key's own bytes, head and all: they are never empty, so the first is greater than `before`
            let encoded = &start[..start.len() - self.rest.len()];
            match encoded.cmp(before) {
                std::cmp::Ordering::Greater => before = encoded,
                std::cmp::Ordering::Equal => return Err(Reason::DuplicateName),
                std::cmp::Ordering::Less => return Err(Reason::UnsortedKeys),
            }
            members.push((name.to_owned(), self.value()?));
        }
        Object::from_members(members).map(Value::Object).ok_or(Reason::DuplicateName)
    }

    /// What tag 4 holds: `[-places, mantissa]`.
    fn fraction(&mut self) -> Result<Number, Reason> {
        let array = self.head()?;
        if array != (Head { major: major::ARRAY, number: 2 }) {
            return Err(Reason::BadDecimalFraction);
        }
        let (exponent, mantissa) = (self.head()?, self.head()?);
        let places = match exponent {
            Head { major: major::NEGATIVE, number: number @ 0..6 } => u8::try_from(number + 1),
            _ => return Err(Reason::BadDecimalFraction),
        };
        let places = places.map_err(|_| Reason::BadDecimalFraction)?;
        if !matches!(mantissa.major, major::UNSIGNED | major::NEGATIVE) {
            return Err(Reason::BadDecimalFraction);
        }
        let number = Number::from_decimal(integer(mantissa)?, places)?;
        // in lowest terms, or it would have another encoding
        if number.as_decimal().1 == places { Ok(number) } else { Err(Reason::BadDecimalFraction) }
    }
}

fn integer(head: Head) -> Result<i64, Reason> {
    let number = i64::try_from(head.number).map_err(|_| Reason::UnsafeNumber)?;
    Ok(if head.major == major::NEGATIVE { !number } else { number })
}
