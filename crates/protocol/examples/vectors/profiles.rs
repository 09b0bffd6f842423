use crate::{
    Outcome,
    edit::changed,
    object::{object, written},
    orders::fields,
    random::Random,
    topic::{Case, Topic},
};
use alloy_primitives::Address;
use alloy_sol_types::SolStruct;
use serde_json::{Map, Value, json};
use tgp_protocol::{
    Error,
    order::escrow_domain,
    profile::{Deal, Profile},
    value::{Amount, Bps, Sha256Digest, Timestamp, Word},
};

const CHAIN: u64 = 8453;

/// A profile that no file has: evidence by proof, an arbiter, a seller who wins by the arbiter's silence.
const OWN: &str = r#"{
  "name": "translation", "title": "Translation: a proof of delivery, an arbiter, a fee",
  "buyer_protection": "bond", "fulfillment_type": "Digital", "commitment_type": "CounterEscrow",
  "requires_tracking": false, "arbiter": "required", "attester": "none",
  "terms": {
    "kind": "BOND", "policy": ["ZK_PROOF", "TIMED"], "silence": "seller", "jurisdiction": 7,
    "counter_bps": 333, "slash_bps": 10000, "fee_bps": 25, "max_fee_bps": 1000, "arbiter_fee_bps": 300,
    "dispute_bond_bps": 500, "fund_window": 600, "commitment_window": 7200, "claim_window": 86400,
    "timed_release_delay": 172800, "review_window": 7200, "dispute_window": 604800
  },
  "simple": {
    "instant_on_commit": true, "requires_deposit": false, "commitment_window": 900, "claim_window": 3600,
    "allows_timed_release": false, "timed_release_delay": 0
  }
}"#;

/// One member of the own profile replaced. What is left is a profile, or one rule is broken.
const CHANGES: [(&[&str], Option<&str>); 60] = [
    (&["title"], Some(r#""""#)),
    (&["title"], None),
    (&["name"], Some(r#""a b""#)),
    (&["later"], Some("1")),
    (&["buyer_protection"], Some(r#""dispute""#)),
    (&["buyer_protection"], Some(r#""all""#)),
    (&["fulfillment_type"], Some(r#""digital""#)),
    (&["commitment_type"], None),
    (&["requires_tracking"], Some("1")),
    (&["arbiter"], Some(r#""maybe""#)),
    (&["attester"], Some(r#""required""#)),
    (&["terms"], None),
    (&["terms", "later"], Some("1")),
    (&["terms", "kind"], Some(r#""SWAP""#)),
    (&["terms", "policy"], Some("[]")),
    (&["terms", "policy"], Some(r#"["ZK_PROOF"]"#)),
    (&["terms", "policy"], Some(r#"["TIMED","ZK_PROOF","TIMED"]"#)),
    (&["terms", "policy"], Some(r#"["PARTIAL","TIMED"]"#)),
    (&["terms", "policy"], Some(r#"["ATTESTER_SIG","TIMED"]"#)),
    (&["terms", "policy"], Some(r#"["LATER"]"#)),
    (&["terms", "silence"], Some(r#""arbiter""#)),
    (&["terms", "jurisdiction"], Some("255")),
    (&["terms", "jurisdiction"], Some("256")),
    (&["terms", "counter_bps"], Some("10000")),
    (&["terms", "counter_bps"], Some("10001")),
    (&["terms", "counter_bps"], Some("1")),
    (&["terms", "slash_bps"], Some("10001")),
    (&["terms", "fee_bps"], Some("1000")),
    (&["terms", "fee_bps"], Some("1001")),
    (&["terms", "max_fee_bps"], Some("1001")),
    (&["terms", "max_fee_bps"], Some("24")),
    (&["terms", "arbiter_fee_bps"], Some("501")),
    (&["terms", "dispute_bond_bps"], Some("299")),
    (&["terms", "fund_window"], Some("0")),
    (&["terms", "fund_window"], Some("7200")),
    (&["terms", "fund_window"], Some("7201")),
    (&["terms", "fund_window"], Some("-1")),
    (&["terms", "commitment_window"], Some("599")),
    (&["terms", "claim_window"], Some("3599")),
    (&["terms", "claim_window"], Some("3600")),
    (&["terms", "claim_window"], Some("31536000")),
    (&["terms", "claim_window"], Some("31536001")),
    (&["terms", "timed_release_delay"], Some("93600")),
    (&["terms", "timed_release_delay"], Some("93599")),
    (&["terms", "timed_release_delay"], Some("31536000")),
    (&["terms", "review_window"], Some("3599")),
    (&["terms", "review_window"], Some("7776001")),
    (&["terms", "dispute_window"], Some("86399")),
    (&["terms", "dispute_window"], Some("86400")),
    (&["terms", "dispute_window"], Some("7776000")),
    (&["terms", "dispute_window"], Some("7776001")),
    (&["simple", "instant_on_commit"], Some("false")),
    (&["simple", "requires_deposit"], Some("true")),
    (&["simple", "commitment_window"], Some("0")),
    (&["simple", "allows_timed_release"], Some("true")),
    (&["simple", "timed_release_delay"], Some("60")),
    (&["simple", "claim_window"], Some(r#""3600""#)),
    (&["simple", "later"], Some("1")),
    (&["name"], Some("null")),
    (&["simple", "claim_window"], Some("null")),
];

pub(crate) fn topic() -> Outcome<Topic> {
    let mut topic = Topic::new(
        "Profiles with a deal: the order field by field and its id, or the first rule of the escrow that is broken; and profiles that are refused, or not, without a deal. Times of a deal are whole seconds.",
    );
    for preset in Profile::presets() {
        let text = written(&object(&serde_json::to_string(&preset.to_draft())?)?)?;
        topic.push(ordered(&format!("preset {}", preset.name()), &text, &base())?);
    }
    let own = object(OWN)?;
    let text = written(&own)?;
    topic.push(ordered("own profile", &text, &base())?);
    for (name, changes) in [
        ("the least amount", vec![("amount", json!("31"))]),
        ("an amount whose bond is nothing", vec![("amount", json!("30"))]),
        ("the greatest amount", vec![("amount", json!("79228162514264337593543950335"))]),
        ("an amount beyond 96 bits", vec![("amount", json!("79228162514264337593543950336"))]),
        ("no amount", vec![("amount", json!("0"))]),
        ("no arbiter", vec![("arbiter", Value::Null)]),
        ("the zero address as arbiter", vec![("arbiter", json!(Address::ZERO.to_string()))]),
        ("no proof", vec![("proof", Value::Null)]),
        ("no receiver of fees", vec![("fee_receiver", Value::Null)]),
        ("a fee of its own", vec![("fee_bps", json!(1000))]),
        ("no fee and no receiver", vec![("fee_bps", json!(0)), ("fee_receiver", Value::Null)]),
        ("a fee above the most", vec![("fee_bps", json!(1001))]),
        ("no offer", vec![("offer_hash", Value::Null)]),
        ("the chain's coin", vec![("token", json!(Address::ZERO.to_string()))]),
        ("no buyer", vec![("buyer", json!(Address::ZERO.to_string()))]),
        ("no seller", vec![("seller", json!(Address::ZERO.to_string()))]),
        ("a seller who is the buyer", vec![("seller", base()["buyer"].clone())]),
        ("an arbiter who is the buyer", vec![("arbiter", base()["buyer"].clone())]),
        ("the escrow as seller", vec![("escrow", base()["seller"].clone())]),
        ("another escrow", vec![("escrow", json!(Address::repeat_byte(9).to_string()))]),
        ("a moment within a second", vec![("now", json!("2026-11-21T10:00:00.999Z"))]),
        ("the year 9999", vec![("now", json!("9999-12-30T00:00:00Z"))]),
    ] {
        let mut deal = base();
        for (member, value) in changes {
            deal[member] = value;
        }
        topic.push(ordered(&format!("own profile, {name}"), &text, &deal)?);
    }
    let physical = Profile::preset("physical").ok_or("no such preset")?;
    let physical = written(&object(&serde_json::to_string(&physical.to_draft())?)?)?;
    for (name, member, value) in [
        ("no attester", "attester", Value::Null),
        ("the seller as attester", "attester", base()["seller"].clone()),
        ("no arbiter", "arbiter", Value::Null),
    ] {
        let mut deal = base();
        deal[member] = value;
        topic.push(ordered(&format!("preset physical, {name}"), &physical, &deal)?);
    }
    for (path, value) in CHANGES {
        let text = written(&changed(&own, &path.join("."), value)?)?;
        let case =
            Case::new(format!("{} is {}", path.join("."), value.unwrap_or("missing"))).with("profile", text.as_str());
        topic.push(case.with_result(Profile::read(text.as_bytes()), |case, profile| {
            case.with("profile_name", profile.name().as_str())
        }));
    }
    Ok(topic)
}

/// A deal that fits every profile of this file.
fn base() -> Value {
    let mut random = Random::new("TGP/0.1/vectors/profiles");
    let mut address = || random.address().to_string();
    json!({
        "buyer": address(), "seller": address(), "token": address(), "arbiter": address(), "attester": address(),
        "fee_receiver": address(), "escrow": address(), "amount": "100000001", "now": "2026-11-21T10:00:00Z",
        "session_id": "sess-abc123", "salt": format!("0x{}", "5a".repeat(32)),
        "offer_hash": format!("sha256:{}", "6b".repeat(32)),
        "proof": { "circuit": format!("0x{}", "7c".repeat(32)), "version": 3 },
    })
}

fn ordered(name: &str, profile: &str, deal: &Value) -> Outcome<Case> {
    let mut shown: Map<String, Value> = deal.as_object().cloned().unwrap_or_default();
    shown.retain(|_, value| !value.is_null());
    let escrow = text(deal, "escrow").ok_or("no escrow")?.parse::<Address>()?;
    let case = Case::new(name).with("profile", profile).with("deal", shown).with("chain_id", CHAIN.to_string());
    let result = Profile::read(profile.as_bytes());
    let result = match result {
        Ok(profile) => profile.terms(&read(deal)?),
        Err(error) => Err(error),
    };
    Ok(case.with_result(result, |case, order| {
        let id = order.pack().eip712_signing_hash(&escrow_domain(CHAIN, escrow));
        case.with("order", fields(&order)).with("order_id", id.to_string())
    }))
}

fn text<'v>(deal: &'v Value, name: &str) -> Option<&'v str> {
    deal[name].as_str()
}

fn read(value: &Value) -> Outcome<Deal> {
    let member = |name: &str| text(value, name).ok_or_else(|| format!("no {name}"));
    let address = |name: &str| text(value, name).map(str::parse::<Address>).transpose();
    let party = |name: &str| -> Outcome<Address> { Ok(member(name)?.parse()?) };
    let now: Timestamp = member("now")?.parse()?;
    let salt: Word = member("salt")?.parse()?;
    let mut deal = Deal::new(party("buyer")?, party("seller")?, now, member("session_id")?.parse()?, salt);
    deal = deal.with_price(party("token")?, member("amount")?.parse::<Amount>()?).with_escrow(party("escrow")?);
    if let Some(hash) = text(value, "offer_hash") {
        deal = deal.with_offer_hash(hash.parse::<Sha256Digest>()?);
    }
    if let Some(arbiter) = address("arbiter")? {
        deal = deal.with_arbiter(arbiter);
    }
    if let Some(attester) = address("attester")? {
        deal = deal.with_attester(attester);
    }
    if let Some(receiver) = address("fee_receiver")? {
        deal = deal.with_fee_receiver(receiver);
    }
    if let Some(fee) = value["fee_bps"].as_u64() {
        let receiver = address("fee_receiver")?.unwrap_or_default();
        deal = deal.with_fee(receiver, Bps::new(u32::try_from(fee)?).map_err(Error::from)?);
    }
    if let Some(circuit) = value["proof"]["circuit"].as_str() {
        let version = u32::try_from(value["proof"]["version"].as_u64().ok_or("no version")?)?;
        deal = deal.with_proof(circuit.parse::<Word>()?.0, version);
    }
    Ok(deal)
}
