//! Sets of policies: which apply, and that the others cost nothing.
#![allow(clippy::unwrap_used, reason = "a test may end in a panic: that is how it fails")]

use tgp_protocol::{
    Reason,
    area::Area,
    policy::{Decision, Network, Policy, PolicySet, Prices, Subject, Verdict},
    value::Id,
};

fn id(text: &str) -> Id {
    text.parse().unwrap()
}

fn policy(text: &str) -> Policy {
    Policy::read(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn subject() -> Subject {
    Subject::new(Network::eip155(1), "ETH".parse().unwrap(), "1".parse().unwrap())
}

fn names(set: &PolicySet, subject: &Subject) -> Vec<String> {
    set.select(subject).into_iter().map(|entry| entry.name.to_string()).collect()
}

/// Policies named by the areas that they are for, added from the wide to the narrow and otherwise mixed.
fn set() -> PolicySet {
    let mut set = PolicySet::new();
    let areas = ["us", "de", "us/ca", "us/ny", "us/ca/retail", "us/ca/retail/eip155:1", "de/-/retail"];
    set.insert(id("everywhere"), None, policy("{}")).unwrap();
    for area in areas {
        let name = area.replace('/', ".");
        set.insert(id(&name), Some(format!("tai:{area}").parse().unwrap()), policy("{}")).unwrap();
    }
    set.insert(id("us-expression"), None, policy(r#"{"version":"PEL-0.1","jurisdiction":"US"}"#)).unwrap();
    set
}

#[test]
fn the_narrowest_comes_first_and_others_do_not_apply() {
    let set = set();
    let at = |area: &str| subject().with_area(area.parse().unwrap());
    assert_eq!(names(&set, &subject()), ["everywhere"]);
    assert_eq!(names(&set, &at("tai:fr")), ["everywhere"]);
    assert_eq!(names(&set, &at("tai:us")), ["us", "us-expression", "everywhere"]);
    let all = ["us.ca.retail.eip155:1", "us.ca.retail", "us.ca", "us", "us-expression", "everywhere"];
    assert_eq!(names(&set, &at("tai:us/ca/retail/eip155:1/shop.example")), all);
    assert_eq!(names(&set, &at("tai:us/ca/retail/eip155:8453")), all[1..]);
    assert_eq!(names(&set, &at("tai:de/-/retail")), ["de.-.retail", "de", "everywhere"]);
    // jurisdictions of the parties count beside the area, each policy once
    let both = at("tai:us/ca").with_jurisdiction("US-NY".parse().unwrap()).with_jurisdiction("DE".parse().unwrap());
    assert_eq!(names(&set, &both), ["us.ca", "us.ny", "us", "de", "us-expression", "everywhere"]);
}

#[test]
fn a_policy_stays_in_its_jurisdiction() {
    let mut set = PolicySet::new();
    let home = || policy(r#"{"version":"PEL-0.1","jurisdiction":"US"}"#);
    let inside: Area = "tai:us/ca".parse().unwrap();
    set.insert(id("inside"), Some(inside.clone()), home()).unwrap();
    assert_eq!(
        set.select(&subject().with_area(inside))[0].area.as_ref().map(Area::to_string).as_deref(),
        Some("tai:us/ca")
    );
    let abroad = set.insert(id("abroad"), "tai:de".parse().ok(), home()).unwrap_err();
    assert_eq!((abroad.field().to_string().as_str(), abroad.reason()), ("area", Reason::Contradiction));
    let again = set.insert(id("inside"), None, home()).unwrap_err();
    assert_eq!((again.field().to_string().as_str(), again.reason()), ("name", Reason::RepeatedEntry));
    assert_eq!(set.len(), 1);
}

#[test]
fn one_of_many_denies_and_the_narrower_one_splits_the_fees() {
    let mut set = PolicySet::new();
    let split = |share: &str| policy(&format!(r#"{{"fee_split":{{"service_fees":"{share}"}}}}"#));
    set.insert(id("wide"), "tai:us".parse().ok(), split("payer")).unwrap();
    set.insert(id("narrow"), "tai:us/ca".parse().ok(), split("split:70/30")).unwrap();
    let zk = r#"{"version":"PEL-0.1","constraints":{"zk_required":true}}"#;
    set.insert(id("zk"), "tai:us".parse().ok(), policy(zk)).unwrap();
    let here = subject().with_area("tai:us/ca".parse().unwrap());
    let refused = set.evaluate(&here, &Prices::none());
    assert_eq!(refused.policy, Some(&id("zk")));
    assert_eq!(refused.applied, 3);
    let wanting = here.with_zk(tgp_protocol::buyer::ZkProfile::Optional);
    let Decision::Allow(permit) = set.evaluate(&wanting, &Prices::none()).decision else { panic!("all agree") };
    assert!(permit.zk_required);
    assert_eq!(permit.fee_split.service_fees.map(|share| share.payer()), Some(70));
    // rule after rule, and policy after policy inside each
    let lines = set.explain(&wanting, &Prices::none());
    assert_eq!(lines.len(), 21 * 3);
    assert!(lines.chunks(3).all(|rule| rule.iter().map(|line| line.0.as_str()).eq(["narrow", "wide", "zk"])));
    assert!(lines.iter().is_sorted_by_key(|line| line.1));
    assert!(lines.iter().all(|line| !matches!(line.2, Verdict::Refuses(_))));
}

/// Ten thousand policies of other areas deny everything; not one of them is asked.
#[test]
fn ten_thousand_others_are_not_asked() {
    let mut set = PolicySet::new();
    let never = policy(r#"{"allow_networks":[]}"#);
    for zone in 0..10_000 {
        let area = format!("tai:us/ca/z{zone}").parse().unwrap();
        set.insert(id(&format!("z{zone}")), Some(area), never.clone()).unwrap();
    }
    set.insert(id("here"), "tai:us/ca/here".parse().ok(), policy("{}")).unwrap();
    let here = subject().with_area("tai:us/ca/here/eip155:1".parse().unwrap());
    let said = set.evaluate(&here, &Prices::none());
    assert!(said.decision.is_allow());
    assert_eq!(said.applied, 1);
    let there = subject().with_area("tai:us/ca/z9999".parse().unwrap());
    let said = set.evaluate(&there, &Prices::none());
    assert_eq!((said.policy, said.applied), (Some(&id("z9999")), 1));
}
