use super::{Fee, Price, Provider, QuotedAsset, QuotedPolicy, Scheme, TransitQuote};
use crate::{
    Error, Reason, Result, tagged_hash,
    value::{Clock, Id, PathId, Timestamp, Word},
    wire::{Kind, Message, Received},
};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The longest path: a quote with more fees than hops is no quote.
pub(super) const MOST_HOPS: usize = 16;

/// Added on the way: not part of what the egress gateway signed.
const HOP_QUOTES: &str = "hopQuotes";

/// VPQ: what a payment over a path costs, and to whom it goes. The egress gateway signs it, and nobody changes it: the
/// signature leaves out the hop quotes alone.
///
/// ```
/// use std::time::Duration;
/// use tgp_protocol::{
///     Code,
///     exact::{
///         DisplayName, Fee, FeeKind, KycClass, PathQuote, Price, Provider, ProviderRequirements, QuotedAsset, QuotedPolicy,
///         Scheme, TokenName,
///     },
///     sign::SigningKey,
///     value::{ChainId, Clock, EvmAddress, Symbol, Timestamp},
///     wire::{Message, Received},
/// };
///
/// let (chain, usdc): (ChainId, Symbol) = (ChainId::eip155(84532), "USDC".parse()?);
/// let name: DisplayName = "Example RS".parse()?;
/// let issued: Timestamp = "2026-11-21T10:00:00Z".parse()?;
/// let quote = PathQuote {
///     path_id: "gwA>gwB>gwC".parse()?,
///     asset: QuotedAsset { chain, erc20: EvmAddress([3; 20].into()), decimals: 6, symbol: usdc.clone() },
///     price: Price { amount: 10_000.into(), currency: usdc.clone(), ttl_seconds: 45 },
///     fees: vec![Fee { hop: "gwC".parse()?, kind: FeeKind::EgressSettle, amount: 5.into() }],
///     policy: QuotedPolicy { kyc_class: Some(KycClass::P1), ..QuotedPolicy::default() },
///     rs: Provider {
///         name,
///         settlement_address: EvmAddress([2; 20].into()),
///         payment_requirements: ProviderRequirements {
///             scheme: Scheme::Eip3009,
///             max_amount_required: 10_000.into(),
///             validity_min_seconds: 30,
///             required_network: chain,
///             required_token: TokenName(usdc),
///         },
///     },
///     nonce: "vpq-1".parse()?,
///     issued_at: Some(issued),
///     hop_quotes: vec![],
/// };
/// let egress = SigningKey::from_seed(&[5; 32]);
/// let mut object = quote.to_signed(&egress)?;
/// let signed = Received::<PathQuote>::from_object(object.clone())?;
/// signed.verify(&egress.public_key())?;
/// assert_eq!(signed.message().rs.name.as_str(), "Example RS");
///
/// // fees that gateways add on the way are beside what was signed
/// object.insert("hopQuotes", tgp_protocol::json::Value::Array(vec![]));
/// let passed_on = Received::<PathQuote>::from_object(object)?;
/// passed_on.verify(&egress.public_key())?;
/// assert_eq!(PathQuote::hash(&passed_on), PathQuote::hash(&signed));
///
/// // it counts from when it was made, however late it is first seen
/// let seen = issued.after(Duration::from_secs(20));
/// quote.check_open(seen, &Clock::at(issued.after(Duration::from_secs(44))))?;
/// let over = quote.check_open(seen, &Clock::at(issued.after(Duration::from_secs(45))));
/// assert_eq!(over.unwrap_err().code(), Code::QuoteExpired);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PathQuote {
    /// Opaque: whatever gateways it seems to name.
    pub path_id: PathId,
    /// What is paid in.
    pub asset: QuotedAsset,
    /// How much, and until when.
    pub price: Price,
    /// For information: `exact` pays the provider alone, gateways settle their fees among themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fees: Vec<Fee>,
    /// What the path asks of its users.
    pub policy: QuotedPolicy,
    /// The provider, who is paid.
    pub rs: Provider,
    /// Never used before by the egress gateway.
    pub nonce: Id,
    /// When it was made. Without it the lifetime counts from when it was first seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_at: Option<Timestamp>,
    /// Fees of the transit gateways, each signed by its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hop_quotes: Vec<TransitQuote>,
}

impl PathQuote {
    /// What hop quotes and hop proofs name the quote by: everything but the signature and what was added on the way.
    #[must_use]
    pub fn hash(received: &Received<Self>) -> Word {
        let bytes = received.object().canonical_without(&["sig", HOP_QUOTES]);
        tagged_hash("TGP/0.1/vpq", [bytes.as_slice()]).into()
    }

    /// The first instant at which it is over.
    fn expires_at(&self, first_seen: Timestamp) -> Timestamp {
        let issued = self.issued_at.map_or(first_seen, |issued| issued.min(first_seen));
        issued.after(Duration::from_secs(self.price.ttl_seconds.into()))
    }

    /// Refuses a quote whose lifetime is over, and one from the future.
    ///
    /// # Errors
    /// With `QUOTE_EXPIRED` at `price.ttlSeconds`, or at `issuedAt`.
    pub fn check_open(&self, first_seen: Timestamp, clock: &Clock) -> Result<()> {
        if self.issued_at.is_some_and(|issued| clock.now.after(clock.future) < issued) {
            return Err(Error::from(Reason::InTheFuture).within("issuedAt"));
        }
        let open = clock.check_open(self.expires_at(first_seen));
        open.map_err(|reason| Error::from(reason).within("ttlSeconds").within("price"))
    }
}

impl Message for PathQuote {
    const KIND: Kind = Kind::PathQuote;

    fn check(&self) -> Result<()> {
        let at = |path: [&'static str; 2], reason: Reason| Err(Error::from(reason).within(path[1]).within(path[0]));
        let wants = &self.rs.payment_requirements;
        let in_wants = |field: &'static str, reason: Reason| {
            Err(Error::from(reason).within(field).within("paymentRequirements").within("rs"))
        };
        if self.asset.erc20.is_zero() {
            return at(["asset", "erc20"], Reason::ZeroAddress);
        }
        if self.price.amount.require_positive().is_err() {
            return at(["price", "amount"], Reason::ZeroAmount);
        }
        if self.price.ttl_seconds == 0 {
            return at(["price", "ttlSeconds"], Reason::OutOfRange);
        }
        if self.price.currency != self.asset.symbol {
            return at(["price", "currency"], Reason::Contradiction);
        }
        for (name, length) in [("fees", self.fees.len()), (HOP_QUOTES, self.hop_quotes.len())] {
            if length > MOST_HOPS {
                return Err(Error::from(Reason::TooManyMembers).within(name));
            }
        }
        if self.rs.settlement_address.is_zero() {
            return at(["rs", "settlementAddress"], Reason::ZeroAddress);
        }
        if wants.max_amount_required.require_positive().is_err() {
            return in_wants("maxAmountRequired", Reason::ZeroAmount);
        }
        // what is signed is what was shown: the provider's price, and where the payment is split, the gateways' fees too
        let (shown, signed) = (self.price.amount, wants.max_amount_required);
        let same = if wants.scheme == Scheme::RouterSplit { shown <= signed } else { shown == signed };
        if !same {
            return in_wants("maxAmountRequired", Reason::Contradiction);
        }
        if wants.required_network != self.asset.chain {
            return in_wants("requiredNetwork", Reason::NetworkMismatch);
        }
        if wants.required_token.0 != self.asset.symbol {
            return in_wants("requiredToken", Reason::NetworkMismatch);
        }
        Ok(())
    }
}
