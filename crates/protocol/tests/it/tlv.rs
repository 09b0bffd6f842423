//! The TLV framing of information blocks.

use crate::{cbor::any_value, documents};
use alloy_primitives::hex;
use proptest::prelude::*;
use tgp_protocol::{
    Code, Reason, cbor,
    json::{self, Object, Value},
    tlv::{self, MacKey},
};

fn object(text: &str) -> Object {
    let Ok(Value::Object(object)) = json::parse(text.as_bytes()) else { panic!("an object: {text}") };
    object
}

/// One element of a frame.
fn element(code: u8, value: &[u8]) -> Vec<u8> {
    [[code].as_slice(), &u32::try_from(value.len()).expect("short").to_be_bytes(), value].concat()
}

#[track_caller]
fn refused(frame: &[u8], reason: Reason) {
    let error = tlv::decode(frame).expect_err("must be refused");
    assert_eq!(error.reason(), reason, "{}", hex::encode(frame));
}

const NONCE: [u8; 5] = [0xa1, 0, 0, 0, 0];

/// Shows R-176, R-209..R-216.
#[test]
fn each_part_has_its_code_point() {
    let tib = object(documents::TIB);
    let frame = tlv::encode(&tib).unwrap();
    let meta = tib.get("meta").and_then(Value::as_object).unwrap();
    let parts = [
        (0xa0, meta.get("v")),
        (0xa1, meta.get("nonce")),
        (0xa2, meta.get("exp")),
        (0xa3, meta.get("trace_id")),
        (0xc8, tib.get("l8_value")),
        (0xc9, tib.get("l9_identity")),
        (0xca, tib.get("l10_policy")),
        (0xf0, tib.get("crypto")),
    ];
    let expected: Vec<u8> =
        parts.into_iter().flat_map(|(code, value)| element(code, &cbor::encode(value.unwrap()))).collect();
    assert_eq!(frame, expected);
    assert_eq!(tlv::decode(&frame).unwrap(), tib);
}

/// Shows R-218, R-219.
#[test]
fn unknown_elements_are_passed_over_below_0x80_and_refused_from_there_on() {
    let version = element(0xa0, &[1]);
    let known = [0xa0, 0xa1, 0xa2, 0xa3, 0xc8, 0xc9, 0xca, 0xf0, 0xff, 0x7e];
    for code in (0..=u8::MAX).filter(|code| !known.contains(code)) {
        for frame in [[version.clone(), element(code, b"?")].concat(), [element(code, b""), version.clone()].concat()] {
            match tlv::decode(&frame) {
                Ok(object) => {
                    assert!(code < 0x80, "{code:#x}");
                    assert_eq!(object.canonical(), br#"{"meta":{"v":1}}"#);
                }
                Err(error) => {
                    assert!(code >= 0x80, "{code:#x}");
                    assert_eq!((error.code(), error.reason()), (Code::Unsupported, Reason::CriticalElement));
                }
            }
        }
        let wrapped = [version.clone(), element(0x7e, &element(code, b"?"))].concat();
        assert_eq!(tlv::decode(&wrapped).unwrap().canonical(), br#"{"meta":{"v":1}}"#);
    }
}

/// Shows R-209..R-217.
#[test]
fn no_code_point_stands_twice() {
    let value = cbor::encode(&Value::Null);
    for code in 0..=u8::MAX {
        let one = if code == 0x7e { element(code, &[]) } else { element(code, &value) };
        let twice = [one.clone(), one.clone()].concat();
        let expected = match code {
            0xff => Reason::MisplacedElement,
            0xa0..=0xa3 | 0xc8..=0xca | 0xf0 | 0..0x80 => Reason::DuplicateElement,
            _ => Reason::CriticalElement,
        };
        refused(&twice, expected);
        if !matches!(code, 0x7e | 0xff) {
            refused(&element(0x7e, &twice), Reason::DuplicateElement);
            let outside_too = [element(0x7e, &one), one].concat();
            refused(&outside_too, Reason::DuplicateElement);
        }
    }
}

#[test]
fn frames_that_end_early_are_refused() {
    let frame = tlv::encode(&object(documents::TIB)).unwrap();
    let mut ends = vec![0];
    while let Some(&end) = ends.last().filter(|end| **end < frame.len()) {
        let length = u32::from_be_bytes(frame[end + 1..end + 5].try_into().unwrap());
        ends.push(end + 5 + usize::try_from(length).unwrap());
    }
    for cut in (0..frame.len()).filter(|cut| !ends.contains(cut)) {
        refused(&frame[..cut], Reason::NotTlv);
    }
    refused(&hex!("a0ffffffff01"), Reason::NotTlv);
    refused(&element(0x7e, &[0xa0]), Reason::NotTlv);
    refused(&vec![0; 64 * 1024 + 1], Reason::TooLarge);
    refused(&NONCE, Reason::NotCbor);
    refused(&element(0xff, &[0; 32]), Reason::UnexpectedMac);
    refused(&element(0x7e, &element(0x7e, &[])), Reason::DuplicateElement);
    refused(&element(0x7e, &element(0xff, &[0; 32])), Reason::MisplacedElement);
}

/// What is read as TLV is within the limits of JSON.
#[test]
fn blocks_are_as_deep_as_in_json() {
    for (code, most) in [(0xa0, 30), (0xc8, 31), (0xf0, 31)] {
        let nested = |depth: usize| element(code, &[vec![0x81; depth - 1], vec![0x80]].concat());
        let block = tlv::decode(&nested(most)).expect("as deep as allowed");
        assert!(json::parse(&block.canonical()).is_ok());
        refused(&nested(most + 1), Reason::TooDeep);
    }
}

#[test]
fn errors_name_the_member() {
    for (code, name) in [(0xa0, "meta.v"), (0xa3, "meta.trace_id"), (0xc8, "l8_value"), (0xf0, "crypto")] {
        let error = tlv::decode(&element(code, &[0xf9, 0, 0])).unwrap_err();
        assert_eq!((error.field().to_string().as_str(), error.reason()), (name, Reason::CborFloat));
    }
}

#[test]
fn what_has_no_code_point_is_not_dropped() {
    for (text, field) in [
        (r#"{"meta":{"v":1},"later":1}"#, ""),
        (r#"{"meta":{"v":1,"later":1}}"#, "meta"),
        (r#"{"meta":{}}"#, "meta"),
        (r#"{"meta":1}"#, "meta"),
    ] {
        let error = tlv::encode(&object(text)).unwrap_err();
        assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::NoCodePoint, field), "{text}");
    }
    assert!(tlv::encode(&object("{}")).unwrap().is_empty());
    assert_eq!(tlv::decode(&[]).unwrap(), object("{}"));
    let long = format!(r#"{{"crypto":"{}"}}"#, "a".repeat(65_500));
    assert!(tlv::encode(&object(&long)).is_ok());
    assert_eq!(tlv::encode_with_mac(&object(&long), &MacKey::from_bytes(&[1; 32])).unwrap_err().code(), Code::TooLarge);
}

/// Shows R-217.
#[test]
fn mac_ends_the_frame_of_peers_who_share_a_key() {
    let (key, other) = (MacKey::from_bytes(&[1; 32]), MacKey::from_bytes(&[2; 32]));
    let tib = object(documents::TIB);
    let frame = tlv::encode_with_mac(&tib, &key).unwrap();
    assert_eq!(tlv::decode_with_mac(&frame, &key).unwrap(), tib);
    let reason = |frame: &[u8], key| tlv::decode_with_mac(frame, key).unwrap_err().reason();
    assert_eq!(reason(&frame, &other), Reason::MacMismatch);
    assert_eq!(reason(&tlv::encode(&tib).unwrap(), &key), Reason::MissingMac);
    refused(&frame, Reason::UnexpectedMac);
    refused(&[frame.clone(), element(1, b"")].concat(), Reason::MisplacedElement);
    let mut short = frame.clone();
    short.truncate(frame.len() - 1);
    let length = short.len() - 31 - 1;
    short[length] = 31;
    assert_eq!(reason(&short, &key), Reason::MacMismatch);
    for place in 0..frame.len() {
        let mut changed = frame.clone();
        changed[place] ^= 1;
        assert!(tlv::decode_with_mac(&changed, &key).is_err(), "byte {place}");
    }
    assert_eq!(format!("{key:?}"), "MacKey(..)");
}

/// RFC 4231's second case has a key of its own length; this is HMAC-SHA256 of the empty frame, computed elsewhere.
#[test]
fn mac_is_hmac_sha256() {
    let frame = tlv::encode_with_mac(&Object::default(), &MacKey::from_bytes(&[0; 32])).unwrap();
    let expected = hex!("ff00000020 b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
    assert_eq!(frame, expected);
}

proptest! {
    /// Shows R-176.
    #[test]
    fn every_block_survives_the_way_there_and_back(
        values in prop::collection::vec(prop::option::of(any_value()), 8),
        with_mac in any::<bool>(),
    ) {
        let (mut meta, mut tib) = (Object::default(), Object::default());
        let names = ["v", "nonce", "exp", "trace_id", "l8_value", "l9_identity", "l10_policy", "crypto"];
        for (place, (name, value)) in names.into_iter().zip(values).enumerate() {
            let Some(value) = value else { continue };
            if place < 4 { meta.insert(name, value) } else { tib.insert(name, value) };
        }
        if !meta.is_empty() {
            tib.insert("meta", Value::Object(meta));
        }
        let key = MacKey::from_bytes(&[7; 32]);
        let frame = if with_mac { tlv::encode_with_mac(&tib, &key) } else { tlv::encode(&tib) };
        if let Ok(frame) = frame {
            let back = if with_mac { tlv::decode_with_mac(&frame, &key) } else { tlv::decode(&frame) };
            prop_assert_eq!(back.unwrap(), tib);
        }
    }
}
