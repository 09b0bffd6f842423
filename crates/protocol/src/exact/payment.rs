use super::{
    ExactPayload, Requirements,
    requirements::{First, Second, chain_of, check_scheme, first_of},
};
use crate::{
    Error, Reason, Result,
    header::X402Version,
    json::{self, Object, Value, from_value},
    value::ChainId,
};
use x402_types::proto::{
    v1::{self, X402Version1},
    v2::{self, X402Version2},
};

/// A payment by the scheme `exact` on an EVM chain, from either version of x402.
///
/// ```
/// use tgp_protocol::{exact::Payment, header::{Fields, encode_x402, payment}, json};
///
/// let text = br#"{"x402Version":1,"scheme":"exact","network":"base-sepolia","payload":{
///     "signature":"0x2d6a7588d6acca505cbf0d9a4a227e0c52c6c34008c8e8986a1283259764173608a2ce6496642e377d6da8dbbf5836e9bd15092f9ecab05ded3d6293af148b571c",
///     "authorization":{"from":"0x857b06519E91e3A54538791bDbb0E22373e36b66",
///         "to":"0x209693Bc6afc0C5328bA36FaF03C514EF312287C","value":"10000",
///         "validAfter":"1740672089","validBefore":"1740672154",
///         "nonce":"0xf3746613c2d920b5fdabc0856f2aeb2d4f88ee6037b8cc5d04a71a4462f13480"}}}"#;
/// let json::Value::Object(object) = json::parse(text)? else { panic!("an object") };
/// let header = encode_x402(&object);
///
/// let (_, object) = payment(Fields(&[("X-PAYMENT", &header)]))?.expect("a payment");
/// assert_eq!(Payment::read(&object)?.chain.to_string(), "eip155:84532");
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Payment {
    /// The version that it was sent in.
    pub version: X402Version,
    /// Where it pays.
    pub chain: ChainId,
    /// What the client says it accepted; version 2 only.
    pub accepted: Option<Requirements>,
    /// The signed authorization.
    pub payload: ExactPayload,
}

impl Payment {
    /// Reads the object of `PAYMENT-SIGNATURE` or `X-PAYMENT`, or of a settlement envelope.
    ///
    /// # Errors
    /// With the field that is missing or wrong.
    pub fn read(object: &Object) -> Result<Self> {
        let version = X402Version::of(object)?;
        let mut known = object.clone();
        // whatever extensions hold, they are not part of the payment
        known.remove("extensions");
        let value = Value::Object(known);
        match version {
            X402Version::V1 => {
                let payment: v1::PaymentPayload<String, ExactPayload> = from_value(&value)?;
                check_scheme(&payment.scheme)?;
                let chain = chain_of(version, &payment.network)?;
                Ok(Self { version, chain, accepted: None, payload: payment.payload })
            }
            X402Version::V2 => {
                let accepted = match object.given("accepted") {
                    None => return Err(Error::from(Reason::Missing).within("accepted")),
                    Some(Value::Object(accepted)) => accepted,
                    Some(_) => return Err(Error::from(Reason::WrongType).within("accepted")),
                };
                let accepted = Requirements::read(version, accepted).map_err(|error| error.within("accepted"))?;
                let payment: v2::PaymentPayload<Second, ExactPayload> = from_value(&value)?;
                Ok(Self { version, chain: accepted.chain, accepted: Some(accepted), payload: payment.payload })
            }
        }
    }

    /// The object that answers an entry of a 402 answer's `accepts`, which goes back as it came.
    ///
    /// # Errors
    /// When `accepted` is no `exact` requirement on an EVM chain.
    pub fn answering(version: X402Version, accepted: &Object, payload: ExactPayload) -> Result<Object> {
        let value = Value::Object(accepted.clone());
        Requirements::read(version, accepted)?;
        let object = match version {
            X402Version::V1 => {
                let accepted: First = first_of(accepted)?;
                json::to_value(&v1::PaymentPayload {
                    x402_version: X402Version1,
                    scheme: accepted.scheme,
                    network: accepted.network,
                    payload,
                })?
            }
            X402Version::V2 => {
                let accepted: Second = from_value(&value)?;
                json::to_value(&v2::PaymentPayload {
                    accepted,
                    payload,
                    resource: None,
                    x402_version: X402Version2,
                    extensions: v2::ExtensionsJson::new(),
                })?
            }
        };
        let Value::Object(mut object) = object else { return Err(Reason::NotAnObject.into()) };
        if version == X402Version::V2 {
            object.insert("accepted", value);
        }
        Ok(object)
    }
}
