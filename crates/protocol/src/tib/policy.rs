use crate::{
    json::Kept,
    value::{Label, Sha256Digest},
};
use serde::{Deserialize, Serialize};

/// Layer 10: under which rules.
///
/// ```
/// use tgp_protocol::{
///     json::{self, Kept, Value},
///     ledger::policy_hash,
///     policy::Policy,
///     tib::{Audit, PolicyLayer, Right, Role, Rules, TdrLevel},
/// };
///
/// let Value::Object(policy) = json::parse(br#"{"deny_jurisdictions":["RU"]}"#)? else { panic!("an object") };
/// let hash = policy_hash(&policy, &["sso-1".parse()?]);
/// let router = Role::new("router".parse()?, "as12345".parse()?, vec![Right::Route, Right::Settle]);
/// let audit = Audit::new(TdrLevel::Summary, "records-eu".parse()?);
/// let layer = PolicyLayer::new(vec![router], Kept::<Rules>::from_object(policy)?, audit).with_policy_hash(hash);
///
/// // the block only carries the policy: the engine reads it, and the hash covers what was received
/// let rules = layer.rules.object();
/// assert!(Policy::compile(rules.clone()).is_ok());
/// assert_eq!(layer.policy_hash, Some(policy_hash(rules, &["sso-1".parse()?])));
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PolicyLayer {
    /// Who may do what.
    pub roles: Vec<Role>,
    /// The policy, as it was received: the policy engine reads it, the policy hash covers it.
    pub rules: Kept<Rules>,
    /// What was checked, such as `OFAC:US-2025-10`.
    #[serde(default)]
    pub compliance: Vec<Label>,
    /// How it is recorded.
    pub audit: Audit,
    /// The hash of the policy and of the ledger summaries; see [`crate::ledger::policy_hash`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_hash: Option<Sha256Digest>,
    /// Where the sender acts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jurisdiction: Option<Label>,
}

impl PolicyLayer {
    /// These rules and records.
    #[must_use]
    pub fn new(roles: Vec<Role>, rules: Kept<Rules>, audit: Audit) -> Self {
        Self { roles, rules, compliance: Vec::new(), audit, policy_hash: None, jurisdiction: None }
    }

    /// With the hash that binds the policy to the ledger summaries.
    #[must_use]
    pub fn with_policy_hash(mut self, hash: Sha256Digest) -> Self {
        self.policy_hash = Some(hash);
        self
    }
}

/// A policy that this module carries and does not read.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Rules {}

/// What a party may do.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Role {
    /// `initiator`, `router` and others.
    pub role: Label,
    /// Who has it.
    pub entity: Label,
    /// What it permits.
    pub rights: Vec<Right>,
}

impl Role {
    /// A role with its rights.
    #[must_use]
    pub fn new(role: Label, entity: Label, rights: Vec<Right>) -> Self {
        Self { role, entity, rights }
    }
}

/// A right.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Right {
    /// To ask for and to give quotes.
    Quote,
    /// To commit to one.
    Commit,
    /// To pass messages on.
    Route,
    /// To settle.
    Settle,
}

/// How a payment is recorded.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Audit {
    /// How much.
    pub tdr_level: TdrLevel,
    /// A label that says where the sender keeps his records. It is carried and compared; whoever connected to an
    /// address out of a message would let strangers reach into his network.
    pub log_sink: Label,
}

impl Audit {
    /// So much, with this label.
    #[must_use]
    pub fn new(tdr_level: TdrLevel, log_sink: Label) -> Self {
        Self { tdr_level, log_sink }
    }
}

/// How much is recorded.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TdrLevel {
    /// The keys of a record.
    Summary,
    /// Everything that may be kept.
    Full,
}
