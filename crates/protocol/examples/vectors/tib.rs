use crate::{
    Outcome,
    edit::in_capitals,
    object::{fields, object, put, written},
    samples::{key, signed_tib, tib},
    topic::{Case, Topic},
};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use tgp_protocol::{
    json::{Kept, Object, Value},
    tib::{AnyTib, Tib, TibLite, Verb},
    value::DomainName,
};

/// The flat block of document 004, with the quotes and digits that are missing there.
const LITE: &str = include_str!("../../tests/it/documents/tib_lite.json");

const WALLET: &str = r#""evm:0x209693bc6afc0c5328ba36faf03c514ef312287c""#;

/// Changes of a valid block.
const CHANGES: [(&str, Option<&str>); 50] = [
    ("meta", None),
    ("meta.v", Some("2")),
    ("meta.nonce", Some(r#""00112233445566778899AABBCCDDEEFF""#)),
    ("meta.nonce", Some(r#""0011""#)),
    ("meta.exp", None),
    ("meta.exp", Some(r#""2025-12-01T10:01:00Z""#)),
    ("meta.trace_id", Some(r#""6f1c5f3e""#)),
    ("l8_value", None),
    ("l8_value.network.family", Some(r#""Solana""#)),
    ("l8_value.network.chain_id", Some(r#""369""#)),
    ("l8_value.network.endpoint_class", Some(r#""heavy""#)),
    ("l8_value.asset.symbol", Some(r#""US DC""#)),
    ("l8_value.asset.address", Some(r#""0x15""#)),
    ("l8_value.asset.decimals", Some("37")),
    ("l8_value.asset.decimals", Some("256")),
    ("l8_value.state_refs.0.hash", Some(r#""0xb1""#)),
    ("l8_value.state_refs.0.chain", Some(r#""eip155:1""#)),
    ("l8_value.amount", Some("1250")),
    ("l8_value.amount", Some(r#""0""#)),
    ("l8_value.amount", Some(r#""0.000001""#)),
    ("l8_value.amount", Some(r#""0.0000001""#)),
    ("l8_value.settlement.mode", Some(r#""later""#)),
    ("l8_value.settlement.mode", Some(r#""immediate""#)),
    ("l8_value.settlement.hashlock", None),
    (
        "l8_value.settlement.hashlock",
        Some(r#""sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855""#),
    ),
    ("l8_value.settlement.escrow_contract", Some(r#""0x0000000000000000000000000000000000000000""#)),
    ("l8_value.price_oracle.id", None),
    ("l9_identity.entities.payer.handle", Some(r#""tbca:9x""#)),
    ("l9_identity.entities.payee", None),
    ("l9_identity.bindings.0.proof", None),
    ("l9_identity.vc_refs", Some("[1]")),
    ("l10_policy.roles", None),
    ("l10_policy.roles.0.rights", Some(r#"["print"]"#)),
    ("l10_policy.rules", Some("[]")),
    ("l10_policy.audit.tdr_level", Some(r#""none""#)),
    ("l10_policy.audit.log_sink", Some(r#""""#)),
    ("l10_policy.policy_hash", Some(r#""0xb1""#)),
    ("crypto", None),
    ("crypto.kid", Some(r#""AAAA""#)),
    ("crypto.sig", Some(r#""ed25519:AAAA""#)),
    ("later", Some(r#"{"a":[0.5,null]}"#)),
    ("meta.v", Some("null")),
    ("l8_value", Some("null")),
    ("l8_value.state_summaries", Some("null")),
    ("l8_value.settlement.hashlock", Some("null")),
    ("l9_identity.bindings", Some("null")),
    ("l10_policy.rules", Some("null")),
    ("l10_policy.rules.deny_jurisdictions", Some("null")),
    ("crypto", Some("null")),
    ("crypto.sig", Some("null")),
];

const VERBS: [(&str, Verb); 8] = [
    ("precheck", Verb::Precheck),
    ("query", Verb::Query),
    ("quote", Verb::Quote),
    ("select", Verb::Select),
    ("commit", Verb::Commit),
    ("locked", Verb::Locked),
    ("proof", Verb::Proof),
    ("settle", Verb::Settle),
];

pub(crate) fn topic() -> Outcome<Topic> {
    let mut topic = Topic::new(
        "Info blocks: which form a block has or why it is refused, the SHA-256 of the bytes that its initiator signs (with a public_key the signature is verified), what each verb needs, whether the identity layer shows a wallet, and the flat block both ways.",
    );
    let good = tib()?;
    forms(&mut topic, &good)?;
    signatures(&mut topic)?;
    verbs(&mut topic)?;
    disclosure(&mut topic, &good)?;
    views(&mut topic, &good)?;
    Ok(topic)
}

fn changed(object: &Object, changes: &[(&str, Option<&str>)]) -> Outcome<Object> {
    let mut object = object.clone();
    for (place, text) in changes {
        put(&mut object, place, *text)?;
    }
    Ok(object)
}

fn named(place: &str, text: Option<&str>) -> String {
    text.map_or_else(|| format!("{place} missing"), |text| format!("{place} is {text}"))
}

fn forms(topic: &mut Topic, good: &Object) -> Outcome<()> {
    let mut cases = vec![("full block".to_owned(), good.clone()), ("flat block".to_owned(), object(LITE)?)];
    for (place, text) in CHANGES {
        // without meta it is read as the other form, and then much is missing
        if place != "meta" {
            cases.push((format!("full block, {}", named(place, text)), changed(good, &[(place, text)])?));
        }
    }
    let flat = object(LITE)?;
    for (name, _) in flat.iter() {
        cases.push((format!("flat block, {name} missing"), changed(&flat, &[(name, None)])?));
        cases.push((format!("flat block, {name} is null"), changed(&flat, &[(name, Some("null"))])?));
        cases.push((format!("flat block, {name} is true"), changed(&flat, &[(name, Some("true"))])?));
    }
    cases.push(("flat block, meta is null".to_owned(), changed(&flat, &[("meta", Some("null"))])?));
    for (name, object) in cases {
        let case = Case::new(name).with("text", written(&object)?);
        topic.push(case.with_result(AnyTib::from_object(object), |case, form| {
            case.with("form", if matches!(form, AnyTib::Full(_)) { "full" } else { "lite" })
        }));
    }
    Ok(())
}

/// What the initiator signs, put together here once more.
fn signed_bytes(tib: &Object) -> Vec<u8> {
    let mut tib = tib.clone();
    if let Some(Value::Object(mut crypto)) = tib.remove("crypto") {
        crypto.remove("sig");
        tib.insert("crypto", Value::Object(crypto));
    }
    [b"TGP/0.1/sig/tib\0".as_slice(), &tib.canonical()].concat()
}

fn signatures(topic: &mut Topic) -> Outcome<()> {
    let good = signed_tib()?;
    for (name, place, text, by) in [
        ("signed", "", None, 4),
        ("signed by another key", "", None, 5),
        ("signed, and a member changed", "l8_value.amount", Some(r#""1250""#), 4),
        ("signed, and a member added", "later", Some("1"), 4),
        ("signed, and kid taken out", "crypto.kid", None, 4),
        ("signed, and what is sealed changed", "crypto.enc", Some("[]"), 4),
        ("signature taken out", "crypto.sig", None, 4),
        ("crypto taken out", "crypto", None, 4),
        ("null for crypto", "crypto", Some("null"), 4),
        ("null for kid", "crypto.kid", Some("null"), 4),
    ] {
        let changes = [(place, text)];
        let object = changed(&good, if place.is_empty() { &[] } else { &changes })?;
        let key = key(by).public_key();
        let case = Case::new(name).with("text", written(&object)?).with("public_key", key.to_string());
        let hash = Sha256::digest(signed_bytes(&object));
        let verified = Kept::<Tib>::from_object(object)?.verify(&key);
        topic.push(case.with_result(verified, |case, ()| case.with_bytes("signed_hash", hash)));
    }
    Ok(())
}

fn verbs(topic: &mut Topic) -> Outcome<()> {
    let good = signed_tib()?;
    let blocks = [
        ("whole block", good.clone()),
        ("block without value layer", changed(&good, &[("l8_value", None)])?),
        ("block without summaries", changed(&good, &[("l8_value.state_summaries", Some("[]"))])?),
        ("block without blocks", changed(&good, &[("l8_value.state_refs", None)])?),
        ("block without signature", changed(&good, &[("crypto.sig", None)])?),
    ];
    for (name, block) in blocks {
        for (word, verb) in VERBS {
            let case = Case::new(format!("{word} with a {name}")).with("text", written(&block)?).with("verb", word);
            let fits = Kept::<Tib>::from_object(block.clone())?.check_for(verb);
            topic.push(case.with_result(fits, |case, ()| case.with("fits", true)));
        }
    }
    Ok(())
}

fn disclosure(topic: &mut Topic, good: &Object) -> Outcome<()> {
    let named_wallet = format!("{{{WALLET}:1}}");
    for (place, text) in [
        ("l9_identity.vc_refs", r#"["sd-jwt:1"]"#),
        ("l9_identity.bindings.0.can_settle_on.0", WALLET),
        ("l9_identity.bindings.0.proof", r#""0X209693BC6AFC0C5328BA36FAF03C514EF312287C""#),
        ("l9_identity.bindings.0.proof", r#""0x209693bc6afc0c5328ba36faf03c514ef312287""#),
        ("l9_identity.bindings.0.proof", r#""0x209693bc6afc0c5328ba36faf03c514ef312287g""#),
        ("l9_identity.entities.initiator", r#""did:pkh:eip155:1:0x209693bc6afc0c5328ba36faf03c514ef312287c""#),
        ("l9_identity.entities.mediators.0", WALLET),
        ("l9_identity.later", WALLET),
        ("l9_identity.later", &format!("[[{named_wallet}]]")),
        ("l10_policy.roles.0.entity", WALLET),
    ] {
        let object = changed(good, &[(place, Some(text))])?;
        let case = Case::new(format!("disclosure: {place} is {text}")).with("disclosure", written(&object)?);
        let result = Kept::<Tib>::from_object(object)?.check_disclosure();
        topic.push(case.with_result(result, |case, ()| case.with("shows_wallet", false)));
    }
    Ok(())
}

fn views(topic: &mut Topic, good: &Object) -> Outcome<()> {
    let sender: DomainName = "gateway-a.example".parse()?;
    let claims = ("l9_identity.attributes", Some(r#"{"wallet_type":"safe","reputation_score":95}"#));
    let no_score = ("l9_identity.attributes", Some(r#"{"wallet_type":"safe"}"#));
    let place = ("l10_policy.jurisdiction", Some(r#""US""#));
    for (name, changes) in [
        ("all that it shows", vec![claims, place]),
        ("no score", vec![no_score, place]),
        ("no jurisdiction", vec![claims]),
        ("no claims", vec![place]),
        ("no block", vec![claims, place, ("l8_value.state_refs", None)]),
        ("no policy hash", vec![claims, place, ("l10_policy.policy_hash", None)]),
        ("no value layer", vec![claims, place, ("l8_value", None)]),
    ] {
        let object = changed(good, &changes)?;
        let tib = Kept::<Tib>::from_object(object.clone())?.into_fields();
        let view = TibLite::of(&tib, &sender).map(|lite| written(Kept::new(lite)?.object()));
        let view = view.transpose()?;
        let case = Case::new(format!("view of a block with {name}")).with("block", written(&object)?);
        topic.push(case.with("sender", sender.to_string()).with("view", view.map_or(Json::Null, Json::String)));
    }
    let mut shouted = changed(good, &[claims, place])?;
    put(&mut shouted, "l8_value.state_refs.0.hash", Some(&format!(r#""0x{}""#, "B1".repeat(32))))?;
    shouted = in_capitals(&shouted, "l10_policy.policy_hash")?;
    let tib = Kept::<Tib>::from_object(shouted.clone())?.into_fields();
    let view = TibLite::of(&tib, &sender).ok_or("no view")?;
    let case = Case::new("view of a block with hashes in capitals").with("block", written(&shouted)?);
    topic.push(case.with("sender", sender.to_string()).with("view", written(Kept::new(view)?.object())?));
    let capitals = Some(r#""0xABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB""#);
    for (name, flat, changes) in [
        ("whole", vec![], vec![]),
        ("with hashes in capitals", vec![("ledger_state_hash", capitals), ("policy_hash", capitals)], vec![]),
        ("without score", vec![("reputation_score", None)], vec![claims]),
        ("into a block without blocks", vec![], vec![("l8_value.state_refs", Some("[]"))]),
        ("into a block without value layer", vec![], vec![("l8_value", None)]),
        ("without tags", vec![("compliance_tags", Some("[]"))], vec![]),
    ] {
        let (flat, full) = (changed(&object(LITE)?, &flat)?, changed(good, &changes)?);
        let lite: TibLite = fields(&written(&flat)?)?;
        let tib = Kept::<Tib>::from_object(full)?.into_fields();
        // amounts and addresses in the form that is written for them, so that the view alone makes the difference
        let full = Kept::new(tib.clone())?.object().clone();
        let (tib, domain) = lite.into_tib(tib);
        let case = Case::new(format!("flat block {name}")).with("lite", written(&flat)?).with("into", written(&full)?);
        let whole = written(Kept::new(tib)?.object())?;
        topic.push(case.with("full", whole).with("domain", domain.to_string()));
    }
    Ok(())
}
