use crate::{
    Outcome,
    object::object,
    topic::{Case, Topic},
};
use serde_json::{Map, Value, json};
use std::time::Duration;
use tgp_protocol::{
    buyer::ZkProfile,
    policy::{Decision, Dialect, FeeSplit, Network, Policy, PolicySet, Prices, Subject},
    value::Decimal,
};

/// Documents that are asked about every subject.
const DOCUMENTS: [(&str, &str); 14] = [
    ("nothing", "{}"),
    (
        "gateway",
        r#"{"allow_networks":[{"family":"EVM","chain_id":8453},{"family":"UTXO","chain_id":0}],"deny_jurisdictions":["US-NY","IR"],"caps":{"max_total_usd":"1000","max_fee_usd":"5"},"fee_split":{"network_fees":"payer","service_fees":"split:70/30"},"qos":{"max_latency_ms":800,"min_success_rate":0.99}}"#,
    ),
    ("gateway, empty allow list", r#"{"allow_networks":[]}"#),
    ("gateway, empty deny list", r#"{"deny_jurisdictions":[]}"#),
    ("gateway, whole country denied behind its part", r#"{"deny_jurisdictions":["DE","US-CA","US"]}"#),
    ("gateway, caps alone", r#"{"caps":{"max_total_usd":"1000.5"}}"#),
    ("gateway, cap on fees alone", r#"{"caps":{"max_fee_usd":"0"}}"#),
    (
        "expression",
        r#"{"version":"PEL-0.1","jurisdiction":"US","requires":["KYC","AML"],"exemptions":["small sums"],"constraints":{"max_amount_usd":1000,"min_amount_usd":"10.00","allowed_assets":["USDC","ETH"],"blocked_assets":["XMR"],"delivery_promise":"72h","zk_required":true}}"#,
    ),
    ("expression, nothing but its version", r#"{"version":"PEL-0.1"}"#),
    (
        "expression, empty lists",
        r#"{"version":"PEL-0.1","requires":[],"constraints":{"allowed_assets":[],"blocked_assets":[]}}"#,
    ),
    (
        "expression, blocked and allowed",
        r#"{"version":"PEL-0.1","constraints":{"allowed_assets":["USDC"],"blocked_assets":["DAI","USDC"]}}"#,
    ),
    ("expression, proofs", r#"{"version":"PEL-0.1","constraints":{"zk_required":true}}"#),
    (
        "path",
        r#"{"kycClass":"tier2","jurisdiction":["US","DE"],"sanctions":"OFAC","dataRetention":"30d","allowedUse":["research","training"]}"#,
    ),
    ("path, empty lists", r#"{"jurisdiction":[],"allowedUse":[]}"#),
];

/// Members of the subject that differ from the plain one, and the prices where they are others.
const SUBJECTS: [(&str, &str); 22] = [
    ("plain", "{}"),
    ("no price", r#"{"prices":[]}"#),
    ("price in another currency", r#"{"prices":[["USDCEUR","1"]]}"#),
    ("price of zero", r#"{"prices":[["USDCUSD","0"]]}"#),
    ("two prices", r#"{"prices":[["USDCUSD","0.09"],["USDCUSD","11"]]}"#),
    ("at the cap", r#"{"amount":"999.5","fee":"0.5","prices":[["USDCUSD","1"]]}"#),
    ("fee above the rest of the cap", r#"{"amount":"999.5","fee":"1.000001","prices":[["USDCUSD","1"]]}"#),
    ("above every cap", r#"{"amount":"1000000","fee":"100"}"#),
    (
        "a sum beyond 2^256",
        r#"{"amount":"115792089237316195423570985008687907853269984665640564039457584007913129639935","fee":"1"}"#,
    ),
    ("below the floor", r#"{"amount":"9.999999","prices":[["USDCUSD","1"]]}"#),
    ("another asset", r#"{"asset":"XMR","prices":[["XMRUSD","1"]]}"#),
    ("an asset that is no one's", r#"{"asset":"PEPE","prices":[["PEPEUSD","1"]]}"#),
    ("another network", r#"{"network":{"family":"EVM","chain_id":1}}"#),
    ("another family", r#"{"network":{"family":"UTXO","chain_id":0}}"#),
    ("in a denied place", r#"{"jurisdictions":["DE","US-NY"]}"#),
    ("in a denied area", r#"{"area":"tai:us/ny/retail","jurisdictions":[]}"#),
    ("nowhere known", r#"{"area":null,"jurisdictions":[]}"#),
    ("nothing shown", r#"{"compliance":[],"kyc_class":null,"data_retention":null,"uses":[]}"#),
    (
        "other labels",
        r#"{"compliance":["AML","OFAC"],"kyc_class":"tier1","data_retention":"60d","uses":["research","resale"]}"#,
    ),
    ("nothing promised", r#"{"latency_ms":null,"success_rate":null,"delivery_seconds":null}"#),
    ("weak promises", r#"{"latency_ms":801,"success_rate":"0.989999","delivery_seconds":259201}"#),
    (
        "no proofs, fees split otherwise",
        r#"{"zk":"NONE","fee_split":{"network_fees":"payee","service_fees":"split:60/40"}}"#,
    ),
];

/// Documents that no dialect has, or that contradict themselves; and near ones that are good.
const READ: [&str; 61] = [
    r#"{"later":1}"#,
    r#"{"allow_networks":[],"later":1}"#,
    r#"{"allow_networks":[{"family":"EVM","chain_id":1,"later":1}]}"#,
    r#"{"allow_networks":[{"family":"EVM"}]}"#,
    r#"{"allow_networks":[{"family":"E VM","chain_id":1}]}"#,
    r#"{"allow_networks":[{"family":"EVM","chain_id":"1"}]}"#,
    r#"{"allow_networks":[{"family":"EVM","chain_id":-1}]}"#,
    r#"{"allow_networks":[{"family":"EVM","chain_id":1},{"family":"UTXO","chain_id":1},{"chain_id":1,"family":"EVM"}]}"#,
    r#"{"allow_networks":null}"#,
    r#"{"allow_networks":[{"family":null,"chain_id":1}]}"#,
    r#"{"allow_networks":{}}"#,
    r#"{"deny_jurisdictions":["us"]}"#,
    r#"{"deny_jurisdictions":["US","DE","US"]}"#,
    r#"{"deny_jurisdictions":["US","US-CA"]}"#,
    r#"{"caps":{"max_total_usd":1000}}"#,
    r#"{"caps":{"max_total_usd":"1,000"}}"#,
    r#"{"caps":{"max_total_usd":"$1000"}}"#,
    r#"{"caps":{"max_total_usd":"-1"}}"#,
    r#"{"caps":{"max_total_usd":null}}"#,
    r#"{"caps":{"max_amount_usd":"1"}}"#,
    r#"{"caps":[]}"#,
    r#"{"fee_split":{"network_fees":"buyer"}}"#,
    r#"{"fee_split":{"network_fees":"split:70/40"}}"#,
    r#"{"fee_split":{"network_fees":"split:070/30"}}"#,
    r#"{"fee_split":{"service_fees":"split:100/0"}}"#,
    r#"{"fee_split":{"service_fees":"split:0/100"}}"#,
    r#"{"fee_split":{"later":"payer"}}"#,
    r#"{"qos":{"max_latency_ms":-1}}"#,
    r#"{"qos":{"max_latency_ms":1.5}}"#,
    r#"{"qos":{"max_latency_ms":"800"}}"#,
    r#"{"qos":{"min_success_rate":1.01}}"#,
    r#"{"qos":{"min_success_rate":"0.999999"}}"#,
    r#"{"qos":{"min_success_rate":1}}"#,
    r#"{"qos":{"min_success_rate":2}}"#,
    r#"{"version":"PEL-0.2"}"#,
    r#"{"version":1}"#,
    r#"{"constraints":{}}"#,
    r#"{"version":"PEL-0.1","allow_networks":[]}"#,
    r#"{"version":"PEL-0.1","kycClass":"tier2"}"#,
    r#"{"version":"PEL-0.1","constraints":{"later":1}}"#,
    r#"{"version":"PEL-0.1","requires":["KYC","AML","KYC"]}"#,
    r#"{"version":"PEL-0.1","requires":["K Y C"]}"#,
    r#"{"version":"PEL-0.1","requires":null}"#,
    r#"{"version":"PEL-0.1","jurisdiction":["US"]}"#,
    r#"{"version":"PEL-0.1","constraints":{"max_amount_usd":"1","min_amount_usd":"1.000001"}}"#,
    r#"{"version":"PEL-0.1","constraints":{"max_amount_usd":"1","min_amount_usd":1}}"#,
    r#"{"version":"PEL-0.1","constraints":{"max_amount_usd":0.5}}"#,
    r#"{"version":"PEL-0.1","constraints":{"max_amount_usd":-1}}"#,
    r#"{"version":"PEL-0.1","constraints":{"max_amount_usd":true}}"#,
    r#"{"version":"PEL-0.1","constraints":{"delivery_promise":"72"}}"#,
    r#"{"version":"PEL-0.1","constraints":{"delivery_promise":"0h"}}"#,
    r#"{"version":"PEL-0.1","constraints":{"delivery_promise":"4294967295d"}}"#,
    r#"{"version":"PEL-0.1","constraints":{"delivery_promise":"4294967296s"}}"#,
    r#"{"version":"PEL-0.1","constraints":{"zk_required":"true"}}"#,
    r#"{"version":"PEL-0.1","constraints":{"allowed_assets":["USDC","USDC"]}}"#,
    r#"{"version":"PEL-0.1","constraints":{"blocked_assets":["US DC"]}}"#,
    r#"{"kycClass":"tier2","caps":{}}"#,
    r#"{"jurisdiction":"US"}"#,
    r#"{"allowedUse":["a","b","a"]}"#,
    r#"{"kycClass":""}"#,
    "[]",
];

const PLAIN: &str = r#"{
  "network": { "family": "EVM", "chain_id": 8453 }, "asset": "USDC", "amount": "100", "fee": "1", "zk": "OPTIONAL",
  "area": "tai:us/ca/retail", "jurisdictions": ["US-CA", "DE"], "compliance": ["AML", "KYC", "OFAC"],
  "uses": ["research"], "kyc_class": "tier2", "data_retention": "30d", "latency_ms": 800, "success_rate": "0.99",
  "delivery_seconds": 259200, "fee_split": { "network_fees": "payer", "service_fees": "split:70/30" },
  "prices": [["USDCUSD", "1.0001"], ["ETHUSD", "3000"]]
}"#;

/// Policies of a set with their areas, in the order in which they are added.
type Entries = &'static [(&'static str, Option<&'static str>, &'static str)];

const SETS: [(&str, Entries); 7] = [
    ("no policy", &[]),
    (
        "narrowest first",
        &[
            ("everywhere", None, r#"{"allow_networks":[]}"#),
            ("us", Some("tai:us"), r#"{"allow_networks":[]}"#),
            ("retail", Some("tai:us/ca/retail"), r#"{"allow_networks":[]}"#),
            ("de", Some("tai:de"), r#"{"allow_networks":[]}"#),
            ("us-2", Some("tai:us"), r#"{"allow_networks":[]}"#),
            ("fr", Some("tai:fr"), r#"{"allow_networks":[]}"#),
        ],
    ),
    (
        "a deny of one before a cap of another",
        &[
            ("capped", Some("tai:us/ca/retail"), r#"{"caps":{"max_total_usd":"1"}}"#),
            ("denied", None, r#"{"deny_jurisdictions":["DE"]}"#),
        ],
    ),
    (
        "written for a jurisdiction",
        &[
            ("us", None, r#"{"version":"PEL-0.1","jurisdiction":"US","requires":["KYC"]}"#),
            ("ny", None, r#"{"version":"PEL-0.1","jurisdiction":"US-NY","requires":["BITLICENSE"]}"#),
            ("zone", Some("tai:us/-/retail"), r#"{"version":"PEL-0.1","jurisdiction":"US","requires":["ZONE"]}"#),
        ],
    ),
    (
        "fees of the narrower",
        &[
            ("wide", None, r#"{"fee_split":{"network_fees":"payer"}}"#),
            ("narrow", Some("tai:us"), r#"{"fee_split":{"service_fees":"split:70/30"}}"#),
            ("proofs", Some("tai:us/ca"), r#"{"version":"PEL-0.1","constraints":{"zk_required":true}}"#),
        ],
    ),
    ("one name twice", &[("a", None, "{}"), ("a", Some("tai:us"), "{}")]),
    ("an area outside the jurisdiction", &[("a", Some("tai:us"), r#"{"version":"PEL-0.1","jurisdiction":"US-CA"}"#)]),
];

const SET_SUBJECTS: [(&str, &str); 5] = [
    ("plain", "{}"),
    ("in New York", r#"{"area":"tai:us/ny/retail","jurisdictions":[]}"#),
    ("in a zone of the country", r#"{"area":"tai:us/-/retail","jurisdictions":["US-CA","US"]}"#),
    ("abroad", r#"{"area":"tai:fr","jurisdictions":["FR"],"fee_split":{}}"#),
    ("nowhere known", r#"{"area":null,"jurisdictions":[],"zk":"REQUIRED"}"#),
];

pub(crate) fn topic() -> Outcome<Topic> {
    let mut topic = Topic::new(
        "Policies of each dialect with subjects and prices, and the decision with the rule that decided; documents that are refused; and sets of policies by area.",
    );
    for text in READ {
        let case = Case::new(format!("document {text}")).with("document", text);
        topic.push(case.with_result(Policy::read(text.as_bytes()), |case, _| case.with("dialect", dialect(text))));
    }
    for (document_name, document) in DOCUMENTS {
        let policy = Policy::read(document.as_bytes())?;
        for (subject_name, changes) in SUBJECTS {
            let (shown, subject, prices) = subject(changes)?;
            let case = Case::new(format!("{document_name}; {subject_name}")).with("document", document);
            let case = case.with("subject", shown).with("dialect", dialect(document));
            topic.push(decided(case, policy.evaluate(&subject, &prices))?);
        }
    }
    for (set_name, entries) in SETS {
        let shown: Vec<_> = entries
            .iter()
            .map(|(name, area, document)| json!({ "name": name, "area": area, "document": document }))
            .collect();
        for (subject_name, changes) in SET_SUBJECTS {
            let (subject_shown, subject, prices) = subject(changes)?;
            let case = Case::new(format!("set: {set_name}; {subject_name}")).with("policies", shown.clone());
            let case = case.with("subject", subject_shown);
            let mut set = PolicySet::new();
            let added = entries.iter().try_for_each(|(name, area, document)| -> tgp_protocol::Result<()> {
                let area = area.map(str::parse).transpose()?;
                set.insert(name.parse()?, area, Policy::read(document.as_bytes())?)
            });
            if let Err(error) = added {
                topic.push(case.with_refusal(&error));
                continue;
            }
            let selected: Vec<_> = set.select(&subject).iter().map(|entry| entry.name.as_str().to_owned()).collect();
            let decision = set.evaluate(&subject, &prices);
            let case = case.with("selected", selected).with("policy", decision.policy.map(|name| name.as_str()));
            topic.push(decided(case, decision.decision)?);
        }
    }
    Ok(topic)
}

fn dialect(document: &str) -> &'static str {
    match object(document).map(|document| Dialect::of(&document)) {
        Ok(Dialect::Gateway) => "gateway",
        Ok(Dialect::Expression) => "expression",
        Ok(Dialect::Path) => "path",
        Err(_) => "none",
    }
}

fn decided(case: Case, decision: Decision) -> Outcome<Case> {
    Ok(match decision {
        Decision::Allow(permit) => case
            .with("decision", "allow")
            .with("zk_required", permit.zk_required)
            .with("fee_split", serde_json::to_value(permit.fee_split)?),
        Decision::Deny(denial) => case
            .with("decision", "deny")
            .with("rule", denial.rule.to_string())
            .with("code", denial.code().as_str())
            .with("reason", denial.reason.text()),
    })
}

/// The plain subject with changes, as it is shown and as it is asked about; null is not known.
fn subject(changes: &str) -> Outcome<(Value, Subject, Prices)> {
    let mut shown: Map<String, Value> = serde_json::from_str(PLAIN)?;
    let changes: Map<String, Value> = serde_json::from_str(changes)?;
    shown.extend(changes);
    shown.retain(|_, value| !value.is_null());
    let value = Value::Object(shown);
    let text = |name: &str| value[name].as_str();
    let texts = |name: &str| value[name].as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>();
    let network: Network = serde_json::from_value(value["network"].clone())?;
    let needed = |name: &str| text(name).ok_or_else(|| format!("no {name}"));
    let mut subject = Subject::new(network, needed("asset")?.parse()?, needed("amount")?.parse()?);
    subject.fee = needed("fee")?.parse()?;
    subject.zk = serde_json::from_value::<ZkProfile>(value["zk"].clone())?;
    subject.area = text("area").map(str::parse).transpose()?;
    for jurisdiction in texts("jurisdictions") {
        subject = subject.with_jurisdiction(jurisdiction.parse()?);
    }
    for tag in texts("compliance") {
        subject = subject.with_compliance(tag.parse()?);
    }
    for purpose in texts("uses") {
        subject = subject.with_use(purpose.parse()?);
    }
    subject.kyc_class = text("kyc_class").map(str::parse).transpose()?;
    subject.data_retention = text("data_retention").map(str::parse).transpose()?;
    subject.latency_ms = value["latency_ms"].as_u64();
    subject.success_rate = text("success_rate").map(str::parse).transpose()?;
    subject.delivery = value["delivery_seconds"].as_u64().map(Duration::from_secs);
    subject.fee_split = serde_json::from_value::<FeeSplit>(value["fee_split"].clone())?;
    let mut pairs = Vec::new();
    for pair in value["prices"].as_array().into_iter().flatten() {
        let price: Decimal = pair[1].as_str().ok_or("no price")?.parse()?;
        pairs.push((pair[0].as_str().ok_or("no pair")?, price));
    }
    let prices = Prices::from_midprices(pairs);
    Ok((value, subject, prices))
}
