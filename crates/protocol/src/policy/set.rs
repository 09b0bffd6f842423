use super::{Decision, Policy, Prices, Rule, Subject, Verdict};
use crate::{Error, Reason, Result, area::Area, value::Id};
use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
};

/// Many policies, of which those apply whose area covers the subject's area or one of its jurisdictions.
///
/// All that apply count, and one that denies is enough. They are asked in a fixed order: the narrowest area first, and
/// in one area in the order in which they were added. Where no policy applies nothing is denied: a set that shall deny
/// by default has a policy for everywhere, with an empty allow list.
///
/// ```
/// use tgp_protocol::policy::{
///     Decision, Network, Policy, PolicySet, Prices, Rule, SetDecision, Subject, Verdict,
/// };
///
/// let mut set = PolicySet::new();
/// set.insert("us".parse()?, Some("tai:us".parse()?), Policy::read(br#"{"allow_networks": []}"#)?)?;
/// let subject = Subject::new(Network::eip155(1), "ETH".parse()?, "1".parse()?);
///
/// set.insert("retail".parse()?, Some("tai:us/-/retail".parse()?), Policy::read(b"{}")?)?;
/// assert_eq!((set.is_empty(), set.len()), (false, 2));
///
/// let abroad = subject.clone().with_area("tai:de/-/retail".parse()?);
/// assert!(set.evaluate(&abroad, &Prices::none()).decision.is_allow());
/// let at_home = subject.clone().with_area("tai:us/ca/retail".parse()?);
/// let refused = set.evaluate(&at_home, &Prices::none());
/// assert_eq!(refused.policy.map(|name| name.as_str()), Some("us"));
///
/// // why: the narrowest is asked first, and this one has nothing to say
/// let shop = subject.with_area("tai:us/-/retail".parse()?);
/// let names: Vec<_> = set.select(&shop).iter().map(|entry| entry.name.as_str()).collect();
/// assert_eq!(names, ["retail", "us"]);
/// let SetDecision { decision: Decision::Deny(denial), applied: 2, .. } = set.evaluate(&shop, &Prices::none()) else {
///     panic!("no network is allowed")
/// };
/// let said = set.explain(&shop, &Prices::none());
/// let refusals: Vec<_> = said.iter().filter(|(.., verdict)| matches!(verdict, Verdict::Refuses(_))).collect();
/// assert_eq!(refusals, [&(&"us".parse()?, Rule::AllowNetworks, Verdict::Refuses(denial))]);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, Default, Debug)]
pub struct PolicySet {
    entries: Vec<Entry>,
    names: HashSet<Id>,
    /// Those without an area.
    everywhere: Vec<usize>,
    /// By the path of their area. A subject asks for the beginnings of its own path: at most five lookups an area.
    areas: HashMap<String, Vec<usize>>,
}

/// A policy of a set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Unique in the set.
    pub name: Id,
    /// Where it applies; everywhere without one.
    pub area: Option<Area>,
    /// The policy.
    pub policy: Policy,
}

/// What a set says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SetDecision<'s> {
    /// The decision: of the first rule that refuses, in the order of rules over all policies.
    pub decision: Decision,
    /// The policy that refused.
    pub policy: Option<&'s Id>,
    /// How many policies applied.
    pub applied: usize,
}

impl PolicySet {
    /// A set without policies.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a policy for an area. A policy that was written for a jurisdiction needs no area, or one inside it.
    ///
    /// # Errors
    /// When the name is taken, or the area lies outside the policy's jurisdiction.
    pub fn insert(&mut self, name: Id, area: Option<Area>, policy: Policy) -> Result<()> {
        let home = policy.jurisdiction().map(Area::of);
        let outside = matches!((&home, &area), (Some(home), Some(area)) if !home.covers(area));
        if outside {
            return Err(Error::from(Reason::Contradiction).within("area"));
        }
        if !self.names.insert(name.clone()) {
            return Err(Error::from(Reason::RepeatedEntry).within("name"));
        }
        let area = area.or(home);
        let place = self.entries.len();
        match &area {
            None => self.everywhere.push(place),
            Some(area) => self.areas.entry(area.path().to_owned()).or_default().push(place),
        }
        self.entries.push(Entry { name, area, policy });
        Ok(())
    }

    /// How many policies there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The policies that apply, in the order in which they are asked.
    #[must_use]
    pub fn select(&self, subject: &Subject) -> Vec<&Entry> {
        let mut found: Vec<(Reverse<usize>, usize)> = Vec::new();
        let mut add = |path: &str| {
            for path in beginnings(path) {
                let Some(places) = self.areas.get(path) else { continue };
                let depth = path.split('/').count();
                found.extend(places.iter().map(|place| (Reverse(depth), *place)));
            }
        };
        if let Some(area) = &subject.area {
            add(area.path());
        }
        for jurisdiction in &subject.jurisdictions {
            add(Area::of(*jurisdiction).path());
        }
        found.extend(self.everywhere.iter().map(|place| (Reverse(0), *place)));
        found.sort_unstable();
        // several jurisdictions lead to one country
        found.dedup();
        found.into_iter().map(|(_, place)| &self.entries[place]).collect()
    }

    /// What all policies that apply say together: every rule of one kind before the next kind, so that a deny of any
    /// policy decides before a cap of another.
    #[must_use]
    pub fn evaluate(&self, subject: &Subject, prices: &Prices) -> SetDecision<'_> {
        let selected = self.select(subject);
        let applied = selected.len();
        for rule in Rule::ALL {
            for entry in &selected {
                if let Verdict::Refuses(denial) = entry.policy.judge(*rule, subject, prices) {
                    return SetDecision { decision: Decision::Deny(denial), policy: Some(&entry.name), applied };
                }
            }
        }
        // where two policies split the fees, the narrower one counts
        let mut permit = Policy::default().permit(subject);
        let mut split = super::FeeSplit::default();
        for entry in selected {
            let its = entry.policy.permit(subject);
            permit.zk_required |= its.zk_required;
            split = split.or(entry.policy.fee_split);
        }
        permit.fee_split = split.or(subject.fee_split);
        SetDecision { decision: Decision::Allow(permit), policy: None, applied }
    }

    /// What every rule of every policy that applies says, in the order in which they decide.
    #[must_use]
    pub fn explain(&self, subject: &Subject, prices: &Prices) -> Vec<(&Id, Rule, Verdict)> {
        let selected = self.select(subject);
        let each = |rule: &'static Rule| {
            selected.iter().map(move |entry| (&entry.name, *rule, entry.policy.judge(*rule, subject, prices)))
        };
        Rule::ALL.iter().flat_map(each).collect()
    }
}

/// A path and every shorter one that it begins with, the longest first.
fn beginnings(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| path.rsplit_once('/').map(|(shorter, _)| shorter))
}

#[cfg(test)]
mod tests {
    use super::beginnings;

    #[test]
    fn a_path_begins_with_at_most_five() {
        let all: Vec<_> = beginnings("us/ca/retail/eip155:1/shop.example").collect();
        let expected = ["us/ca/retail/eip155:1/shop.example", "us/ca/retail/eip155:1", "us/ca/retail", "us/ca", "us"];
        assert_eq!(all, expected);
    }
}
