use super::head::{DECIMAL_FRACTION, FALSE, Head, NULL, TRUE, major};
use crate::json::{Number, Object, Value};

/// The deterministic encoding of a value.
#[must_use]
pub fn encode(value: &Value) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => head(major::SIMPLE, NULL, out),
        Value::Bool(truth) => head(major::SIMPLE, if *truth { TRUE } else { FALSE }, out),
        Value::Number(number) => write_number(*number, out),
        Value::String(text) => write_text(text, out),
        Value::Array(elements) => {
            head(major::ARRAY, length(elements.len()), out);
            for element in elements {
                write(element, out);
            }
        }
        Value::Object(object) => write_object(object, out),
    }
}

fn write_object(object: &Object, out: &mut Vec<u8>) {
    head(major::MAP, length(object.len()), out);
    let mut members: Vec<_> = object.iter().collect();
    // the head of a longer text is the greater one, so encoded keys are in order of length first
    members.sort_unstable_by_key(|(name, _)| (name.len(), *name));
    for (name, value) in members {
        write_text(name, out);
        write(value, out);
    }
}

fn write_number(number: Number, out: &mut Vec<u8>) {
    let (mantissa, places) = number.as_decimal();
    if places != 0 {
        head(major::TAG, DECIMAL_FRACTION, out);
        head(major::ARRAY, 2, out);
        write_integer(-i64::from(places), out);
    }
    write_integer(mantissa, out);
}

fn write_integer(integer: i64, out: &mut Vec<u8>) {
    // the complement of a negative number is what major type 1 counts: -1 - n
    let (major, number) = if integer < 0 { (major::NEGATIVE, !integer) } else { (major::UNSIGNED, integer) };
    head(major, number.unsigned_abs(), out);
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    head(major::TEXT, length(text.len()), out);
    out.extend(text.as_bytes());
}

fn head(major: u8, number: u64, out: &mut Vec<u8>) {
    Head { major, number }.write(out);
}

fn length(length: usize) -> u64 {
    // no platform has lengths beyond 64 bits
    u64::try_from(length).unwrap_or(u64::MAX)
}
