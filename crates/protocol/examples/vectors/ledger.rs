use crate::{
    Outcome,
    object::{fields, object, put, written},
    samples::key,
    topic::{Case, Topic},
};
use std::time::Duration;
use tgp_protocol::{
    json::{Kept, Object},
    ledger::{LedgerSummary, check_state_refs, policy_hash},
    sign,
    tib::StateRef,
    value::{Clock, DomainName, Id},
};

/// Issued at 10:00:00 on the first of December 2025, good for a minute.
const SUMMARY: &str = r#"{
  "sso_id": "sso-id-1", "chain_id": 369, "height": 23456789,
  "midprices": {"USDCUSD": "1.0002"}, "gas_quote": {"max_gwei": "1200000"}, "liquidity_caps": {"USDC": "50000"},
  "issued_at": 1764583200000, "valid_ms": 60000, "issuer": "gateway-a.example"
}"#;

const CAP_MS: u64 = 120_000;

pub(crate) fn topic() -> Outcome<Topic> {
    let mut topic = Topic::new(
        "Ledger summaries: signatures, until when one counts at a given time (first_seen counts only where issued_at is missing; cap_ms is the longest that any is believed) and whether it may go on, trusted issuers, blocks at or above them; and the hash of a policy with the ids of summaries.",
    );
    shapes(&mut topic)?;
    signatures(&mut topic)?;
    validity(&mut topic)?;
    references(&mut topic)?;
    hashes(&mut topic)?;
    Ok(topic)
}

fn changed(changes: &[(&str, Option<&str>)]) -> Outcome<Object> {
    let mut summary = object(SUMMARY)?;
    for (place, text) in changes {
        put(&mut summary, place, *text)?;
    }
    Ok(summary)
}

fn signed(mut summary: Object) -> Object {
    sign::sign_member("sso", &mut summary, "sig", &key(7));
    summary
}

fn push(topic: &mut Topic, name: String, summary: &Object, by: u8) -> Outcome<()> {
    let key = key(by).public_key();
    let case = Case::new(name).with("summary", written(summary)?).with("public_key", key.to_string());
    let verified = Kept::<LedgerSummary>::from_object(summary.clone()).and_then(|summary| summary.verify(&key));
    topic.push(case.with_result(verified, |case, ()| case.with("verifies", true)));
    Ok(())
}

fn shapes(topic: &mut Topic) -> Outcome<()> {
    for (name, _) in object(SUMMARY)?.iter() {
        push(topic, format!("{name} missing"), &signed(changed(&[(name, None)])?), 7)?;
        push(topic, format!("{name} is true"), &signed(changed(&[(name, Some("true"))])?), 7)?;
    }
    for (place, text) in [
        ("midprices.USDCUSD", "1.0002"),
        ("midprices.USDCUSD", r#""$1""#),
        ("midprices", r#"{"USDC/USD":"1"}"#),
        ("gas_quote", "{}"),
        ("liquidity_caps.USDC", r#""$50,000""#),
        ("issued_at", r#""2025-12-01T10:00:00Z""#),
        ("valid_ms", "-1"),
        ("issuer", r#""Gateway-A.example""#),
    ] {
        push(topic, format!("{place} is {text}"), &signed(changed(&[(place, Some(text))])?), 7)?;
    }
    Ok(())
}

fn signatures(topic: &mut Topic) -> Outcome<()> {
    let good = signed(changed(&[])?);
    push(topic, "signed".into(), &good, 7)?;
    push(topic, "signed by another key".into(), &good, 8)?;
    push(topic, "signed with an unknown member".into(), &signed(changed(&[("later", Some("[0.5]"))])?), 7)?;
    for (name, place, text) in [
        ("signed, and a price changed", "midprices.USDCUSD", Some(r#""1.0003""#)),
        ("signed, and a price written in another form", "midprices.USDCUSD", Some(r#""1.00020""#)),
        ("signed, and a member added", "later", Some("1")),
        ("signed, and kid taken out", "kid", None),
        ("not signed", "sig", None),
    ] {
        let mut summary = good.clone();
        put(&mut summary, place, text)?;
        push(topic, name.into(), &summary, 7)?;
    }
    let mut message = changed(&[])?;
    sign::sign_member("G/QUERY", &mut message, "sig", &key(7));
    push(topic, "signed for another purpose".into(), &message, 7)?;
    let good: LedgerSummary = fields(SUMMARY)?;
    for trusted in [vec!["gateway-a.example"], vec!["b.example", "gateway-a.example"], vec!["b.example"], vec![]] {
        let names = trusted.iter().map(|name| name.parse()).collect::<Result<Vec<DomainName>, _>>()?;
        let case =
            Case::new(format!("issuer where {trusted:?} are trusted")).with("summary", written(&object(SUMMARY)?)?);
        let case = case.with("trusted", trusted);
        topic.push(case.with_result(good.check_issuer(&names), |case, ()| case.with("issuer_trusted", true)));
    }
    Ok(())
}

fn validity(topic: &mut Topic) -> Outcome<()> {
    let none = ("issued_at", None);
    let long = ("valid_ms", Some("99999999999"));
    let zero = ("valid_ms", Some("0"));
    let early = "2025-12-01T09:00:00Z";
    for (name, changes, first_seen, now) in [
        ("at once", vec![], "2025-12-01T10:00:00Z", "2025-12-01T10:00:00Z"),
        ("first seen earlier than issued", vec![], early, "2025-12-01T10:00:00Z"),
        ("first seen later", vec![], "2025-12-01T10:00:50Z", "2025-12-01T10:00:50Z"),
        ("in its last millisecond", vec![], early, "2025-12-01T10:00:59.999Z"),
        ("at its end", vec![], early, "2025-12-01T10:01:00Z"),
        ("seen late and over", vec![], "2025-12-01T10:01:01Z", "2025-12-01T10:01:01Z"),
        ("from a clock a minute ahead", vec![], early, "2025-12-01T09:59:00Z"),
        ("from the future", vec![], early, "2025-12-01T09:58:59.999Z"),
        ("longer than the cap", vec![long], early, "2025-12-01T10:01:59.999Z"),
        ("longer than the cap and over", vec![long], early, "2025-12-01T10:02:00Z"),
        ("never good", vec![zero], early, "2025-12-01T10:00:00Z"),
        ("without issue time", vec![none], "2025-12-01T12:00:00Z", "2025-12-01T12:00:30Z"),
        ("without issue time and over", vec![none], "2025-12-01T12:00:00Z", "2025-12-01T12:01:00Z"),
        ("without issue time, longer than the cap", vec![none, long], "2025-12-01T12:00:00Z", "2025-12-01T12:01:59Z"),
    ] {
        let summary = written(&changed(&changes)?)?;
        let case = Case::new(format!("counts: {name}")).with("summary", summary.as_str()).with("cap_ms", CAP_MS);
        let case = case.with("first_seen", first_seen).with("now", now);
        let clock = Clock::at(now.parse()?);
        let summary: LedgerSummary = fields(&summary)?;
        let found = summary.validity(first_seen.parse()?, &clock, Duration::from_millis(CAP_MS));
        topic.push(case.with_result(found, |case, validity| {
            case.with("until", validity.until.to_string()).with("may_forward", validity.may_forward)
        }));
    }
    Ok(())
}

fn references(topic: &mut Topic) -> Outcome<()> {
    let hash = "0xb1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1";
    for (name, refs, summaries) in [
        ("at its height", vec![(100, None)], vec![(369, 100)]),
        ("above it", vec![(101, None)], vec![(369, 100)]),
        ("below it", vec![(99, None)], vec![(369, 100)]),
        ("the highest counts", vec![(99, None), (100, None)], vec![(369, 100)]),
        ("other chain", vec![(500, Some("eip155:1"))], vec![(369, 100)]),
        ("one of two chains", vec![(100, None)], vec![(369, 100), (1, 500)]),
        ("one below and one above", vec![(100, None), (499, Some("eip155:1"))], vec![(369, 100), (1, 500)]),
        ("both", vec![(100, None), (500, Some("eip155:1"))], vec![(369, 100), (1, 500)]),
        ("no reference", vec![], vec![(369, 100)]),
        ("no summary", vec![(100, None)], vec![]),
    ] {
        let refs: Vec<String> = refs
            .into_iter()
            .map(|(height, chain)| {
                let chain = chain.map_or(String::new(), |chain| format!(r#""chain":"{chain}","#));
                format!(r#"{{{chain}"hash":"{hash}","height":{height},"type":"block_header"}}"#)
            })
            .collect();
        let texts = summaries
            .into_iter()
            .map(|(chain, height)| {
                let (chain, height) = (chain.to_string(), height.to_string());
                written(&changed(&[("chain_id", Some(&chain)), ("height", Some(&height))])?)
            })
            .collect::<Outcome<Vec<String>>>()?;
        let read = refs.iter().map(|text| fields::<StateRef>(text)).collect::<Result<Vec<_>, _>>()?;
        let known = texts.iter().map(|text| fields::<LedgerSummary>(text)).collect::<Result<Vec<_>, _>>()?;
        let case = Case::new(format!("blocks: {name}")).with("state_refs", refs).with("summaries", texts);
        let result = check_state_refs(&read, "eip155:369".parse()?, &known.iter().collect::<Vec<_>>());
        topic.push(case.with("chain", "eip155:369").with_result(result, |case, ()| case.with("met", true)));
    }
    Ok(())
}

fn hashes(topic: &mut Topic) -> Outcome<()> {
    let policy = r#"{"deny_jurisdictions":["RU"],"caps":{"max_total_usd":"2000"}}"#;
    for (name, policy, ids) in [
        ("two summaries", policy, vec!["sso-id-1", "sso-id-2"]),
        ("in another order, one twice", policy, vec!["sso-id-2", "sso-id-1", "sso-id-2"]),
        (
            "members in another order",
            r#"{"caps":{"max_total_usd":"2000"},"deny_jurisdictions":["RU"]}"#,
            vec!["sso-id-1", "sso-id-2"],
        ),
        ("one id that looks like two", policy, vec!["sso-id-1sso-id-2"]),
        ("sorted by bytes", policy, vec!["a", "B", "10", "9", "_", "-"]),
        ("no summary", policy, vec![]),
        ("empty policy", "{}", vec!["sso-id-1"]),
        ("number with places", r#"{"qos":{"min_success_rate":0.990}}"#, vec!["sso-id-1"]),
    ] {
        let parsed = ids.iter().map(|id| id.parse()).collect::<Result<Vec<Id>, _>>()?;
        let hash = policy_hash(&object(policy)?, &parsed);
        let case = Case::new(format!("policy hash: {name}")).with("policy", policy).with("ids", ids);
        topic.push(case.with("policy_hash", hash.to_string()));
    }
    Ok(())
}
