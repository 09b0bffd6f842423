//! Who passed a payment on, for which fee, and what is said of the one at whom it failed.

use crate::{
    documents,
    exact_checks::quote,
    exact_messages::whole,
    fixtures::{object, with},
};
use alloy_primitives::U256;
use proptest::prelude::*;
use tgp_protocol::{
    Code, Failure, Reason,
    exact::{HopProof, HopTrail, PathQuote, Refusal, SettlementEnvelope, TransitQuote, payment_hash},
    json::{self, Object, Value},
    sign::{PublicKey, SigningKey},
    value::{Amount, Id},
    wire::{Message, Received},
};

/// Keys by the last letter of a gateway's tag.
fn key(hop: &Id) -> SigningKey {
    SigningKey::from_seed(&[hop.as_str().as_bytes()[2]; 32])
}

fn known(hop: &Id) -> Option<PublicKey> {
    hop.as_str().starts_with("gw").then(|| key(hop).public_key())
}

fn id(text: &str) -> Id {
    text.parse().unwrap()
}

fn trail() -> HopTrail {
    HopTrail { quote: [1; 32].into(), payment: payment_hash(&object(documents::X_PAYMENT)) }
}

fn proofs(plan: &[Id], last: &Id) -> Vec<HopProof> {
    let mut proofs = Vec::new();
    for (place, hop) in plan.iter().enumerate() {
        trail().prove(&mut proofs, hop.clone(), plan.get(place + 1).unwrap_or(last), &key(hop));
    }
    proofs
}

/// Shows R-283, R-298, R-311.
/// Shows R-260.
#[test]
fn a_broken_trail_names_the_hop() {
    let (plan, reader) = ([id("gwA"), id("gwB"), id("gwC")], id("rs"));
    let good = proofs(&plan, &reader);
    trail().check(&good, &plan, &reader, known).unwrap();
    trail().check(&[], &[], &id("gwA"), known).unwrap();
    let failing = |proofs: &[HopProof], reader: &Id| {
        let failure = trail().check(proofs, &plan, reader, known).unwrap_err();
        assert_eq!(failure.error.code().dotted(), "TGP.HOP_VERIFICATION_FAIL");
        (failure.hop.to_string(), failure.error.field().to_string(), failure.error.reason())
    };
    let expect = |hop: &str, place: usize, reason| (hop.to_owned(), format!("hopProofs[{place}]"), reason);

    assert_eq!(failing(&good[..2], &reader), expect("gwC", 2, Reason::HopsIncomplete));
    assert_eq!(failing(&good[1..], &reader), expect("gwA", 0, Reason::HopsIncomplete));
    let swapped = [good[1].clone(), good[0].clone(), good[2].clone()];
    assert_eq!(failing(&swapped, &reader), expect("gwA", 0, Reason::HopsIncomplete));
    let mut longer = good.clone();
    longer.push(good[2].clone());
    assert_eq!(failing(&longer, &reader), expect("gwC", 3, Reason::HopsIncomplete));
    // passed to somebody else than who reads it
    assert_eq!(failing(&good, &id("rs2")), expect("gwC", 2, Reason::HopMismatch));
    // a hop that was skipped and whose place somebody else's proof takes
    let mut forged = good.clone();
    forged[1].proof = good[0].proof;
    assert_eq!(failing(&forged, &reader), expect("gwB", 1, Reason::HopMismatch));
    // a proof for another payment or quote, or behind another proof
    for other in [HopTrail { quote: [2; 32].into(), ..trail() }, HopTrail { payment: [2; 32].into(), ..trail() }] {
        let mut mixed = good[..1].to_vec();
        other.prove(&mut mixed, plan[1].clone(), &plan[2], &key(&plan[1]));
        mixed.push(good[2].clone());
        assert_eq!(failing(&mixed, &reader), expect("gwB", 1, Reason::HopMismatch));
    }
    // a proof that was made behind another one
    let mut elsewhere = vec![HopProof { proof: good[2].proof, ..good[0].clone() }];
    trail().prove(&mut elsewhere, plan[1].clone(), &plan[2], &key(&plan[1]));
    let moved = [good[0].clone(), elsewhere[1].clone(), good[2].clone()];
    assert_eq!(failing(&moved, &reader), expect("gwB", 1, Reason::HopMismatch));
    let stranger = [id("xxA")];
    let alone = proofs(&stranger, &reader);
    let failure = trail().check(&alone, &stranger, &reader, known).unwrap_err();
    assert_eq!(failure.error.reason(), Reason::HopUnknown);

    let refusal = Refusal::from(Failure::from(failure)).on_path("p-1".parse().unwrap());
    let text = serde_json::to_string(&refusal).unwrap();
    assert!(text.contains(r#""error":"TGP.HOP_VERIFICATION_FAIL","class":"F","hop":"xxA""#), "{text}");
}

/// Shows R-265, R-278, R-296.
#[test]
fn transit_fees_are_added_without_touching_the_signed_quote() {
    let egress = SigningKey::from_seed(&[5; 32]);
    let signed = quote().to_signed(&egress).unwrap();
    let received = Received::<PathQuote>::from_object(signed.clone()).unwrap();
    received.verify(&egress.public_key()).unwrap();
    let hash = PathQuote::hash(&received);

    let mut quotes = Vec::new();
    let mut previous = hash;
    for (hop, upstream, fee) in [("gwB", "gwA", 25_u64), ("gwA", "client", 10)] {
        let quote = TransitQuote::sign(previous, id(hop), id(upstream), fee.into(), 60, &key(&id(hop)));
        previous = quote.hash(previous);
        quotes.push(quote);
    }
    let client = id("client");
    assert_eq!(TransitQuote::check_all(hash, &quotes, &client, known).unwrap(), Amount::from(35));
    let passed = with(signed, "hopQuotes", Some(json::to_value(&quotes).unwrap()));
    let passed_on = Received::<PathQuote>::from_object(passed.clone()).unwrap();
    passed_on.verify(&egress.public_key()).unwrap();
    assert_eq!((PathQuote::hash(&passed_on), passed_on.message().hop_quotes.len()), (hash, 2));

    let failing = |quotes: &[TransitQuote], reader: &Id| {
        let failure = TransitQuote::check_all(hash, quotes, reader, known).unwrap_err();
        (failure.hop.to_string(), failure.error.reason())
    };
    let mut cheaper = quotes.clone();
    cheaper[0].fee = 1.into();
    assert_eq!(failing(&cheaper, &client), ("gwB".to_owned(), Reason::HopMismatch));
    assert_eq!(failing(&quotes[..1], &client), ("gwB".to_owned(), Reason::HopMismatch));
    assert_eq!(failing(&quotes[1..], &client), ("gwA".to_owned(), Reason::HopMismatch));
    assert_eq!(failing(&quotes, &id("other")), ("gwA".to_owned(), Reason::HopMismatch));
    // fees that no amount holds are no fees
    let most = TransitQuote::sign(hash, id("gwB"), id("gwA"), Amount(U256::MAX), 60, &key(&id("gwB")));
    let above = |fee: u64| {
        let last = TransitQuote::sign(most.hash(hash), id("gwA"), id("client"), fee.into(), 60, &key(&id("gwA")));
        TransitQuote::check_all(hash, &[most.clone(), last], &client, known)
    };
    assert_eq!(above(0).unwrap(), Amount(U256::MAX));
    let failure = above(1).unwrap_err();
    assert_eq!((failure.hop.to_string(), failure.error.reason()), ("gwA".to_owned(), Reason::BadAmount));
    assert_eq!(failure.error.field().to_string(), "hopQuotes[1]");
    // the quote itself stays as the egress gateway signed it
    for (path, value) in [("price.ttlSeconds", "44"), ("fees", "[]"), ("unknown", "1"), ("issuedAt", "null")] {
        let changed = with(passed.clone(), path, Some(json::parse(value.as_bytes()).unwrap()));
        let changed = Received::<PathQuote>::from_object(changed).unwrap();
        let error = changed.verify(&egress.public_key()).unwrap_err();
        assert_eq!(error.code().dotted(), "X402.SIG_INVALID", "{path}");
        assert_ne!(PathQuote::hash(&changed), hash, "{path}");
    }
}

/// Shows R-303..R-312.
#[test]
fn every_code_has_its_name_on_this_plane() {
    for (name, code) in [
        ("X402.SIG_INVALID", Code::SigInvalid),
        ("X402.BALANCE_INSUFFICIENT", Code::InsufficientFunds),
        ("X402.WINDOW_EXPIRED", Code::WindowExpired),
        ("X402.NONCE_REUSED", Code::Replay),
        ("X402.NETWORK_OR_TOKEN_MISMATCH", Code::NetworkOrTokenMismatch),
        ("X402.SIMULATION_FAIL", Code::SimulationFail),
        ("TGP.POLICY_BLOCKED", Code::PolicyViolation),
        ("TGP.QUOTE_EXPIRED", Code::QuoteExpired),
        ("TGP.HOP_VERIFICATION_FAIL", Code::HopVerificationFail),
        ("TGP.FINAL_SETTLEMENT_FAIL", Code::SettlementFailed),
        ("X402.SETTLEMENT_PENDING", Code::SettlementPending),
    ] {
        let error = tgp_protocol::Error::new(code, Reason::Missing).within("sig");
        let refusal = Refusal::from(Failure::new(&error, id("gwC")));
        let value = json::to_value(&refusal).unwrap();
        assert_eq!(value.as_object().unwrap().get("error").and_then(Value::as_str), Some(name));
        assert_eq!(Refusal::read(value.as_object().unwrap()).unwrap(), refusal);
        // a class that is not the code's would make a peer pay again, or never
        for class in ["F", "T", "R"].into_iter().filter(|class| *class != code.class().letter()) {
            let other = with(value.as_object().unwrap().clone(), "class", Some(Value::String(class.to_owned())));
            let error = Refusal::read(&other).unwrap_err();
            assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::Contradiction, "class"));
        }
        // the other planes' spelling is read as well
        let other = with(value.as_object().unwrap().clone(), "error", Some(Value::String(code.to_string())));
        assert_eq!(Refusal::read(&other).unwrap().error, code);
    }
}

/// A path has sixteen gateways at the most: whoever sends more proofs, fees or quotes sends no path.
#[test]
fn no_message_has_more_hops_than_a_path() {
    let [quote, envelope, _] = whole();
    let times = |object: &Object, member: &str, count: usize| {
        let Some(Value::Array(elements)) = object.get(member) else { panic!("a list of {member}") };
        with(object.clone(), member, Some(Value::Array(vec![elements[0].clone(); count])))
    };
    let too_many = |error: tgp_protocol::Error| (error.reason(), error.field().to_string());
    Received::<SettlementEnvelope>::from_object(times(&envelope, "hopProofs", 16)).unwrap();
    let error = Received::<SettlementEnvelope>::from_object(times(&envelope, "hopProofs", 17)).unwrap_err();
    assert_eq!(too_many(error), (Reason::TooManyMembers, "hopProofs".to_owned()));
    for member in ["fees", "hopQuotes"] {
        Received::<PathQuote>::from_object(times(&quote, member, 16)).unwrap();
        let error = Received::<PathQuote>::from_object(times(&quote, member, 17)).unwrap_err();
        assert_eq!(too_many(error), (Reason::TooManyMembers, member.to_owned()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Any trail holds as it was made, and no other order or part of it does.
    #[test]
    fn only_the_whole_trail_in_its_order_holds(length in 1..8_usize, a in 0..8_usize, b in 0..8_usize) {
        let plan: Vec<Id> = (0..length).map(|hop| id(&format!("gw{hop}"))).collect();
        let reader = id("rs");
        let good = proofs(&plan, &reader);
        prop_assert!(trail().check(&good, &plan, &reader, known).is_ok());
        let (a, b) = (a % length, b % length);
        let mut swapped = good.clone();
        swapped.swap(a, b);
        prop_assert_eq!(trail().check(&swapped, &plan, &reader, known).is_ok(), a == b);
        let mut shorter = good;
        shorter.remove(a);
        let failure = trail().check(&shorter, &plan, &reader, known).unwrap_err();
        prop_assert_eq!(failure.hop, plan[a].clone());
    }
}
