//! What is written is read back as it was, whatever it holds, and a change of one byte is seen.

// a helper that fails ends the test
#![allow(clippy::unwrap_used)]

use crate::gateways::{self, KINDS, key, read, sample, v};
use proptest::prelude::*;
use tgp_protocol::{
    Reason,
    gateway::{
        Attributes, Cost, CostModel, ErrorReport, HopId, HtlcParams, Path, PathAttributes, Query, Select, Settle,
        SettleStatus, WithdrawRoute,
    },
    json::{self, Value},
    value::{Decimal, Fraction, Id, PathId, Secret, Symbol, Timestamp, Word},
    wire::{Message, Received},
};

fn id() -> impl Strategy<Value = Id> {
    "[A-Za-z0-9._:-]{1,64}".prop_map(|text| v(&text))
}

fn path_id() -> impl Strategy<Value = PathId> {
    "[A-Za-z0-9._:>-]{1,80}".prop_map(|text| v(&text))
}

fn symbol() -> impl Strategy<Value = Symbol> {
    "[A-Z0-9.-]{1,16}".prop_map(|text| v(&text))
}

fn money() -> impl Strategy<Value = Decimal> {
    "[1-9][0-9]{0,29}(\\.[0-9]{0,17}[1-9])?".prop_map(|text| v(&text))
}

fn time() -> impl Strategy<Value = Timestamp> {
    (0..4_000_000_000_000_i64).prop_map(Timestamp::from_millis)
}

fn domain() -> impl Strategy<Value = tgp_protocol::value::DomainName> {
    "[a-z][a-z0-9]{0,10}(\\.[a-z]{2,5}){0,3}".prop_map(|text| v(&text))
}

fn fraction() -> impl Strategy<Value = Fraction> {
    (0..=1_000_000_u32).prop_map(|millionths| Fraction::from_millionths(millionths).expect("a share"))
}

fn ids() -> impl Strategy<Value = Vec<Id>> {
    prop::collection::vec(id(), 1..5)
}

fn hops() -> impl Strategy<Value = Vec<HopId>> {
    prop::collection::btree_set(any::<[u8; 16]>(), 1..16).prop_map(|tags| tags.into_iter().map(HopId::Tag).collect())
}

fn round_trip<M: Message + PartialEq + std::fmt::Debug>(message: &M) -> Result<(), TestCaseError> {
    let object = message.to_signed(&key(1)).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let received = Received::<M>::read(&object.canonical()).map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert!(received.verify(&key(1).public_key()).is_ok());
    prop_assert_eq!(received.message(), message);
    prop_assert_eq!(received.object(), &object);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn query(request in id(), sent in time(), later in 1..1_000_000_u64, from in domain(), to in domain(), value in money(), currency in symbol(), latency in any::<u32>(), share in fraction(), ids in ids()) {
        let deadline = sent.after(std::time::Duration::from_millis(later));
        let attributes = Attributes::new(value, currency, deadline).with_qos(latency, share);
        round_trip(&Query::new(request, sent, from, to, attributes).with_summaries(ids))?;
    }

    #[test]
    fn path(path_id in path_id(), hops in hops(), base in money(), per_unit in 0..10_000_u64, units in 0..1_u64 << 53, risk in fraction(), time in any::<u32>()) {
        let cost = Cost::new(base, Decimal::from_base_units(per_unit.into(), 6).unwrap(), units, v("USDC")).with_model(CostModel::PerByte);
        let total = cost.total(base).unwrap().unwrap();
        let attributes = PathAttributes::new(tgp_protocol::tib::EscrowType::Htlc, time, vec![]);
        let mut path = Path::new(path_id, hops[0].clone(), cost, total, risk, attributes).as_budget();
        path.hops = hops;
        let mut advert = gateways::advert();
        advert.paths = vec![path];
        round_trip(&advert)?;
    }

    #[test]
    fn select(request in id(), sent in time(), later in 1..1_000_000_u64, path in path_id(), secret in any::<[u8; 32]>(), amount in money(), ids in ids(), hash in any::<[u8; 32]>()) {
        let timeout = sent.after(std::time::Duration::from_millis(later));
        let params = HtlcParams { hash: Secret::from(secret).hash_lock(), timeout, amount };
        prop_assume!(params.hash.check().is_ok());
        let select = Select::new(request, sent, v("a.example"), path, params).with_summaries(ids);
        round_trip(&select.with_policy_hash(hash.into()))?;
    }

    #[test]
    fn settle(request in id(), sent in time(), lock in id(), amount in money(), txids in prop::collection::vec(any::<[u8; 32]>(), 1..6), height in 0..1_u64 << 53) {
        let txids: Vec<Word> = txids.into_iter().map(Word::from).collect();
        let settle = Settle::new(request, sent, v("a.example"), lock, SettleStatus::Refunded, amount, txids);
        round_trip(&settle.with_policy_hash([2; 32].into()).with_state_refs(gateways::state_refs(height)))?;
    }

    /// Whatever member of whatever message is changed, taken out or added: the signature no longer verifies.
    ///
    /// Shows R-039, R-138, R-152.
    #[test]
    fn signature_covers_every_member(kind in 0..KINDS.len(), member in any::<prop::sample::Index>(), new in "[a-z]{1,8}") {
        let kind = KINDS[kind];
        let signed = sample(kind);
        let verify = |object: &json::Object| tgp_protocol::sign::verify(&kind.purpose(), object, &key(1).public_key());
        prop_assert!(verify(&signed).is_ok());
        let name = signed.iter().nth(member.index(signed.len())).map(|(name, _)| name.to_owned()).unwrap();
        let mut changed = signed.clone();
        changed.insert(&name, Value::String(format!("{new}!")));
        prop_assert!(verify(&changed).is_err(), "{} changed", name);
        let mut less = signed.clone();
        less.remove(&name);
        prop_assert!(verify(&less).is_err(), "without {}", name);
        let mut more = signed;
        if more.insert(&new, Value::Null).is_none() {
            prop_assert!(verify(&more).is_err(), "with {}", new);
        }
    }
}

#[test]
fn every_sample_is_read_back_and_verified() {
    for kind in KINDS {
        let object = sample(kind);
        let message = read(&object).unwrap();
        assert_eq!(message.kind(), kind);
        message.verify(&key(1).public_key()).unwrap();
        assert_eq!(message.verify(&key(2).public_key()).unwrap_err().reason(), Reason::SignatureMismatch);
        // a signature over one kind is none over another
        for other in KINDS.into_iter().filter(|other| *other != kind) {
            let verified = tgp_protocol::sign::verify(&other.purpose(), &object, &key(1).public_key());
            assert!(verified.is_err(), "{kind} as {other}");
        }
    }
}

/// What a peer would refuse is not sent: it would be lost on the way.
#[test]
fn a_message_beyond_the_limits_is_not_written() {
    let settle = |txids: usize| {
        let sender = v("gateway-b.example.com");
        let (time, status) = (v("2025-12-01T10:00:00Z"), SettleStatus::Settled);
        Settle::new(v("req-1"), time, sender, v("htlc-1"), status, v("1"), vec![[1; 32].into(); txids])
            .with_policy_hash([2; 32].into())
            .with_state_refs(gateways::state_refs(1))
    };
    round_trip(&settle(512)).unwrap();
    assert_eq!(settle(513).to_object().unwrap_err().reason(), Reason::TooManyMembers);
    let long = |ids: usize| {
        let ids = (0..ids).map(|place| v(&format!("{place:0>64}"))).collect();
        let refs = (0..400).flat_map(gateways::state_refs).collect();
        settle(256).with_summaries(ids).with_state_refs(refs)
    };
    round_trip(&long(1)).unwrap();
    assert_eq!(long(256).to_object().unwrap_err().reason(), Reason::TooLarge);
    assert_eq!(long(256).to_signed(&key(1)).unwrap_err().reason(), Reason::TooLarge);
}

/// A signature takes room too: a message that only just fits without one is not sent.
#[test]
fn a_message_that_its_signature_makes_too_long_is_not_written() {
    let of = |paths: Vec<PathId>| {
        WithdrawRoute::new(v("req-1"), v("2025-12-01T10:00:00Z"), v("gateway-b.example.com"), paths)
    };
    let length = |object: json::Object| object.canonical().len();
    let path = |length: usize| v::<PathId>(&"x".repeat(length));
    let short = of(vec![path(1)]);
    let takes = length(short.to_signed(&key(1)).unwrap()) - length(short.to_object().unwrap());
    let long = |unsigned: usize| {
        let mut missing = unsigned - length(short.to_object().unwrap());
        let mut paths = vec![path(1)];
        while missing > 256 {
            paths.push(path(200));
            missing -= r#","""#.len() + 200;
        }
        paths.push(path(missing - r#","""#.len()));
        of(paths)
    };
    let most = json::Limits::MESSAGE.bytes;
    let fits = long(most - takes);
    assert_eq!(length(fits.to_signed(&key(1)).unwrap()), most);
    round_trip(&fits).unwrap();
    for unsigned in [most - takes + 1, most] {
        let message = long(unsigned);
        assert_eq!(length(message.to_object().unwrap()), unsigned);
        assert_eq!(message.to_signed(&key(1)).unwrap_err().reason(), Reason::TooLarge);
    }
}

/// A sender learns which field is wrong and why, in words and by name.
#[test]
fn an_error_says_where_and_why() {
    let error = tgp_protocol::Error::from(Reason::ZeroAmount).within("amount").within("htlc_params");
    let report = ErrorReport::new(v("req-1"), v("2025-12-01T10:00:00Z"), v("gateway-b.example.com"), &error);
    let object = report.to_object().unwrap();
    let text = |name: &str| object.get(name).and_then(Value::as_str);
    assert_eq!(text("description"), Some("htlc_params.amount: must be above zero"));
    assert_eq!(text("reason"), Some("ZeroAmount"));
    assert_eq!((text("error_code"), text("class")), (Some("INVALID_QUERY"), Some("F")));
}
