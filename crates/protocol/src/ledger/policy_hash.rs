use crate::{
    json::Object,
    tagged_hash,
    value::{Id, Sha256Digest},
};
use std::collections::BTreeSet;

/// The hash that every quote, lock and settlement carries: of the policy's canonical form and of the ids of the ledger
/// summaries, sorted, each once.
///
/// ```
/// use tgp_protocol::{json, ledger::policy_hash};
///
/// let policy = json::parse(br#"{"deny_jurisdictions":["RU"]}"#)?;
/// let policy = policy.as_object().expect("an object");
/// let (a, b) = ("sso-1".parse()?, "sso-2".parse()?);
/// assert_eq!(policy_hash(policy, [&a, &b]), policy_hash(policy, [&b, &a, &b]));
/// assert_ne!(policy_hash(policy, [&a, &b]), policy_hash(policy, [&a]));
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[must_use]
pub fn policy_hash<'i>(policy: &Object, summaries: impl IntoIterator<Item = &'i Id>) -> Sha256Digest {
    let canonical = policy.canonical();
    let ids: BTreeSet<&[u8]> = summaries.into_iter().map(|id| id.as_str().as_bytes()).collect();
    let mut parts = vec![canonical.as_slice()];
    parts.extend(ids);
    tagged_hash("TGP/0.1/policy", parts).into()
}
