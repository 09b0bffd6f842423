//! Every kind of rule in every state, and every pair of rules in their order.
#![allow(clippy::unwrap_used, reason = "a test may end in a panic: that is how it fails")]

use crate::policy::{GATEWAY, amount, asset, denied, id, list, payment, policy, prices, refusal};
use std::time::Duration;
use tgp_protocol::{
    Code, Reason,
    buyer::ZkProfile,
    policy::{Decision, FeeSplit, Network, Policy, PolicySet, Prices, Rule, Subject, Verdict},
    value::{Bps, Id},
};

/// A rule in a policy of its own, and subjects that keep and break it.
struct Row {
    rule: Rule,
    present: Policy,
    kept: Subject,
    broken: Subject,
    /// The deciding rule's text, and why.
    says: (&'static str, Reason),
    /// What the rule says when its list is there and empty; `None` for rules without a list.
    empty: Option<(Policy, Option<&'static str>)>,
    /// What it says to a subject that says nothing about it.
    silent: Option<&'static str>,
}

fn rows() -> Vec<Row> {
    let gateway = |text: &str| policy(text);
    let constraint = |text: &str| policy(&format!(r#"{{"version":"PEL-0.1","constraints":{{{text}}}}}"#));
    let path = |text: &str| policy(text);
    let row = |rule, present, kept, broken, says| Row { rule, present, kept, broken, says, empty: None, silent: None };
    let split = |text: &str| text.parse().ok();
    vec![
        Row {
            empty: Some((gateway(r#"{"deny_jurisdictions":[]}"#), None)),
            ..row(
                Rule::DenyJurisdictions,
                gateway(r#"{"deny_jurisdictions":["BY","RU"]}"#),
                payment().with_jurisdiction("US".parse().unwrap()),
                payment().with_jurisdiction("US".parse().unwrap()).with_jurisdiction("RU-MOW".parse().unwrap()),
                ("deny.jurisdictions[1]", Reason::PolicyDenied),
            )
        },
        Row {
            empty: Some((constraint(r#""blocked_assets":[]"#), None)),
            ..row(
                Rule::DenyAssets,
                constraint(r#""blocked_assets":["DAI","BUSD","USDT"]"#),
                payment(),
                asset("USDT"),
                ("deny.assets[2]", Reason::PolicyDenied),
            )
        },
        Row {
            silent: Some("deny.sanctions"),
            ..row(
                Rule::DenySanctions,
                path(r#"{"sanctions":"OFAC-2025.09"}"#),
                payment().with_compliance(id("OFAC-2025.09")),
                payment().with_compliance(id("OFAC-2025.10")),
                ("deny.sanctions", Reason::PolicyUnmet),
            )
        },
        row(
            Rule::CapsMaxTotalUsd,
            gateway(r#"{"caps":{"max_total_usd":"100.02"}}"#),
            payment(),
            // the fee counts too
            payment().with_fee("0.000002".parse().unwrap()),
            ("caps.max_total_usd", Reason::PolicyAboveCap),
        ),
        row(
            Rule::CapsMaxAmountUsd,
            constraint(r#""max_amount_usd":"100.02""#),
            payment().with_fee("5".parse().unwrap()),
            amount("100.000001"),
            ("caps.max_amount_usd", Reason::PolicyAboveCap),
        ),
        row(
            Rule::CapsMinAmountUsd,
            constraint(r#""min_amount_usd":"100.02""#),
            payment(),
            amount("99.999999"),
            ("caps.min_amount_usd", Reason::PolicyBelowFloor),
        ),
        row(
            Rule::CapsMaxFeeUsd,
            gateway(r#"{"caps":{"max_fee_usd":"5.001"}}"#),
            payment().with_fee("5".parse().unwrap()),
            payment().with_fee("5.000001".parse().unwrap()),
            ("caps.max_fee_usd", Reason::PolicyAboveCap),
        ),
        row(
            Rule::CapsMaxFeeBps,
            Policy::of_domain("US".parse().unwrap(), None, vec![], Bps::new(50).ok()).unwrap(),
            payment().with_fee("0.5".parse().unwrap()),
            payment().with_fee("0.500001".parse().unwrap()),
            ("caps.max_fee_bps", Reason::PolicyAboveCap),
        ),
        Row {
            empty: Some((gateway(r#"{"allow_networks":[]}"#), Some("allow.networks"))),
            ..row(
                Rule::AllowNetworks,
                gateway(r#"{"allow_networks":[{"family":"UTXO","chain_id":369},{"family":"EVM","chain_id":1}]}"#),
                Subject::new(Network::eip155(1), "USDC".parse().unwrap(), "100".parse().unwrap()),
                payment(),
                ("allow.networks", Reason::PolicyNotListed),
            )
        },
        Row {
            empty: Some((constraint(r#""allowed_assets":[]"#), Some("allow.assets"))),
            ..row(
                Rule::AllowAssets,
                constraint(r#""allowed_assets":["ETH","USDC"]"#),
                payment(),
                asset("usdc"),
                ("allow.assets", Reason::PolicyNotListed),
            )
        },
        Row {
            empty: Some((path(r#"{"jurisdiction":[]}"#), Some("allow.jurisdictions"))),
            silent: Some("allow.jurisdictions"),
            ..row(
                Rule::AllowJurisdictions,
                path(r#"{"jurisdiction":["US","EU-DE"]}"#),
                payment().with_jurisdiction("US-CA".parse().unwrap()).with_jurisdiction("EU-DE".parse().unwrap()),
                payment().with_jurisdiction("US".parse().unwrap()).with_jurisdiction("EU".parse().unwrap()),
                ("allow.jurisdictions", Reason::PolicyNotListed),
            )
        },
        Row {
            empty: Some((path(r#"{"allowedUse":[]}"#), Some("allow.uses"))),
            silent: Some("allow.uses"),
            ..row(
                Rule::AllowUses,
                path(r#"{"allowedUse":["ai-inference","data-access"]}"#),
                payment().with_use(id("data-access")),
                payment().with_use(id("data-access")).with_use(id("resale")),
                ("allow.uses", Reason::PolicyNotListed),
            )
        },
        Row {
            empty: Some((policy(r#"{"version":"PEL-0.1","requires":[]}"#), None)),
            silent: Some("allow.requires[0]"),
            ..row(
                Rule::AllowRequires,
                policy(r#"{"version":"PEL-0.1","requires":["KYC","OFAC"]}"#),
                payment().with_compliance(id("OFAC")).with_compliance(id("KYC")),
                payment().with_compliance(id("KYC")),
                ("allow.requires[1]", Reason::PolicyUnmet),
            )
        },
        Row {
            silent: Some("allow.kyc_class"),
            ..row(
                Rule::AllowKycClass,
                path(r#"{"kycClass":"P1"}"#),
                payment().with_kyc_class(id("P1")),
                payment().with_kyc_class(id("P2")),
                ("allow.kyc_class", Reason::PolicyUnmet),
            )
        },
        Row {
            silent: Some("allow.data_retention"),
            ..row(
                Rule::AllowDataRetention,
                path(r#"{"dataRetention":"tdr-90d"}"#),
                payment().with_data_retention(id("tdr-90d")),
                payment().with_data_retention(id("tdr-91d")),
                ("allow.data_retention", Reason::PolicyUnmet),
            )
        },
        Row {
            silent: Some("allow.zk_required"),
            ..row(
                Rule::AllowZkRequired,
                constraint(r#""zk_required":true"#),
                payment().with_zk(ZkProfile::Optional),
                payment().with_zk(ZkProfile::None),
                ("allow.zk_required", Reason::PolicyZkRequired),
            )
        },
        Row {
            silent: Some("qos.max_latency_ms"),
            ..row(
                Rule::QosMaxLatencyMs,
                gateway(r#"{"qos":{"max_latency_ms":800}}"#),
                payment().with_latency_ms(800),
                payment().with_latency_ms(801),
                ("qos.max_latency_ms", Reason::PolicyWeakPromise),
            )
        },
        Row {
            silent: Some("qos.min_success_rate"),
            ..row(
                Rule::QosMinSuccessRate,
                gateway(r#"{"qos":{"min_success_rate":"0.99"}}"#),
                payment().with_success_rate("0.99".parse().unwrap()),
                payment().with_success_rate("0.989999".parse().unwrap()),
                ("qos.min_success_rate", Reason::PolicyWeakPromise),
            )
        },
        Row {
            silent: Some("qos.delivery_promise"),
            ..row(
                Rule::QosDeliveryPromise,
                constraint(r#""delivery_promise":"3d""#),
                payment().with_delivery(Duration::from_secs(259_200)),
                payment().with_delivery(Duration::from_secs(259_201)),
                ("qos.delivery_promise", Reason::PolicyWeakPromise),
            )
        },
        row(
            Rule::FeesNetworkFees,
            gateway(r#"{"fee_split":{"network_fees":"payer"}}"#),
            payment().with_fee_split(FeeSplit { network_fees: split("split:100/0"), service_fees: split("payee") }),
            payment().with_fee_split(FeeSplit { network_fees: split("split:99/1"), service_fees: None }),
            ("fees.network_fees", Reason::PolicyOtherSplit),
        ),
        row(
            Rule::FeesServiceFees,
            gateway(r#"{"fee_split":{"service_fees":"split:70/30"}}"#),
            payment().with_fee_split(FeeSplit { network_fees: split("payee"), service_fees: split("split:70/30") }),
            payment().with_fee_split(FeeSplit { network_fees: None, service_fees: split("split:30/70") }),
            ("fees.service_fees", Reason::PolicyOtherSplit),
        ),
    ]
}

/// Shows R-220, R-223..R-227, R-557.
#[test]
fn every_rule_in_every_state() {
    let rows = rows();
    let covered: Vec<_> = rows.iter().map(|row| row.rule).collect();
    assert_eq!(covered, Rule::ALL, "each kind of rule has a row, in order");
    let absent = policy("{}");
    for row in &rows {
        let text = |subject: &Subject, policy: &Policy| refusal(policy, subject).map(|(rule, _)| rule);
        assert_eq!(text(&row.broken, &absent), None, "{}: absent", row.rule);
        assert_eq!(text(&row.kept, &row.present), None, "{}: kept", row.rule);
        let expected = (row.says.0.to_owned(), row.says.1);
        assert_eq!(refusal(&row.present, &row.broken), Some(expected), "{}: broken", row.rule);
        assert_eq!(
            text(&payment(), &row.present).as_deref(),
            row.silent.or_else(|| on_payment(row)),
            "{}: silent",
            row.rule
        );
        if let Some((empty, says)) = &row.empty {
            assert_eq!(text(&row.kept, empty).as_deref(), *says, "{}: empty", row.rule);
            assert_eq!(text(&row.broken, empty).as_deref(), *says, "{}: empty", row.rule);
        }
        // the verdict of the rule's own line, and of no other line
        for (rule, verdict) in row.present.explain(&row.broken, &prices()) {
            assert_eq!(matches!(verdict, Verdict::Refuses(_)), rule == row.rule, "{}: {rule}", row.rule);
            assert_eq!(verdict == Verdict::Absent, rule != row.rule, "{}: {rule}", row.rule);
        }
    }
}

/// Where the plain payment happens to be what breaks the rule.
fn on_payment(row: &Row) -> Option<&'static str> {
    (row.broken == payment()).then_some(row.says.0)
}

/// Shows R-221.
#[test]
fn of_two_broken_rules_the_earlier_decides() {
    let rows = rows();
    let mut impossible = Vec::new();
    for (place, early) in rows.iter().enumerate() {
        for late in &rows[place + 1..] {
            let Some(subject) = breaking(early, late) else {
                impossible.push((early.rule, late.rule));
                continue;
            };
            for order in [[early, late], [late, early]] {
                let mut set = PolicySet::new();
                for row in order {
                    set.insert(id(row.rule.as_str()), None, row.present.clone()).unwrap();
                }
                let said = set.evaluate(&subject, &prices());
                let Decision::Deny(denial) = said.decision else { panic!("{} and {}", early.rule, late.rule) };
                assert_eq!((denial.rule.rule, said.applied), (early.rule, 2), "{} and {}", early.rule, late.rule);
                assert_eq!(said.policy.map(Id::as_str), Some(early.rule.as_str()));
            }
        }
    }
    // nothing is above the most and below the least at once
    assert_eq!(impossible, [(Rule::CapsMaxAmountUsd, Rule::CapsMinAmountUsd)]);
}

/// A subject that breaks both rules, where one can: by a rule's broken subject that the other rule refuses too.
fn breaking(early: &Row, late: &Row) -> Option<Subject> {
    let mut candidates = Vec::new();
    // what is said about one is carried over to the other
    let mut both = early.broken.clone();
    let other = &late.broken;
    both.jurisdictions.extend(other.jurisdictions.iter().copied().chain(["US".parse().unwrap()]));
    both.compliance.extend(other.compliance.iter().cloned());
    both.uses.extend(other.uses.iter().cloned());
    both.fee = both.fee.max(other.fee);
    both.kyc_class = both.kyc_class.or_else(|| other.kyc_class.clone());
    both.data_retention = both.data_retention.or_else(|| other.data_retention.clone());
    both.latency_ms = both.latency_ms.or(other.latency_ms);
    both.success_rate = both.success_rate.or(other.success_rate);
    both.delivery = both.delivery.or(other.delivery);
    both.fee_split.network_fees = both.fee_split.network_fees.or(other.fee_split.network_fees);
    both.fee_split.service_fees = both.fee_split.service_fees.or(other.fee_split.service_fees);
    for (network, asset) in [(&early.broken, other), (other, &early.broken)] {
        for amount in [&early.broken.amount, &other.amount] {
            let mut candidate = both.clone();
            candidate.network = network.network.clone();
            candidate.asset = asset.asset.clone();
            candidate.amount = *amount;
            candidates.push(candidate);
        }
    }
    let breaks = |row: &Row, subject: &Subject| refusal(&row.present, subject).is_some();
    candidates.into_iter().find(|subject| breaks(early, subject) && breaks(late, subject))
}

#[test]
fn the_first_tag_in_the_documents_order_that_is_not_shown_decides() {
    let tags = ["OFAC", "AML", "KYC", "B-2", "Z"];
    let policy = policy(&format!(r#"{{"version":"PEL-0.1","requires":{}}}"#, list(&tags)));
    for shown in 0_u8..32 {
        let has = |place: usize| shown & (1 << place) != 0;
        let mut subject = payment().with_compliance(id("A-1")).with_compliance(id("ZZ"));
        for (_, tag) in tags.iter().enumerate().filter(|(place, _)| has(*place)) {
            subject = subject.with_compliance(id(tag));
        }
        let first = (0..tags.len()).find(|place| !has(*place));
        let expected = first.map(|place| (format!("allow.requires[{place}]"), Reason::PolicyUnmet));
        assert_eq!(refusal(&policy, &subject), expected, "{shown:05b}");
    }
}

#[test]
fn a_cap_in_dollars_refuses_what_has_no_price() {
    for row in rows().iter().filter(|row| row.rule.as_str().ends_with("_usd")) {
        let Decision::Deny(denial) = row.present.evaluate(&row.kept, &Prices::none()) else { panic!("{}", row.rule) };
        assert_eq!((denial.rule.rule, denial.reason), (row.rule, Reason::PolicyNoPrice));
    }
}

/// Shows R-476.
#[test]
fn fees_above_the_limit_are_refused_however_large() {
    let rows = rows();
    let row = rows.iter().find(|row| row.rule == Rule::CapsMaxFeeBps).unwrap();
    let largest = "115792089237316195423570985008687907853269984665640564039457584007913129639935";
    denied(&row.present, &payment().with_fee(largest.parse().unwrap()), "caps.max_fee_bps", Reason::PolicyAboveCap);
    let total = policy(r#"{"caps":{"max_total_usd":"1"}}"#);
    denied(&total, &amount(largest).with_fee("0.1".parse().unwrap()), "caps.max_total_usd", Reason::PolicyAboveCap);
}

/// Shows R-309, R-404.
#[test]
fn an_error_for_a_peer_says_the_code_and_no_rule() {
    let Decision::Deny(denial) = policy(GATEWAY).evaluate(&asset("USDT"), &prices()) else { panic!("no price") };
    let error = tgp_protocol::Error::from(denial);
    assert_eq!((error.code(), error.field().is_empty()), (Code::PolicyViolation, true));
    assert_eq!((error.code().as_str(), error.code().dotted()), ("POLICY_VIOLATION", "TGP.POLICY_BLOCKED"));
    assert!(!error.to_string().contains("max_total"));
}
