use super::{TokenDomain, field};
use crate::{
    Error, Reason, Result,
    header::X402Version,
    json::{Object, Value, from_value},
    value::{Amount, ChainId, EvmAddress},
};
use serde::{Deserialize, Serialize};
use x402_types::proto::{v1, v2};

/// The only scheme that is spoken.
const EXACT: &str = "exact";

/// Money that must be a string, for the types of x402.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct TextAmount(#[serde(deserialize_with = "field::amount")] pub(super) Amount);

/// What an `exact` requirement on an EVM chain says beside the rest.
#[derive(Clone, Default, Debug, Serialize, Deserialize)]
pub(super) struct Extra {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version: Option<String>,
}

pub(super) type First = v1::PaymentRequirements<String, TextAmount, EvmAddress, Extra>;
pub(super) type Second = v2::PaymentRequirements<String, TextAmount, EvmAddress, Option<Extra>>;

/// What a seller wants to be paid by the scheme `exact` on an EVM chain, from either version of x402.
///
/// ```
/// use tgp_protocol::{
///     Reason,
///     exact::{ExactPayload, Payment, Requirements, read_payment_required},
///     header::X402Version,
///     json::{self, Value},
/// };
///
/// # let text = br#"{"x402Version":2,"accepts":[{"scheme":"upto","network":"eip155:84532"},{"scheme":"exact",
/// #     "network":"eip155:84532","amount":"10000","asset":"0x036CbD53842c5426634e7929541eC2318f3dCF7e",
/// #     "payTo":"0x209693Bc6afc0C5328bA36FaF03C514EF312287C","maxTimeoutSeconds":60,
/// #     "extra":{"name":"USDC","version":"2"}}]}"#;
/// // a seller's 402 answer, and what of it is spoken here
/// let Value::Object(answer) = json::parse(text)? else { panic!("an object") };
/// let [wanted] = &read_payment_required(&answer)?[..] else { panic!("one of two") };
/// assert_eq!((wanted.version, wanted.amount, wanted.max_timeout_seconds), (X402Version::V2, 10_000.into(), 60));
/// assert_eq!(wanted.token_domain().map(|domain| domain.token), Some(wanted.token));
///
/// // one entry by itself
/// let Some(Value::Array(accepts)) = answer.get("accepts") else { panic!("a list") };
/// let [other, entry] = [0, 1].map(|place| accepts[place].as_object().expect("an object"));
/// assert_eq!(&Requirements::read(X402Version::V2, entry)?, wanted);
/// assert_eq!(Requirements::read(X402Version::V2, other).unwrap_err().reason(), Reason::OtherScheme);
///
/// // the buyer's answer takes the entry back as it came
/// # let payload = br#"{"signature":"0x2d6a7588d6acca505cbf0d9a4a227e0c52c6c34008c8e8986a1283259764173608a2ce6496642e377d6da8dbbf5836e9bd15092f9ecab05ded3d6293af148b571c",
/// #     "authorization":{"from":"0x857b06519E91e3A54538791bDbb0E22373e36b66","value":"10000","validAfter":"1740672089",
/// #     "to":"0x209693Bc6afc0C5328bA36FaF03C514EF312287C","validBefore":"1740672154",
/// #     "nonce":"0xf3746613c2d920b5fdabc0856f2aeb2d4f88ee6037b8cc5d04a71a4462f13480"}}"#;
/// let payload: ExactPayload = json::from_value(&json::parse(payload)?)?;
/// let payment = Payment::answering(X402Version::V2, entry, payload)?;
/// assert_eq!(payment.get("accepted"), Some(&accepts[1]));
/// assert_eq!(Payment::read(&payment)?.accepted.as_ref(), Some(wanted));
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Requirements {
    /// Which version said so. In version 1 the amount is the least of what may be paid.
    pub version: X402Version,
    /// Where.
    pub chain: ChainId,
    /// The token.
    pub token: EvmAddress,
    /// How much of it.
    pub amount: Amount,
    /// To whom.
    pub pay_to: EvmAddress,
    /// How long the payment's window should be, in seconds.
    pub max_timeout_seconds: u64,
    /// Name and version of the token's EIP-712 domain, where the seller says them.
    pub domain: Option<(String, String)>,
}

impl Requirements {
    /// Reads one entry of `accepts`, or what a payment says it accepted.
    ///
    /// # Errors
    /// With the field that is missing or wrong; [`Reason::OtherScheme`] and [`Reason::BadChain`] for what is spoken
    /// elsewhere.
    pub fn read(version: X402Version, object: &Object) -> Result<Self> {
        // the scheme and the network come first: what is not ours may have other fields
        let scheme = object.given("scheme").ok_or_else(|| Error::from(Reason::Missing).within("scheme"))?;
        check_scheme(scheme.as_str().ok_or_else(|| Error::from(Reason::WrongType).within("scheme"))?)?;
        let network = object.given("network").ok_or_else(|| Error::from(Reason::Missing).within("network"))?;
        let network = network.as_str().ok_or_else(|| Error::from(Reason::WrongType).within("network"))?;
        let chain = chain_of(version, network)?;
        Ok(match version {
            X402Version::V1 => {
                let first = first_of(object)?;
                Self {
                    version,
                    chain,
                    token: first.asset,
                    amount: first.max_amount_required.0,
                    pay_to: first.pay_to,
                    max_timeout_seconds: first.max_timeout_seconds,
                    domain: domain_of(first.extra),
                }
            }
            X402Version::V2 => Self::from_second(&from_value(&Value::Object(object.clone()))?, chain),
        })
    }

    pub(super) fn from_second(second: &Second, chain: ChainId) -> Self {
        Self {
            version: X402Version::V2,
            chain,
            token: second.asset,
            amount: second.amount.0,
            pay_to: second.pay_to,
            max_timeout_seconds: second.max_timeout_seconds,
            domain: domain_of(second.extra.clone()),
        }
    }

    /// The token's EIP-712 domain, where the seller says it. The attribute registry's own entry is to be preferred.
    #[must_use]
    pub fn token_domain(&self) -> Option<TokenDomain> {
        let (name, version) = self.domain.clone()?;
        Some(TokenDomain { name, version, chain: self.chain, token: self.token })
    }
}

/// The schema of the answer is anybody's JSON and not part of what must be paid.
pub(super) fn first_of(object: &Object) -> Result<First> {
    let mut known = object.clone();
    known.remove("outputSchema");
    from_value(&Value::Object(known))
}

fn domain_of(extra: Option<Extra>) -> Option<(String, String)> {
    let extra = extra?;
    extra.name.zip(extra.version)
}

pub(super) fn check_scheme(scheme: &str) -> Result<()> {
    if scheme == EXACT { Ok(()) } else { Err(Error::from(Reason::OtherScheme).within("scheme")) }
}

/// Version 1 names networks, version 2 writes CAIP-2; CAIP-2 is also read in version 1.
pub(super) fn chain_of(version: X402Version, network: &str) -> Result<ChainId> {
    let named = version == X402Version::V2 && !network.contains(':');
    let chain = if named { Err(Reason::BadChain) } else { network.parse() };
    chain.map_err(|reason| Error::from(reason).within("network"))
}
