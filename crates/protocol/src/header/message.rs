use crate::{
    Error, Reason, Result,
    json::{Limits, Object},
    wire::{Message, Received},
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
/// ```
/// use tgp_protocol::{
///     Reason,
///     buyer::{Offer, Query},
///     header::{Fields, TGP_OFFER, TGP_QUERY, decode_message, encode_message},
///     wire::Message,
/// };
///
/// let (buyer, seller) = ("buyer://alice".parse()?, "seller://bob".parse()?);
/// let query = Query::new("q-1".parse()?, buyer, seller, "USDC".parse()?, "1000000".parse()?);
/// let request = [(TGP_QUERY, encode_message(&query.to_object()?)?)];
///
/// let headers = request.each_ref().map(|(name, value)| (*name, value.as_str()));
/// let value = Fields(&headers).get(TGP_QUERY)?.expect("a QUERY");
/// assert_eq!(decode_message::<Query>(value)?.message(), &query);
/// // a QUERY is no OFFER, whatever header it stands in
/// let error = decode_message::<Offer>(value).map_err(|error| error.within(TGP_OFFER)).unwrap_err();
/// assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::UnknownKind, "X-TGP-Offer.phase"));
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
///
/// # Errors
/// With [`Reason::HeaderTooLong`]: send it in the body then.
pub fn encode_message(object: &Object) -> Result<String> {
    let text = BASE64.encode(object.canonical());
    if text.len() > MOST_BYTES { Err(Reason::HeaderTooLong.into()) } else { Ok(text) }
}

/// Reads a header's value as the message that the header is for, which the caller names: a QUERY in `X-TGP-Query`, an
/// OFFER in `X-TGP-Offer`. What this gives is only read; its signature and time are still to be checked.
///
/// # Errors
/// With [`Reason::HeaderTooLong`] or [`Reason::BadBase64`]; otherwise as [`Received::read`].
pub fn decode_message<M: Message>(value: &str) -> Result<Received<M>> {
    // what is decoded is shorter still, and so within the limits of a message
    const { assert!(MOST_BYTES < Limits::MESSAGE.bytes) };
    if value.len() > MOST_BYTES {
        return Err(Reason::HeaderTooLong.into());
    }
    let bytes = BASE64.decode(value).map_err(|_| Error::from(Reason::BadBase64))?;
    Received::read(&bytes)
}
