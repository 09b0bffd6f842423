//! The TGP info block: value, identity and policy of a quote, a lock or a settlement in one signed object.
//!
//! [`Tib`] is the block of document 002, section 11. [`TibLite`] is the flat one of document 004, section 12: a view
//! that can be written into a full block and read back without loss, never the other way round.

mod escrow_type;
mod identity;
mod lite;
mod meta;
mod policy;
mod value;
mod verb;

pub use escrow_type::EscrowType;
pub use identity::{Binding, Claims, Endpoint, Entities, IdentityLayer};
pub use lite::{AnyTib, CarriedTib, TibLite};
pub use meta::{Crypto, Meta};
pub use policy::{Audit, PolicyLayer, Right, Role, Rules, TdrLevel};
pub use value::{Asset, EndpointClass, Network, PriceOracle, Settlement, SettlementMode, StateRef, ValueLayer};
pub use verb::Verb;

use crate::{
    Error, Reason, Result,
    json::{Kept, Object, Value},
    sign::{PublicKey, SigningKey},
    value::{Clock, Timestamp, holds_address},
};
use serde::{Deserialize, Serialize};

/// What a block's signature names as its purpose, so that it stands for nothing else.
const PURPOSE: &[u8] = b"TGP/0.1/sig/tib\0";

/// The TGP info block.
///
/// In a message it is a [`Kept`] block: its signature covers everything that was received.
///
/// ```
/// use tgp_protocol::{
///     Reason,
///     json::Kept,
///     sign::SigningKey,
///     tib::{
///         Asset, Audit, Crypto, Endpoint, Entities, IdentityLayer, Meta, Network, PolicyLayer, Rules, Settlement,
///         SettlementMode, TdrLevel, Tib, ValueLayer, Verb,
///     },
///     value::{ChainId, Clock, EpochMillis},
/// };
///
/// let meta = Meta::new(
///     [7; 16].into(),
///     EpochMillis::from_millis(1_795_255_200_000),
///     "6f1c5f3e-0b1a-4f6e-9d6c-2f9a0e1b2c3d".parse()?,
/// );
/// let usdc = Asset::evm("USDC".parse()?, "0x833589fcd6edb6e08f4c7c32d4f71b54bda02913".parse()?, 6);
/// let network = Network::evm(ChainId::eip155(8453));
/// let settlement = Settlement::new(SettlementMode::Immediate, 0);
/// let value = ValueLayer::new(network, usdc, "12.50".parse()?, settlement, vec!["sso-1".parse()?]);
/// let (payer, payee) = (Endpoint::new("eh:tbca:9x".parse()?), Endpoint::new("eh:tbcz:8Qk".parse()?));
/// let identity = IdentityLayer::new(Entities::new("did:loe:dbigge".parse()?, payer, payee));
/// let rules = Kept::<Rules>::new(Rules {})?;
/// let policy = PolicyLayer::new(vec![], rules, Audit::new(TdrLevel::Full, "records-eu".parse()?));
///
/// // a precheck asks without a value
/// let asked = Kept::new(Tib::precheck(meta.clone(), identity.clone(), policy.clone()))?;
/// asked.check_for(Verb::Precheck)?;
///
/// // a quote is signed, and good for SELECT too; a commitment must name a block besides
/// let key = SigningKey::from_seed(&[4; 32]);
/// let mut tib = Tib::new(meta, value, identity, policy);
/// let mut sealed = Crypto::default();
/// sealed.enc = vec!["hpke:X25519".parse()?];
/// tib.crypto = Some(sealed);
/// let quote = Kept::sign(tib.clone(), &key)?;
/// quote.verify(&key.public_key())?;
/// quote.check_for(Verb::Quote)?;
/// assert_eq!(quote.fields().summaries(), ["sso-1".parse()?]);
/// assert!(quote.fields().state_refs().is_empty());
/// let missing = quote.check_for(Verb::Commit).unwrap_err();
/// assert_eq!((missing.reason(), missing.field().to_string().as_str()), (Reason::Missing, "l8_value.state_refs"));
///
/// // it has an end, and shows no wallet to a hop on the way
/// quote.fields().check_open(&Clock::at("2026-11-21T09:59:59Z".parse()?))?;
/// assert!(quote.fields().check_open(&Clock::at("2026-11-21T10:00:00Z".parse()?)).is_err());
/// quote.check_disclosure()?;
/// tib.l9_identity.entities.initiator = "evm:0x833589fcd6edb6e08f4c7c32d4f71b54bda02913".parse()?;
/// tib.check()?;
/// assert_eq!(Kept::new(tib)?.check_disclosure().unwrap_err().reason(), Reason::WalletDisclosed);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Tib {
    /// Version, expiry and what keeps the block from being used twice.
    pub meta: Meta,
    /// Layer 8: what is paid, and where. Absent in a precheck only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub l8_value: Option<ValueLayer>,
    /// Layer 9: who takes part.
    pub l9_identity: IdentityLayer,
    /// Layer 10: under which rules.
    pub l10_policy: PolicyLayer,
    /// Encryption and the initiator's signature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crypto: Option<Crypto>,
}

impl Tib {
    /// A block with all three layers, unsigned.
    #[must_use]
    pub fn new(meta: Meta, l8_value: ValueLayer, l9_identity: IdentityLayer, l10_policy: PolicyLayer) -> Self {
        Self { meta, l8_value: Some(l8_value), l9_identity, l10_policy, crypto: None }
    }

    /// A block for a precheck: identity and policy only.
    #[must_use]
    pub fn precheck(meta: Meta, l9_identity: IdentityLayer, l10_policy: PolicyLayer) -> Self {
        Self { meta, l8_value: None, l9_identity, l10_policy, crypto: None }
    }

    /// Checks what holds between fields, whatever time it is.
    ///
    /// # Errors
    /// With the field that is wrong.
    pub fn check(&self) -> Result<()> {
        self.meta.check().map_err(|error| error.within("meta"))?;
        self.l8_value.as_ref().map_or(Ok(()), |layer| layer.check().map_err(|error| error.within("l8_value")))
    }

    /// Refuses a block whose time is over.
    ///
    /// # Errors
    /// With `QUOTE_EXPIRED` at `meta.exp`.
    pub fn check_open(&self, clock: &Clock) -> Result<()> {
        let open = clock.check_open(Timestamp::from(self.meta.exp));
        open.map_err(|reason| Error::from(reason).within("exp").within("meta"))
    }

    /// The ids of the ledger summaries that the block is bound to.
    #[must_use]
    pub fn summaries(&self) -> &[crate::value::Id] {
        self.l8_value.as_ref().map_or(&[], |layer| &layer.state_summaries)
    }

    /// The concrete blocks that the block refers to.
    #[must_use]
    pub fn state_refs(&self) -> &[StateRef] {
        self.l8_value.as_ref().map_or(&[], |layer| &layer.state_refs)
    }
}

impl Kept<Tib> {
    /// Signs a block: sets `crypto.kid` and `crypto.sig`. The signature covers everything but itself.
    ///
    /// # Errors
    /// When the block does not pass [`Tib::check`].
    pub fn sign(mut tib: Tib, key: &SigningKey) -> Result<Self> {
        tib.check()?;
        let mut crypto = tib.crypto.take().unwrap_or_default();
        crypto.kid = Some(key.public_key().id());
        crypto.sig = None;
        tib.crypto = Some(crypto.clone());
        let unsigned = Self::new(tib.clone())?;
        crypto.sig = Some(key.sign(&signed_bytes(unsigned.object())));
        tib.crypto = Some(crypto);
        Self::new(tib)
    }

    /// Verifies the initiator's signature.
    ///
    /// # Errors
    /// With `SIG_INVALID` when there is no signature, when `crypto.kid` names another key, or when it does not verify.
    pub fn verify(&self, key: &PublicKey) -> Result<()> {
        let at = |reason: Reason, name: &'static str| Error::from(reason).within(name).within("crypto");
        let crypto = self.fields().crypto.as_ref();
        let sig = crypto.and_then(|crypto| crypto.sig).ok_or_else(|| at(Reason::Unsigned, "sig"))?;
        if crypto.and_then(|crypto| crypto.kid).is_some_and(|kid| kid != key.id()) {
            return Err(at(Reason::SignatureMismatch, "kid"));
        }
        key.verify(&signed_bytes(self.object()), &sig).map_err(|reason| at(reason, "sig"))
    }

    /// Refuses a block whose identity layer shows a wallet's address: only the last authorised hop may see one.
    /// Members that this version does not know are looked through too.
    ///
    /// # Errors
    /// With [`Reason::WalletDisclosed`] at `l9_identity`.
    pub fn check_disclosure(&self) -> Result<()> {
        let shown = self.object().get("l9_identity").is_some_and(shows_address);
        if shown { Err(Error::from(Reason::WalletDisclosed).within("l9_identity")) } else { Ok(()) }
    }
}

fn signed_bytes(tib: &Object) -> Vec<u8> {
    let mut tib = tib.clone();
    if let Some(Value::Object(mut crypto)) = tib.remove("crypto") {
        crypto.remove("sig");
        tib.insert("crypto", Value::Object(crypto));
    }
    [PURPOSE, &tib.canonical()].concat()
}

/// Whether an address stands anywhere in a value, in names of members too.
fn shows_address(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
        Value::String(text) => holds_address(text),
        Value::Array(elements) => elements.iter().any(shows_address),
        Value::Object(object) => object.iter().any(|(name, value)| holds_address(name) || shows_address(value)),
    }
}
