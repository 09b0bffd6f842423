//! Policies: the documents' examples, every rule in every state, and what holds for all of them.
#![allow(clippy::unwrap_used, reason = "a test may end in a panic: that is how it fails")]

use proptest::prelude::*;
use std::time::Duration;
use tgp_protocol::{
    Code, Reason,
    buyer::ZkProfile,
    json::{self, Object, Value},
    policy::{
        Decision, Dialect, FeeSplit, Network, Permit, Policy, PolicySet, Prices, Rule, RuleId, Subject, Verdict,
        policy_hash,
    },
    value::{Bps, Id},
};

/// 002 section 12.2.
pub(crate) const GATEWAY: &str = r#"{
  "allow_networks": [{"family":"EVM","chain_id":369}],
  "deny_jurisdictions": ["RU"],
  "caps": {"max_total_usd":"2000","max_fee_usd":"5"},
  "fee_split": {"network_fees":"payer","service_fees":"split:70/30"},
  "qos": {"max_latency_ms":800,"min_success_rate":0.99}
}"#;

/// 004 section 15, with the quotes that its print has lost.
pub(crate) const EXPRESSION: &str = r#"{
  "version": "PEL-0.1",
  "jurisdiction": "US",
  "requires": ["KYC", "OFAC"],
  "exemptions": ["NFT under $500", "Charity donations"],
  "constraints": {
    "max_amount_usd": 10000,
    "min_amount_usd": 1,
    "allowed_assets": ["USDC", "ETH", "WBTC"],
    "blocked_assets": ["USDT"],
    "delivery_promise": "72h",
    "zk_required": false
  }
}"#;

/// 003 section 4.1, with one of the classes that it lists.
const PATH: &str = r#"{
  "kycClass": "P1",
  "jurisdiction": ["US-CA","EU-DE"],
  "sanctions": "OFAC-2025.09",
  "dataRetention": "tdr-90d",
  "allowedUse": ["ai-inference","data-access"]
}"#;

fn policy(text: &str) -> Policy {
    Policy::read(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn object(text: &str) -> Object {
    let Ok(Value::Object(object)) = json::parse(text.as_bytes()) else { panic!("an object: {text}") };
    object
}

fn id(text: &str) -> Id {
    text.parse().unwrap()
}

fn prices() -> Prices {
    Prices::from_midprices([("USDCUSD", "1.0002".parse().unwrap()), ("ETHUSD", "2500.5".parse().unwrap())])
}

/// 100 USDC on PulseChain, about which nothing else is known.
fn payment() -> Subject {
    Subject::new(Network::eip155(369), "USDC".parse().unwrap(), "100".parse().unwrap())
}

fn amount(text: &str) -> Subject {
    Subject::new(Network::eip155(369), "USDC".parse().unwrap(), text.parse().unwrap())
}

fn asset(symbol: &str) -> Subject {
    Subject::new(Network::eip155(369), symbol.parse().unwrap(), "1".parse().unwrap())
}

/// The rule that refuses and the reason; `None` when it may pass.
fn refusal(policy: &Policy, subject: &Subject) -> Option<(String, Reason)> {
    match policy.evaluate(subject, &prices()) {
        Decision::Allow(_) => None,
        Decision::Deny(denial) => Some((denial.rule.to_string(), denial.reason)),
    }
}

#[track_caller]
fn denied(policy: &Policy, subject: &Subject, rule: &str, reason: Reason) {
    assert_eq!(refusal(policy, subject), Some((rule.to_owned(), reason)));
}

#[track_caller]
fn allowed(policy: &Policy, subject: &Subject) {
    assert_eq!(refusal(policy, subject), None);
}

// ---------------------------------------------------------------------------------------------------- the documents

/// Shows R-220, R-221, R-223..R-227.
#[test]
fn gateways_example_refuses_stage_by_stage() {
    let policy = policy(GATEWAY);
    // everything is wrong; then one thing after the other is mended
    let mut subject = Subject::new(Network::eip155(1), "USDC".parse().unwrap(), "2000".parse().unwrap())
        .with_jurisdiction("RU".parse().unwrap())
        .with_fee("6".parse().unwrap())
        .with_fee_split(FeeSplit { network_fees: "payee".parse().ok(), service_fees: "payer".parse().ok() });
    denied(&policy, &subject, "deny.jurisdictions[0]", Reason::PolicyDenied);
    subject.jurisdictions.clear();
    denied(&policy, &subject, "caps.max_total_usd", Reason::PolicyAboveCap);
    subject.amount = "1000".parse().unwrap();
    denied(&policy, &subject, "caps.max_fee_usd", Reason::PolicyAboveCap);
    subject.fee = "4.99".parse().unwrap();
    denied(&policy, &subject, "allow.networks", Reason::PolicyNotListed);
    subject.network = Network::eip155(369);
    denied(&policy, &subject, "qos.max_latency_ms", Reason::PolicyNoPromise);
    subject.latency_ms = Some(801);
    denied(&policy, &subject, "qos.max_latency_ms", Reason::PolicyWeakPromise);
    subject.latency_ms = Some(800);
    subject.success_rate = "0.989999".parse().ok();
    denied(&policy, &subject, "qos.min_success_rate", Reason::PolicyWeakPromise);
    subject.success_rate = "0.99".parse().ok();
    denied(&policy, &subject, "fees.network_fees", Reason::PolicyOtherSplit);
    subject.fee_split.network_fees = "payer".parse().ok();
    denied(&policy, &subject, "fees.service_fees", Reason::PolicyOtherSplit);
    subject.fee_split.service_fees = None;
    let Decision::Allow(permit) = policy.evaluate(&subject, &prices()) else { panic!("all is well") };
    assert_eq!(permit.fee_split.network_fees, "payer".parse().ok());
    assert_eq!(permit.fee_split.service_fees.map(|share| (share.payer(), share.payee())), Some((70, 30)));
}

/// Shows R-556..R-558.
#[test]
fn controllers_example_refuses_stage_by_stage() {
    let policy = policy(EXPRESSION);
    assert_eq!(policy.jurisdiction().map(|it| it.to_string()).as_deref(), Some("US"));
    assert_eq!(policy.exemptions(), ["NFT under $500", "Charity donations"]);
    let mut subject = asset("USDT");
    denied(&policy, &subject, "deny.assets[0]", Reason::PolicyDenied);
    // an asset that nobody knows has no price either
    subject.asset = "NOPE".parse().unwrap();
    denied(&policy, &subject, "caps.max_amount_usd", Reason::PolicyNoPrice);
    subject = amount("10000");
    denied(&policy, &subject, "caps.max_amount_usd", Reason::PolicyAboveCap);
    subject = amount("0.9");
    denied(&policy, &subject, "caps.min_amount_usd", Reason::PolicyBelowFloor);
    subject = payment().with_compliance(id("KYC"));
    denied(&policy, &subject, "allow.requires[1]", Reason::PolicyUnmet);
    subject = subject.with_compliance(id("OFAC"));
    denied(&policy, &subject, "qos.delivery_promise", Reason::PolicyNoPromise);
    let hours = |hours: u64| Duration::from_secs(hours * 3_600);
    denied(&policy, &subject.clone().with_delivery(hours(73)), "qos.delivery_promise", Reason::PolicyWeakPromise);
    allowed(&policy, &subject.with_delivery(hours(72)));
}

/// Shows R-558.
#[test]
fn an_unknown_asset_is_denied_without_prices_too() {
    let policy = policy(r#"{"version":"PEL-0.1","constraints":{"allowed_assets":["USDC"]}}"#);
    denied(&policy, &asset("NOPE"), "allow.assets", Reason::PolicyNotListed);
    allowed(&policy, &asset("USDC"));
}

/// Shows R-559, R-494.
#[test]
fn proofs_are_demanded_by_policy_or_by_the_buyer() {
    let demanding = policy(r#"{"version":"PEL-0.1","constraints":{"zk_required":true}}"#);
    let indifferent = policy(r#"{"version":"PEL-0.1","constraints":{"zk_required":false}}"#);
    let zk = |policy: &Policy, profile| match policy.evaluate(&payment().with_zk(profile), &prices()) {
        Decision::Allow(permit) => Ok(permit.zk_required),
        Decision::Deny(denial) => Err((denial.rule, denial.code())),
    };
    let refused = Err((RuleId::from(Rule::AllowZkRequired), Code::PolicyViolation));
    assert_eq!(zk(&demanding, ZkProfile::None), refused);
    assert_eq!(zk(&demanding, ZkProfile::Optional), Ok(true));
    assert_eq!(zk(&demanding, ZkProfile::Required), Ok(true));
    assert_eq!(zk(&indifferent, ZkProfile::None), Ok(false));
    assert_eq!(zk(&indifferent, ZkProfile::Optional), Ok(false));
    assert_eq!(zk(&indifferent, ZkProfile::Required), Ok(true));
}

/// Shows R-271..R-275.
#[test]
fn paths_example_compares_labels() {
    let policy = policy(PATH);
    let mut subject = payment();
    denied(&policy, &subject, "deny.sanctions", Reason::PolicyUnmet);
    denied(&policy, &subject.clone().with_compliance(id("OFAC-2025.08")), "deny.sanctions", Reason::PolicyUnmet);
    subject = subject.with_compliance(id("OFAC-2025.09"));
    denied(&policy, &subject, "allow.jurisdictions", Reason::PolicyNotListed);
    let elsewhere = subject.clone().with_jurisdiction("US-NY".parse().unwrap());
    denied(&policy, &elsewhere, "allow.jurisdictions", Reason::PolicyNotListed);
    subject = subject.with_jurisdiction("US-CA".parse().unwrap());
    denied(
        &policy,
        &subject.clone().with_jurisdiction("FR".parse().unwrap()),
        "allow.jurisdictions",
        Reason::PolicyNotListed,
    );
    denied(&policy, &subject, "allow.uses", Reason::PolicyNotListed);
    denied(&policy, &subject.clone().with_use(id("resale")), "allow.uses", Reason::PolicyNotListed);
    subject = subject.with_use(id("data-access"));
    denied(&policy, &subject, "allow.kyc_class", Reason::PolicyUnmet);
    // a label, not a rank: a higher class is another class
    denied(&policy, &subject.clone().with_kyc_class(id("P2")), "allow.kyc_class", Reason::PolicyUnmet);
    subject = subject.with_kyc_class(id("P1"));
    denied(&policy, &subject.clone().with_data_retention(id("tdr-30d")), "allow.data_retention", Reason::PolicyUnmet);
    allowed(&policy, &subject.with_data_retention(id("tdr-90d")));
}

#[test]
fn dialects_are_told_apart() {
    for (text, dialect) in [
        (GATEWAY, Dialect::Gateway),
        (EXPRESSION, Dialect::Expression),
        (PATH, Dialect::Path),
        ("{}", Dialect::Gateway),
        (r#"{"version":"PEL-0.1"}"#, Dialect::Expression),
        (r#"{"jurisdiction":["US"]}"#, Dialect::Path),
    ] {
        assert_eq!(Dialect::of(&object(text)), dialect, "{text}");
        policy(text);
    }
}

#[test]
fn what_is_wrong_in_a_document_is_named() {
    for (text, field, reason) in [
        // the documents' own print
        ("{ \"version: \"PEL-0.1, \"jurisdiction: \"US }", "", Reason::NotJson),
        ("[]", "", Reason::NotAnObject),
        (r#"{"version":"PEL-0.2"}"#, "version", Reason::UnknownDialect),
        (r#"{"version":1}"#, "version", Reason::WrongType),
        (r#"{"constraints":{}}"#, "version", Reason::Missing),
        (r#"{"caps":{"max_total_usd":2000}}"#, "caps.max_total_usd", Reason::WrongType),
        (r#"{"caps":{"max_total_usd":"$50,000"}}"#, "caps.max_total_usd", Reason::BadDecimal),
        (r#"{"caps":{"max_total_usd":"-1"}}"#, "caps.max_total_usd", Reason::BadDecimal),
        (r#"{"caps":{"max_totl_usd":"1"}}"#, "caps[0]", Reason::UnknownField),
        (r#"{"deny_assets":["USDT"]}"#, "[0]", Reason::UnknownField),
        (r#"{"allow_networks":[],"jurisdiction":["US"]}"#, "[0]", Reason::UnknownField),
        (r#"{"version":"PEL-0.1","caps":{}}"#, "[0]", Reason::UnknownField),
        (r#"{"deny_jurisdictions":["Russia"]}"#, "deny_jurisdictions[0]", Reason::BadJurisdiction),
        (r#"{"deny_jurisdictions":["RU","BY","RU"]}"#, "deny_jurisdictions[2]", Reason::RepeatedEntry),
        (r#"{"allow_networks":[{"family":"EVM"}]}"#, "allow_networks[0].chain_id", Reason::Missing),
        (r#"{"allow_networks":[{"family":"EVM","chain_id":-1}]}"#, "allow_networks[0].chain_id", Reason::OutOfRange),
        (r#"{"fee_split":{"service_fees":"split:70/40"}}"#, "fee_split.service_fees", Reason::BadFeeShare),
        (r#"{"fee_split":{"service_fees":"buyer"}}"#, "fee_split.service_fees", Reason::BadFeeShare),
        (r#"{"qos":{"min_success_rate":1.01}}"#, "qos.min_success_rate", Reason::BadFraction),
        (r#"{"qos":{"max_latency_ms":"800"}}"#, "qos.max_latency_ms", Reason::WrongType),
        (
            r#"{"version":"PEL-0.1","constraints":{"max_amount_usd":0.5}}"#,
            "constraints.max_amount_usd",
            Reason::BadDecimal,
        ),
        (
            r#"{"version":"PEL-0.1","constraints":{"max_amount_usd":1,"min_amount_usd":"1.01"}}"#,
            "constraints.min_amount_usd",
            Reason::Contradiction,
        ),
        (
            r#"{"version":"PEL-0.1","constraints":{"delivery_promise":"soon"}}"#,
            "constraints.delivery_promise",
            Reason::BadPromise,
        ),
        (
            r#"{"version":"PEL-0.1","constraints":{"allowed_assets":["US DC"]}}"#,
            "constraints.allowed_assets[0]",
            Reason::BadSymbol,
        ),
        (r#"{"version":"PEL-0.1","requires":["KYC","KYC"]}"#, "requires[1]", Reason::RepeatedEntry),
        (r#"{"kycClass":"P0|P1|P2"}"#, "kycClass", Reason::BadId),
        (r#"{"sanctions":["OFAC-2025.09"]}"#, "sanctions", Reason::WrongType),
    ] {
        let error = Policy::read(text.as_bytes()).expect_err(text);
        assert_eq!((error.field().to_string().as_str(), error.reason()), (field, reason), "{text}");
    }
}

/// Shows R-556.
#[test]
fn exemptions_relax_nothing() {
    let strict = r#"{"version":"PEL-0.1","constraints":{"allowed_assets":["ETH"]}}"#;
    let exempting = r#"{"version":"PEL-0.1","exemptions":["USDC"],"constraints":{"allowed_assets":["ETH"]}}"#;
    assert_eq!(policy(exempting).evaluate(&payment(), &prices()), policy(strict).evaluate(&payment(), &prices()));
    denied(&policy(exempting), &payment(), "allow.assets", Reason::PolicyNotListed);
}

/// Shows R-228.
#[test]
fn policy_hash_is_over_the_canonical_form_and_each_summary_once() {
    let document = object(GATEWAY);
    let hash = |ids: &[&str]| policy_hash(&document, &ids.iter().map(|it| id(it)).collect::<Vec<_>>()).to_string();
    // computed apart, from the formula
    let expected = "sha256:c4ea13df3c15bbba0010098b087f9f5dad66c96e88e59eed5de322e74387092e";
    assert_eq!(hash(&["sso-1", "sso-2"]), expected);
    assert_eq!(hash(&["sso-2", "sso-1", "sso-2"]), expected);
    assert_eq!(hash(&[]), "sha256:dde2a8e2a1d166968b04e9fed1b352a3e74952a434ef9f2f800c4fec80990072");
    // without lengths these two would be the same
    assert_ne!(hash(&["a", "bc"]), hash(&["ab", "c"]));
    let mut other = document.clone();
    other.remove("qos");
    assert_ne!(policy_hash(&other, &[id("sso-1"), id("sso-2")]).to_string(), expected);
}

// ---------------------------------------------------------------------------------------------------- every rule

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

// ---------------------------------------------------------------------------------------------------- what always holds

const SYMBOLS: [&str; 4] = ["USDC", "USDT", "ETH", "NOPE"];
const PLACES: [&str; 4] = ["US", "US-CA", "RU", "DE"];
const TAGS: [&str; 3] = ["KYC", "OFAC", "AML"];

fn some_of(pool: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
    prop::sample::subsequence(pool.to_vec(), 0..=pool.len()).prop_shuffle()
}

fn list(entries: &[&str]) -> String {
    format!("[{}]", entries.iter().map(|entry| format!("{entry:?}")).collect::<Vec<_>>().join(","))
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
