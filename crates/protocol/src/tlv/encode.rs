use super::{
    MacKey,
    element::{PARTS, Part, write, write_mac},
};
use crate::{
    Error, Reason, Result, cbor,
    json::{Limits, Object, Value},
};

/// The frame of an information block, its elements in the order of their code points.
///
/// # Errors
/// With [`Reason::NoCodePoint`] when a member has none, or `meta` is there and empty: the frame must say all that the
/// object says. With [`Reason::TooLarge`] above the size of a message.
pub fn encode(object: &Object) -> Result<Vec<u8>> {
    let meta = match object.get("meta") {
        None => None,
        Some(Value::Object(meta)) if !meta.is_empty() => Some(meta),
        Some(_) => return Err(Error::from(Reason::NoCodePoint).within("meta")),
    };
    let mut frame = Vec::with_capacity(512);
    let (mut members, mut of_meta) = (usize::from(meta.is_some()), 0);
    for (code, part) in PARTS {
        let value = match part {
            Part::Meta(name) => meta.and_then(|meta| meta.get(name)).inspect(|_| of_meta += 1),
            Part::Member(name) => object.get(name).inspect(|_| members += 1),
        };
        if let Some(value) = value {
            write(code, &cbor::encode(value), &mut frame)?;
        }
    }
    if members != object.len() {
        return Err(Reason::NoCodePoint.into());
    }
    if of_meta != meta.map_or(0, Object::len) {
        return Err(Error::from(Reason::NoCodePoint).within("meta"));
    }
    if frame.len() > Limits::MESSAGE.bytes { Err(Reason::TooLarge.into()) } else { Ok(frame) }
}

/// The same for a peer with whom a key is shared: the frame ends in a MAC.
///
/// # Errors
/// As [`encode`].
pub fn encode_with_mac(object: &Object, key: &MacKey) -> Result<Vec<u8>> {
    let mut frame = encode(object)?;
    let mac = key.of(&frame);
    write_mac(&mac, &mut frame)?;
    if frame.len() > Limits::MESSAGE.bytes { Err(Reason::TooLarge.into()) } else { Ok(frame) }
}
