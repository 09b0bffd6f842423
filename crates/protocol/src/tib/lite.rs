use crate::{
    Result,
    json::{Kept, Object, Value, from_value},
    tib::{Claims, StateRef, Tib},
    value::{DomainName, Label, Sha256Digest, Word},
};
use serde::{Deserialize, Serialize};

/// The flat block of document 004: a view of the full one.
///
/// [`Self::into_tib`] writes it into a full block and [`Self::of`] reads it back unchanged. A full block holds more, so
/// its view never stands for it.
///
/// ```
/// # use tgp_protocol::{json::{self, Kept, Value}, tib::Tib};
/// # fn block() -> tgp_protocol::Result<Tib> {
/// #     let text = br#"{"meta":{"v":1,"nonce":"00112233445566778899aabbccddeeff","exp":1795255200000,
/// #         "trace_id":"6f1c5f3e-0b1a-4f6e-9d6c-2f9a0e1b2c3d"},"l9_identity":{"entities":{"initiator":"did:a",
/// #         "payer":{"handle":"eh:tbca:9x"},"payee":{"handle":"eh:tbcz:8Qk"}}},"l10_policy":{"roles":[],"rules":{},
/// #         "audit":{"tdr_level":"full","log_sink":"records-eu"}},"l8_value":{"network":{"family":"EVM","chain_id":1,
/// #         "endpoint_class":"full"},"asset":{"symbol":"USDC","address":"0x833589fcd6edb6e08f4c7c32d4f71b54bda02913",
/// #         "decimals":6},"amount":"12.50","settlement":{"mode":"immediate","timelock_ms":0}}}"#;
/// #     json::from_value(&json::parse(text)?)
/// # }
/// use tgp_protocol::{
///     buyer::{EconomicEnvelope, Offer, Query},
///     tib::{AnyTib, CarriedTib, TibLite},
///     value::Bps,
/// };
///
/// let text = br#"{"chain_id":369,
///     "ledger_state_hash":"0xabc1230000000000000000000000000000000000000000000000000000000000",
///     "block_number":12345678,"agent_id":"agent://alice-ai","domain_id":"example.com","wallet_type":"gnosis-safe",
///     "policy_hash":"0xdef4560000000000000000000000000000000000000000000000000000000000","jurisdiction":"US"}"#;
/// let Value::Object(object) = json::parse(text)? else { panic!("an object") };
/// let AnyTib::Lite(flat) = AnyTib::from_object(object)? else { panic!("it has no meta") };
///
/// // written into a full block, which knows the rest, and read back
/// let (full, sender) = flat.clone().into_tib(block()?);
/// assert_eq!(TibLite::of(&full, &sender), Some(flat.clone()));
///
/// // messages of plane B carry either form
/// let (buyer, seller) = ("buyer://alice".parse()?, "seller://bob".parse()?);
/// let query = Query::new("q-1".parse()?, buyer, seller, "USDC".parse()?, "12500000".parse()?)
///     .with_tib(CarriedTib::lite(&flat)?);
/// assert_eq!(query.tib.as_ref().expect("a block").read()?, AnyTib::Lite(flat));
/// let envelope = EconomicEnvelope { max_fees_bps: Bps::new(50)?, expiry: None };
/// let offer = Offer::answering(&query, "o-1".parse()?, envelope).with_tib(CarriedTib::full(&Kept::new(full)?)?);
/// assert!(matches!(offer.tib.expect("a block").read()?, AnyTib::Full(_)));
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TibLite {
    /// `l8_value.network.chain_id`
    pub chain_id: u64,
    /// `l8_value.state_refs[0].hash`
    pub ledger_state_hash: Word,
    /// `l8_value.state_refs[0].height`
    pub block_number: u64,
    /// `l9_identity.entities.initiator`
    pub agent_id: Label,
    /// The sender of the message.
    pub domain_id: DomainName,
    /// `l9_identity.attributes.wallet_type`
    pub wallet_type: Label,
    /// `l9_identity.attributes.reputation_score`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reputation_score: Option<u32>,
    /// `l10_policy.policy_hash`
    pub policy_hash: Word,
    /// `l10_policy.compliance`
    #[serde(default)]
    pub compliance_tags: Vec<Label>,
    /// `l10_policy.jurisdiction`
    pub jurisdiction: Label,
}

impl TibLite {
    /// The view of a full block in a message of `sender`; `None` where the block lacks one of the view's fields.
    #[must_use]
    pub fn of(tib: &Tib, sender: &DomainName) -> Option<Self> {
        let value = tib.l8_value.as_ref()?;
        let state = value.state_refs.first()?;
        let claims = tib.l9_identity.attributes.as_ref()?;
        Some(Self {
            chain_id: value.network.chain_id,
            ledger_state_hash: state.hash,
            block_number: state.height,
            agent_id: tib.l9_identity.entities.initiator.clone(),
            domain_id: sender.clone(),
            wallet_type: claims.wallet_type.clone()?,
            reputation_score: claims.reputation_score,
            policy_hash: Word(tib.l10_policy.policy_hash?.0),
            compliance_tags: tib.l10_policy.compliance.clone(),
            jurisdiction: tib.l10_policy.jurisdiction.clone()?,
        })
    }

    /// Writes the view into a full block, which says what the view does not know: the asset, the parties, the rules.
    /// Gives back the block, unsigned, and the sender. A block without a value layer, as in a precheck, has no place
    /// for the ledger's state.
    #[must_use]
    pub fn into_tib(self, mut tib: Tib) -> (Tib, DomainName) {
        if let Some(value) = &mut tib.l8_value {
            value.network.chain_id = self.chain_id;
            let state = StateRef::block_header(self.block_number, self.ledger_state_hash);
            match value.state_refs.first_mut() {
                Some(first) => *first = state,
                None => value.state_refs.push(state),
            }
        }
        tib.l9_identity.entities.initiator = self.agent_id;
        tib.l9_identity.attributes =
            Some(Claims { wallet_type: Some(self.wallet_type), reputation_score: self.reputation_score });
        tib.l10_policy.policy_hash = Some(Sha256Digest(self.policy_hash.0));
        tib.l10_policy.compliance = self.compliance_tags;
        tib.l10_policy.jurisdiction = Some(self.jurisdiction);
        tib.crypto = None;
        (tib, self.domain_id)
    }
}

/// A block in either form: `meta` says which.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AnyTib {
    /// The block of document 002.
    Full(Box<Kept<Tib>>),
    /// The flat block of document 004.
    Lite(TibLite),
}

impl AnyTib {
    /// Reads a block in either form.
    ///
    /// # Errors
    /// With the field's path when a member of that form is missing or wrong.
    pub fn from_object(object: Object) -> Result<Self> {
        if object.given("meta").is_some() {
            let tib = Kept::<Tib>::from_object(object)?;
            tib.fields().check()?;
            return Ok(Self::Full(Box::new(tib)));
        }
        from_value(&Value::Object(object)).map(Self::Lite)
    }
}

/// A block as a message of plane B carries it: in either form, as it was received.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CarriedTib(Kept<Unread>);

/// An object of which nothing has been read yet: which form a block has decides what its members are.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Unread {}

impl CarriedTib {
    /// A full block.
    ///
    /// # Errors
    /// With the field of the block that is wrong.
    pub fn full(tib: &Kept<Tib>) -> Result<Self> {
        Self::of(tib.object().clone())
    }

    /// A flat block.
    ///
    /// # Errors
    /// When a number of the block has no exact JSON form.
    pub fn lite(tib: &TibLite) -> Result<Self> {
        Self::of(Kept::new(tib.clone())?.object().clone())
    }

    fn of(object: Object) -> Result<Self> {
        let carried = Self(Kept::from_object(object)?);
        carried.read()?;
        Ok(carried)
    }

    /// Reads the block.
    ///
    /// # Errors
    /// See [`AnyTib::from_object`].
    pub fn read(&self) -> Result<AnyTib> {
        AnyTib::from_object(self.0.object().clone())
    }
}
