//! Payments of plane S: what was signed, for whom, for how much and until when; and who passed it on.

use crate::{
    documents,
    fixtures::{WalletKey, address_of, object, sign, wallet, with},
};
use alloy_primitives::{B256, U256, aliases::U96, hex};
use alloy_sol_types::SolStruct;
use proptest::prelude::*;
use std::time::Duration;
use tgp_protocol::{
    Code, Failure, Reason, Result,
    exact::{
        Authorization, Constraints, ExactPayload, HopProof, HopTrail, PathQuote, Payment, PaymentCheck, Refusal,
        Requirements, Scheme, SettleOutcome, SettleResponse, SettlementEnvelope, Token, TokenDomain, TransitQuote,
        UnixSeconds, payment_hash, read_payment_required,
    },
    header::X402Version,
    json::{self, Object, Value},
    order::{
        messages::{Hop, Split},
        router_domain,
    },
    sign::{PublicKey, SigningKey, WalletSignature},
    value::{Amount, Clock, EvmAddress, Id, Timestamp, Word},
    wire::{Message, Received},
};

const USDC: &str = "0x036CbD53842c5426634e7929541eC2318f3dCF7e";

#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T>, field: &str, reason: Reason) {
    let error = result.expect_err(field);
    assert_eq!((error.field().to_string().as_str(), error.reason()), (field, reason));
}

/// USDC on Base Sepolia.
fn token() -> Token {
    Token {
        symbol: "USDC".parse().unwrap(),
        decimals: 6,
        domain: TokenDomain {
            name: "USDC".to_owned(),
            version: "2".to_owned(),
            chain: "base-sepolia".parse().unwrap(),
            token: USDC.parse().unwrap(),
        },
    }
}

/// The documents' quote, with the token of its chain.
fn quote() -> PathQuote {
    let mut quote = Received::<PathQuote>::read(documents::VPQ.as_bytes()).unwrap().into_message();
    quote.asset.erc20 = USDC.parse().unwrap();
    quote
}

fn seconds(number: u64) -> UnixSeconds {
    UnixSeconds(U256::from(number))
}

/// The documents' authorization, of a wallet whose key is known.
fn authorization() -> Authorization {
    Authorization {
        from: address_of(&wallet()),
        to: "0x209693Bc6afc0C5328bA36FaF03C514EF312287C".parse().unwrap(),
        value: 10_000.into(),
        valid_after: seconds(1_740_672_089),
        valid_before: seconds(1_740_672_154),
        nonce: [7; 32].into(),
    }
}

fn payload(authorization: Authorization) -> ExactPayload {
    let signature = sign(&wallet(), authorization.transfer_digest(&token().domain));
    ExactPayload { signature, authorization }
}

fn first(authorization: Authorization) -> Payment {
    let chain = token().domain.chain;
    Payment { version: X402Version::V1, chain, accepted: None, payload: payload(authorization) }
}

fn accepted() -> Object {
    object(
        r#"{"scheme":"exact","network":"eip155:84532","amount":"10000",
        "asset":"0x036CbD53842c5426634e7929541eC2318f3dCF7e","payTo":"0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
        "maxTimeoutSeconds":60,"extra":{"name":"USDC","version":"2"}}"#,
    )
}

fn second(authorization: Authorization, accepted: &Object) -> Payment {
    let object = Payment::answering(X402Version::V2, accepted, payload(authorization)).unwrap();
    Payment::read(&object).unwrap()
}

fn at(second: i64) -> Clock {
    Clock::at(Timestamp::from_millis(second * 1000))
}

const NOW: i64 = 1_740_672_100;

fn envelope(payment: Object) -> SettlementEnvelope {
    let must_settle_before = Timestamp::from_millis((NOW + 30) * 1000);
    let constraints = Constraints { must_settle_before, replay_window_sec: 60 };
    SettlementEnvelope::clear("gwA>gwB>gwC".parse().unwrap(), payment, constraints)
}

/// The whole check, in an envelope on the quoted path; the quote has just been seen.
fn checked(check: &PaymentCheck<'_>, payment: &Payment, second: i64) -> Result<()> {
    check.check(payment, &envelope(object(documents::X_PAYMENT)), at(second).now, &at(second))
}

/// Shows R-262..R-264, R-279, R-287, R-289, R-290, R-292, R-295, R-297.
/// Shows R-256, R-257.
#[test]
fn a_good_payment_passes_every_check_in_both_versions() {
    let (quote, token) = (quote(), token());
    let check = PaymentCheck::new(&quote, &token).with_latency(Duration::from_secs(10));
    for payment in [first(authorization()), second(authorization(), &accepted())] {
        checked(&check, &payment, NOW).unwrap();
    }
}

/// Shows R-287.
#[test]
fn only_the_payers_own_signature_over_this_transfer_counts() {
    let (quote, token) = (quote(), token());
    let check = |payment: Payment| checked(&PaymentCheck::new(&quote, &token), &payment, NOW);
    check(first(authorization())).unwrap();
    let changed = |change: fn(&mut Authorization)| {
        let mut payment = first(authorization());
        change(&mut payment.payload.authorization);
        check(payment)
    };
    for change in [
        (|it: &mut Authorization| it.from = EvmAddress([9; 20].into())) as fn(&mut Authorization),
        |it| it.to = EvmAddress([9; 20].into()),
        |it| it.value = 10_001.into(),
        |it| it.valid_after = seconds(0),
        |it| it.valid_before = UnixSeconds(U256::MAX),
        |it| it.nonce = [8; 32].into(),
    ] {
        refused(changed(change), "payload.signature", Reason::OtherSigner);
    }
    // a signature for the receiver's own call is another one
    let mut payment = first(authorization());
    payment.payload.signature = sign(&wallet(), authorization().receive_digest(&token.domain));
    payment.payload.check_receive_signature(&token.domain).unwrap();
    refused(check(payment), "payload.signature", Reason::OtherSigner);
    // another token, chain, name or version of the domain
    for change in [
        (|it: &mut TokenDomain| it.token = EvmAddress([9; 20].into())) as fn(&mut TokenDomain),
        |it| it.chain = "base".parse().unwrap(),
        |it| it.name = "USD Coin".to_owned(),
        |it| it.version = "1".to_owned(),
    ] {
        let mut domain = token.domain.clone();
        change(&mut domain);
        assert!(first(authorization()).payload.check_transfer_signature(&domain).is_err());
    }
}

/// Shows R-321.
#[test]
fn the_signature_of_the_x402_specification_is_its_payers() {
    let payment = Payment::read(&object(documents::X_PAYMENT)).unwrap();
    payment.payload.check_transfer_signature(&token().domain).unwrap();
}

/// Signatures that name the same signer in a second form are refused.
#[test]
fn wallet_signatures_have_one_form() {
    let digest = B256::repeat_byte(3);
    let good = sign(&wallet(), digest);
    assert_eq!(good.signer(digest).unwrap(), address_of(&wallet()));
    let bytes: [u8; 65] = good.as_bytes().try_into().unwrap();
    let order = U256::from_be_slice(&hex!("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"));
    let mut high = bytes;
    high[32..64].copy_from_slice(&(order - U256::from_be_slice(&bytes[32..64])).to_be_bytes::<32>());
    high[64] = 55 - bytes[64];
    let mut parity = bytes;
    parity[64] -= 27;
    for bytes in [high, parity, [0; 65], [0xff; 65]] {
        assert_eq!(WalletSignature::from(bytes).signer(digest), Err(Reason::BadWalletSignature));
    }
    let contract: WalletSignature = format!("0x{}", "ab".repeat(200)).parse().unwrap();
    assert_eq!(contract.signer(digest), Err(Reason::ContractSignature));
    // not known yet is not wrong: the chain is asked, and then the rest is checked
    let (quote, token) = (quote(), token());
    let check = PaymentCheck::new(&quote, &token);
    let mut payment = first(authorization());
    payment.payload.signature = contract;
    refused(checked(&check, &payment, NOW), "payload.signature", Reason::ContractSignature);
    let judged = check.with_signature_judged();
    checked(&judged, &payment, NOW).unwrap();
    payment.payload.authorization.value = 1.into();
    refused(checked(&judged, &payment, NOW), "payload.authorization.value", Reason::OtherValue);
    for text in ["", "0x", "0x12", "1b", &format!("0x{}", "ab".repeat(64)), &format!("0x{}", "ab".repeat(4097))] {
        assert_eq!(text.parse::<WalletSignature>(), Err(Reason::BadWalletSignature), "{text}");
    }
}

/// Shows R-289.
#[test]
fn the_value_is_exact_unless_the_operator_takes_more_in_version_one() {
    let (quote, token) = (quote(), token());
    let exact = PaymentCheck::new(&quote, &token);
    let more = exact.clone().with_overpayment();
    let of = |value: u64| Authorization { value: value.into(), ..authorization() };
    let field = "payload.authorization.value";
    for value in [0, 1, 9_999] {
        refused(checked(&exact, &first(of(value)), NOW), field, Reason::OtherValue);
        refused(checked(&more, &first(of(value)), NOW), field, Reason::OtherValue);
    }
    checked(&exact, &first(of(10_000)), NOW).unwrap();
    refused(checked(&exact, &first(of(10_001)), NOW), field, Reason::OtherValue);
    checked(&more, &first(of(10_001)), NOW).unwrap();
    refused(checked(&more, &second(of(10_001), &accepted()), NOW), field, Reason::OtherValue);
    let other = with(accepted(), "amount", Some(Value::String("9999".to_owned())));
    refused(checked(&exact, &second(of(10_000), &other), NOW), "accepted.amount", Reason::OtherValue);
}

/// Shows R-290, R-305.
#[test]
fn the_window_is_open_give_or_take_five_seconds() {
    let (quote, token) = (quote(), token());
    let check = PaymentCheck::new(&quote, &token);
    let window = |second: i64| checked(&check, &first(authorization()), second);
    let (after, before) = (1_740_672_089, 1_740_672_154);
    refused(window(after - 5), "payload.authorization.validAfter", Reason::OutsideWindow);
    window(after - 4).unwrap();
    // the window is open still, but too little of it is left to settle in
    refused(window(before + 4), "payload.authorization.validBefore", Reason::WindowTooShort);
    refused(window(before + 5), "payload.authorization.validBefore", Reason::OutsideWindow);
    assert_eq!(window(before + 5).unwrap_err().code().dotted(), "X402.WINDOW_EXPIRED");
    let open = Authorization { valid_after: seconds(0), valid_before: UnixSeconds(U256::MAX), ..authorization() };
    checked(&check, &first(open), NOW).unwrap();
}

/// Shows R-295.
#[test]
fn enough_of_the_window_is_left_to_settle() {
    let (quote, token) = (quote(), token());
    let check = PaymentCheck::new(&quote, &token).with_latency(Duration::from_secs(12));
    let left = |second: i64| checked(&check, &first(authorization()), second);
    // 30 s by the quote and 12 s on the way
    left(1_740_672_154 - 43).unwrap();
    refused(left(1_740_672_154 - 42), "payload.authorization.validBefore", Reason::WindowTooShort);
}

/// Shows R-292, R-268, R-276, R-307.
#[test]
fn the_documents_token_is_not_on_the_documents_chain() {
    let printed = Received::<PathQuote>::read(documents::VPQ.as_bytes()).unwrap().into_message();
    let token = token();
    let error = checked(&PaymentCheck::new(&printed, &token), &first(authorization()), NOW).unwrap_err();
    assert_eq!(error.code().dotted(), "X402.NETWORK_OR_TOKEN_MISMATCH");
    refused::<()>(Err(error), "asset.erc20", Reason::NetworkMismatch);
    // the documents' own payment passes every check before that one
    let payment = object(documents::X_PAYMENT);
    let whole = PaymentCheck::new(&printed, &token);
    let result = whole.check(&Payment::read(&payment).unwrap(), &envelope(payment), at(NOW).now, &at(NOW));
    refused(result, "asset.erc20", Reason::NetworkMismatch);

    let network = |change: fn(&mut PathQuote), payment: &Payment| {
        let mut quote = quote();
        change(&mut quote);
        checked(&PaymentCheck::new(&quote, &token), payment, NOW)
    };
    let payment = first(authorization());
    network(|_| {}, &payment).unwrap();
    refused(network(|it| it.asset.decimals = 18, &payment), "asset.decimals", Reason::NetworkMismatch);
    refused(network(|it| it.asset.symbol = "USDT".parse().unwrap(), &payment), "asset.symbol", Reason::NetworkMismatch);
    refused(network(|it| it.asset.chain = "base".parse().unwrap(), &payment), "asset.chain", Reason::NetworkMismatch);
    let elsewhere = Payment { chain: "base".parse().unwrap(), ..payment };
    refused(network(|_| {}, &elsewhere), "network", Reason::NetworkMismatch);
    let asset = Value::String("0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48".to_owned());
    let other = second(authorization(), &with(accepted(), "asset", Some(asset)));
    refused(network(|_| {}, &other), "accepted.asset", Reason::NetworkMismatch);
}

/// Shows R-264.
#[test]
fn the_payment_goes_to_the_provider_on_the_quoted_path() {
    let (quote, token) = (quote(), token());
    let check = PaymentCheck::new(&quote, &token);
    let elsewhere = Authorization { to: EvmAddress([9; 20].into()), ..authorization() };
    refused(checked(&check, &first(elsewhere), NOW), "payload.authorization.to", Reason::OtherRecipient);
    let pay_to = Value::String("0x0909090909090909090909090909090909090909".to_owned());
    let other = second(authorization(), &with(accepted(), "payTo", Some(pay_to)));
    refused(checked(&check, &other, NOW), "accepted.payTo", Reason::OtherRecipient);

    let mut envelope = envelope(object(documents::X_PAYMENT));
    envelope.path_id = "gwA>gwC".parse().unwrap();
    let result = check.check(&first(authorization()), &envelope, at(NOW).now, &at(NOW));
    assert_eq!(result.as_ref().unwrap_err().code(), Code::HopVerificationFail);
    refused(result, "pathId", Reason::OtherPath);
}

/// Shows R-269, R-285, R-286, R-310.
#[test]
fn quotes_and_envelopes_end() {
    let mut quote = quote();
    let seen = at(NOW).now;
    quote.check_open(seen, &at(NOW + 44)).unwrap();
    let over = quote.check_open(seen, &at(NOW + 45));
    assert_eq!(over.as_ref().unwrap_err().code().dotted(), "TGP.QUOTE_EXPIRED");
    refused(over, "price.ttlSeconds", Reason::InThePast);
    // when it was made counts, not when it arrived; and never longer than from its arrival
    quote.issued_at = Some(at(NOW - 40).now);
    refused(quote.check_open(seen, &at(NOW + 5)), "price.ttlSeconds", Reason::InThePast);
    quote.issued_at = Some(at(NOW + 60).now);
    refused(quote.check_open(seen, &at(NOW + 45)), "price.ttlSeconds", Reason::InThePast);
    quote.issued_at = Some(at(NOW + 61).now);
    refused(quote.check_open(seen, &at(NOW)), "issuedAt", Reason::InTheFuture);

    let envelope = envelope(object(documents::X_PAYMENT));
    envelope.check_open(&at(NOW + 29)).unwrap();
    refused(envelope.check_open(&at(NOW + 30)), "constraints.mustSettleBefore", Reason::SettleDeadline);
    // a payment is held to both ends, whatever else is in time
    let (mut quote, token) = (self::quote(), token());
    let lasting = Authorization { valid_before: seconds(1_740_999_999), ..authorization() };
    let whole = |quote: &PathQuote, second: i64| {
        PaymentCheck::new(quote, &token).check(&first(lasting.clone()), &envelope, seen, &at(second))
    };
    whole(&quote, NOW + 29).unwrap();
    refused(whole(&quote, NOW + 30), "constraints.mustSettleBefore", Reason::SettleDeadline);
    quote.price.ttl_seconds = 29;
    refused(whole(&quote, NOW + 29), "price.ttlSeconds", Reason::InThePast);
    assert_eq!(envelope.remember_until(), at(NOW + 90).now);
    envelope.check_disclosure(true).unwrap();
    refused(envelope.check_disclosure(false), "x402", Reason::WalletDisclosed);
}

/// A payment that the router splits: what the buyer signs covers every share.
#[test]
fn a_split_is_signed_with_the_payment() {
    let router = EvmAddress([0x77; 20].into());
    let (mut quote, token) = (quote(), token());
    quote.rs.payment_requirements.scheme = Scheme::RouterSplit;
    let split = |seller: EvmAddress| Split {
        buyer: address_of(&wallet()).0,
        seller: seller.0,
        token: token.domain.token.0,
        amount: U96::from(10_000),
        validAfter: U256::from(1_740_672_089),
        validBefore: U256::from(1_740_672_154),
        sessionId: B256::ZERO,
        salt: B256::ZERO,
        hops: vec![Hop { payee: [8; 20].into(), feeBps: 25 }],
    };
    let agreed = split(quote.rs.settlement_address);
    let nonce = agreed.eip712_signing_hash(&router_domain(84_532, router.0));
    let authorization = Authorization { to: router, nonce: Word(nonce), ..authorization() };
    let pay = |authorization: Authorization| {
        let signature = sign(&wallet(), authorization.receive_digest(&token.domain));
        let payload = ExactPayload { signature, authorization };
        Payment { version: X402Version::V1, chain: token.domain.chain, accepted: None, payload }
    };
    let payment = pay(authorization.clone());
    let check = PaymentCheck::new(&quote, &token);
    refused(checked(&check, &payment, NOW), "payload.authorization.to", Reason::OtherRecipient);
    let of = |payment: &Payment, split: &Split| checked(&check.clone().with_split(router, split), payment, NOW);
    of(&payment, &agreed).unwrap();
    let changed = |change: fn(&mut Split)| {
        let mut split = agreed.clone();
        change(&mut split);
        of(&payment, &split)
    };
    // the gateway's share is not what the buyer signed
    refused(changed(|it| it.hops[0].feeBps = 26), "payload.authorization.nonce", Reason::HashMismatch);
    refused(changed(|it| it.hops.clear()), "payload.authorization.nonce", Reason::HashMismatch);
    refused(changed(|it| it.salt = B256::repeat_byte(1)), "payload.authorization.nonce", Reason::HashMismatch);
    refused(changed(|it| it.seller = [9; 20].into()), "payload.authorization.to", Reason::OtherRecipient);
    refused(changed(|it| it.buyer = [9; 20].into()), "payload.authorization.from", Reason::Contradiction);
    refused(changed(|it| it.amount = U96::from(9_999)), "payload.authorization.value", Reason::OtherValue);
    refused(changed(|it| it.validAfter = U256::ZERO), "payload.authorization.validAfter", Reason::Contradiction);
    refused(changed(|it| it.validBefore = U256::MAX), "payload.authorization.validBefore", Reason::Contradiction);
    // signed for another token or router, the same shares are other shares
    let mut foreign = agreed.clone();
    foreign.token = [9; 20].into();
    let nonce = Word(foreign.eip712_signing_hash(&router_domain(84_532, router.0)));
    let payment = pay(Authorization { nonce, ..authorization });
    refused(of(&payment, &foreign), "payload.authorization.nonce", Reason::HashMismatch);
    let nonce = Word(agreed.eip712_signing_hash(&router_domain(84_532, [9; 20].into())));
    refused(
        of(&pay(Authorization { nonce, ..authorization }), &agreed),
        "payload.authorization.nonce",
        Reason::HashMismatch,
    );
}

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
    PathQuote::check_signature(&received, &egress.public_key()).unwrap();
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
    PathQuote::check_signature(&passed_on, &egress.public_key()).unwrap();
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
    for (path, value) in [("price.amount", "\"9999\""), ("fees", "[]"), ("unknown", "1"), ("issuedAt", "null")] {
        let changed = with(passed.clone(), path, Some(json::parse(value.as_bytes()).unwrap()));
        let changed = Received::<PathQuote>::from_object(changed).unwrap();
        let error = PathQuote::check_signature(&changed, &egress.public_key()).unwrap_err();
        assert_eq!(error.code().dotted(), "X402.SIG_INVALID", "{path}");
        assert_ne!(PathQuote::hash(&changed), hash, "{path}");
    }
}

/// Shows R-284.
#[test]
fn payments_are_read_from_both_versions() {
    let one = Payment::read(&object(documents::X_PAYMENT)).unwrap();
    assert_eq!((one.version, one.chain), (X402Version::V1, "eip155:84532".parse().unwrap()));
    assert_eq!(one.payload.authorization.value, Amount::from(10_000));
    assert_eq!(one.payload.authorization.valid_before, seconds(1_740_672_154));

    let whole = Payment::answering(X402Version::V2, &accepted(), payload(authorization())).unwrap();
    assert_eq!(whole.get("accepted").and_then(Value::as_object), Some(&accepted()), "goes back as it came");
    let two = Payment::read(&whole).unwrap();
    assert_eq!(two.payload, payload(authorization()));
    let requirements = two.accepted.unwrap();
    assert_eq!(requirements.token_domain(), Some(token().domain));
    assert_eq!((requirements.amount, requirements.max_timeout_seconds), (Amount::from(10_000), 60));

    let read = |object: Object| Payment::read(&object);
    // what others put beside is theirs
    let theirs = json::parse(br#"{"bazaar":{"info":{"rate":0.5}}}"#).unwrap();
    read(with(whole.clone(), "extensions", Some(theirs.clone()))).unwrap();
    read(with(whole.clone(), "accepted.extra", Some(theirs))).unwrap();
    let text = |text: &str| Some(json::parse(text.as_bytes()).unwrap());
    for (path, value, field, reason) in [
        ("x402Version", None, "x402Version", Reason::Missing),
        ("x402Version", text("3"), "x402Version", Reason::OtherVersion),
        ("accepted", None, "accepted", Reason::Missing),
        ("accepted", text("[]"), "accepted", Reason::WrongType),
        ("accepted.scheme", text("\"upto\""), "accepted.scheme", Reason::OtherScheme),
        ("accepted.network", text("\"base-sepolia\""), "accepted.network", Reason::BadChain),
        ("accepted.amount", text("10000"), "accepted.amount", Reason::NumericMoney),
        ("accepted.amount", text("\"1.5\""), "accepted.amount", Reason::BadAmount),
        ("accepted.payTo", text("\"merchant\""), "accepted.payTo", Reason::BadAddress),
        ("payload", None, "payload", Reason::Missing),
        ("payload.signature", text("\"0x12\""), "payload.signature", Reason::BadWalletSignature),
        ("payload.authorization", None, "payload.authorization", Reason::Missing),
        ("payload.authorization.value", text("10000"), "payload.authorization.value", Reason::NumericMoney),
        ("payload.authorization.value", text("1.5"), "payload.authorization.value", Reason::NumericMoney),
        ("payload.authorization.value", text("-1"), "payload.authorization.value", Reason::NumericMoney),
        ("payload.authorization.validAfter", text("0"), "payload.authorization.validAfter", Reason::WrongType),
        ("payload.authorization.validBefore", text("\"-1\""), "payload.authorization.validBefore", Reason::BadTime),
        ("payload.authorization.nonce", text("\"0x12\""), "payload.authorization.nonce", Reason::BadWord),
        ("payload.authorization.from", None, "payload.authorization.from", Reason::Missing),
    ] {
        refused(read(with(whole.clone(), path, value)), field, reason);
    }
    let one = object(documents::X_PAYMENT);
    for (path, value, field, reason) in [
        ("scheme", text("\"x402:exact\""), "scheme", Reason::OtherScheme),
        ("network", text("\"solana\""), "network", Reason::BadChain),
        ("payload", text("\"0x12\""), "payload", Reason::WrongType),
    ] {
        refused(read(with(one.clone(), path, value)), field, reason);
    }
}

#[test]
fn a_402_answer_may_ask_for_more_than_we_speak() {
    let other = r#"{"scheme":"exact","network":"solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp","amount":1}"#;
    let upto = r#"{"scheme":"upto","network":"eip155:84532"}"#;
    let ours = String::from_utf8(accepted().canonical()).unwrap();
    let answer =
        |accepts: &str| object(&format!(r#"{{"x402Version":2,"error":"Payment required","accepts":{accepts}}}"#));
    let found = read_payment_required(&answer(&format!("[{other},{upto},{ours}]"))).unwrap();
    assert_eq!(found, [Requirements::read(X402Version::V2, &accepted()).unwrap()]);
    let broken = ours.replace("\"10000\"", "10000");
    refused(read_payment_required(&answer(&format!("[{other},{broken}]"))), "accepts[1].amount", Reason::NumericMoney);
    refused(read_payment_required(&answer("{}")), "accepts", Reason::WrongType);
    refused(read_payment_required(&answer("[7]")), "accepts[0]", Reason::WrongType);
    refused(read_payment_required(&object(r#"{"x402Version":2}"#)), "accepts", Reason::Missing);

    let first = object(
        r#"{"x402Version":1,"accepts":[{"scheme":"exact","network":"base-sepolia","maxAmountRequired":"10000",
        "resource":"https://rs.example/weather","description":"Weather","mimeType":"application/json",
        "payTo":"0x209693Bc6afc0C5328bA36FaF03C514EF312287C","maxTimeoutSeconds":60,"outputSchema":{"least":0.5},
        "asset":"0x036CbD53842c5426634e7929541eC2318f3dCF7e"}]}"#,
    );
    let found = read_payment_required(&first).unwrap();
    assert_eq!((found[0].version, found[0].amount), (X402Version::V1, Amount::from(10_000)));
    assert_eq!(found[0].token_domain(), None);
    let Some(Value::Array(accepts)) = first.get("accepts") else { panic!("a list") };
    let entry = accepts[0].as_object().unwrap();
    let answer = Payment::answering(X402Version::V1, entry, payload(authorization())).unwrap();
    assert_eq!(Payment::read(&answer).unwrap().payload, payload(authorization()));
    assert_eq!(answer.get("network").and_then(Value::as_str), Some("base-sepolia"));
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
        assert_eq!(json::from_value::<Refusal>(&value).unwrap(), refusal);
        // the other planes' spelling is read as well
        let other = with(value.as_object().unwrap().clone(), "error", Some(Value::String(code.to_string())));
        assert_eq!(json::from_value::<Refusal>(&Value::Object(other)).unwrap().error, code);
    }
}

/// What a payment is known by after a crash: a used nonce is success when it was this very transfer that used it.
#[test]
fn a_payment_is_known_by_all_that_it_moves() {
    let domain = token().domain;
    let key = authorization().key(domain.chain, domain.token);
    assert_eq!(key, authorization().key(domain.chain, domain.token));
    for change in [
        (|it: &mut Authorization| it.from = EvmAddress([9; 20].into())) as fn(&mut Authorization),
        |it| it.to = EvmAddress([9; 20].into()),
        |it| it.value = 1.into(),
        |it| it.nonce = [8; 32].into(),
    ] {
        let mut other = authorization();
        change(&mut other);
        assert_ne!(other.key(domain.chain, domain.token), key);
    }
    assert_ne!(authorization().key("base".parse().unwrap(), domain.token), key);
    // the window is not part of what was moved
    let longer = Authorization { valid_before: seconds(u64::MAX), ..authorization() };
    assert_eq!(longer.key(domain.chain, domain.token), key);
}

#[test]
fn pending_is_no_failure() {
    let hash = "0x9f2d8e7c3b1a5f4e2d1c0b9a8f7e6d5c4b3a2f1e0d9c8b7a6f5e4d3c2b1a0f9e";
    let read = |success: bool, reason: Option<&str>, transaction: &str| {
        let reason = reason.map(|reason| format!(r#","errorReason":"{reason}""#)).unwrap_or_default();
        let text = format!(r#"{{"success":{success}{reason},"transaction":"{transaction}","network":"eip155:84532"}}"#);
        SettleResponse::read(&object(&text)).unwrap().outcome()
    };
    let word: Word = hash.parse().unwrap();
    assert_eq!(read(true, None, hash).unwrap(), SettleOutcome::Settled(word));
    assert_eq!(read(false, Some("settlement_pending"), hash).unwrap(), SettleOutcome::Pending(word));
    assert_eq!(read(false, Some("insufficient_funds"), "").unwrap(), SettleOutcome::Failed);
    // something was sent: how it ended, the chain knows
    assert_eq!(read(false, Some("unexpected_settle_error"), hash).unwrap(), SettleOutcome::Pending(word));
    assert_eq!(read(false, None, hash).unwrap(), SettleOutcome::Pending(word));
    refused(read(true, None, ""), "transaction", Reason::BadWord);
    refused(read(false, Some("settlement_pending"), ""), "transaction", Reason::BadWord);
    refused(read(true, Some("x"), hash), "errorReason", Reason::Contradiction);
    // whoever is told of a failure signs again, and pays twice
    for unknown in [read(true, None, ""), read(false, Some("settlement_pending"), ""), read(true, Some("x"), hash)] {
        assert_eq!(unknown.unwrap_err().code(), Code::SettlementPending);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Whoever signs, that wallet is found, and for no other authorization.
    #[test]
    fn signatures_recover(seed in 1..=u64::MAX, value in any::<u64>(), nonce in any::<[u8; 32]>()) {
        let mut bytes = [0; 32];
        bytes[24..].copy_from_slice(&seed.to_be_bytes());
        let key = WalletKey::from_slice(&bytes).unwrap();
        let mut authorization = authorization();
        (authorization.from, authorization.value, authorization.nonce) =
            (address_of(&key), value.into(), nonce.into());
        let signature = sign(&key, authorization.transfer_digest(&token().domain));
        let mut payload = ExactPayload { signature, authorization };
        prop_assert!(payload.check_transfer_signature(&token().domain).is_ok());
        payload.authorization.value = value.wrapping_add(1).into();
        prop_assert!(payload.check_transfer_signature(&token().domain).is_err());
    }

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

    #[test]
    fn no_object_makes_a_reader_panic(bytes in any::<Vec<u8>>()) {
        if let Ok(Value::Object(object)) = json::parse(&bytes) {
            let _ = (Payment::read(&object), read_payment_required(&object), SettleResponse::read(&object));
        }
    }
}
