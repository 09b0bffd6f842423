use crate::{
    json::Object,
    tagged_hash,
    value::{Id, Sha256Digest},
};

/// The hash that quotes, tickets, settlements and receipts carry: of the policy's canonical form and of the ids of the
/// ledger summaries that its prices came from, each once and in order.
#[must_use]
pub fn policy_hash<'s>(policy: &Object, summaries: impl IntoIterator<Item = &'s Id>) -> Sha256Digest {
    let policy = policy.canonical();
    let mut ids: Vec<&Id> = summaries.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    let mut parts = Vec::with_capacity(ids.len() + 1);
    parts.push(policy.as_slice());
    parts.extend(ids.into_iter().map(|id| id.as_str().as_bytes()));
    tagged_hash("TGP/0.1/policy", parts).into()
}
