//! What holds for all policies and all subjects.
#![allow(clippy::unwrap_used, reason = "a test may end in a panic: that is how it fails")]

use crate::policy::{id, list, object, payment, policy, prices};
use proptest::prelude::*;
use tgp_protocol::{
    buyer::ZkProfile,
    json::{Object, Value},
    policy::{Decision, Network, Permit, Policy, PolicySet, Prices, Rule, Subject, Verdict},
};

const SYMBOLS: [&str; 4] = ["USDC", "USDT", "ETH", "NOPE"];
const PLACES: [&str; 4] = ["US", "US-CA", "RU", "DE"];
const TAGS: [&str; 3] = ["KYC", "OFAC", "AML"];

fn some_of(pool: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
    prop::sample::subsequence(pool.to_vec(), 0..=pool.len()).prop_shuffle()
}

prop_compose! {
    /// A document of either dialect, with any of its rules.
    fn any_document()(
        expression in any::<bool>(),
        blocked in prop::option::of(some_of(&SYMBOLS)),
        assets in prop::option::of(some_of(&SYMBOLS)),
        tags in some_of(&TAGS),
        places in prop::option::of(some_of(&PLACES)),
        cap in prop::option::of(0_u32..400),
        zk in any::<bool>(),
        latency in prop::option::of(0_u32..3),
        chains in prop::option::of(prop::sample::subsequence(vec![1_u64, 369], 0..=2)),
    ) -> String {
        let mut members = Vec::new();
        if expression {
            let mut inner = vec![format!(r#""zk_required":{zk}"#)];
            inner.extend(blocked.map(|it| format!(r#""blocked_assets":{}"#, list(&it))));
            inner.extend(assets.map(|it| format!(r#""allowed_assets":{}"#, list(&it))));
            inner.extend(cap.map(|it| format!(r#""max_amount_usd":{it}"#)));
            members.push(r#""version":"PEL-0.1""#.to_owned());
            members.push(format!(r#""requires":{}"#, list(&tags)));
            members.push(format!(r#""constraints":{{{}}}"#, inner.join(",")));
        } else {
            members.extend(places.map(|it| format!(r#""deny_jurisdictions":{}"#, list(&it))));
            members.extend(cap.map(|it| format!(r#""caps":{{"max_total_usd":"{it}"}}"#)));
            members.extend(latency.map(|it| format!(r#""qos":{{"max_latency_ms":{it}}}"#)));
            members.extend(chains.map(|chains| {
                let each = chains.iter().map(|it| format!(r#"{{"family":"EVM","chain_id":{it}}}"#));
                format!(r#""allow_networks":[{}]"#, each.collect::<Vec<_>>().join(","))
            }));
        }
        format!("{{{}}}", members.join(","))
    }
}

prop_compose! {
    fn any_subject()(
        symbol in prop::sample::select(&SYMBOLS[..]),
        chain in prop::sample::select(vec![1_u64, 369]),
        units in 0_u32..300,
        fee in 0_u32..3,
        places in some_of(&PLACES),
        tags in some_of(&TAGS),
        latency in prop::option::of(0_u64..3),
        zk in prop::sample::select(vec![ZkProfile::None, ZkProfile::Optional, ZkProfile::Required]),
    ) -> Subject {
        let amount = units.to_string().parse().unwrap();
        let mut subject = Subject::new(Network::eip155(chain), symbol.parse().unwrap(), amount)
            .with_fee(fee.to_string().parse().unwrap())
            .with_zk(zk);
        subject.jurisdictions = places.iter().map(|it| it.parse().unwrap()).collect();
        subject.compliance = tags.iter().map(|it| id(it)).collect();
        subject.latency_ms = latency;
        subject
    }
}

/// The same document with one more entry in the list that denies.
fn with_one_more_denied(document: &str, symbol: &str, place: &str) -> String {
    let mut document = object(document);
    let more = |holder: &mut Object, name: &str, entry: &str| {
        let mut list = holder.remove(name).unwrap_or(Value::Array(vec![]));
        add(&mut list, entry);
        holder.insert(name, list);
    };
    if let Some(Value::Object(mut constraints)) = document.remove("constraints") {
        more(&mut constraints, "blocked_assets", symbol);
        document.insert("constraints", Value::Object(constraints));
    } else {
        more(&mut document, "deny_jurisdictions", place);
    }
    String::from_utf8(document.canonical()).unwrap()
}

fn add(list: &mut Value, entry: &str) {
    let Value::Array(entries) = list else { panic!("a list") };
    let entry = Value::String(entry.to_owned());
    if !entries.contains(&entry) {
        entries.push(entry);
    }
}

proptest! {
    /// Shows R-222.
    #[test]
    fn the_same_question_has_the_same_answer(document in any_document(), subject in any_subject()) {
        let (first, again) = (policy(&document), policy(&document));
        let decision = first.evaluate(&subject, &prices());
        prop_assert_eq!(decision, first.evaluate(&subject, &prices()));
        prop_assert_eq!(decision, again.evaluate(&subject, &prices()));
        // the order in which a subject tells things is no difference
        let mut turned = subject;
        turned.jurisdictions.reverse();
        prop_assert_eq!(decision, again.evaluate(&turned, &prices()));
    }

    /// Shows R-221.
    #[test]
    fn the_first_refusal_of_the_explanation_decides(document in any_document(), subject in any_subject()) {
        let policy = policy(&document);
        let prices = prices();
        let lines: Vec<_> = policy.explain(&subject, &prices).collect();
        prop_assert!(lines.iter().map(|(rule, _)| rule).eq(Rule::ALL));
        let first = lines.iter().find_map(|(_, verdict)| match verdict {
            Verdict::Refuses(denial) => Some(*denial),
            Verdict::Absent | Verdict::Passes => None,
        });
        match policy.evaluate(&subject, &prices) {
            Decision::Deny(denial) => prop_assert_eq!(Some(denial), first),
            Decision::Allow(_) => prop_assert_eq!(None, first),
        }
    }

    #[test]
    fn one_more_deny_never_lets_more_pass(
        document in any_document(),
        subject in any_subject(),
        symbol in prop::sample::select(&SYMBOLS[..]),
        place in prop::sample::select(&PLACES[..]),
    ) {
        let more = policy(&with_one_more_denied(&document, symbol, place));
        let (before, after) = (policy(&document).evaluate(&subject, &prices()), more.evaluate(&subject, &prices()));
        if !before.is_allow() {
            prop_assert!(!after.is_allow());
        }
        if let (Decision::Deny(before), Decision::Deny(after)) = (before, after) {
            prop_assert!(after.rule.rule <= before.rule.rule, "a deny decides before everything else");
        }
    }

    #[test]
    fn one_more_policy_never_lets_more_pass(
        documents in prop::collection::vec(any_document(), 1..5),
        subject in any_subject(),
    ) {
        let mut set = PolicySet::new();
        let mut before: Option<Decision> = None;
        for (place, document) in documents.iter().enumerate() {
            set.insert(id(&place.to_string()), None, policy(document)).unwrap();
            let now = set.evaluate(&subject, &prices());
            prop_assert_eq!(now.applied, place + 1);
            let each = documents[..=place].iter().all(|it| policy(it).evaluate(&subject, &prices()).is_allow());
            prop_assert_eq!(now.decision.is_allow(), each);
            if let (Some(Decision::Deny(before)), Decision::Deny(now)) = (before, now.decision) {
                prop_assert!(now.rule.rule <= before.rule.rule);
            }
            before = Some(now.decision);
        }
    }

    #[test]
    fn no_bytes_make_it_panic(text in any::<Vec<u8>>(), document in any_document(), cut in any::<prop::sample::Index>()) {
        let _ = Policy::read(&text);
        let _ = Policy::read(&document.as_bytes()[..cut.index(document.len())]);
    }
}

#[test]
fn nothing_said_is_nothing_permitted_to_change() {
    assert_eq!(policy("{}").evaluate(&payment(), &Prices::none()), Decision::Allow(Permit::default()));
}
