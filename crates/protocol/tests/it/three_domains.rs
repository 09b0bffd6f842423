//! The whole flow of document 001, from QUERY to SETTLE, with real signatures and with amounts that add up.

// a helper that fails ends the test
#![allow(clippy::unwrap_used)]

use crate::gateways::{at, hash, key, policy, state_refs, summaries, v, word};
use std::time::Duration;
use tgp_protocol::{
    Code, Error, Reason,
    chain_profile::Delays,
    gateway::{
        Advert, Attributes, Cost, Envelope, ErrorReport, Extension, GatewayMessage, HopId, HopTimes, HtlcParams,
        Invoice, LockRef, Locked, MAX_LOCK, Path, PathAttributes, Plan, Proof, ProofData, Query, Select, Settle,
        SettleStatus, Side, check_direction, distance, last_reveal, payee_budget,
    },
    header::{PathStatus, TransactionPath},
    identity::{DirectoryKey, KeyDirectory, Role},
    json::{Kept, Object},
    ledger::{LedgerSummary, MAX_VALID_MS, check_state_refs, policy_hash},
    sign::{KeyId, PublicKey, SigningKey},
    tib::EscrowType,
    value::{ChainId, Clock, Decimal, EpochMillis, Id, Secret, Sha256Digest, Timestamp},
    wire::Message,
};

/// A domain: its name and its key.
struct Domain {
    name: &'static str,
    key: SigningKey,
}

const CHAIN: ChainId = ChainId::eip155(31337);

/// A ledger with instant finality, as the document assumes: the profile of the local chain.
const LOCAL: Delays = Delays { observation: 1, clock: 0, outage: 25, slack: 3, inclusion: 1, reorg: 0, censorship: 0 };

impl Domain {
    fn new(name: &'static str, seed: u8) -> Self {
        Self { name, key: key(seed) }
    }

    fn hop(&self) -> HopId {
        v(self.name)
    }

    fn directory(&self) -> KeyDirectory {
        let key = DirectoryKey::new(self.key.public_key(), vec![Role::Message], at("00:00:00"), at("23:00:00"));
        KeyDirectory::new(v(self.name), at("00:00:00"), at("23:00:00"), vec![key])
    }

    fn sends<M: Message>(&self, message: &M) -> Object {
        message.to_signed(&self.key).expect("a valid message")
    }

    /// Takes in what another domain sent: bytes, signature, freshness, direction.
    fn receives(&self, object: &Object, from: &Self, side: Side, now: Timestamp) -> GatewayMessage {
        let message =
            GatewayMessage::read(&object.canonical()).unwrap_or_else(|error| panic!("{}: {error}", self.name));
        message.authenticate(&from.directory(), &Clock::at(now)).expect("from whom it says");
        check_direction(&message, side).expect("from that side");
        assert_eq!(message.envelope().sender().as_str(), from.name);
        assert_eq!(message.envelope().request_id().as_str(), "req-abc-123", "kept from end to end");
        let text = String::from_utf8(object.canonical()).unwrap();
        let shown = text.contains(&crate::gateways::secret().to_string()[2..]);
        assert_eq!(shown, matches!(message, GatewayMessage::Proof(_)), "only a PROOF shows the secret");
        message
    }
}

macro_rules! taken {
    ($kind:ident, $message:expr) => {{
        let GatewayMessage::$kind(message) = $message else { panic!("another kind") };
        message.into_message()
    }};
}

fn lock(id: u8) -> LockRef {
    LockRef {
        chain: CHAIN,
        contract: v("0x00000000000000000000000000000000000000cc"),
        lock_id: word(id),
        tx_hash: word(id ^ 0xff),
        block: 100,
    }
}

fn summary(id: &str) -> LedgerSummary {
    LedgerSummary::new(
        v(id),
        31337,
        99,
        EpochMillis::from_millis(at("10:00:00").millis()),
        60_000,
        v("gateway-b.example.com"),
    )
}

/// Shows R-006..R-008, R-022..R-024, R-048, R-059..R-063, R-072, R-073, R-078, R-080..R-085, R-089, R-093..R-096, R-098, R-105, R-106, R-119, R-123, R-126..R-128, R-142, R-229, R-237, R-238.
/// Shows R-047, R-110, R-117, R-350.
#[test]
fn value_goes_from_a_through_b_to_c() {
    let (a, b, c) = (
        Domain::new("client-a.example.com", 1),
        Domain::new("gateway-b.example.com", 2),
        Domain::new("provider-c.example.com", 3),
    );
    let fee: Decimal = v("0.50");
    let ends = summaries().into_iter().map(|id| summary(id.as_str())).map(|summary| {
        let cap = Duration::from_millis(MAX_VALID_MS);
        summary.validity(at("10:00:00"), &Clock::at(at("10:00:00")), cap).expect("current").until
    });
    let ends: Vec<Timestamp> = ends.collect();
    let known_end = |id: &Id| summaries().contains(id).then_some(ends[0]);

    // Step 1: QUERY, A to B, and B to C with B's own signature, time, less money and less latency
    let attributes = Attributes::new(v("10.00"), v("USDC"), at("10:05:00"))
        .as_budget()
        .with_compliance(vec![v("KYC")])
        .with_qos(500, v("0.99"));
    let asked =
        Query::new(v("req-abc-123"), at("10:00:00"), v(a.name), v(c.name), attributes).with_summaries(summaries());
    let at_b = taken!(Query, b.receives(&a.sends(&asked), &a, Side::Payer, at("10:00:01")));
    let onward = at_b.forwarded(v(b.name), at("10:00:01"), fee, 100).unwrap();
    let at_c = taken!(Query, c.receives(&b.sends(&onward), &b, Side::Payer, at("10:00:02")));
    assert_eq!(at_c.bound().current_until(known_end).unwrap(), at("10:01:00"));
    let strange = at_c.clone().with_summaries(vec![v("sso-id-1"), v("sso-id-3")]);
    assert_eq!(strange.bound().current_until(known_end).unwrap_err().code(), Code::SsoMismatch);
    let amount = at_c.attributes.amount.as_ref().expect("an amount");
    assert_eq!((amount.value, at_c.attributes.qos.unwrap().latency_ms), (v("9.50"), 400));
    assert_eq!(at_c.attributes.deadline, asked.attributes.deadline, "passed on unchanged");

    // Step 2: C makes the secret and its invoice; ADVERT, C to B, and B to A with B in front
    let secret = crate::gateways::secret();
    let invoice = Invoice::new(v("req-abc-123"), secret.hash_lock(), v("9.50"), at("10:01:02"), v("eh:tbcz:8Qk"));
    let invoice = invoice.sign(&c.key).unwrap();
    let cost = Cost::new(v("8.50"), v("0.01"), 100, v("USDC"));
    let attributes = PathAttributes::new(EscrowType::Htlc, 120, vec![v("KYC")]);
    let direct = Path::new(v("path-direct-c"), c.hop(), cost, v("9.50"), v("0.01"), attributes).as_budget();
    let offered = Advert::new(v("req-abc-123"), at("10:00:02"), v(c.name), vec![direct], 60)
        .with_invoice(invoice)
        .with_summaries(summaries())
        .with_policy_hash(hash());
    assert_eq!(hash(), policy_hash(&policy(), &summaries()));
    let from_c = taken!(Advert, b.receives(&c.sends(&offered), &c, Side::Payee, at("10:00:03")));
    from_c.check_against(&onward).unwrap();
    let below = from_c.invoice.as_ref().unwrap();
    below.verify(&c.key.public_key(), &v("req-abc-123"), &Clock::at(at("10:00:03"))).unwrap();
    from_c.paths[0].check_loop(&[b.hop()]).unwrap();

    let delta = u32::try_from(distance(&LOCAL, &LOCAL).as_secs()).unwrap();
    let extension = Extension {
        path_id: v("path-via-b"),
        hop: b.hop(),
        next: a.hop(),
        fee,
        timelock_delta: delta,
        risk: v("0.01"),
        settlement_time: 60,
    };
    let via_b = from_c.paths[0].extended(extension, below, &b.key).unwrap();
    let passed_on = Advert::new(v("req-abc-123"), at("10:00:03"), v(b.name), vec![via_b], 60)
        .with_invoice(below.as_ref().clone())
        .with_summaries(summaries())
        .with_policy_hash(hash());
    let from_b = taken!(Advert, a.receives(&b.sends(&passed_on), &b, Side::Payee, at("10:00:04")));
    from_b.check_against(&asked).unwrap();
    let quote = from_b.path(&v("path-via-b")).expect("B's path");
    assert_eq!(quote.hops, [b.hop(), c.hop()]);
    assert_eq!((quote.lock_amount, quote.cost.base), (Some(v("10.00")), v("9.00")));
    assert_eq!((quote.risk_score, quote.attributes.settlement_time_max), (v("0.02"), 180));
    let word_of_c = from_b.invoice.as_ref().unwrap();
    word_of_c.verify(&c.key.public_key(), &v("req-abc-123"), &Clock::at(at("10:00:04"))).unwrap();
    let key_of = |hop: &HopId, kid: Option<KeyId>| -> Option<PublicKey> {
        let owner = [&a, &b, &c].into_iter().find(|domain| domain.hop() == *hop)?;
        owner.directory().key(kid?, Role::Message, at("10:00:04")).ok().map(|found| found.key)
    };
    quote.verify_quotes(word_of_c, &a.hop(), key_of).unwrap();

    // Step 3: each locks after the one above is final; SELECT, A to B, and B to C
    let service = Duration::from_secs(60);
    let plan = [Plan { chain: LOCAL, finality: Duration::ZERO }; 2];
    let planned = Plan::timeouts(at("10:00:05"), &plan, service, MAX_LOCK).unwrap();
    assert!(planned[0] <= at("10:05:00"), "the document's five minutes are more than enough here");
    let params = |timeout: &str, amount: &str| HtlcParams {
        hash: word_of_c.fields().hashlock,
        timeout: at(timeout),
        amount: v(amount),
    };
    let select = |domain: &Domain, time: &str, path: &str, params: HtlcParams, id: u8| {
        Select::new(v("req-abc-123"), at(time), v(domain.name), v(path), params)
            .with_lock(lock(id), at("10:00:59"))
            .with_state_refs(state_refs(100))
            .with_summaries(summaries())
            .with_policy_hash(hash())
    };
    let selected = select(&a, "10:00:05", "path-via-b", params("10:05:00", "10.00"), 1);
    let got = taken!(Select, b.receives(&a.sends(&selected), &a, Side::Payer, at("10:00:06")));
    got.check_against(&passed_on, &Clock::at(at("10:00:06")), ends.clone()).unwrap();
    let known: Vec<LedgerSummary> = summaries().iter().map(|id| summary(id.as_str())).collect();
    check_state_refs(&got.state_refs, CHAIN, &known.iter().collect::<Vec<_>>()).unwrap();
    let mut hop = HopTimes {
        now: at("10:00:06"),
        timeout_in: got.htlc_params.timeout,
        timeout_out: at("10:04:30"),
        incoming_final: false,
        incoming: LOCAL,
        outgoing: LOCAL,
        outgoing_finality: Duration::ZERO,
        below: payee_budget(service, &LOCAL),
    };
    assert_eq!(hop.check().unwrap_err().code(), Code::NotFinal, "no value goes out before the incoming lock is final");
    hop.incoming_final = true;
    hop.check().unwrap();
    let onward = select(&b, "10:00:06", "path-direct-c", params("10:04:30", "9.50"), 2);
    let at_c = taken!(Select, c.receives(&b.sends(&onward), &b, Side::Payer, at("10:00:07")));
    at_c.check_against(&offered, &Clock::at(at("10:00:07")), ends).unwrap();
    assert_eq!(at_c.htlc_params.hash, got.htlc_params.hash, "one hash on every hop");

    // Step 4: LOCKED, C to B, then B to A with B's own name for the lock
    let locked = Locked::answering(&at_c, at("10:00:07"), v(c.name), v("htlc-c-12345"));
    let at_b = taken!(Locked, b.receives(&c.sends(&locked), &c, Side::Payee, at("10:00:08")));
    at_b.check_against(&onward).unwrap();
    let relayed = Locked::answering(&got, at("10:00:08"), v(b.name), v("htlc-b-67890"));
    let at_a = taken!(Locked, a.receives(&b.sends(&relayed), &b, Side::Payee, at("10:00:09")));
    at_a.check_against(&selected).unwrap();
    assert_eq!(at_a.check_against(&onward).unwrap_err().field().to_string(), "path_id");

    // Step 5: the service, tied to the payment by a header
    let header = TransactionPath {
        request_id: at_a.request_id,
        path_id: at_a.path_id,
        settlement_id: at_a.htlc_id,
        status: PathStatus::Locked,
    };
    assert_eq!(TransactionPath::parse(&header.to_string()).unwrap(), header);

    // Step 6: C claims on the chain while that is safe; PROOF, C to B, and B to A with C's own word in it
    assert!(at("10:00:31") <= last_reveal(onward.htlc_params.timeout, &LOCAL));
    let data = ProofData::new(Sha256Digest::from([0x7d; 32]), secret.hash_lock()).sign(&c.key).unwrap();
    let proof = Proof::new(v("req-abc-123"), at("10:00:31"), v(c.name), secret, data)
        .with_state_refs(state_refs(120))
        .with_settlement_txids(vec![word(0xe2)]);
    let at_b = taken!(Proof, b.receives(&c.sends(&proof), &c, Side::Payee, at("10:00:32")));
    at_b.check_against(&onward.htlc_params.hash).unwrap();
    at_b.check_invoice(below.fields()).unwrap();
    let relayed = at_b.forwarded(v("req-abc-123"), v(b.name), at("10:00:32"), state_refs(121));
    let at_a = taken!(Proof, a.receives(&b.sends(&relayed), &b, Side::Payee, at("10:00:33")));
    at_a.check_against(&selected.htlc_params.hash).unwrap();
    at_a.proof_data.verify(&c.key.public_key()).expect("C's word, unchanged");
    let backwards = GatewayMessage::read(
        &a.sends(&at_a.forwarded(v("req-abc-123"), v(a.name), at("10:00:34"), state_refs(121))).canonical(),
    )
    .unwrap();
    assert_eq!(check_direction(&backwards, Side::Payer).unwrap_err().code(), Code::InvalidState);

    // Step 7: SETTLE of each lock, from B to C and from B to A
    let settle = |time: &str, id: &str, amount: &str, tx: u8| {
        Settle::new(v("req-abc-123"), at(time), v(b.name), v(id), SettleStatus::Settled, v(amount), vec![word(tx)])
            .with_state_refs(state_refs(122))
            .with_summaries(summaries())
            .with_policy_hash(hash())
    };
    let at_c = taken!(
        Settle,
        c.receives(&b.sends(&settle("10:00:33", "htlc-c-12345", "9.50", 0xe2)), &b, Side::Payer, at("10:00:34"))
    );
    let at_a = taken!(
        Settle,
        a.receives(&b.sends(&settle("10:00:34", "htlc-b-67890", "10.00", 0xe1)), &b, Side::Payee, at("10:00:35"))
    );

    // Step 8: what everybody has
    let (paid, earned) = (at_a.final_amount, at_c.final_amount);
    assert_eq!((paid, earned, paid.checked_sub(earned)), (v("10.00"), v("9.50"), Some(fee)));
}

/// Shows R-005, R-238.
#[test]
fn gateway_refuses_what_was_not_quoted() {
    let b = Domain::new("gateway-b.example.com", 2);
    let advert = crate::gateways::advert();
    let select = crate::gateways::select();
    let clock = Clock::at(at("10:00:10"));
    let refused = |select: &Select, clock: &Clock, ends: &[Timestamp]| {
        let error = select.check_against(&advert, clock, ends.iter().copied()).unwrap_err();
        (error.code(), error.reason(), error.field().to_string())
    };
    assert!(select.check_against(&advert, &clock, []).is_ok());
    let changed = |change: fn(&mut Select)| {
        let mut select = select.clone();
        change(&mut select);
        refused(&select, &clock, &[])
    };
    assert_eq!(
        changed(|select| select.htlc_params.amount = v("9.49")),
        (Code::InvalidQuery, Reason::NotLockAmount, "htlc_params.amount".into())
    );
    assert_eq!(
        changed(|select| select.htlc_params.amount = v("9.51")),
        (Code::InvalidQuery, Reason::NotLockAmount, "htlc_params.amount".into())
    );
    assert_eq!(
        changed(|select| select.htlc_params.hash = Secret::from([3; 32]).hash_lock()),
        (Code::InvalidState, Reason::OtherExchange, "htlc_params.hash".into())
    );
    assert_eq!(changed(|select| select.path_id = v("path-x")), (Code::NoRoute, Reason::UnknownPath, "path_id".into()));
    assert_eq!(
        changed(|select| select.request_id = v("req-x")),
        (Code::InvalidState, Reason::OtherExchange, "request_id".into())
    );
    for ids in
        [vec![v("sso-id-1")], vec![v("sso-id-1"), v("sso-id-3")], vec![v("sso-id-1"), v("sso-id-2"), v("sso-id-3")]]
    {
        let other = select.clone().with_summaries(ids);
        assert_eq!(refused(&other, &clock, &[]), (Code::SsoMismatch, Reason::OtherSummaries, "sso_ids".into()));
    }
    let reversed = select.clone().with_summaries(summaries().into_iter().rev().collect());
    assert!(reversed.check_against(&advert, &clock, []).is_ok(), "a set has no order");
    assert_eq!(
        changed(|select| select.policy_hash = Some([1; 32].into())),
        (Code::PolicyViolation, Reason::OtherPolicy, "policy_hash".into())
    );
    // the invoice ends at 10:01:00, the ledger summaries perhaps before
    assert_eq!(refused(&select, &Clock::at(at("10:01:00")), &[]).0, Code::QuoteExpired);
    assert_eq!(refused(&select, &clock, &[at("10:00:09")]).0, Code::QuoteExpired);
    let mut unserved = advert.clone();
    unserved.paths[0].attributes.escrow_type = EscrowType::StateChannel;
    assert_eq!(select.check_against(&unserved, &clock, []).unwrap_err().code(), Code::Unsupported);
    let mut without = advert.clone();
    without.invoice = None;
    assert_eq!(select.check_against(&without, &clock, []).unwrap_err().field().to_string(), "invoice");

    // and says so in a signed message that repeats nothing of what came
    let error = Error::from(Reason::OtherSummaries).within("sso_ids");
    let report = ErrorReport::new(v("req-abc-123"), at("10:00:10"), v(b.name), &error).at_hop(b.hop());
    let object = b.sends(&report);
    assert_eq!(object.get("error_code").and_then(|code| code.as_str()), Some("SSO_MISMATCH"));
    assert_eq!(object.get("class").and_then(|class| class.as_str()), Some("R"));
    let read = taken!(Error, GatewayMessage::read(&object.canonical()).unwrap());
    assert_eq!(read, report);
}

/// A lock is chain, contract and number: the same number elsewhere holds nothing for the path.
#[test]
fn locked_is_about_the_lock_that_was_named() {
    let (select, locked) = (crate::gateways::select(), crate::gateways::locked());
    let with = |change: fn(&mut LockRef)| {
        let mut locked = locked.clone();
        change(locked.lock_ref.as_mut().unwrap());
        locked.check_against(&select).map_err(|error| (error.reason(), error.field().to_string()))
    };
    let other = Err((Reason::OtherExchange, "lock_ref".into()));
    assert_eq!(with(|lock| lock.chain = ChainId::eip155(1)), other);
    assert_eq!(with(|lock| lock.contract = v("0x00000000000000000000000000000000000000cd")), other);
    assert_eq!(with(|lock| lock.lock_id = word(0x77)), other);
    // the transaction may have been replaced, or be in another block by now
    assert_eq!(with(|lock| (lock.tx_hash, lock.block) = (word(0x78), 7)), Ok(()));
    let mut without = locked.clone();
    without.lock_ref = None;
    assert_eq!(without.check_against(&select).unwrap_err().field().to_string(), "lock_ref");
}

/// Shows R-025, R-147, R-148, R-242, R-243.
#[test]
fn every_spelling_of_an_error_is_read_and_every_reason_can_be_sent() {
    for spelling in [
        "HTLC_TIMEOUT",
        "ERROR.unsupported",
        "ERROR.SSO_MISMATCH",
        "ERROR.RATE_LIMIT",
        "ERROR.BOND_REQUIRED",
        "TGP.QUOTE_EXPIRED",
    ] {
        let mut object = crate::gateways::sample(tgp_protocol::wire::Kind::Error);
        object.insert("error_code", tgp_protocol::json::Value::String(spelling.into()));
        object.remove("class");
        let read = taken!(Error, crate::gateways::read(&object).expect(spelling));
        assert_eq!(Code::from_spelling(spelling), Some(read.error_code));
    }
    for reason in Reason::ALL {
        let report = ErrorReport::new(v("r"), at("10:00:00"), v("b.example"), &Error::from(*reason));
        assert!(crate::gateways::read(&report.to_signed(&key(1)).unwrap()).is_ok());
    }
}

#[test]
fn invoice_of_another_payee_request_or_time_is_refused() {
    let invoice: Kept<Invoice> = crate::gateways::invoice("9.50");
    let payee = key(3).public_key();
    let verify = |key: &PublicKey, request: &str, time: &str| {
        let result = invoice.verify(key, &v(request), &Clock::at(at(time)));
        result.map_err(|error| (error.code(), error.field().to_string()))
    };
    assert_eq!(verify(&payee, "req-abc-123", "10:00:59"), Ok(()));
    assert_eq!(verify(&key(4).public_key(), "req-abc-123", "10:00:59"), Err((Code::SigInvalid, "kid".into())));
    assert_eq!(verify(&payee, "req-abc-124", "10:00:59"), Err((Code::InvalidState, "request_id".into())));
    assert_eq!(verify(&payee, "req-abc-123", "10:01:00"), Err((Code::QuoteExpired, "expiry".into())));
    for (place, value) in
        [("amount", "\"9.49\""), ("payee", "\"eh:tbcz:other\""), ("expiry", "\"2025-12-01T10:02:00Z\""), ("later", "1")]
    {
        let mut changed = invoice.object().clone();
        crate::gateways::put(&mut changed, place, Some(tgp_protocol::json::parse(value.as_bytes()).unwrap()));
        let changed = Kept::<Invoice>::from_object(changed).unwrap();
        let error = changed.verify(&payee, &v("req-abc-123"), &Clock::at(at("10:00:30"))).unwrap_err();
        assert_eq!(error.reason(), Reason::SignatureMismatch, "{place}");
    }
}
