use crate::{
    Error, Reason, Result,
    json::{Limits, Object},
    wire::{self, Kind},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};

/// A QUERY of plane B in a request.
pub const TGP_QUERY: &str = "X-TGP-Query";
/// An OFFER of plane B in an answer.
pub const TGP_OFFER: &str = "X-TGP-Offer";

/// The longest header of this kind.
const MOST_BYTES: usize = 8 * 1024;

/// A message as a header's value: base64url of its canonical form, at most 8 KiB.
///
/// # Errors
/// With [`Reason::HeaderTooLong`]: send it in the body then.
pub fn encode_message(object: &Object) -> Result<String> {
    let text = BASE64.encode(object.canonical());
    if text.len() > MOST_BYTES { Err(Reason::HeaderTooLong.into()) } else { Ok(text) }
}

/// Reads a header's value as far as the kind of its message.
///
/// # Errors
/// With [`Reason::HeaderTooLong`] or [`Reason::BadBase64`]; otherwise as [`wire::read`].
pub fn decode_message(value: &str) -> Result<(Kind, Object)> {
    // what is decoded is shorter still, and so within the limits of a message
    const { assert!(MOST_BYTES < Limits::MESSAGE.bytes) };
    if value.len() > MOST_BYTES {
        return Err(Reason::HeaderTooLong.into());
    }
    let bytes = BASE64.decode(value).map_err(|_| Error::from(Reason::BadBase64))?;
    wire::read(&bytes)
}
