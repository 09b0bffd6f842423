use crate::{
    Outcome,
    edit::{called, changed, nulls},
    envelopes::envelopes,
    object::{object, written},
    topic::{Case, Topic},
};
use serde_json::{Value, json};
use tgp_protocol::{
    exact::{Authorization, Finality, FinalityTag, HopProof, HopTrail, PathQuote, ProofOfSettlement, TransitQuote},
    json::{Object, from_value, to_value},
    sign::{self, PublicKey, SigningKey},
    value::{Amount, Id, Word},
    wire::{Kind, Message, Received},
};

pub(crate) const QUOTE: &str = r#"{"vpqVersion":1,"pathId":"gwA>gwB>gwC","asset":{"chain":"base-sepolia","erc20":"0x036CbD53842c5426634e7929541eC2318f3dCF7e","decimals":6,"symbol":"USDC"},
"price":{"amount":"10000","currency":"USDC","ttlSeconds":45},
"fees":[{"hop":"gwA","type":"policy_eval","amount":"0"},{"hop":"gwB","type":"crossdomain","amount":"25"},{"hop":"gwC","type":"egress_settle","amount":"5"}],
"policy":{"kycClass":"P1","jurisdiction":["US-CA","EU-DE"],"sanctions":"OFAC-2025.09","dataRetention":"tdr-90d","allowedUse":["ai-inference"]},
"rs":{"name":"Example RS","settlementAddress":"0x209693Bc6afc0C5328bA36FaF03C514EF312287C","paymentRequirements":{"scheme":"x402:exact:eip3009","maxAmountRequired":"10000","validityMinSeconds":20,"requiredNetwork":"base-sepolia","requiredToken":"erc20:USDC"}},
"nonce":"vpq-7ff5b6b2","issuedAt":"2025-02-27T16:01:30Z"}"#;

const PROOF: &str = r#"{"posVersion":1,"txHash":"0x9f2d8e7c3b1a5f4e2d1c0b9a8f7e6d5c4b3a2f1e0d9c8b7a6f5e4d3c2b1a0f9e","blockNumber":12345678,"chainId":84532,"erc20":"0x036CbD53842c5426634e7929541eC2318f3dCF7e","from":"0x857b06519E91e3A54538791bDbb0E22373e36b66","to":"0x209693Bc6afc0C5328bA36FaF03C514EF312287C","value":"10000","vpqNonce":"vpq-7ff5b6b2","pathId":"gwA>gwB>gwC","finality":{"confirmations":12,"tag":"safe"}}"#;

const AUTHORIZATION: &str = r#"{"from":"0x857b06519E91e3A54538791bDbb0E22373e36b66","to":"0x209693Bc6afc0C5328bA36FaF03C514EF312287C","value":"10000","validAfter":"1740672089","validBefore":"1740672154","nonce":"0xf3746613c2d920b5fdabc0856f2aeb2d4f88ee6037b8cc5d04a71a4462f13480"}"#;

/// Values for members of a quote.
const OF_QUOTE: &[(&str, &[Option<&str>])] = &[
    ("vpqVersion", &[None, Some("2"), Some(r#""1""#)]),
    ("pathId", &[None, Some(r#""""#), Some("1")]),
    ("asset", &[None, Some("[]")]),
    ("asset.chain", &[Some(r#""base""#), Some(r#""eip155:84532""#)]),
    ("asset.erc20", &[None, Some(r#""0x0000000000000000000000000000000000000000""#)]),
    ("asset.decimals", &[Some("256"), Some(r#""6""#), Some("0")]),
    ("asset.symbol", &[Some(r#""US DC""#), Some("null")]),
    ("price.amount", &[None, Some("10000"), Some(r#""0""#), Some(r#""1.5""#)]),
    ("price.currency", &[Some(r#""EURC""#)]),
    ("price.ttlSeconds", &[None, Some("0"), Some("4294967295"), Some("4294967296"), Some("1.5")]),
    ("fees", &[None, Some("[]"), Some(r#"[{"hop":"gwA","type":"tip","amount":"0"}]"#)]),
    ("fees.1.amount", &[Some("25"), None]),
    ("policy", &[None, Some("{}")]),
    ("policy.kycClass", &[None, Some(r#""P3""#)]),
    ("policy.jurisdiction", &[Some("[]"), Some("null"), Some(r#""US-CA""#)]),
    ("rs.name", &[Some(r#""""#), Some(r#""a\nb""#), Some(r#""Café 🍕""#)]),
    ("rs.settlementAddress", &[None, Some(r#""0x0000000000000000000000000000000000000000""#)]),
    ("rs.paymentRequirements.scheme", &[Some(r#""x402:exact:router-split""#), Some(r#""exact""#)]),
    ("rs.paymentRequirements.maxAmountRequired", &[None, Some(r#""0""#), Some("10000")]),
    ("rs.paymentRequirements.requiredNetwork", &[Some(r#""base""#), Some(r#""eip155:84532""#)]),
    ("rs.paymentRequirements.requiredToken", &[Some(r#""erc20:EURC""#), Some(r#""USDC""#)]),
    ("nonce", &[None, Some(r#""a b""#)]),
    ("issuedAt", &[None, Some("1740672090")]),
    ("later", &[Some(r#"{"b":1.5}"#)]),
];

/// Values for members of what a gateway adds to a quote, whose signature is not asked for where the quote is read.
const OF_HOP_QUOTE: &[(&str, &[Option<&str>])] = &[
    ("hopQuotes", &[Some("{}"), Some("[{}]")]),
    ("hopQuotes.0.hop", &[None, Some("1"), Some(r#""gw B""#)]),
    ("hopQuotes.0.fee", &[Some("25"), Some(r#""-1""#)]),
    ("hopQuotes.0.timelockDelta", &[None, Some("4294967296")]),
    (
        "hopQuotes.0.sig",
        &[
            None,
            Some("null"),
            Some("1"),
            Some(r#""""#),
            Some(r#""gwB-signature""#),
            Some(r#""ed25519:AAAA""#),
            Some(STRANGE),
        ],
    ),
];

/// A signature as it is written, which nobody made.
const STRANGE: &str =
    r#""ed25519:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ""#;

/// Values for members of a proof of settlement.
const OF_PROOF: &[(&str, &[Option<&str>])] = &[
    ("posVersion", &[Some("2")]),
    ("txHash", &[None, Some(r#""0x9f2d""#)]),
    ("blockNumber", &[None, Some("-1"), Some(r#""1""#), Some("9007199254740991")]),
    ("chainId", &[None, Some("0"), Some(r#""eip155:84532""#)]),
    ("erc20", &[Some(r#""0x0000000000000000000000000000000000000000""#)]),
    ("from", &[Some(r#""alice""#)]),
    ("to", &[None]),
    ("value", &[Some("10000"), Some(r#""0""#)]),
    ("vpqNonce", &[None]),
    ("pathId", &[Some(r#""a b""#)]),
    ("finality", &[None, Some("[]")]),
    ("finality.tag", &[Some(r#""finalized""#), Some(r#""final""#)]),
    ("finality.confirmations", &[Some("4294967295"), Some("4294967296"), None]),
];

pub(crate) fn topic() -> Outcome<Topic> {
    let mut topic = Topic::new(
        "Plane S: quotes with their hashes and signatures, what each gateway adds to a quote and proves of a payment, payments on their way, clear or sealed, and proofs of settlement. A refusal of a path names the hop.",
    );
    quotes(&mut topic)?;
    hop_quotes(&mut topic)?;
    hop_proofs(&mut topic)?;
    envelopes(&mut topic)?;
    settlements(&mut topic)?;
    Ok(topic)
}

fn seed(byte: u8) -> SigningKey {
    SigningKey::from_seed(&[byte; 32])
}

const EGRESS: u8 = 3;

fn quotes(topic: &mut Topic) -> Outcome<()> {
    let plain = object(QUOTE)?;
    for (path, values) in OF_QUOTE {
        for value in *values {
            push_quote(topic, &called(path, *value), &changed(&plain, path, *value)?, None)?;
        }
    }
    for critical in [r#"["vpqVersion","nonce"]"#, r#"["tgp_version"]"#] {
        let quote = changed(&plain, "crit", Some(critical))?;
        let quote = changed(&quote, "tgp_version", Some(r#""0.1""#))?;
        push_quote(topic, &format!("crit names {critical}"), &quote, None)?;
    }
    for (name, quote) in nulls(&plain, &["hopQuotes", "sig", "kid", "phase", "crit"]) {
        push_quote(topic, &name, &quote, None)?;
    }
    let key = seed(EGRESS);
    let public = key.public_key();
    let good = Received::<PathQuote>::from_object(plain.clone())?.into_message().to_signed(&key)?;
    let hash = PathQuote::hash(&Received::from_object(good.clone())?);
    let transit = TransitQuote::sign(hash, "gwB".parse()?, "gwA".parse()?, 25.into(), 30, &seed(2));
    let with_hops = |count: usize| {
        let mut with_hops = good.clone();
        with_hops.insert("hopQuotes", to_value(&vec![transit.clone(); count])?);
        Ok::<_, tgp_protocol::Error>(with_hops)
    };
    let mut for_envelope = plain.clone();
    Kind::SettlementEnvelope.sign(&mut for_envelope, &key);
    let mut with_its_hops = plain.clone();
    with_its_hops.insert("hopQuotes", to_value(&vec![transit.clone()])?);
    sign::sign_member("S/VPQ", &mut with_its_hops, "sig", &key);
    push_quote(topic, "plain", &plain, None)?;
    push_quote(topic, "not signed", &plain, Some(&public))?;
    push_quote(topic, "signed", &good, Some(&public))?;
    push_quote(topic, "signed, and a hop quote added", &with_hops(1)?, Some(&public))?;
    let lasts_longer = changed(&good, "price.ttlSeconds", Some("46"))?;
    push_quote(topic, "signed, and its time changed", &lasts_longer, Some(&public))?;
    for (scheme, price, most) in [
        ("eip3009", "9999", "10000"),
        ("eip3009", "10000", "9999"),
        ("router-split", "9999", "10000"),
        ("router-split", "10000", "9999"),
    ] {
        let quote = changed(&plain, "price.amount", Some(&format!("\"{price}\"")))?;
        let quote = changed(&quote, "rs.paymentRequirements.maxAmountRequired", Some(&format!("\"{most}\"")))?;
        let name = format!("\"x402:exact:{scheme}\"");
        let quote = changed(&quote, "rs.paymentRequirements.scheme", Some(&name))?;
        push_quote(topic, &format!("{scheme}: price {price}, to be signed {most}"), &quote, None)?;
    }
    push_quote(topic, "signed, and a member added", &changed(&good, "later", Some("1"))?, Some(&public))?;
    push_quote(topic, "signed, and the fees taken out", &changed(&good, "fees", None)?, Some(&public))?;
    push_quote(topic, "signed with a hop quote under the signature", &with_its_hops, Some(&public))?;
    for count in [16, 17] {
        push_quote(topic, &format!("{count} hop quotes"), &with_hops(count)?, Some(&public))?;
        let fees = vec![r#"{"hop":"gwA","type":"crossdomain","amount":"1"}"#; count].join(",");
        push_quote(topic, &format!("{count} fees"), &changed(&plain, "fees", Some(&format!("[{fees}]")))?, None)?;
    }
    let one = with_hops(1)?;
    for (path, values) in OF_HOP_QUOTE {
        for value in *values {
            push_quote(topic, &called(path, *value), &changed(&one, path, *value)?, Some(&public))?;
        }
    }
    push_quote(topic, "signed by another", &good, Some(&seed(4).public_key()))?;
    push_quote(topic, "signed as another kind of message", &for_envelope, Some(&public))
}

fn push_quote(topic: &mut Topic, name: &str, quote: &Object, key: Option<&PublicKey>) -> Outcome<()> {
    let case = Case::new(format!("quote: {name}")).with("quote", written(quote)?);
    let case = match key {
        Some(key) => case.with("public_key", key.to_string()),
        None => case,
    };
    let text = written(quote)?;
    let result = Received::<PathQuote>::read(text.as_bytes()).and_then(|received| {
        key.map_or(Ok(()), |key| received.verify(key))?;
        Ok(received)
    });
    topic.push(case.with_result(result, |case, received| {
        case.with("hash", PathQuote::hash(&received).to_string()).with("digest", received.digest().to_string())
    }));
    Ok(())
}

/// The gateways whose keys are known, with the seeds of the keys.
const GATEWAYS: [(&str, u8); 3] = [("gwA", 1), ("gwB", 2), ("gwC", EGRESS)];

fn keys() -> Value {
    GATEWAYS.into_iter().map(|(name, byte)| (name.to_owned(), json!(seed(byte).public_key().to_string()))).collect()
}

fn key_of(hop: &Id) -> Option<PublicKey> {
    GATEWAYS.into_iter().find(|(name, _)| *name == hop.as_str()).map(|(_, byte)| seed(byte).public_key())
}

fn hop_quotes(topic: &mut Topic) -> Outcome<()> {
    let quote = Word::from([9; 32]);
    let sign = |previous: Word, hop: &str, upstream: &str, fee: &str, delta: u32, byte: u8| -> Outcome<TransitQuote> {
        let upstream: Id = upstream.parse()?;
        Ok(TransitQuote::sign(previous, hop.parse()?, upstream, fee.parse()?, delta, &seed(byte)))
    };
    let b = sign(quote, "gwB", "gwA", "25", 30, 2)?;
    let a = sign(b.hash(quote), "gwA", "client", "5", 60, 1)?;
    let good = vec![b.clone(), a.clone()];
    let edit = |place: usize, change: fn(&mut TransitQuote)| {
        let mut quotes = good.clone();
        change(&mut quotes[place]);
        quotes
    };
    let most = "115792089237316195423570985008687907853269984665640564039457584007913129639935";
    let rich = sign(quote, "gwB", "gwA", most, 30, 2)?;
    let richer = sign(rich.hash(quote), "gwA", "client", "1", 60, 1)?;
    let unknown = sign(quote, "gwX", "client", "1", 1, 7)?;
    let to_other = sign(quote, "gwB", "gwZ", "25", 30, 2)?;
    let unlinked = sign(quote, "gwA", "client", "5", 60, 1)?;
    let by_other = sign(quote, "gwB", "client", "25", 30, 1)?;
    for (name, quotes, reader) in [
        ("none", vec![], "client"),
        ("one", vec![sign(quote, "gwB", "client", "25", 30, 2)?], "client"),
        ("two", good.clone(), "client"),
        ("the first left out", vec![a.clone()], "client"),
        ("the last left out", vec![b.clone()], "client"),
        ("in another order", vec![a.clone(), b.clone()], "client"),
        ("the first one's fee changed", edit(0, |hop| hop.fee = Amount::from(24)), "client"),
        ("the last one's fee changed", edit(1, |hop| hop.fee = Amount::from(4)), "client"),
        ("a delay changed", edit(1, |hop| hop.timelock_delta = 61), "client"),
        ("for another reader", good.clone(), "gwQ"),
        ("for another upstream", vec![to_other, a], "client"),
        ("not over the one before", vec![b, unlinked], "client"),
        ("signed by another gateway", vec![by_other], "client"),
        ("a hop without a known key", vec![unknown], "client"),
        ("fees beyond 2^256", vec![rich, richer], "client"),
    ] {
        let reader_id: Id = reader.parse()?;
        let case = Case::new(format!("hop quotes: {name}")).with("quote_hash", quote.to_string());
        let case = case.with("hop_quotes", text_of(&quotes)?).with("reader", reader).with("keys", keys());
        let result = TransitQuote::check_all(quote, &quotes, &reader_id, key_of);
        topic.push(case.with_result_on_path(result, |case, fees| case.with("fees", fees.to_string())));
    }
    Ok(())
}

fn text_of<T: serde::Serialize>(list: &Vec<T>) -> Outcome<String> {
    Ok(String::from_utf8(to_value(list)?.canonical())?)
}

fn hop_proofs(topic: &mut Topic) -> Outcome<()> {
    let trail = HopTrail { quote: [9; 32].into(), payment: [8; 32].into() };
    let prove = |trail: HopTrail, hops: &[(&str, u8)], reader: &str| -> Outcome<Vec<HopProof>> {
        let mut proofs = Vec::new();
        for (place, (name, byte)) in hops.iter().enumerate() {
            let next = hops.get(place + 1).map_or(reader, |(next, _)| next).parse()?;
            trail.prove(&mut proofs, name.parse()?, &next, &seed(*byte));
        }
        Ok(proofs)
    };
    let good = prove(trail, &GATEWAYS, "provider")?;
    let mut swapped = good.clone();
    swapped.swap(0, 1);
    let mut renamed = good.clone();
    renamed[1].gw = "gwC".parse()?;
    let mut copied = good.clone();
    copied[1].proof = good[0].proof;
    let other_payment = prove(HopTrail { payment: [7; 32].into(), ..trail }, &GATEWAYS, "provider")?;
    let other_quote = prove(HopTrail { quote: [7; 32].into(), ..trail }, &GATEWAYS, "provider")?;
    let wrong_key = prove(trail, &[("gwA", 1), ("gwB", 1), ("gwC", EGRESS)], "provider")?;
    let unknown = prove(trail, &[("gwA", 1), ("gwX", 7)], "provider")?;
    let plan = ["gwA", "gwB", "gwC"].as_slice();
    for (name, proofs, plan, reader) in [
        ("three", good.clone(), plan, "provider"),
        ("one", prove(trail, &GATEWAYS[..1], "gwB")?, &plan[..1], "gwB"),
        ("none of none", vec![], &plan[..0], "provider"),
        ("the first missing", good[1..].to_vec(), plan, "provider"),
        ("the middle one missing", vec![good[0].clone(), good[2].clone()], plan, "provider"),
        ("the last missing", good[..2].to_vec(), plan, "provider"),
        ("one too many", good.clone(), &plan[..2], "gwC"),
        ("two swapped", swapped, plan, "provider"),
        ("one renamed", renamed, plan, "provider"),
        ("one copied", copied, plan, "provider"),
        ("of another payment", other_payment, plan, "provider"),
        ("of another quote", other_quote, plan, "provider"),
        ("by another key", wrong_key, plan, "provider"),
        ("for another reader", good.clone(), plan, "gwQ"),
        ("a hop without a known key", unknown, &["gwA", "gwX"], "provider"),
    ] {
        let hops = plan.iter().map(|hop| hop.parse()).collect::<Result<Vec<Id>, _>>()?;
        let case = Case::new(format!("hop proofs: {name}")).with("quote_hash", trail.quote.to_string());
        let case = case.with("payment_hash", trail.payment.to_string()).with("hop_proofs", text_of(&proofs)?);
        let case = case.with("plan", json!(plan)).with("reader", reader).with("keys", keys());
        let result = trail.check(&proofs, &hops, &reader.parse()?, key_of);
        topic.push(case.with_result_on_path(result, |case, ()| case.with("verifies", true)));
    }
    Ok(())
}

fn settlements(topic: &mut Topic) -> Outcome<()> {
    let plain = object(PROOF)?;
    let key = seed(EGRESS);
    let public = key.public_key();
    for (path, values) in OF_PROOF {
        for value in *values {
            push_proof(topic, &called(path, *value), &changed(&plain, path, *value)?, None)?;
        }
    }
    for (name, proof) in nulls(&plain, &["sig", "kid", "phase"]) {
        push_proof(topic, &name, &proof, None)?;
    }
    let good = Received::<ProofOfSettlement>::from_object(plain.clone())?.into_message().to_signed(&key)?;
    push_proof(topic, "plain", &plain, None)?;
    push_proof(topic, "not signed", &plain, Some(&public))?;
    push_proof(topic, "signed", &good, Some(&public))?;
    push_proof(topic, "signed by another", &good, Some(&seed(1).public_key()))?;
    push_proof(topic, "signed, and the value changed", &changed(&good, "value", Some(r#""1""#))?, Some(&public))?;
    push_proof(topic, "the documents' signature", &changed(&plain, "sig", Some(r#""gwC-signature""#))?, Some(&public))?;
    relations(topic, &plain)
}

fn push_proof(topic: &mut Topic, name: &str, proof: &Object, key: Option<&PublicKey>) -> Outcome<()> {
    let text = written(proof)?;
    let case = Case::new(format!("settlement: {name}")).with("settlement", text.as_str());
    let case = match key {
        Some(key) => case.with("public_key", key.to_string()),
        None => case,
    };
    let result = Received::<ProofOfSettlement>::read(text.as_bytes()).and_then(|received| {
        key.map_or(Ok(()), |key| received.verify(key))?;
        Ok(received.digest())
    });
    topic.push(case.with_result(result, |case, digest| case.with("digest", digest.to_string())));
    Ok(())
}

fn relations(topic: &mut Topic, proof: &Object) -> Outcome<()> {
    let quote = Received::<PathQuote>::from_object(object(QUOTE)?)?.into_message();
    let authorization: Authorization = from_value(&tgp_protocol::json::Value::Object(object(AUTHORIZATION)?))?;
    let other = Some(r#""0x3333333333333333333333333333333333333333""#);
    for (path, value) in [
        ("later", None),
        ("chainId", Some("8453")),
        ("erc20", other),
        ("from", other),
        ("to", other),
        ("value", Some(r#""9999""#)),
        ("vpqNonce", Some(r#""vpq-2""#)),
        ("pathId", Some(r#""gwA>gwC""#)),
        ("txHash", Some(r#""0x0808080808080808080808080808080808080808080808080808080808080808""#)),
    ] {
        let proof = changed(proof, path, value)?;
        let case = Case::new(format!("settles: {}", called(path, value))).with("settlement", written(&proof)?);
        let case = case.with("quote", QUOTE).with("authorization", AUTHORIZATION);
        let result = Received::<ProofOfSettlement>::from_object(proof)
            .and_then(|proof| proof.message().check_settles(&quote, &authorization));
        topic.push(case.with_result(result, |case, ()| case.with("settles", true)));
    }
    for (tag_name, tag) in
        [("latest", FinalityTag::Latest), ("safe", FinalityTag::Safe), ("finalized", FinalityTag::Finalized)]
    {
        for confirmations in [11, 12, 13] {
            let least = Finality { confirmations, tag };
            let case = Case::new(format!("final by {confirmations} blocks and {tag_name}"));
            let case = case
                .with("settlement", written(proof)?)
                .with("least", json!({ "confirmations": confirmations, "tag": tag_name }));
            let result = Received::<ProofOfSettlement>::from_object(proof.clone())
                .and_then(|proof| proof.message().check_final(least));
            topic.push(case.with_result(result, |case, ()| case.with("final", true)));
        }
    }
    Ok(())
}
