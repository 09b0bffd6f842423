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
///
/// ```
/// use tgp_protocol::{gateway::{Candidate, best_path}, value::DomainName};
///
/// # use tgp_protocol::gateway::{Cost, Path, PathAttributes};
/// # let cost = Cost::new("8.50".parse()?, "0.01".parse()?, 100, "USDC".parse()?);
/// # let attributes = PathAttributes::new(tgp_protocol::tib::EscrowType::Htlc, 120, vec![]);
/// # let (name, hop, risk) = ("path-1".parse()?, "c.example".parse()?, "0.01".parse()?);
/// # let path = Path::new(name, hop, cost, "9.50".parse()?, risk, attributes).as_budget();
/// let (a, b): (DomainName, DomainName) = ("a.example".parse()?, "b.example".parse()?);
/// let offered = |advertiser, amount: &str, allowed| -> tgp_protocol::Result<Candidate<'_>> {
///     Ok(Candidate { path: &path, advertiser, lock_amount: amount.parse()?, allowed })
/// };
/// let best = best_path([offered(&b, "10", true)?, offered(&a, "9.9", false)?, offered(&a, "10", true)?]);
/// assert_eq!(best.map(|best| best.advertiser), Some(&a), "the policy first, then the price, then the name");
/// assert!(best_path([offered(&a, "1", false)?]).is_none());
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[must_use]
pub fn best_path<'p>(candidates: impl IntoIterator<Item = Candidate<'p>>) -> Option<Candidate<'p>> {
    let rank = |it: &Candidate<'p>| {
        let attributes = &it.path.attributes;
        let numbers = (it.lock_amount, it.path.risk_score, attributes.settlement_time_max, it.path.hops.len());
        Reverse((numbers, it.advertiser, &it.path.path_id))
    };
    candidates.into_iter().filter(|it| it.allowed).max_by(|a, b| rank(a).cmp(&rank(b)))
}
