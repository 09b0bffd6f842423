use super::Path;
use crate::value::{Decimal, DomainName};
use std::cmp::Reverse;

/// A path that could be selected.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'p> {
    /// The path.
    pub path: &'p Path,
    /// Who advertised it.
    pub advertiser: &'p DomainName,
    /// What it takes; see [`Path::amount_for`].
    pub lock_amount: Decimal,
    /// Whether the policy lets it pass.
    pub allowed: bool,
}

/// The best of several paths, the same for everybody who has the same ones: those that the policy lets pass, then the
/// lowest amount, risk, settlement time and number of hops, then the lowest name of the advertiser, then of the path.
/// `None` when the policy lets none pass.
#[must_use]
pub fn best_path<'p>(candidates: impl IntoIterator<Item = Candidate<'p>>) -> Option<Candidate<'p>> {
    let rank = |it: &Candidate<'p>| {
        let attributes = &it.path.attributes;
        let numbers = (it.lock_amount, it.path.risk_score, attributes.settlement_time_max, it.path.hops.len());
        Reverse((numbers, it.advertiser, &it.path.path_id))
    };
    candidates.into_iter().filter(|it| it.allowed).max_by(|a, b| rank(a).cmp(&rank(b)))
}
