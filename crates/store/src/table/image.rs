//! A row as bytes: what the way back keeps of it.

use super::{Record, Value};
use crate::{Result, StoreError};

const NULL: u8 = 0;
const NUMBER: u8 = 1;
const TEXT: u8 = 2;
const BYTES: u8 = 3;

/// A letter for the kind, then the number in eight bytes, or the length in four and the content.
pub(crate) fn image(record: &[Value]) -> Vec<u8> {
    let mut image = Vec::with_capacity(record.len() * 16);
    for value in record {
        match value {
            Value::Null => image.push(NULL),
            Value::Number(number) => {
                image.push(NUMBER);
                image.extend(number.to_be_bytes());
            }
            Value::Text(text) => content(&mut image, TEXT, text.as_bytes()),
            Value::Bytes(bytes) => content(&mut image, BYTES, bytes),
        }
    }
    image
}

fn content(image: &mut Vec<u8>, kind: u8, bytes: &[u8]) {
    image.push(kind);
    // no engine holds a value of four gigabytes
    image.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    image.extend(bytes);
}

/// Reads what [`image`] wrote.
pub(crate) fn parse(image: &[u8]) -> Result<Record> {
    let damaged = || StoreError::Damaged("the image of a row".into());
    let (mut rest, mut record) = (image, Record::new());
    while let Some((kind, behind)) = rest.split_first() {
        let value;
        (value, rest) = read(*kind, behind).ok_or_else(damaged)?;
        record.push(value);
    }
    Ok(record)
}

fn read(kind: u8, rest: &[u8]) -> Option<(Value, &[u8])> {
    match kind {
        NULL => Some((Value::Null, rest)),
        NUMBER => rest.split_first_chunk().map(|(number, rest)| (Value::Number(i64::from_be_bytes(*number)), rest)),
        TEXT | BYTES => {
            let (len, rest) = rest.split_first_chunk()?;
            let (bytes, rest) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*len)).ok()?)?;
            let value = if kind == BYTES {
                Value::Bytes(bytes.to_vec())
            } else {
                Value::Text(String::from_utf8(bytes.to_vec()).ok()?)
            };
            Some((value, rest))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{image, parse};
    use crate::Value;
    use proptest::prelude::*;

    fn value() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Value::Null),
            any::<i64>().prop_map(Value::Number),
            any::<String>().prop_map(Value::Text),
            any::<Vec<u8>>().prop_map(Value::Bytes),
        ]
    }

    proptest! {
        #[test]
        fn an_image_is_its_row(record in proptest::collection::vec(value(), 0..8)) {
            prop_assert_eq!(parse(&image(&record)), Ok(record));
        }

        #[test]
        fn bytes_are_read_or_refused(bytes: Vec<u8>) {
            if let Ok(record) = parse(&bytes) {
                prop_assert_eq!(image(&record), bytes);
            }
        }
    }
}
