use crate::{
    Outcome,
    edit::changed,
    object::written,
    random::Random,
    receipt_sample::{bindings, digest, expected, fact_of, proof_of, settled, simple_receipt, slot, whole, word},
    topic::{Case, Topic},
};
use serde_json::{Value, json};
use tgp_protocol::{
    json::Value as JsonValue,
    receipt::{self, Bindings, ChainFact, Expected, OrderOutcome, OrderReceipt, Receipt, verify, verify_attestation},
    sign::SigningKey,
    tagged_hash,
    value::{Amount, ChainId, EvmAddress, Sha256Digest, Word},
};

pub(crate) fn topic() -> Outcome<Topic> {
    let mut topic = Topic::new(
        "Receipts: the words and hash that the escrow computes and whether a slot holds them; receipts of the protocol and their tdr_receipt_hash; attestations; and receipts held against a request and the chain.",
    );
    on_chain(&mut topic);
    objects(&mut topic)?;
    attestations(&mut topic)?;
    verdicts(&mut topic)?;
    Ok(topic)
}

fn on_chain(topic: &mut Topic) {
    let mut random = Random::new("TGP/0.1/vectors/receipts");
    for outcome in OrderOutcome::ALL {
        let receipt = random_receipt(&mut random, *outcome);
        let case = Case::new(format!("receipt of outcome {}", outcome.number())).with("receipt", fields(&receipt));
        topic.push(case.with("words", words(&receipt)).with("receipt_hash", receipt.receipt_hash().to_string()));
    }
    let receipt = settled();
    let hash = receipt.receipt_hash();
    let mut slots: Vec<_> = (0..=11).map(|state| (format!("state {state}"), slot(state, hash))).collect();
    slots.push(("of another receipt".to_owned(), slot(6, word(1))));
    slots.push(("without a receipt".to_owned(), slot(8, word(0))));
    let mut last = slot(6, hash).0.0;
    last[31] ^= 1;
    slots.push(("whose last byte differs".to_owned(), last.into()));
    for (name, slot) in slots {
        let case = Case::new(format!("slot {name}")).with("receipt", fields(&receipt));
        topic.push(case.with("slot", slot.to_string()).with("in_slot", receipt.is_in_slot(slot)));
    }
}

fn objects(topic: &mut Topic) -> Outcome<()> {
    let good = whole(&settled(), bindings()).object().clone();
    let without_delivery = whole(&settled(), Bindings { delivery: None, ..bindings() }).object().clone();
    let two = Receipt::new(vec![proof_of(&settled()), proof_of(&simple())], bindings(), digest(9))?.object().clone();
    let mut cases = vec![("receipt".to_owned(), good.clone())];
    cases.push(("receipt without delivery".to_owned(), without_delivery));
    cases.push(("receipt of two settlements".to_owned(), two));
    // a member that is unknown here is covered, too, and so is a null
    for (name, member, text) in [("an unknown member", "later", "[1.5]"), ("a null", "delivery", "null")] {
        let mut covered = changed(&good, &format!("bindings.{member}"), Some(text))?;
        let parts = ["settlement_proofs", "bindings"].map(|name| covered.get(name).map(|part| part.canonical()));
        let [Some(proofs), Some(bindings)] = parts else { return Err("no parts".into()) };
        let hash = tagged_hash("TGP/0.1/receipt", [proofs.as_slice(), &bindings, &[9; 32]]);
        covered.insert("tdr_receipt_hash", JsonValue::String(Sha256Digest::from(hash).to_string()));
        cases.push((format!("receipt with {name} that the hash covers"), covered));
    }
    cases.push(("settlement_proofs.0.tx is null".to_owned(), changed(&good, "settlement_proofs.0.tx", Some("null"))?));
    let other = format!("\"{}\"", digest(8));
    let zero = format!("\"{}\"", digest(0));
    for (path, text) in [
        (&["settlement_proofs"][..], None),
        (&["settlement_proofs"], Some("null")),
        (&["settlement_proofs"], Some("[]")),
        (&["bindings"], None),
        (&["bindings"], Some("null")),
        (&["policy_hash"], None),
        (&["policy_hash"], Some("null")),
        (&["policy_hash"], Some(zero.as_str())),
        (&["policy_hash"], Some(other.as_str())),
        (&["tdr_receipt_hash"], None),
        (&["tdr_receipt_hash"], Some("null")),
        (&["tdr_receipt_hash"], Some(other.as_str())),
        (&["tdr_receipt_hash"], Some("\"sha256:00\"")),
        (&["bindings", "amount"], Some("\"1\"")),
        (&["bindings", "amount"], Some("\"1.5\"")),
        (&["bindings", "amount"], Some("1")),
        (&["bindings", "amount"], Some("null")),
        (&["bindings", "session_id"], Some("null")),
        (&["bindings", "delivery"], None),
        (&["bindings", "payer"], Some("\"alice\"")),
        (&["bindings", "later"], Some("true")),
        (&["later"], Some("true")),
    ] {
        let name = format!("{} is {}", path.join("."), text.unwrap_or("missing"));
        cases.push((name, changed(&good, &path.join("."), text)?));
    }
    for (name, object) in cases {
        let case = Case::new(name).with("text", written(&object)?);
        let result = Receipt::from_object(object).map(|receipt| receipt.hash());
        topic.push(case.with_result(result, |case, hash| case.with("tdr_receipt_hash", hash.to_string())));
    }
    Ok(())
}

fn attestations(topic: &mut Topic) -> Outcome<()> {
    let key = SigningKey::from_seed(&[2; 32]);
    let other = SigningKey::from_seed(&[3; 32]);
    for byte in 0..3 {
        let signature = receipt::attest(digest(byte), &key);
        let case = Case::new(format!("attestation {byte}")).with_bytes("seed", [2; 32]);
        let case = case.with("attested", digest(byte).to_string()).with("signature", signature.to_string());
        topic.push(case.with("public_key", key.public_key().to_string()));
    }
    let signature = receipt::attest(digest(1), &key);
    for (name, hash, public) in [
        ("good", digest(1), key.public_key()),
        ("of another hash", digest(2), key.public_key()),
        ("by another key", digest(1), other.public_key()),
    ] {
        let case = Case::new(format!("attestation that is {name}")).with("attested", hash.to_string());
        let case = case.with("signature", signature.to_string()).with("public_key", public.to_string());
        topic.push(
            case.with_result(verify_attestation(hash, &signature, &public), |case, ()| case.with("verifies", true)),
        );
    }
    Ok(())
}

type Change<T> = fn(&mut T);

/// One receipt, one request and one settlement, each changed in one place.
fn verdicts(topic: &mut Topic) -> Outcome<()> {
    let fact = fact_of(settled());
    let (receipt, expected) = (whole(&settled(), bindings()), expected());
    verdict(topic, "genuine", &receipt, &expected, &[fact])?;
    let asked: [(&str, Change<Expected>); 7] = [
        ("request", |it| it.request = digest(2)),
        ("session", |it| it.session_id = other_session()),
        ("token", |it| it.token = EvmAddress::default()),
        ("amount", |it| it.amount = Amount::from(1)),
        ("policy", |it| it.policy_hash = digest(8)),
        ("minters", |it| it.minters.clear()),
        ("chain", |it| it.chain = ChainId::eip155(84_532)),
    ];
    for (name, change) in asked {
        let mut changed = expected.clone();
        change(&mut changed);
        verdict(topic, &format!("other {name} expected"), &receipt, &changed, &[fact])?;
    }
    let shown: [(&str, Change<ChainFact>); 11] = [
        ("chain", |it| it.receipt.chain = ChainId::eip155(1)),
        ("minter", |it| it.receipt.minter = it.receipt.buyer),
        ("order", |it| it.receipt.order_id = word(1)),
        ("payment", |it| it.receipt.paid = Amount::from(1)),
        ("slot", |it| it.kept = word(0)),
        ("slot of an open order", |it| it.kept = slot(3, it.receipt.receipt_hash())),
        ("slot that is the whole hash", |it| it.kept = it.receipt.receipt_hash()),
        ("transaction", |it| it.tx = word(9)),
        ("block", |it| it.block_hash = word(9)),
        ("log", |it| it.log_index = 9),
        ("finality", |it| it.last_final = 89),
    ];
    for (name, change) in shown {
        let mut changed = fact;
        change(&mut changed);
        verdict(topic, &format!("other {name} on the chain"), &receipt, &expected, &[changed])?;
    }
    let mut edge = fact;
    edge.last_final = edge.block;
    verdict(topic, "final in the last final block", &receipt, &expected, &[edge])?;
    verdict(topic, "nothing on the chain", &receipt, &expected, &[])?;
    for (name, settled) in [
        ("session", OrderReceipt { session_id: word(5), ..settled() }),
        ("seller", OrderReceipt { seller: settled().buyer, ..settled() }),
        ("token", OrderReceipt { token: EvmAddress::default(), ..settled() }),
        ("evidence", OrderReceipt { evidence: word(5), ..settled() }),
        ("sum, as high as asked", OrderReceipt { paid: Amount::from(100_000_000), ..settled() }),
        ("sum, more than asked", OrderReceipt { paid: Amount::from(100_000_001), ..settled() }),
    ] {
        let receipt = whole(&settled, bindings());
        verdict(topic, &format!("settlement of another {name}"), &receipt, &expected, &[fact_of(settled)])?;
    }
    let no_delivery = Bindings { delivery: None, ..bindings() };
    verdict(
        topic,
        "no delivery bound, evidence on record",
        &whole(&settled(), no_delivery.clone()),
        &expected,
        &[fact],
    )?;
    let unproven = OrderReceipt { evidence: word(0), ..settled() };
    verdict(
        topic,
        "no delivery, no evidence",
        &whole(&unproven, no_delivery.clone()),
        &expected,
        &[fact_of(unproven)],
    )?;
    verdict(topic, "delivery bound, no evidence", &whole(&unproven, bindings()), &expected, &[fact_of(unproven)])?;
    let simple = OrderReceipt { token: settled().token, paid: Amount::from(1), ..simple() };
    let paid = whole(&simple, no_delivery);
    for (name, simple_order) in [
        ("simple order", Some(simple.order_id)),
        ("simple order, another asked for", Some(word(9))),
        ("simple order, none asked for", None),
    ] {
        verdict(topic, name, &paid, &Expected { simple_order, ..expected.clone() }, &[fact_of(simple)])?;
    }
    let mut cut = fact_of(simple);
    cut.kept = slot(6, simple.receipt_hash());
    let asked = Expected { simple_order: Some(simple.order_id), ..expected.clone() };
    verdict(topic, "simple order kept as a slot", &paid, &asked, &[cut])?;

    let second = |paid: u64| OrderReceipt { order_id: word(77), paid: Amount::from(paid), ..settled() };
    let both = |paid: u64| -> Outcome<Receipt> {
        Ok(Receipt::new(vec![proof_of(&settled()), proof_of(&second(paid))], bindings(), digest(9))?)
    };
    verdict(topic, "two settlements", &both(25_000_000)?, &expected, &[fact, fact_of(second(25_000_000))])?;
    verdict(topic, "two settlements, too much", &both(25_000_001)?, &expected, &[fact_of(second(25_000_001)), fact])?;
    verdict(topic, "two settlements, one shown", &both(1)?, &expected, &[fact])?;
    let twice = Receipt::new(vec![proof_of(&settled()), proof_of(&settled())], bindings(), digest(9))?;
    verdict(topic, "one settlement twice", &twice, &expected, &[fact])
}

fn verdict(topic: &mut Topic, name: &str, receipt: &Receipt, expected: &Expected, facts: &[ChainFact]) -> Outcome<()> {
    let facts_json: Vec<_> = facts.iter().map(fact_fields).collect();
    let minters: Vec<_> = expected.minters.iter().map(ToString::to_string).collect();
    let expected_json = json!({
        "request": expected.request.to_string(), "session_id": expected.session_id.as_str(),
        "token": expected.token.to_string(), "amount": expected.amount.to_string(),
        "policy_hash": expected.policy_hash.to_string(), "chain": expected.chain.to_string(), "minters": minters,
        "seller": expected.seller.to_string(), "simple_order": expected.simple_order.map(|order| order.to_string()),
    });
    let case = Case::new(format!("verify: {name}")).with("text", written(receipt.object())?);
    let case = case.with("expected", expected_json).with("facts", facts_json);
    topic.push(case.with_result(verify(receipt, expected, facts), |case, paid| case.with("paid", paid.to_string())));
    Ok(())
}

fn fact_fields(fact: &ChainFact) -> Value {
    json!({
        "receipt": fields(&fact.receipt), "kept": fact.kept.to_string(), "tx": fact.tx.to_string(),
        "block_hash": fact.block_hash.to_string(), "log_index": fact.log_index.to_string(),
        "block": fact.block.to_string(), "last_final": fact.last_final.to_string(),
    })
}

fn fields(receipt: &OrderReceipt) -> Value {
    json!({
        "chain": receipt.chain.to_string(), "minter": receipt.minter.to_string(),
        "order_id": receipt.order_id.to_string(), "buyer": receipt.buyer.to_string(),
        "seller": receipt.seller.to_string(), "session_id": receipt.session_id.to_string(),
        "offer_hash": receipt.offer_hash.to_string(), "token": receipt.token.to_string(),
        "paid": receipt.paid.to_string(), "refunded": receipt.refunded.to_string(), "fee": receipt.fee.to_string(),
        "outcome": receipt.outcome.number(), "settled_at": receipt.settled_at.to_string(),
        "evidence": receipt.evidence.to_string(), "receipt_address": receipt.receipt_address.to_string(),
        "delivery_commitment": receipt.delivery_commitment.to_string(),
    })
}

fn words(receipt: &OrderReceipt) -> Vec<String> {
    receipt.words().iter().map(ToString::to_string).collect()
}

fn random_receipt(random: &mut Random, outcome: OrderOutcome) -> OrderReceipt {
    let settled_at = random.uint(40).to::<u64>();
    OrderReceipt {
        chain: ChainId::eip155(8453),
        minter: random.address().into(),
        order_id: Word(random.word()),
        buyer: random.address().into(),
        seller: random.address().into(),
        session_id: Word(random.word()),
        offer_hash: Word(random.word()),
        token: random.address().into(),
        paid: Amount(random.uint(96)),
        refunded: Amount(random.uint(96)),
        fee: Amount(random.uint(96)),
        outcome,
        settled_at,
        evidence: Word(random.word()),
        receipt_address: Word(random.word()),
        delivery_commitment: Word(random.word()),
    }
}

fn simple() -> OrderReceipt {
    OrderReceipt { order_id: word(6), ..simple_receipt() }
}

#[allow(clippy::expect_used, reason = "six letters are an id")]
fn other_session() -> tgp_protocol::value::Id {
    "sess-2".parse().expect("an id")
}
