//! Ledger summaries: document 002, section 13, and the policy hash of section 12.3.

// a helper that fails ends the test
#![allow(clippy::unwrap_used)]

use crate::gateways::{at, key, object, policy, put, state_refs, v};
use proptest::prelude::*;
use std::time::Duration;
use tgp_protocol::{
    Code, Reason, Result,
    json::{self, Kept},
    ledger::{LedgerSummary, MAX_VALID_MS, check_state_refs, policy_hash},
    tagged_hash,
    tib::StateRef,
    value::{ChainId, Clock, EpochMillis, Id, Sha256Digest, Timestamp},
};

/// 002, section 13.1, re-typed: without the marks for what is optional, with an issue time, and with a number where the
/// document writes "$50,000".
const SUMMARY: &str = r#"{
  "sso_id": "sso-id-1", "chain_id": 369, "height": 23456789, "midprices": {"USDCUSD": "1.0002"},
  "gas_quote": {"max_gwei": "5"}, "liquidity_caps": {"USDC": "50000"}, "issued_at": 1764583200000, "valid_ms": 60000,
  "issuer": "gateway-a.example"
}"#;

const CAP: Duration = Duration::from_millis(MAX_VALID_MS);

fn with(place: &str, value: Option<&str>) -> Result<Kept<LedgerSummary>> {
    let mut summary = object(SUMMARY);
    put(&mut summary, place, value.map(|text| json::parse(text.as_bytes()).expect("JSON")));
    Kept::from_object(summary)
}

fn summary() -> LedgerSummary {
    with("later", None).unwrap().into_fields()
}

/// Shows R-231..R-234.
#[test]
fn documents_summary_is_read_field_by_field() {
    let summary = summary();
    assert_eq!(summary.chain(), ChainId::eip155(369));
    assert_eq!(summary.midprices[&v("USDCUSD")], v("1.0002"));
    assert_eq!(summary.gas_quote.map(|quote| quote.max_gwei), Some(v("5")));
    assert_eq!(summary.liquidity_caps[&v("USDC")], v("50000"));
    for place in ["sso_id", "chain_id", "height", "valid_ms", "issuer", "gas_quote.max_gwei"] {
        let error = with(place, None).unwrap_err();
        assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::Missing, place));
    }
    for place in ["midprices", "gas_quote", "liquidity_caps", "issued_at"] {
        with(place, None).unwrap_or_else(|error| panic!("{place}: {error}"));
    }
    for (place, value, reason, field) in [
        ("liquidity_caps.USDC", r#""$50,000""#, Reason::BadDecimal, "liquidity_caps[0]"),
        ("midprices.USDCUSD", "1.0002", Reason::WrongType, "midprices[0]"),
        ("gas_quote.max_gwei", "5", Reason::WrongType, "gas_quote.max_gwei"),
        ("chain_id", "-369", Reason::OutOfRange, "chain_id"),
        ("height", r#""1""#, Reason::WrongType, "height"),
        ("valid_ms", "-1", Reason::OutOfRange, "valid_ms"),
        ("issuer", r#""Gateway A""#, Reason::BadDomain, "issuer"),
        ("sso_id", r#""""#, Reason::BadId, "sso_id"),
    ] {
        let error = with(place, Some(value)).unwrap_err();
        assert_eq!((error.reason(), error.field().to_string().as_str()), (reason, field), "{value}");
    }
}

/// Shows R-230.
#[test]
fn issuer_signs_everything() {
    let signed = summary().sign(&key(4)).unwrap();
    signed.verify(&key(4).public_key()).expect("verifies");
    assert_eq!(signed.verify(&key(5).public_key()).unwrap_err().code(), Code::SigInvalid);
    for place in ["height", "later"] {
        let mut changed = signed.object().clone();
        put(&mut changed, place, Some(json::parse(b"23456790").unwrap()));
        let changed = Kept::<LedgerSummary>::from_object(changed).unwrap();
        assert_eq!(changed.verify(&key(4).public_key()).unwrap_err().reason(), Reason::SignatureMismatch);
    }
    let unsigned = with("later", None).unwrap();
    assert_eq!(unsigned.verify(&key(4).public_key()).unwrap_err().reason(), Reason::Unsigned);
}

/// Shows R-235.
#[test]
fn issuers_are_trusted_by_name() {
    assert!(summary().check_issuer(&[v("gateway-b.example"), v("gateway-a.example")]).is_ok());
    let error = summary().check_issuer(&[v("gateway-b.example")]).unwrap_err();
    assert_eq!((error.code(), error.field().to_string().as_str()), (Code::SsoMismatch, "issuer"));
}

/// Shows R-236.
#[test]
fn summaries_end_counted_from_their_issue() {
    let summary = summary();
    let seen = at("10:00:50");
    let until = |now: Timestamp| summary.validity(seen, &Clock::at(now), CAP);
    assert_eq!(until(at("10:00:59.999")).unwrap().until, at("10:01:00"), "not 60 s after it was seen");
    assert!(until(at("10:00:00")).unwrap().may_forward);
    assert_eq!(until(at("10:01:00")).unwrap_err().reason(), Reason::InThePast);
    // the clock's tolerance is a minute
    assert!(until(at("09:59:00")).is_ok());
    assert_eq!(until(at("09:58:59")).unwrap_err().reason(), Reason::InTheFuture);
}

#[test]
fn without_an_issue_time_the_first_receiver_counts_and_keeps_it_to_himself() {
    let mut summary = summary();
    summary.issued_at = None;
    let validity = summary.validity(at("10:00:30"), &Clock::at(at("10:01:00")), CAP).unwrap();
    assert_eq!((validity.until, validity.may_forward), (at("10:01:30"), false));
    // seeing it again later does not make it younger
    let error = summary.validity(at("10:00:30"), &Clock::at(at("10:01:30")), CAP).unwrap_err();
    assert_eq!(error.reason(), Reason::InThePast);
}

#[test]
fn no_issuer_makes_a_summary_last() {
    let mut summary = summary();
    for long in [MAX_VALID_MS + 1, u64::MAX] {
        summary.valid_ms = long;
        let validity = summary.validity(at("10:00:00"), &Clock::at(at("10:00:00")), CAP).unwrap();
        assert_eq!(validity.until, at("10:02:00"));
    }
    summary.valid_ms = 0;
    let error = summary.validity(at("10:00:00"), &Clock::at(at("10:00:00")), CAP).unwrap_err();
    assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::OutOfRange, "valid_ms"));
}

/// Shows R-239.
#[test]
fn concrete_blocks_match_or_exceed_the_summaries() {
    let chain = ChainId::eip155(369);
    let one = summary();
    let mut other = summary();
    other.chain_id = 8453;
    other.height = 900;
    let met = |refs: &[StateRef], summaries: &[&LedgerSummary]| check_state_refs(refs, chain, summaries).is_ok();
    assert!(!met(&state_refs(23_456_788), &[&one]));
    assert!(met(&state_refs(23_456_789), &[&one]));
    assert!(met(&state_refs(23_456_790), &[&one, &other]));
    let low = state_refs(899).remove(0).on(ChainId::eip155(8453));
    assert!(!met(&[state_refs(23_456_790).remove(0), low], &[&one, &other]));
    assert!(!met(&state_refs(1), &[&other]), "a block of another chain meets nothing");
    assert!(!met(&[], &[&one]));
    let error = check_state_refs(&[], chain, &[&one]).unwrap_err();
    assert_eq!((error.code(), error.field().to_string().as_str()), (Code::SsoMismatch, "state_refs"));
}

/// The hash, put together by hand, and as a program in another language has it.
///
/// Shows R-228.
#[test]
fn policy_hash_is_of_the_canonical_policy_and_the_sorted_ids() {
    let canonical = br#"{"allow_networks":[{"chain_id":369,"family":"EVM"}],"deny_jurisdictions":["RU"]}"#;
    let parts = [canonical.as_slice(), b"sso-id-1", b"sso-id-2"];
    let expected: Sha256Digest = tagged_hash("TGP/0.1/policy", parts).into();
    let ids: [Id; 3] = [v("sso-id-2"), v("sso-id-1"), v("sso-id-2")];
    assert_eq!(policy_hash(&policy(), &ids), expected);
    assert_eq!(expected.to_string(), "sha256:49992608220eb8a65d7ef320db0a2c2b79dd1cf61878961b44c9378a007e41c7",);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Without lengths, a policy's end and an id's beginning could be exchanged.
    ///
    /// Shows R-228.
    #[test]
    fn policy_hash_depends_on_every_id(ids in prop::collection::btree_set("[a-z0-9]{1,6}", 1..6), drop in any::<prop::sample::Index>()) {
        let all: Vec<Id> = ids.iter().map(|id| v(id)).collect();
        let mut less = all.clone();
        less.remove(drop.index(all.len()));
        prop_assert_ne!(policy_hash(&policy(), &all), policy_hash(&policy(), &less));
        let reversed: Vec<Id> = all.iter().rev().cloned().collect();
        prop_assert_eq!(policy_hash(&policy(), &all), policy_hash(&policy(), &reversed));
    }

    #[test]
    fn summaries_go_through_json_without_loss(height in 0..1_u64 << 53, valid in 1..1_u64 << 53, millis in 0..253_402_300_799_000_i64, price in "[1-9][0-9]{0,8}\\.[0-9]{0,5}[1-9]") {
        let summary = LedgerSummary::new(v("sso-1"), 1, height, EpochMillis::from_millis(millis), valid, v("a.example"))
            .with_midprice(v("USDCUSD"), v(&price))
            .with_liquidity_cap(v("USDC"), v("1"))
            .with_gas_quote(v("0.5"));
        let signed = summary.clone().sign(&key(4)).unwrap();
        let read = Kept::<LedgerSummary>::from_object(object(std::str::from_utf8(&signed.object().canonical()).unwrap())).unwrap();
        prop_assert!(read.verify(&key(4).public_key()).is_ok());
        prop_assert_eq!(read.into_fields(), summary);
    }
}
