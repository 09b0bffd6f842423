//! Policies: the documents' examples.
#![allow(clippy::unwrap_used, reason = "a test may end in a panic: that is how it fails")]

use std::time::Duration;
use tgp_protocol::{
    Code, Reason,
    buyer::ZkProfile,
    json::{self, Object, Value},
    ledger::policy_hash,
    policy::{Decision, Dialect, FeeSplit, Network, Policy, Prices, Rule, RuleId, Subject},
    value::Id,
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

pub(crate) fn policy(text: &str) -> Policy {
    Policy::read(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

pub(crate) fn object(text: &str) -> Object {
    let Ok(Value::Object(object)) = json::parse(text.as_bytes()) else { panic!("an object: {text}") };
    object
}

pub(crate) fn id(text: &str) -> Id {
    text.parse().unwrap()
}

pub(crate) fn prices() -> Prices {
    Prices::from_midprices([("USDCUSD", "1.0002".parse().unwrap()), ("ETHUSD", "2500.5".parse().unwrap())])
}

/// 100 USDC on PulseChain, about which nothing else is known.
pub(crate) fn payment() -> Subject {
    Subject::new(Network::eip155(369), "USDC".parse().unwrap(), "100".parse().unwrap())
}

pub(crate) fn amount(text: &str) -> Subject {
    Subject::new(Network::eip155(369), "USDC".parse().unwrap(), text.parse().unwrap())
}

pub(crate) fn asset(symbol: &str) -> Subject {
    Subject::new(Network::eip155(369), symbol.parse().unwrap(), "1".parse().unwrap())
}

/// A JSON list of texts.
pub(crate) fn list(entries: &[&str]) -> String {
    format!("[{}]", entries.iter().map(|entry| format!("{entry:?}")).collect::<Vec<_>>().join(","))
}

/// The rule that refuses and the reason; `None` when it may pass.
pub(crate) fn refusal(policy: &Policy, subject: &Subject) -> Option<(String, Reason)> {
    match policy.evaluate(subject, &prices()) {
        Decision::Allow(_) => None,
        Decision::Deny(denial) => Some((denial.rule.to_string(), denial.reason)),
    }
}

#[track_caller]
pub(crate) fn denied(policy: &Policy, subject: &Subject, rule: &str, reason: Reason) {
    assert_eq!(refusal(policy, subject), Some((rule.to_owned(), reason)));
}

#[track_caller]
fn allowed(policy: &Policy, subject: &Subject) {
    assert_eq!(refusal(policy, subject), None);
}

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

#[test]
fn an_exemption_is_a_line_for_the_log_and_not_a_document() {
    let with = |length: usize| {
        let text =
            format!(r#"{{"version":"PEL-0.1","exemptions":["NFT","{}"],"constraints":{{}}}}"#, "x".repeat(length));
        Policy::read(text.as_bytes()).map_err(|error| (error.field().to_string(), error.reason()))
    };
    assert_eq!(with(256).unwrap().exemptions()[1].len(), 256);
    assert_eq!(with(257).err(), Some(("exemptions[1]".to_owned(), Reason::WrongLength)));
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

#[test]
fn no_value_makes_it_panic_or_echo() {
    for text in [GATEWAY, EXPRESSION, PATH] {
        let mut refused = 0;
        for document in crate::documents::spoiled(&object(text)) {
            if let Err(error) = Policy::compile(document) {
                refused += 1;
                assert!(!error.to_string().contains("SECRET"), "{error}");
            }
        }
        assert!(refused > 30, "{refused}");
    }
}

/// Null is no way to leave a rule out: for an allow list it could mean nothing as well as everything.
#[test]
fn rules_that_are_null_are_refused() {
    for (text, field) in [
        (r#"{"allow_networks":null}"#, "allow_networks"),
        (r#"{"deny_jurisdictions":null}"#, "deny_jurisdictions"),
        (r#"{"caps":{"max_total_usd":null}}"#, "caps.max_total_usd"),
        (r#"{"caps":null}"#, "caps"),
        (r#"{"qos":{"max_latency_ms":null}}"#, "qos.max_latency_ms"),
        (r#"{"fee_split":{"network_fees":null}}"#, "fee_split.network_fees"),
        (r#"{"version":"PEL-0.1","jurisdiction":null}"#, "jurisdiction"),
        (r#"{"version":"PEL-0.1","constraints":{"allowed_assets":null}}"#, "constraints.allowed_assets"),
        (r#"{"version":"PEL-0.1","constraints":{"max_amount_usd":null}}"#, "constraints.max_amount_usd"),
        (r#"{"kycClass":"P1","allowedUse":null}"#, "allowedUse"),
        (r#"{"kycClass":null}"#, "kycClass"),
    ] {
        let error = Policy::read(text.as_bytes()).expect_err(text);
        assert_eq!(error.field().to_string(), field, "{text}");
    }
}
