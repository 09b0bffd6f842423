use crate::value::{EndpointHandle, Label};
use serde::{Deserialize, Serialize};

/// Layer 9: who takes part. Upstream of the last authorised hop there are handles here, never wallets.
///
/// ```
/// use tgp_protocol::tib::{Binding, Claims, Endpoint, Entities, IdentityLayer};
///
/// let (payer, payee) = (Endpoint::new("eh:tbca:9x".parse()?), Endpoint::new("eh:tbcz:8Qk".parse()?));
/// let binding = Binding::new(payer.handle.clone(), vec!["evm:account-1".parse()?], "sig-or-zk".parse()?);
/// let entities = Entities::new("did:loe:dbigge".parse()?, payer, payee);
/// let mut layer = IdentityLayer::new(entities).with_binding(binding);
/// assert_eq!(layer.bindings[0].handle, layer.entities.payer.handle);
///
/// // nobody vouches for this
/// let mut claims = Claims::default();
/// claims.wallet_type = Some("gnosis-safe".parse()?);
/// layer.attributes = Some(claims);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IdentityLayer {
    /// The parties.
    pub entities: Entities,
    /// What handles may be settled on.
    #[serde(default)]
    pub bindings: Vec<Binding>,
    /// Verifiable credentials.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vc_refs: Vec<Label>,
    /// What a sender says of himself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributes: Option<Claims>,
}

impl IdentityLayer {
    /// These parties, with no bindings.
    #[must_use]
    pub fn new(entities: Entities) -> Self {
        Self { entities, bindings: Vec::new(), vc_refs: Vec::new(), attributes: None }
    }

    /// With a handle's binding.
    #[must_use]
    pub fn with_binding(mut self, binding: Binding) -> Self {
        self.bindings.push(binding);
        self
    }
}

/// The parties of a payment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Entities {
    /// Who began it and signs the block, such as `did:loe:dbigge`.
    pub initiator: Label,
    /// Who pays.
    pub payer: Endpoint,
    /// Who is paid.
    pub payee: Endpoint,
    /// Who stands between.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mediators: Vec<Label>,
}

impl Entities {
    /// A payment without named mediators.
    #[must_use]
    pub fn new(initiator: Label, payer: Endpoint, payee: Endpoint) -> Self {
        Self { initiator, payer, payee, mediators: Vec::new() }
    }
}

/// A party that pays or is paid.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Endpoint {
    /// Stands for the wallet.
    pub handle: EndpointHandle,
    /// What the party shows for itself.
    #[serde(default)]
    pub proofs: Vec<Label>,
}

impl Endpoint {
    /// A handle without proofs.
    #[must_use]
    pub fn new(handle: EndpointHandle) -> Self {
        Self { handle, proofs: Vec::new() }
    }
}

/// What a handle may be settled on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Binding {
    /// The handle.
    pub handle: EndpointHandle,
    /// Wallets, for the last authorised hop; opaque names for every other.
    pub can_settle_on: Vec<Label>,
    /// A wallet's signature or a proof without knowledge; see [`crate::identity::WalletBinding`].
    pub proof: Label,
}

impl Binding {
    /// A binding with its proof.
    #[must_use]
    pub fn new(handle: EndpointHandle, can_settle_on: Vec<Label>, proof: Label) -> Self {
        Self { handle, can_settle_on, proof }
    }
}

/// What a sender says of himself. Nobody vouches for it: it may count against him, never for him.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Claims {
    /// The kind of wallet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wallet_type: Option<Label>,
    /// His own idea of his reputation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reputation_score: Option<u32>,
}
