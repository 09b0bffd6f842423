//! CBOR: one encoding of each value, and nothing else accepted.

use crate::documents;
use alloy_primitives::hex;
use proptest::prelude::*;
use tgp_protocol::{
    Reason, cbor,
    json::{self, Limits, Number, Object, Value},
};

#[track_caller]
fn same(text: &str, bytes: &str) {
    let value = json::parse(text.as_bytes()).expect(text);
    assert_eq!(hex::encode(cbor::encode(&value)), bytes, "{text}");
    assert_eq!(cbor::decode(&hex::decode(bytes).expect("hex")).expect(bytes), value, "{text}");
}

#[track_caller]
fn refused(bytes: &str, reason: Reason) {
    let error = cbor::decode(&hex::decode(bytes).expect("hex")).expect_err(bytes);
    assert_eq!(error.reason(), reason, "{bytes}");
}

/// Shows R-176, R-428.
#[test]
fn values_have_the_encodings_of_rfc_8949() {
    same("null", "f6");
    same("true", "f5");
    same("false", "f4");
    same("0", "00");
    same("23", "17");
    same("24", "1818");
    same("1000000", "1a000f4240");
    same("9007199254740991", "1b001fffffffffffff");
    same("-1", "20");
    same("-1000", "3903e7");
    same("-9007199254740991", "3b001ffffffffffffe");
    same("0.05", "c4822105");
    same("-1.5", "c482202e");
    same("123456789.012345", "c482251b00007048860ddf79");
    same(r#""IETF""#, "6449455446");
    same(r#""\u00fc""#, "62c3bc");
    same("[]", "80");
    same("[1,[2,3],[4,5]]", "8301820203820405");
    same(r#"{"a":1,"b":[2,3]}"#, "a26161016162820203");
    // a shorter name comes first, whatever JSON's order is
    same(r#"{"aa":1,"b":2}"#, "a261620262616101");
    same(r#"{"":0}"#, "a16000");
}

/// Shows R-176.
#[test]
fn whatever_is_not_deterministic_is_refused() {
    for (bytes, reason) in [
        ("", Reason::NotCbor),
        ("1c", Reason::NotCbor),
        ("18", Reason::NotCbor),
        ("1817", Reason::NotShortest),
        ("1900ff", Reason::NotShortest),
        ("1a0000ffff", Reason::NotShortest),
        ("1b00000000ffffffff", Reason::NotShortest),
        ("7801", Reason::NotShortest),
        ("980101", Reason::NotShortest),
        ("b8016100f6", Reason::NotShortest),
        ("d804822105", Reason::NotShortest),
        ("9f01ff", Reason::IndefiniteLength),
        ("bf616101ff", Reason::IndefiniteLength),
        ("7f6161ff", Reason::IndefiniteLength),
        ("5f4101ff", Reason::IndefiniteLength),
        ("ff", Reason::NotCbor),
        ("a2616101616102", Reason::DuplicateName),
        ("a2616201616102", Reason::UnsortedKeys),
        ("a262616101616202", Reason::UnsortedKeys),
        ("a10102", Reason::KeyNotText),
        ("a1f602", Reason::KeyNotText),
        ("a1410002", Reason::KeyNotText),
        ("f90000", Reason::CborFloat),
        ("fa47c35000", Reason::CborFloat),
        ("fb3ff199999999999a", Reason::CborFloat),
        ("f97e00", Reason::CborFloat),
        ("f7", Reason::NotInModel),
        ("f0", Reason::NotInModel),
        ("f8ff", Reason::NotInModel),
        ("f818", Reason::NotCbor),
        ("4401020304", Reason::NotInModel),
        ("c06432303236", Reason::NotInModel),
        ("c249010000000000000000", Reason::NotInModel),
        ("d9d9f700", Reason::NotInModel),
        ("1b0020000000000000", Reason::UnsafeNumber),
        ("3b001fffffffffffff", Reason::UnsafeNumber),
        ("1bffffffffffffffff", Reason::UnsafeNumber),
        ("3bffffffffffffffff", Reason::UnsafeNumber),
        // decimal fractions: no exponent, exponent 0 or above, beyond -6, not in lowest terms, too many digits
        ("c405", Reason::BadDecimalFraction),
        ("c48105", Reason::BadDecimalFraction),
        ("c4830005f6", Reason::BadDecimalFraction),
        ("c4820005", Reason::BadDecimalFraction),
        ("c4820105", Reason::BadDecimalFraction),
        ("c4822605", Reason::BadDecimalFraction),
        ("c482200a", Reason::BadDecimalFraction),
        ("c4822000", Reason::BadDecimalFraction),
        ("c48220f6", Reason::BadDecimalFraction),
        ("c482201b00038d7ea4c68001", Reason::UnsafeNumber),
        ("c482201bffffffffffffffff", Reason::UnsafeNumber),
        ("62c328", Reason::NotUtf8),
        ("61", Reason::NotCbor),
        ("8301", Reason::NotCbor),
        ("a16161", Reason::NotCbor),
        ("0000", Reason::TrailingBytes),
        ("f6f6", Reason::TrailingBytes),
    ] {
        refused(bytes, reason);
    }
}

#[test]
fn limits_are_exact_and_lengths_are_not_believed() {
    let nested = |depth: usize| [vec![0x81; depth - 1], vec![0x80]].concat();
    assert!(cbor::decode(&nested(32)).is_ok());
    assert_eq!(cbor::decode(&nested(33)).unwrap_err().reason(), Reason::TooDeep);
    assert_eq!(cbor::decode(&[0x81; 60_000]).unwrap_err().reason(), Reason::TooDeep);
    let list = |length: u16| [[0x99].as_slice(), &length.to_be_bytes(), &vec![0; length.into()]].concat();
    assert!(cbor::decode(&list(512)).is_ok());
    assert_eq!(cbor::decode(&list(513)).unwrap_err().reason(), Reason::TooManyMembers);
    // a length of exabytes is compared with what there is and with the limits before anything is kept
    refused("9bffffffffffffffff", Reason::TooManyMembers);
    refused("bbffffffffffffffff", Reason::TooManyMembers);
    refused("7bffffffffffffffff", Reason::NotCbor);
    refused("7b7fffffffffffffff61", Reason::NotCbor);
    let text =
        |bytes: u16| [[0x79].as_slice(), &(bytes - 3).to_be_bytes(), &vec![b'a'; usize::from(bytes) - 3]].concat();
    let small = Limits { bytes: 300, ..Limits::MESSAGE };
    assert!(cbor::decode_within(&text(300), &small).is_ok());
    assert_eq!(cbor::decode_within(&text(301), &small).unwrap_err().reason(), Reason::TooLarge);
}

/// Shows R-176.
#[test]
fn documents_message_survives_the_way_there_and_back() {
    let value = json::parse(documents::QUERY.as_bytes()).unwrap();
    let bytes = cbor::encode(&value);
    assert_eq!(cbor::decode(&bytes).unwrap(), value);
    assert!(bytes.len() < value.canonical().len());
}

/// A name of a member, from empty to longer than what one byte of length says.
fn any_name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-c]{0,3}", any::<String>(), (22..26_usize).prop_map(|length| "n".repeat(length))]
}

/// Any value of the data model.
pub(crate) fn any_value() -> impl Strategy<Value = Value> {
    let integer = (-(1_i64 << 53) + 1..(1_i64 << 53)).prop_map(|integer| (integer, 0));
    let fraction = (-999_999_999_999_999_i64..=999_999_999_999_999, 0_u8..=6);
    let number = prop_oneof![integer, fraction, (-300_i64..300, 0_u8..=6)]
        .prop_map(|(mantissa, places)| Value::Number(Number::from_decimal(mantissa, places).expect("in range")));
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        number,
        any::<String>().prop_map(Value::String),
        (20..300_usize).prop_map(|length| Value::String("\u{e9}x".repeat(length / 2))),
    ];
    leaf.prop_recursive(6, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::Array),
            prop::collection::btree_map(any_name(), inner, 0..8).prop_map(|members| {
                Value::Object(Object::from_members(members.into_iter().collect()).expect("a map's keys differ"))
            }),
        ]
    })
}

proptest! {
    /// Shows R-176.
    #[test]
    fn every_value_survives_the_way_there_and_back(value in any_value()) {
        let bytes = cbor::encode(&value);
        prop_assert_eq!(cbor::decode_within(&bytes, &Limits::DOCUMENT).unwrap(), value);
    }

    /// One changed byte gives another value or none, never the same: the encoding is the only one.
    #[test]
    fn no_two_encodings_mean_the_same(value in any_value(), place in any::<prop::sample::Index>(), byte in 1..=255_u8) {
        let mut bytes = cbor::encode(&value);
        let place = place.index(bytes.len());
        bytes[place] ^= byte;
        if let Ok(other) = cbor::decode_within(&bytes, &Limits::DOCUMENT) {
            prop_assert_ne!(&other, &value);
            prop_assert_eq!(cbor::encode(&other), bytes);
        }
    }

    #[test]
    fn what_is_accepted_is_encoded_so(bytes in any::<Vec<u8>>()) {
        if let Ok(value) = cbor::decode(&bytes) {
            prop_assert_eq!(cbor::encode(&value), bytes);
        }
    }
}
