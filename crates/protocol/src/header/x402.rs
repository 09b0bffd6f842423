use super::Fields;
use crate::{
    Error, Reason, Result,
    json::{Limits, Object, Value, parse_within},
};
use base64::{Engine, prelude::BASE64_STANDARD as BASE64};

/// What must be paid; version 2, in a 402 answer.
pub const PAYMENT_REQUIRED: &str = "PAYMENT-REQUIRED";
/// A payment; version 2, in a request.
pub const PAYMENT_SIGNATURE: &str = "PAYMENT-SIGNATURE";
/// What became of it; version 2, in an answer.
pub const PAYMENT_RESPONSE: &str = "PAYMENT-RESPONSE";
/// A payment; version 1, in a request.
pub const X_PAYMENT: &str = "X-PAYMENT";
/// What became of it; version 1, in an answer.
pub const X_PAYMENT_RESPONSE: &str = "X-PAYMENT-RESPONSE";

/// The longest header of this kind: four thirds of 24 KiB of JSON, more than any server takes.
const MOST_BYTES: usize = 32 * 1024;

/// A version of x402.
///
/// ```
/// use tgp_protocol::{
///     Reason,
///     header::{
///         Fields, PAYMENT_REQUIRED, PAYMENT_RESPONSE, PAYMENT_SIGNATURE, X_PAYMENT, X_PAYMENT_RESPONSE, X402Version,
///         decode_x402, encode_x402, payment,
///     },
///     json::{self, Object, Value},
/// };
///
/// let object = |text: &str| -> tgp_protocol::Result<Object> {
///     let Value::Object(object) = json::parse(text.as_bytes())? else { panic!("an object") };
///     Ok(object)
/// };
///
/// // an answer says by its object which version it speaks, and by that how the payment is sent and answered
/// let asks = encode_x402(&object(r#"{"x402Version":2,"accepts":[]}"#)?);
/// let answer = [(PAYMENT_REQUIRED, asks.as_str())];
/// let value = Fields(&answer).get(PAYMENT_REQUIRED)?.expect("the header");
/// let (pays, tells) = match X402Version::of(&decode_x402(value)?)? {
///     X402Version::V1 => (X_PAYMENT, X_PAYMENT_RESPONSE),
///     X402Version::V2 => (PAYMENT_SIGNATURE, PAYMENT_RESPONSE),
/// };
/// assert_eq!((pays, tells), ("PAYMENT-SIGNATURE", "PAYMENT-RESPONSE"));
///
/// // a request may carry both versions of one payment, never two payments
/// let second = encode_x402(&object(r#"{"x402Version":2,"payload":{"signature":"0x01"}}"#)?);
/// let first = encode_x402(&object(r#"{"x402Version":1,"payload":{"signature":"0x01"}}"#)?);
/// let other = encode_x402(&object(r#"{"x402Version":1,"payload":{"signature":"0x02"}}"#)?);
/// let (version, _) = payment(Fields(&[(PAYMENT_SIGNATURE, &second), (X_PAYMENT, &first)]))?.expect("a payment");
/// assert_eq!(version.number(), 2);
/// let error = payment(Fields(&[(PAYMENT_SIGNATURE, &second), (X_PAYMENT, &other)])).unwrap_err();
/// assert_eq!(error.reason(), Reason::TwoPayments);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum X402Version {
    /// Network names, `X-PAYMENT`.
    V1,
    /// CAIP-2, `PAYMENT-SIGNATURE`.
    V2,
}

impl X402Version {
    /// The number in `x402Version`.
    #[must_use]
    pub fn number(self) -> u32 {
        match self {
            Self::V1 => 1,
            Self::V2 => 2,
        }
    }

    /// The version that an object says it is of.
    ///
    /// # Errors
    /// At `x402Version`, when it is missing, no number or another one.
    pub fn of(object: &Object) -> Result<Self> {
        let at = |reason: Reason| Error::from(reason).within("x402Version");
        match object.given("x402Version") {
            None => Err(at(Reason::Missing)),
            Some(Value::Number(number)) => match number.as_u64() {
                Some(1) => Ok(Self::V1),
                Some(2) => Ok(Self::V2),
                _ => Err(at(Reason::OtherX402Version)),
            },
            Some(_) => Err(at(Reason::WrongType)),
        }
    }
}

/// An object as a header's value: base64 of its canonical form.
#[must_use]
pub fn encode_x402(object: &Object) -> String {
    BASE64.encode(object.canonical())
}

/// Reads the value of any of the headers: base64 of one JSON object, by the protocol's strict rules.
///
/// # Errors
/// With [`Reason::HeaderTooLong`], [`Reason::BadBase64Header`], or what is wrong with the JSON.
pub fn decode_x402(value: &str) -> Result<Object> {
    if value.len() > MOST_BYTES {
        return Err(Reason::HeaderTooLong.into());
    }
    let bytes = BASE64.decode(value).map_err(|_| Error::from(Reason::BadBase64Header))?;
    match parse_within(&bytes, &Limits::MESSAGE)? {
        Value::Object(object) => Ok(object),
        _ => Err(Reason::BadBase64Header.into()),
    }
}

/// The payment of a request, if it carries one.
///
/// A client that does not know its server's version may send both headers. The rule: version 2 counts, and a version 1
/// header beside it must carry the very same authorization and signature. Then it cannot matter which of them another
/// reader takes; two different payments are refused, because one of the two readers would take the other one.
///
/// # Errors
/// With the header's name: [`Reason::TwoPayments`], [`Reason::OtherHeaderVersion`] when `x402Version` is not the
/// header's, or as [`decode_x402`].
pub fn payment(fields: Fields<'_>) -> Result<Option<(X402Version, Object)>> {
    let read = |name: &'static str, version: X402Version| -> Result<Option<Object>> {
        let Some(value) = fields.get(name)? else { return Ok(None) };
        let at = |error: Error| error.within(name);
        let object = decode_x402(value).map_err(at)?;
        if X402Version::of(&object).map_err(at)? != version {
            return Err(at(Reason::OtherHeaderVersion.into()));
        }
        Ok(Some(object))
    };
    let second = read(PAYMENT_SIGNATURE, X402Version::V2)?;
    let first = read(X_PAYMENT, X402Version::V1)?;
    match (second, first) {
        (Some(second), Some(first)) if second.get("payload") != first.get("payload") => {
            Err(Error::from(Reason::TwoPayments).within(X_PAYMENT))
        }
        (Some(second), _) => Ok(Some((X402Version::V2, second))),
        (None, Some(first)) => Ok(Some((X402Version::V1, first))),
        (None, None) => Ok(None),
    }
}
