//! What must hold between messages of plane B, and what a clock or a policy decides.

use crate::{
    documents,
    fixtures::{CHAIN, address, object, offer, order, query, simple_offer, with},
    gateways,
};
use std::collections::HashSet;
use tgp_protocol::{
    Class, Code, Error, Failure, Reason, Result,
    buyer::{
        Accept, BuyerMessage, BuyerProtection, Claim, EconomicEnvelope, ErrorMessage, Offer, Query, Settle,
        SettleSource, ZkPolicy, ZkProfile, offer_hash,
    },
    identity::{Seen, seen},
    json::{self, Kept, Object, Value},
    sign::SigningKey,
    tib::CarriedTib,
    value::{Bps, Clock, EpochMillis, Timestamp, Word},
    wire::{Message, Received},
};

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T>, field: &str, reason: Reason) {
    let error = result.expect_err(field);
    assert_eq!((error.field().to_string().as_str(), error.reason()), (field, reason));
}

fn text(text: &str) -> Option<Value> {
    Some(json::parse(text.as_bytes()).unwrap())
}

/// Shows R-377, R-379..R-385, R-394..R-399, R-401.
#[test]
fn documents_examples_are_read_field_by_field() {
    let offer = Received::<Offer>::read(documents::OFFER.as_bytes()).unwrap().into_message();
    assert_eq!((offer.id.as_str(), offer.query_id.as_str()), ("offer-abc123", "q-abc123"));
    assert_eq!((offer.asset.as_str(), offer.amount.to_string().as_str()), ("USDC", "1000000"));
    assert_eq!(offer.session_id.as_ref().unwrap().as_str(), "sess-abc123");
    assert!(offer.zk_required && offer.coreprover_contract.is_some());
    assert_eq!(offer.economic_envelope.max_fees_bps.get(), 50);
    assert_eq!(offer.economic_envelope.expiry, Some(time("2025-11-10T23:59:59Z")));

    let settle = Received::<Settle>::read(documents::SETTLE.as_bytes()).unwrap().into_message();
    assert_eq!((settle.id.as_str(), settle.query_or_offer_id.as_str()), ("settle-abc123", "offer-abc123"));
    assert_eq!((settle.success, settle.source), (true, SettleSource::BuyerNotify));
    assert!(matches!(settle.claim(), Claim::Transaction(_)));
    settle.check_settles(&offer).unwrap();

    let error = Received::<ErrorMessage>::read(documents::ERROR.as_bytes()).unwrap().into_message();
    assert_eq!((error.code, error.http_status()), (Code::UnsupportedAsset, 422));
    assert_eq!(error.message.as_str(), "Asset DOGE not supported in this jurisdiction");
    assert_eq!(error.correlation_id.unwrap().as_str(), "q-abc123");

    let query = Received::<Query>::read(documents::QUERY.as_bytes()).unwrap().into_message();
    offer.check_answers(&query).unwrap();
}

/// Shows R-387, R-380, R-381, R-340.
#[test]
fn an_offer_answers_its_query() {
    offer().check_answers(&query()).unwrap();
    simple_offer().check_answers(&query()).unwrap();
    let other = |change: fn(&mut Query)| {
        let mut query = query();
        change(&mut query);
        offer().check_answers(&query)
    };
    refused(other(|query| query.id = "q-2".parse().unwrap()), "query_id", Reason::OtherMessage);
    refused(other(|query| query.asset = "USDT".parse().unwrap()), "asset", Reason::NotEchoed);
    refused(other(|query| query.amount = 999_999.into()), "amount", Reason::NotEchoed);
    let payer = other(|query| query.payer.as_mut().unwrap().address = address(8));
    refused(payer, "order.terms.buyer", Reason::OtherPayer);
    let chain = other(|query| query.payer.as_mut().unwrap().chain = "base-sepolia".parse().unwrap());
    refused(chain, "chain", Reason::OtherPayer);
    let mut direct = offer();
    direct.zk_required = false;
    refused(direct.check_answers(&query()), "zk_required", Reason::EscrowMissing);
    let mut nowhere = offer();
    (nowhere.coreprover_contract, nowhere.order, nowhere.buyer_protection) = (None, None, None);
    refused(nowhere.to_object(), "coreprover_contract", Reason::Missing);
    // another contract than the one of the 402 answer is the controller's right
    other(|query| query.escrow_contract_from_402 = Some(address(9))).unwrap();
}

/// Shows R-391, R-416.
#[test]
fn an_offer_ends_at_the_earliest_of_its_times() {
    let with_order = offer();
    let mut offer = with_order.clone();
    offer.order = None;
    let expiry = time("2026-11-21T10:05:00Z");
    let now = time("2026-11-21T10:00:00Z");
    let before = |end: Timestamp| Clock::at(Timestamp::from_millis(end.millis() - 1));
    offer.check_open(now, &before(expiry)).unwrap();
    let over = offer.check_open(now, &Clock::at(expiry));
    assert_eq!(over.as_ref().unwrap_err().code(), Code::QuoteExpired);
    refused(over, "economic_envelope.expiry", Reason::InThePast);

    let mut silent = offer;
    silent.economic_envelope.expiry = None;
    assert_eq!(silent.expires_at(now), expiry, "five minutes where nothing is said");
    silent.check_open(now, &before(expiry)).unwrap();
    refused(silent.check_open(now, &Clock::at(expiry)), "economic_envelope.expiry", Reason::InThePast);
    silent.economic_envelope.expiry = Some(time("2026-11-21T11:00:00Z"));
    assert_eq!(silent.expires_at(now), time("2026-11-21T11:00:00Z"));
    let mut early = with_order;
    let mut terms = order();
    terms.fund_by = now.seconds().to_string().parse().unwrap();
    early = early.with_order(terms, BuyerProtection::Bond);
    let end = time("2026-11-21T10:00:01Z");
    assert_eq!(early.expires_at(now), end, "the last second to pay still counts");
    early.check_open(now, &before(end)).unwrap();
    refused(early.check_open(now, &Clock::at(end)), "economic_envelope.expiry", Reason::InThePast);
    // an info block ends with the quote that it is in
    let mut block = gateways::tib_fields();
    block.meta.exp = EpochMillis::from_millis(now.millis() + 500);
    let short = silent.with_tib(CarriedTib::full(&Kept::new(block).unwrap()).unwrap());
    assert_eq!(short.expires_at(now).millis(), now.millis() + 500);
}

/// What is no order is a member like any other, and is covered like one.
#[test]
fn the_hash_covers_members_of_another_type() {
    let hash = |text: &str| {
        let Value::Object(object) = json::parse(text.as_bytes()).unwrap() else { panic!("an object") };
        offer_hash(&object)
    };
    for (with, without) in [
        (r#"{"id":"o","order":null}"#, r#"{"id":"o"}"#),
        (r#"{"id":"o","order":[]}"#, r#"{"id":"o"}"#),
        (r#"{"order":{"terms":null}}"#, r#"{"order":{}}"#),
    ] {
        assert_ne!(hash(with), hash(without), "{with}");
    }
}

#[test]
fn hashes_bind_the_offer_the_terms_and_the_id() {
    let whole = offer().to_object().unwrap();
    let check = |object| Offer::check_hashes(&Received::from_object(object).unwrap());
    check(whole.clone()).unwrap();
    // what the hash leaves out
    check(with(whole.clone(), "order.seller_commitment", None)).unwrap();
    check(with(whole.clone(), "kid", text(r#""AAAAAAAAAAAAAAAAAAAAAA""#))).unwrap();
    // everything else, known or not
    for (path, value) in [
        ("id", r#""offer-2""#),
        ("economic_envelope.expiry", r#""2026-11-21T10:05:01Z""#),
        ("order.terms.salt", r#""0x0000000000000000000000000000000000000000000000000000000000000000""#),
        ("order.terms.seller", r#""0x0909090909090909090909090909090909090909""#),
        ("chain", r#""eip155:1""#),
        ("next_actions", "[]"),
        ("unknown", "1"),
        ("order.unknown", "1"),
    ] {
        refused(check(with(whole.clone(), path, text(value))), "offer_hash", Reason::HashMismatch);
    }
    let zero = || text(r#""0x0000000000000000000000000000000000000000000000000000000000000000""#);
    refused(check(with(whole.clone(), "order.order_id", zero())), "order.order_id", Reason::HashMismatch);
    refused(check(with(whole, "order.terms.offerHash", zero())), "order.terms.offerHash", Reason::HashMismatch);

    let order = offer().order.unwrap();
    order.check_id(CHAIN, address(0x42)).unwrap();
    refused(order.check_id(CHAIN, address(0x43)), "order_id", Reason::HashMismatch);
    refused(order.check_id("ethereum".parse().unwrap(), address(0x42)), "order_id", Reason::HashMismatch);
    simple_offer().order.unwrap().check_id(CHAIN, address(0x43)).unwrap();
}

#[test]
fn terms_and_offer_agree() {
    let changed = |change: fn(&mut Offer)| {
        let mut offer = offer();
        change(&mut offer);
        offer.check()
    };
    changed(|_| {}).unwrap();
    refused(changed(|offer| offer.amount = 5.into()), "order.terms.amount", Reason::Contradiction);
    let session = changed(|offer| offer.session_id = Some("sess-2".parse().unwrap()));
    refused(session, "order.terms.sessionId", Reason::Contradiction);
    let fees = changed(|offer| offer.economic_envelope.max_fees_bps = Bps::new(51).unwrap());
    refused(fees, "order.terms.maxFeeBps", Reason::Contradiction);
    let bare = |protection: fn(&mut Offer)| {
        let mut offer = offer().with_order(
            tgp_protocol::order::OrderJson { arbiter: Default::default(), slash_bps: 0, policy: Vec::new(), ..order() },
            BuyerProtection::None,
        );
        offer = offer.sealed().unwrap();
        protection(&mut offer);
        offer.check()
    };
    bare(|_| {}).unwrap();
    for promise in [
        (|offer: &mut Offer| offer.buyer_protection = Some(BuyerProtection::Bond)) as fn(&mut Offer),
        |offer| offer.buyer_protection = Some(BuyerProtection::Dispute),
        |offer| offer.buyer_protection = Some(BuyerProtection::TimedOnly),
    ] {
        refused(bare(promise), "buyer_protection", Reason::ProtectionOverstated);
    }
    assert!(BuyerProtection::None < BuyerProtection::TimedOnly && BuyerProtection::Dispute < BuyerProtection::Bond);
}

/// Shows R-390, R-415.
#[test]
fn fees_above_an_orders_cap_are_refused_and_not_lowered() {
    let envelope = |bps| EconomicEnvelope { max_fees_bps: Bps::new(bps).unwrap(), expiry: None };
    assert_eq!(envelope(0).fee_cap_of_order().unwrap(), 0);
    assert_eq!(envelope(1_000).fee_cap_of_order().unwrap(), 1_000);
    refused(envelope(1_001).fee_cap_of_order(), "max_fees_bps", Reason::AboveFeeCap);
    refused(envelope(10_000).fee_cap_of_order(), "max_fees_bps", Reason::AboveFeeCap);
    assert!(Bps::new(10_001).is_err());
    // on the wire the documents' bound holds, as long as there are no terms
    Offer::answering(&query(), "o-1".parse().unwrap(), envelope(10_000)).check().unwrap();
}

/// Shows R-325, R-411..R-413, R-494, R-335.
#[test]
fn the_policy_is_always_asked() {
    use {ZkPolicy as P, ZkProfile as Z};
    let expected = [
        (Z::Required, P::Free, Some(true)),
        (Z::Required, P::Required, Some(true)),
        (Z::Required, P::CounterOffer, Some(true)),
        (Z::Optional, P::Free, Some(false)),
        (Z::Optional, P::Required, Some(true)),
        (Z::Optional, P::CounterOffer, Some(true)),
        (Z::None, P::Free, Some(false)),
        (Z::None, P::Required, None),
        (Z::None, P::CounterOffer, Some(true)),
    ];
    for (profile, policy, answer) in expected {
        match (profile.zk_required(policy), answer) {
            (Ok(found), Some(answer)) => assert_eq!(found, answer, "{profile:?} {policy:?}"),
            (found, None) => {
                assert_eq!(found.as_ref().unwrap_err().code(), Code::PolicyViolation);
                refused(found, "zk_profile", Reason::EscrowRequired);
            }
            (Err(error), Some(_)) => panic!("{error}"),
        }
    }
    let wants = |profile, from_402| {
        let mut query = query().with_zk_profile(profile);
        query.escrow_from_402 = from_402;
        (query.escrow_wanted(), query.zk_wanted())
    };
    assert_eq!(wants(Z::None, true), (false, false));
    assert_eq!((wants(Z::Optional, false), wants(Z::Optional, true)), ((false, false), (true, false)));
    assert_eq!(wants(Z::Required, false), (true, true));
}

/// Shows R-347.
#[test]
fn an_accept_names_the_offer_by_id_and_hash() {
    let offer = offer();
    let hash = offer.offer_hash.unwrap();
    let accept = |id: &str, hash| Accept::new("a-1".parse().unwrap(), id.parse().unwrap(), hash).check_accepts(&offer);
    accept("offer-abc123", hash).unwrap();
    refused(accept("offer-2", hash), "offer_id", Reason::OtherMessage);
    refused(accept("offer-abc123", Word::from([0; 32])), "offer_hash", Reason::HashMismatch);
}

/// Shows R-400.
#[test]
fn a_settle_names_its_offer_and_session() {
    let offer = offer();
    let settle = |about: &str| {
        Settle::new("s-1".parse().unwrap(), about.parse().unwrap(), true, SettleSource::BuyerNotify)
            .with_session("sess-abc123".parse().unwrap())
    };
    settle("offer-abc123").check_settles(&offer).unwrap();
    settle("q-abc123").check_settles(&offer).unwrap();
    settle("q-abc123").check_settles_query(&query()).unwrap();
    refused(settle("offer-2").check_settles(&offer), "query_or_offer_id", Reason::OtherMessage);
    refused(settle("offer-abc123").check_settles_query(&query()), "query_or_offer_id", Reason::OtherMessage);
    let other = settle("offer-abc123").with_session("sess-2".parse().unwrap());
    refused(other.check_settles(&offer), "session_id", Reason::OtherMessage);
    let mut without = offer;
    without.session_id = None;
    refused(settle("offer-abc123").check_settles(&without), "session_id", Reason::OtherMessage);
}

/// Shows R-392, R-419..R-421, R-479.
#[test]
fn a_settle_from_the_network_is_a_hint_or_signed() {
    let (indexer, stranger) = (SigningKey::from_seed(&[1; 32]), SigningKey::from_seed(&[2; 32]));
    let keys = [SigningKey::from_seed(&[3; 32]).public_key(), indexer.public_key()];
    let settle = |source| {
        Settle::new("s-1".parse().unwrap(), "o-1".parse().unwrap(), true, source)
            .with_freshness(time("2026-11-21T10:00:00Z"), "n-1".parse().unwrap())
    };
    let admit = |settle: &Settle, key: Option<&SigningKey>| {
        let object = key.map_or_else(|| settle.to_object(), |key| settle.to_signed(key)).unwrap();
        Settle::admit(&Received::from_object(object).unwrap(), &keys)
    };
    let buyer = settle(SettleSource::BuyerNotify);
    assert_eq!(admit(&buyer, None).unwrap(), Claim::Hint);
    let word = Word::from([4; 32]);
    assert_eq!(admit(&buyer.with_transaction(word), None).unwrap(), Claim::Transaction(word));

    let inside = settle(SettleSource::ControllerWatcher);
    for key in [None, Some(&indexer), Some(&stranger)] {
        refused(admit(&inside, key), "source", Reason::InternalSource);
    }
    let outside = settle(SettleSource::CoreproverIndexer);
    assert_eq!(admit(&outside, Some(&indexer)).unwrap(), Claim::Hint);
    refused(admit(&outside, None), "signature", Reason::Unsigned);
    assert_eq!(admit(&outside, Some(&stranger)).unwrap_err().code(), Code::SigInvalid);
}

/// Shows R-402..R-410.
#[test]
fn every_code_goes_through_an_error_message() {
    for code in Code::ALL {
        let failure = Failure::new(&Error::new(*code, Reason::Missing), "tbc-1".parse().unwrap());
        let error = ErrorMessage::new("e-1".parse().unwrap(), failure);
        let object = error.to_object().unwrap();
        assert_eq!(object.get("code").unwrap().as_str(), Some(code.as_str()));
        assert_eq!(object.get("class").unwrap().as_str(), Some(code.class().letter()));
        assert_eq!(object.get("hop").unwrap().as_str(), Some("tbc-1"));
        // the spellings of the other planes are read, and written as this plane's own
        let dotted = with(object, "code", Some(Value::String(code.dotted().to_owned())));
        let read = Received::<ErrorMessage>::from_object(dotted).unwrap().into_message();
        assert_eq!((read.code, read.class), (*code, Some(code.class())));
    }
    let alias = object(&documents::ERROR.replace("UNSUPPORTED_ASSET", "INVALID_ASSET"));
    let read = Received::<ErrorMessage>::from_object(alias).unwrap().into_message();
    assert_eq!((read.code, read.code.class()), (Code::UnsupportedAsset, Class::Final));
}

#[test]
fn an_error_above_four_kibibytes_is_refused() {
    let long = |bytes: usize| documents::ERROR.replace("Asset DOGE", &"A".repeat(bytes));
    let read = |text: &str| BuyerMessage::read(text.as_bytes()).map(|_| ());
    read(&long(3_500)).unwrap();
    refused(read(&long(4_096)), "", Reason::TooLarge);
}

/// Shows R-470.
#[test]
fn old_and_repeated_messages_can_be_told() {
    let signed = query()
        .with_freshness(time("2026-11-21T10:00:00Z"), "n-1".parse().unwrap())
        .to_signed(&SigningKey::from_seed(&[1; 32]))
        .unwrap();
    let message = BuyerMessage::read(&signed.canonical()).unwrap();
    message.check_fresh(&Clock::at(time("2026-11-21T10:01:00Z"))).unwrap();
    refused(message.check_fresh(&Clock::at(time("2026-11-21T10:01:01Z"))), "timestamp", Reason::Stale);
    refused(message.check_fresh(&Clock::at(time("2026-11-21T09:58:59Z"))), "timestamp", Reason::InTheFuture);
    // the same id with other content has another digest; order and space change nothing
    let again = BuyerMessage::read(&signed.canonical()).unwrap();
    assert_eq!(message.digest(), again.digest());
    let other = with(signed, "amount", text("\"1000001\""));
    assert_ne!(BuyerMessage::read(&other.canonical()).unwrap().digest(), message.digest());
    assert_eq!((message.id().as_str(), message.correlation_id()), ("q-abc123", None));
}

/// Shows R-363, R-378, R-400. Whatever its kind, a message counts once under its sender's id.
#[test]
fn an_id_is_used_once_by_its_sender() {
    let settle = Settle::new("s-1".parse().unwrap(), "offer-abc123".parse().unwrap(), true, SettleSource::BuyerNotify);
    let (alice, other) = ("buyer://alice.wallet".parse().unwrap(), "buyer://other.wallet".parse().unwrap());
    let mut keys = HashSet::new();
    for whole in [query().to_object().unwrap(), offer().to_object().unwrap(), settle.to_object().unwrap()] {
        let read = |object: &Object| BuyerMessage::read(&object.canonical()).unwrap();
        let message = read(&whole);
        let (key, digest) = (message.replay_key(&alice), message.digest());
        assert_eq!(seen(None, &digest).unwrap(), Seen::Never);
        assert_eq!(seen(Some(&digest), &read(&whole).digest()).unwrap(), Seen::Before);
        let changed = read(&with(whole.clone(), "later", text("1")));
        assert_eq!(changed.replay_key(&alice), key);
        assert_eq!(seen(Some(&digest), &changed.digest()).unwrap_err().reason(), Reason::KeyReused);
        let renamed = read(&with(whole, "id", text(r#""another""#)));
        assert_ne!(renamed.replay_key(&alice), key);
        assert_ne!(message.replay_key(&other), key);
        assert!(keys.insert(key), "each of the three has an id of its own");
    }
}
