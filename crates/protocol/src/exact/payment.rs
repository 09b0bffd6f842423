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
                let accepted = match object.get("accepted") {
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
