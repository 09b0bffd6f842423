use crate::{
    Outcome,
    edit::{called, changed, in_capitals, nulls},
    errors,
    object::{object, written},
    offer_answers,
    samples::tib,
    topic::{Case, Topic},
};
use serde_json::json;
use tgp_protocol::{
    buyer::{Accept, BuyerMessage, Offer, OfferedTerms, ZkPolicy, ZkProfile, offer_hash},
    json::Object,
    sign::{PublicKey, SigningKey},
    value::{Clock, Timestamp},
    wire::{Message, Received},
};

/// Not sealed yet.
const OFFER: &str = r#"{"phase":"OFFER","tgp_version":"0.1","id":"offer-abc123","query_id":"q-abc123","asset":"USDC","amount":"1000000",
"coreprover_contract":"0x4242424242424242424242424242424242424242","chain":"eip155:8453","session_id":"sess-abc123","zk_required":true,
"economic_envelope":{"max_fees_bps":50,"expiry":"2026-11-21T10:05:00Z"},
"policy_hash":"sha256:0909090909090909090909090909090909090909090909090909090909090909","buyer_protection":"bond",
"next_actions":[{"id":"coreprover-create","channel":"onchain","who":"0x0101010101010101010101010101010101010101","deadline":"2026-11-21T10:00:00Z"}],
"offer_hash":"0x0000000000000000000000000000000000000000000000000000000000000000",
"order":{"kind":"terms","order_id":"0x0000000000000000000000000000000000000000000000000000000000000000","terms":{
"buyer":"0x0101010101010101010101010101010101010101","seller":"0x0202020202020202020202020202020202020202","token":"0x0303030303030303030303030303030303030303","amount":"1000000",
"counterToken":"0x0303030303030303030303030303030303030303","counterAmount":"500000","feeReceiver":"0x0505050505050505050505050505050505050505","arbiter":"0x0404040404040404040404040404040404040404","verifier":"0x0000000000000000000000000000000000000000",
"deliveryCircuit":"0x0000000000000000000000000000000000000000000000000000000000000000","kind":"BOND","policy":["TIMED","PARTIAL"],"silence":"toSeller","jurisdiction":"0","slashBps":"10000","feeBps":"25","maxFeeBps":"50","arbiterFeeBps":"10","disputeBondBps":"100",
"deliveryVersion":"0","zkbVersion":"0","zksVersion":"0","fundBy":"1795255200","commitBy":"1795258800","deliverBy":"1795860000","timedRelease":"1796464800","reviewWindow":"86400","disputeWindow":"604800",
"sessionId":"0xd71ca8a2e3bd3fd7a5d9b42e3d5c2ea4f3ee33bd6c9e31d3dd1d5b6a8ed9ffff","offerHash":"0x0000000000000000000000000000000000000000000000000000000000000000","salt":"0x0707070707070707070707070707070707070707070707070707070707070707"}}}"#;

const SIMPLE: &str = r#"{"kind":"simple","order_id":"0x0606060606060606060606060606060606060606060606060606060606060606","terms":{"seller":"0x0202020202020202020202020202020202020202","amount":"1000000","commitmentWindow":"1800","claimWindow":"3600","allowsTimedRelease":true,"timedReleaseDelay":"3600"}}"#;

const COMMITMENT: &str = r#"{"businessName":"Pizza Hut #4521","businessLicense":"LICENSE-789","documentHash":"0x0505050505050505050505050505050505050505050505050505050505050505","deliveryCommitment":"0x0000000000000000000000000000000000000000000000000000000000000000","signature":"0x1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b"}"#;

const ACCEPT: &str = r#"{"phase":"ACCEPT","tgp_version":"0.1","id":"a-1","offer_id":"offer-abc123","offer_hash":"0x0000000000000000000000000000000000000000000000000000000000000000"}"#;

pub(crate) const SETTLE: &str = r#"{"phase":"SETTLE","tgp_version":"0.1","id":"settle-abc123","query_or_offer_id":"offer-abc123","success":true,"source":"buyer-notify","session_id":"sess-abc123","layer8_tx":"0x9f2d8e7c3b1a5f4e2d1c0b9a8f7e6d5c4b3a2f1e0d9c8b7a6f5e4d3c2b1a0f9e"}"#;

const ERROR: &str = r#"{"phase":"ERROR","id":"err-1","code":"UNSUPPORTED_ASSET","message":"Asset DOGE not supported in this jurisdiction","correlation_id":"q-abc123","class":"F","hop":"tbc-1","reason":"UnknownAsset"}"#;

/// Values for members of an OFFER.
const OF_OFFER: &[(&str, &[Option<&str>])] = &[
    ("id", &[None, Some(r#""a b""#), Some("1")]),
    ("query_id", &[None, Some(r#""""#)]),
    ("asset", &[None, Some(r#""US DC""#)]),
    ("amount", &[None, Some(r#""1""#), Some("1.5"), Some("1000000")]),
    ("coreprover_contract", &[None, Some(r#""0x42""#), Some(r#""0x0000000000000000000000000000000000000000""#)]),
    ("chain", &[None, Some(r#""base""#), Some(r#""eip155:0""#), Some("8453")]),
    ("session_id", &[None, Some(r#""sess-other""#), Some("7")]),
    ("zk_required", &[None, Some("false"), Some(r#""true""#)]),
    ("economic_envelope", &[None, Some("[]")]),
    ("economic_envelope.max_fees_bps", &[None, Some("51"), Some("10001"), Some(r#""50""#)]),
    ("economic_envelope.expiry", &[None, Some("null"), Some(r#""2026-11-21""#)]),
    ("order.kind", &[None, Some("null"), Some(r#""TERMS""#)]),
    ("order.order_id", &[None, Some("null"), Some(r#""0x12""#)]),
    (
        "order.terms.amount",
        &[
            None,
            Some(r#""999999""#),
            Some("1000000"),
            Some(r#""01000000""#),
            Some(r#""79228162514264337593543950336""#),
        ],
    ),
    ("order.terms", &[Some("null")]),
    ("order.terms.maxFeeBps", &[Some("null"), Some(r#""49""#), Some(r#""65536""#)]),
    ("order.terms.kind", &[Some(r#""SWAP""#), Some(r#""Bond""#)]),
    (
        "order.terms.policy",
        &[
            Some("[]"),
            Some(r#"["PARTIAL","TIMED"]"#),
            Some(r#"["TIMED","TIMED"]"#),
            Some(r#"["TIMED","PARTIAL","TIMED"]"#),
            Some(r#"["ATTESTER_SIG","TIMED","ZK_PROOF"]"#),
            Some(r#"["ATTESTER_SIG","ZK_PROOF","TIMED","PARTIAL"]"#),
            Some(r#"["NEVER"]"#),
            Some("4"),
        ],
    ),
    ("order.terms.silence", &[Some(r#""toBuyer""#), Some(r#""to_buyer""#)]),
    ("order.terms.jurisdiction", &[Some(r#""255""#), Some(r#""256""#)]),
    ("order.terms.slashBps", &[Some(r#""0""#)]),
    ("order.terms.fundBy", &[Some(r#""1099511627775""#), Some(r#""1099511627776""#)]),
    ("order.terms.sessionId", &[None, Some(r#""0x0707070707070707070707070707070707070707070707070707070707070707""#)]),
    ("order.seller_commitment", &[Some("null"), Some(COMMITMENT), Some("{}")]),
    ("offer_hash", &[None, Some(r#""0x12""#)]),
    ("policy_hash", &[None, Some(r#""0x0909090909090909090909090909090909090909090909090909090909090909""#)]),
    ("buyer_protection", &[None, Some(r#""none""#), Some(r#""timed-only""#), Some(r#""dispute""#), Some(r#""BOND""#)]),
    ("next_actions", &[None, Some("[]")]),
    ("next_actions.0.id", &[Some(r#""coreprover-collect-seller-with-proof""#), Some(r#""pay""#)]),
    ("next_actions.0.channel", &[None, Some(r#""facilitator""#), Some(r#""email""#)]),
    ("next_actions.0.who", &[None, Some("null"), Some(r#""alice""#)]),
    ("next_actions.0.deadline", &[None, Some("1795255200")]),
    ("nonce", &[Some(r#""n-1""#), Some("1")]),
    ("timestamp", &[Some(r#""2026-11-21T10:00:00Z""#), Some(r#""2026-11-21T10:00:00+01:00""#)]),
    ("later", &[Some(r#"{"b":[],"a":null}"#)]),
    ("crit", &[Some(r#"["order"]"#), Some(r#"["nonce"]"#), Some("7")]),
    ("tgp_version", &[None, Some(r#""0.2""#), Some(r#""1.0""#)]),
    ("phase", &[None, Some(r#""offer""#)]),
];

/// The same where no order has the same members.
const OF_DIRECT: &[(&str, &[Option<&str>])] = &[
    ("amount", &[Some(r#""0""#), Some("0"), Some(r#""1""#)]),
    ("coreprover_contract", &[None, Some(r#""0x0000000000000000000000000000000000000000""#)]),
    ("chain", &[None]),
    ("session_id", &[None]),
    ("zk_required", &[Some("true")]),
    ("economic_envelope.max_fees_bps", &[Some("1001"), Some("10000"), Some("10001")]),
    ("offer_hash", &[None]),
    ("buyer_protection", &[Some(r#""none""#), Some(r#""timed-only""#), Some(r#""dispute""#), Some(r#""bond""#)]),
];

const OF_ACCEPT: &[(&str, &[Option<&str>])] = &[
    ("id", &[None]),
    ("offer_id", &[None, Some(r#""a b""#)]),
    ("offer_hash", &[None, Some(r#""sha256:0000000000000000000000000000000000000000000000000000000000000000""#)]),
    ("later", &[Some("1")]),
];

const OF_SETTLE: &[(&str, &[Option<&str>])] = &[
    ("id", &[None]),
    ("query_or_offer_id", &[None, Some(r#""""#)]),
    ("success", &[None, Some("false"), Some("1")]),
    ("source", &[None, Some(r#""controller-watcher""#), Some(r#""coreprover-indexer""#), Some(r#""me""#)]),
    ("layer8_tx", &[None, Some(r#""0x9f2d""#)]),
    ("session_id", &[None, Some("1")]),
];

const OF_ERROR: &[(&str, &[Option<&str>])] = &[
    ("id", &[None]),
    (
        "code",
        &[
            None,
            Some(r#""INVALID_ASSET""#),
            Some(r#""TGP.POLICY_BLOCKED""#),
            Some(r#""X402.SETTLEMENT_PENDING""#),
            Some(r#""NO_SUCH""#),
        ],
    ),
    ("class", &[None, Some(r#""T""#), Some(r#""X""#), Some("1")]),
    ("message", &[None, Some(r#""""#), Some(r#""caf\u00e9""#)]),
    ("correlation_id", &[None, Some("7")]),
    ("hop", &[None]),
    ("reason", &[None]),
];

pub(crate) fn topic() -> Outcome<Topic> {
    let mut topic = Topic::new(
        "Plane B beside the QUERY: messages as they arrive, the hash of an OFFER and the id of its order, what answers what, when an OFFER is over, who needs escrow, and the error registry on every plane.",
    );
    let offer = sealed(OFFER)?;
    let direct =
        changed(&changed(&changed(&offer, "order", None)?, "buyer_protection", None)?, "zk_required", Some("false"))?;
    let simple = sealed(&written(&changed(&changed(&offer, "order", Some(SIMPLE))?, "buyer_protection", None)?)?)?;
    let accept = Accept::new("a-1".parse()?, "offer-abc123".parse()?, offer_hash_of(&offer)?.parse()?).to_object()?;
    for (name, whole, table) in [
        ("OFFER", &offer, OF_OFFER),
        ("OFFER without an order", &direct, OF_DIRECT),
        ("OFFER of a simple order", &simple, &[]),
        ("ACCEPT", &object(ACCEPT)?, OF_ACCEPT),
        ("SETTLE", &object(SETTLE)?, OF_SETTLE),
        ("ERROR", &object(ERROR)?, OF_ERROR),
    ] {
        topic.push(received(name, &written(whole)?, None));
        for (path, values) in table {
            for value in *values {
                let text = written(&changed(whole, path, *value)?)?;
                topic.push(received(&format!("{name}: {}", called(path, *value)), &text, None));
            }
        }
    }
    let absent = ["message_type", "vgp_version", "tib", "nonce", "timestamp", "signature", "kid", "crit"];
    for (name, whole) in
        [("OFFER", &offer), ("ACCEPT", &object(ACCEPT)?), ("SETTLE", &object(SETTLE)?), ("ERROR", &object(ERROR)?)]
    {
        for (about, changed) in nulls(whole, &absent) {
            topic.push(received(&format!("{name}: {about}"), &written(&changed)?, None));
        }
    }
    for path in ["order.terms.sessionId", "order.order_id", "order.terms.offerHash", "offer_hash"] {
        topic.push(received(&format!("OFFER: {path} in capitals"), &written(&in_capitals(&offer, path)?)?, None));
    }
    let other = format!(r#""{}""#, tgp_protocol::order::session_word("sess-other"));
    let other = in_capitals(&changed(&offer, "order.terms.sessionId", Some(&other))?, "order.terms.sessionId")?;
    topic.push(received("OFFER: another session in capitals", &written(&other)?, None));
    let above = changed(&offer, "economic_envelope.max_fees_bps", Some("1001"))?;
    let above = changed(&above, "order.terms.maxFeeBps", Some(r#""1001""#))?;
    topic.push(received("OFFER: more fees than an order holds", &written(&above)?, None));
    // an ERROR is short, and its text is cut
    for length in [256, 257, 3_900, 4_096] {
        let text = ERROR.replace("Asset DOGE", &"x".repeat(length));
        topic.push(received(&format!("ERROR with a text of {length} bytes and more"), &text, None));
    }
    signed(&mut topic, &offer)?;
    hashes(&mut topic, [("terms", &offer), ("no order", &direct), ("a simple order", &simple)])?;
    offer_answers::push_all(&mut topic, &offer, &accept)?;
    lifetimes(&mut topic, &offer)?;
    escrow(&mut topic);
    errors::push_all(&mut topic)?;
    Ok(topic)
}

/// The OFFER with its session's word, its hash and the order's id filled in.
fn sealed(text: &str) -> Outcome<Object> {
    let mut offer = object(text)?;
    if let Some(session) = offer.get("session_id").and_then(|session| session.as_str()) {
        let word = tgp_protocol::order::session_word(session);
        if text.contains(r#""sessionId""#) {
            offer = changed(&offer, "order.terms.sessionId", Some(&format!(r#""{word}""#)))?;
        }
    }
    Ok(Received::<Offer>::from_object(offer)?.into_message().sealed()?.to_object()?)
}

fn offer_hash_of(offer: &Object) -> Outcome<String> {
    Ok(offer.get("offer_hash").and_then(|hash| hash.as_str()).ok_or("no hash")?.to_owned())
}

fn received(name: &str, text: &str, key: Option<&PublicKey>) -> Case {
    let case = Case::new(name).with("text", text);
    let case = match key {
        Some(key) => case.with("public_key", key.to_string()),
        None => case,
    };
    let result = BuyerMessage::read(text.as_bytes()).and_then(|message| {
        key.map_or(Ok(()), |key| message.verify(key))?;
        Ok(message)
    });
    case.with_result(result, |case, message| {
        let kind = message.object().get("phase").and_then(|phase| phase.as_str()).unwrap_or_default();
        case.with("kind", kind).with("digest", message.digest().to_string())
    })
}

fn signed(topic: &mut Topic, offer: &Object) -> Outcome<()> {
    let key = SigningKey::from_seed(&[1; 32]);
    let public = key.public_key();
    let fresh = changed(&changed(offer, "nonce", Some(r#""n-1""#))?, "timestamp", Some(r#""2026-11-21T10:00:00Z""#))?;
    let good = Received::<Offer>::from_object(fresh)?.into_message().to_signed(&key)?;
    for (name, path, value) in [
        ("signed OFFER", "later", None),
        ("signed OFFER, and its price changed", "economic_envelope.max_fees_bps", None),
        ("signed OFFER without a nonce", "nonce", None),
        ("signed OFFER, and an action taken out", "next_actions", None),
        ("signed OFFER, and a member added", "later", Some("1")),
    ] {
        let object = match path {
            "economic_envelope.max_fees_bps" => {
                changed(&good, "economic_envelope.expiry", Some(r#""2026-11-21T10:06:00Z""#))?
            }
            _ => changed(&good, path, value)?,
        };
        topic.push(received(name, &written(&object)?, Some(&public)));
    }
    topic.push(received("OFFER that is not signed", &written(offer)?, Some(&public)));
    Ok(())
}

fn hashes(topic: &mut Topic, offers: [(&str, &Object); 3]) -> Outcome<()> {
    let mut push = |name: String, object: &Object| -> Outcome<()> {
        let text = written(object)?;
        let result = Received::<Offer>::read(text.as_bytes())
            .and_then(|received| Offer::check_hashes(&received).map(|()| received.into_message()));
        topic.push(Case::new(format!("hashes of {name}")).with("sealed", text).with_result(result, |case, offer| {
            let case = case.with("offer_hash", offer.offer_hash.map(|hash| hash.to_string()));
            case.with("order_id", offer.order.map(|order| order.order_id.to_string()))
        }));
        Ok(())
    };
    let other = Some(r#""0x0808080808080808080808080808080808080808080808080808080808080808""#);
    let mut last = None;
    for (name, offer) in offers {
        push(name.to_owned(), &if name == "no order" { sealed(&written(offer)?)? } else { offer.clone() })?;
        last.get_or_insert(offer);
    }
    let offer = last.ok_or("no offer")?;
    for path in ["order.order_id", "order.terms.offerHash", "offer_hash", "order.terms.sessionId"] {
        // the last of them is covered by the hash as it is written
        push(format!("terms with {path} in capitals"), &in_capitals(offer, path)?)?;
    }
    let capitals = in_capitals(offer, "order.terms.sessionId")?;
    let hash = format!(r#""{}""#, offer_hash(&capitals));
    let hashed = changed(&changed(&capitals, "offer_hash", Some(&hash))?, "order.terms.offerHash", Some(&hash))?;
    let typed = Received::<Offer>::from_object(hashed.clone())?.into_message();
    let (Some(chain), Some(escrow), Some(order)) = (typed.chain, typed.coreprover_contract, typed.order) else {
        return Err("no order".into());
    };
    let OfferedTerms::Terms(terms) = order.terms else { return Err("no terms".into()) };
    let id = format!(r#""{}""#, terms.order_id(chain, escrow));
    push("terms hashed with capitals".to_owned(), &changed(&hashed, "order.order_id", Some(&id))?)?;
    for (path, value) in [
        ("order.seller_commitment", Some(COMMITMENT)),
        ("kid", Some(r#""AAAAAAAAAAAAAAAAAAAAAA""#)),
        ("later", Some("1")),
        ("tgp_version", None),
        ("next_actions", None),
        ("order.terms.later", Some("1")),
        ("order.later", Some("1")),
        ("order.terms.salt", other),
        ("order.terms.offerHash", other),
        ("order.order_id", other),
        ("offer_hash", other),
        ("chain", Some(r#""eip155:1""#)),
    ] {
        push(format!("an OFFER, and {}", called(path, value)), &changed(offer, path, value)?)?;
    }
    Ok(())
}

fn lifetimes(topic: &mut Topic, offer: &Object) -> Outcome<()> {
    let came: Timestamp = "2026-11-21T09:59:00Z".parse()?;
    // the envelope ends at 10:05:00
    for (name, expiry, fund_by) in [
        ("the envelope", Some(r#""2026-11-21T10:05:00Z""#), "1795255799"),
        ("the last second to pay", Some(r#""2026-11-21T10:05:00Z""#), "1795255200"),
        ("the usual lifetime", None, "1795860000"),
        ("the last second to pay, before the usual lifetime", None, "1795255170"),
        ("the envelope, long after the usual lifetime", Some(r#""2026-11-22T10:05:00Z""#), "1795860000"),
        ("its info block", Some(r#""2026-11-21T10:05:00Z""#), "1795255799"),
    ] {
        let offer = changed(offer, "economic_envelope.expiry", expiry)?;
        let mut offer = changed(&offer, "order.terms.fundBy", Some(&format!(r#""{fund_by}""#)))?;
        if name == "its info block" {
            let block = changed(&tib()?, "meta.exp", Some("1795255100000"))?;
            offer = changed(&offer, "tib", Some(&written(&block)?))?;
        }
        let case =
            Case::new(format!("over by {name}")).with("offer", written(&offer)?).with("received", came.to_string());
        let result = Received::<Offer>::from_object(offer).map(|offer| offer.message().expires_at(came));
        topic.push(case.with_result(result, |case, end| case.with("expires_at", end.to_string())));
    }
    let end = Received::<Offer>::from_object(offer.clone())?.message().expires_at(came).millis();
    for now in [end - 1, end].map(Timestamp::from_millis) {
        let case = Case::new(format!("at {now}")).with("offer", written(offer)?);
        let case = case.with("received", came.to_string()).with("now", now.to_string());
        let received = Received::<Offer>::from_object(offer.clone());
        let result = received.and_then(|offer| offer.message().check_open(came, &Clock::at(now)));
        topic.push(case.with_result(result, |case, ()| case.with("open", true)));
    }
    Ok(())
}

fn escrow(topic: &mut Topic) {
    let profiles = [("NONE", ZkProfile::None), ("OPTIONAL", ZkProfile::Optional), ("REQUIRED", ZkProfile::Required)];
    let policies =
        [("free", ZkPolicy::Free), ("required", ZkPolicy::Required), ("counter-offer", ZkPolicy::CounterOffer)];
    for (profile_name, profile) in profiles {
        for (policy_name, policy) in policies {
            let case = Case::new(format!("{profile_name} under a policy that is {policy_name}"));
            let case = case.with("zk_profile", profile_name).with("policy", policy_name);
            topic.push(
                case.with_result(profile.zk_required(policy), |case, required| {
                    case.with("zk_required", json!(required))
                }),
            );
        }
    }
}
