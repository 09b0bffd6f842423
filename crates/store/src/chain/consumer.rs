use super::Cursor;
use crate::{Contention, Result, StoreError};

/// Refuses a name that figures, subjects and files would have to change.
pub(crate) fn check_consumer(name: &str) -> Result<()> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_';
    if !name.is_empty() && name.len() <= 64 && name.bytes().all(plain) {
        return Ok(());
    }
    Err(StoreError::malformed("a consumer's name is up to 64 of a to z, 0 to 9, - and _"))
}

/// Refuses a move from one chain's feed to another's.
pub(crate) fn check_move(from: Option<Cursor>, to: Cursor) -> Result<()> {
    match from {
        Some(from) if from.chain != to.chain => {
            Err(StoreError::malformed("a cursor moves along the feed of one chain"))
        }
        _ => Ok(()),
    }
}

/// Somebody else moved the cursor.
pub(crate) fn moved(consumer: &str, from: Option<Cursor>, found: Option<Cursor>) -> StoreError {
    let text = |cursor: Option<Cursor>| cursor.map_or_else(|| "its beginning".into(), |cursor| cursor.to_string());
    let (consumer, expected, found) = (consumer.into(), text(from), text(found));
    StoreError::Contention(Contention::Consumer { consumer, expected, found })
}
