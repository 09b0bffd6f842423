//! How long a policy takes: 1,000 rules against one message, and a set of 10,000 policies.
#![allow(missing_docs, unused_crate_dependencies, clippy::unwrap_used)]

use criterion::{Criterion, criterion_group, criterion_main};
use std::{fmt::Write, hint::black_box};
use tgp_protocol::{
    policy::{Network, Policy, PolicySet, Prices, Subject},
    value::Id,
};

fn id(text: &str) -> Id {
    text.parse().unwrap()
}

fn list(count: usize, entry: impl Fn(usize) -> String) -> String {
    let mut text = String::from("[");
    for place in 0..count {
        let comma = if place == 0 { "" } else { "," };
        write!(text, "{comma}{}", entry(place)).unwrap();
    }
    text + "]"
}

/// 400 assets that may be paid, 400 that may not, 196 tags that must be shown, and four limits.
fn thousand() -> Policy {
    let document = format!(
        r#"{{"version":"PEL-0.1","requires":{},"constraints":{{"max_amount_usd":10000,"min_amount_usd":1,
            "allowed_assets":{},"blocked_assets":{},"delivery_promise":"72h","zk_required":true}}}}"#,
        list(196, |place| format!("\"TAG-{place}\"")),
        list(400, |place| format!("\"A{place}\"")),
        list(400, |place| format!("\"B{place}\"")),
    );
    Policy::read(document.as_bytes()).unwrap()
}

/// What every one of the thousand rules lets pass, so that all are asked.
fn passing() -> Subject {
    let mut subject = Subject::new(Network::eip155(369), "A399".parse().unwrap(), "100".parse().unwrap())
        .with_zk(tgp_protocol::buyer::ZkProfile::Required)
        .with_delivery(std::time::Duration::from_secs(3_600))
        .with_area("tai:us/ca/z5000/eip155:369/shop.example".parse().unwrap())
        .with_jurisdiction("US-NY".parse().unwrap());
    subject.compliance = (0..196).map(|place| id(&format!("TAG-{place}"))).collect();
    subject
}

fn set(count: usize) -> PolicySet {
    let mut set = PolicySet::new();
    let policy = Policy::read(br#"{"deny_jurisdictions":["RU"],"caps":{"max_total_usd":"2000"}}"#).unwrap();
    for zone in 5_000..5_000 + count {
        let area = format!("tai:us/ca/z{zone}").parse().unwrap();
        set.insert(id(&format!("z{zone}")), Some(area), policy.clone()).unwrap();
    }
    set.insert(id("here"), "tai:us/ca/z5000/eip155:369".parse().ok(), policy).unwrap();
    set
}

fn policies(criterion: &mut Criterion) {
    let prices = Prices::from_midprices([("A399USD", "1.0002".parse().unwrap())]);
    let subject = passing();
    let policy = thousand();
    assert!(policy.evaluate(&subject, &prices).is_allow());
    criterion.bench_function("1,000 rules, all asked", |bencher| {
        bencher.iter(|| policy.evaluate(black_box(&subject), &prices));
    });
    for count in [10, 10_000] {
        let set = set(count);
        assert!(set.evaluate(&subject, &prices).decision.is_allow());
        criterion.bench_function(&format!("a set of {count} policies"), |bencher| {
            bencher.iter(|| set.evaluate(black_box(&subject), &prices).applied);
        });
    }
}

criterion_group!(benches, policies);
criterion_main!(benches);
