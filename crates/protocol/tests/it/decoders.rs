//! Everything that reads bytes or text from outside, one function each: `no_panic` runs them over the seeds in
//! `fuzz/corpus` and over mutations of them, and each is a target of `make fuzz`. A decoder is added to [`DECODERS`],
//! with a folder of seeds and a file in `fuzz/fuzz_targets`.
//!
//! A function may do anything but panic; what it accepts, it holds against the protocol's promises about it.

use std::{fmt::Display, str::FromStr};
use tgp_protocol::{
    Code, Reason,
    buyer::Query,
    cbor,
    json::{self, Limits, Object, Value},
    sign::{KeyId, PublicKey, Signature},
    tlv,
    value::{
        Account, Amount, ChainId, Decimal, DomainName, EndpointHandle, EvmAddress, Fraction, HashLock, Id, Party,
        PathId, Secret, Sha256Digest, Symbol, Timestamp, Uuid, Word,
    },
    wire::{self, Message, Received},
};

/// Reads bytes, and panics where a promise does not hold.
pub(crate) type Decoder = fn(&[u8]);

/// Every decoder by its name.
pub(crate) const DECODERS: [(&str, Decoder); 5] =
    [("json", json), ("cbor", cbor), ("tlv", tlv), ("message", message), ("text", text)];

/// Runs the decoder of this name.
pub(crate) fn run(name: &str, bytes: &[u8]) {
    let (_, decoder) = DECODERS.iter().find(|(known, _)| *known == name).expect("a decoder of this name");
    decoder(bytes);
}

fn json(bytes: &[u8]) {
    let Ok(value) = json::parse(bytes) else { return };
    let canonical = value.canonical();
    assert_eq!(json::parse_within(&canonical, &Limits::DOCUMENT).as_ref(), Ok(&value), "canonical form is the value");
    assert_eq!(cbor::decode_within(&cbor::encode(&value), &Limits::DOCUMENT), Ok(value), "CBOR is the value");
}

fn cbor(bytes: &[u8]) {
    let Ok(value) = cbor::decode(bytes) else { return };
    assert_eq!(cbor::encode(&value), bytes, "the encoding is the only one");
    assert_eq!(json::parse_within(&value.canonical(), &Limits::DOCUMENT), Ok(value), "JSON is the value");
}

fn tlv(bytes: &[u8]) {
    let Ok(block) = tlv::decode(bytes) else { return };
    let frame = tlv::encode(&block).expect("what was read can be written");
    assert!(frame.len() <= bytes.len(), "nothing is added");
    assert_eq!(tlv::decode(&frame), Ok(block), "the frame is the block");
}

fn message(bytes: &[u8]) {
    let read = wire::read(bytes);
    let query = Received::<Query>::read(bytes);
    match read {
        // no error shows what was sent
        Err(error) => assert!(error.to_string().is_ascii() && query.is_err()),
        Ok((kind, object)) => {
            assert_eq!(wire::kind_of(&object), Ok(kind));
            kept(&object);
        }
    }
    let Ok(query) = query else { return };
    let again = Received::<Query>::read(&query.object().canonical()).expect("its canonical form is the message");
    assert_eq!(again.digest(), query.digest());
    let object = query.message().to_object().expect("what was accepted can be sent");
    assert_eq!(Received::<Query>::from_object(object).expect("and read").message(), query.message());
}

/// An object goes through every encoding unharmed.
fn kept(object: &Object) {
    let value = Value::Object(object.clone());
    assert_eq!(json::parse_within(&object.canonical(), &Limits::DOCUMENT).as_ref(), Ok(&value));
}

fn text(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    stable::<Account>(text);
    stable::<Amount>(text);
    stable::<ChainId>(text);
    stable::<Decimal>(text);
    stable::<DomainName>(text);
    stable::<EndpointHandle>(text);
    stable::<EvmAddress>(text);
    stable::<Fraction>(text);
    stable::<HashLock>(text);
    stable::<Id>(text);
    stable::<KeyId>(text);
    stable::<json::Number>(text);
    stable::<Party>(text);
    stable::<PathId>(text);
    stable::<PublicKey>(text);
    stable::<Secret>(text);
    stable::<Sha256Digest>(text);
    stable::<Signature>(text);
    stable::<Symbol>(text);
    stable::<Timestamp>(text);
    stable::<Uuid>(text);
    stable::<Word>(text);
    if let Some(code) = Code::from_spelling(text) {
        assert_eq!(Code::from_spelling(code.as_str()), Some(code));
    }
}

/// A type has one text: what is written of what was read is read as the same, and written so again.
fn stable<T: FromStr<Err = Reason> + Display + PartialEq>(text: &str) {
    let Ok(value) = text.parse::<T>() else { return };
    let written = value.to_string();
    let again = written.parse::<T>().unwrap_or_else(|reason| panic!("{written} was written: {reason}"));
    assert!(again == value && again.to_string() == written, "{text} is written as {written}");
}
