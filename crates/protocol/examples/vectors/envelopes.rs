//! The payments of plane S on their way: clear or sealed, each with the proofs of the hops that it has passed.

use crate::{
    Outcome,
    edit::{called, changed, nulls},
    object::{object, written},
    topic::{Case, Topic},
    x402::{ACCEPTED, NONCE, SELLER, authorization, payment},
};
use tgp_protocol::{
    exact::{HopProof, HopTrail, PaymentForm, SealedBytes, SealedPayment, SettlementEnvelope, payment_hash},
    header::X402Version,
    json::{Object, Value, to_value},
    sign::{self, PublicKey, SigningKey},
    value::{Clock, Id, Word},
    wire::{Kind, Message, Received},
};

/// An envelope without its payment.
const REST: &str = r#"{"vseVersion":1,"pathId":"gwA>gwB>gwC","hopProofs":[],"constraints":{"mustSettleBefore":"2025-02-27T16:02:10Z","replayWindowSec":60}}"#;

/// The most bytes of `enc` and of `ct`.
const MOST_SEALED: usize = 32 * 1024;

/// The most bytes of a message.
const MOST_BYTES: usize = 64 * 1024;

type Changes = &'static [(&'static str, &'static [Option<&'static str>])];

const OF_BOTH: Changes = &[
    ("vseVersion", &[None, Some("2"), Some(r#""1""#), Some("1.5"), Some("null")]),
    ("pathId", &[None, Some(r#""""#), Some("1"), Some(r#""gwA/gwB""#)]),
    ("hopProofs", &[None, Some("{}"), Some("[1]"), Some("[null]"), Some("[{}]")]),
    ("constraints", &[None, Some("[]"), Some("{}")]),
    (
        "constraints.mustSettleBefore",
        &[
            None,
            Some("null"),
            Some("1740672130"),
            Some(r#""2025-02-27""#),
            Some(r#""2025-02-27T16:02:10+00:00""#),
            Some(r#""1970-01-01T00:00:00Z""#),
        ],
    ),
    (
        "constraints.replayWindowSec",
        &[
            None,
            Some("null"),
            Some("0"),
            Some("4294967295"),
            Some("4294967296"),
            Some("-1"),
            Some("1.5"),
            Some(r#""60""#),
        ],
    ),
    ("constraints.later", &[Some("[1]")]),
    ("later", &[Some(r#"{"b":1.5}"#)]),
    ("vpqVersion", &[Some("1")]),
    ("crit", &[Some("[]"), Some("null"), Some(r#""pathId""#), Some("[1]"), Some(r#"["pathId","constraints"]"#)]),
    ("crit", &[Some(r#"["later"]"#)]),
];

const OF_CLEAR: Changes = &[
    ("x402", &[None, Some("null"), Some("[]"), Some("{}"), Some(r#""eyJ4NDAyVmVyc2lvbiI6MX0""#)]),
    ("x402.scheme", &[Some(r#""upto""#)]),
    ("x402.payload", &[None]),
    ("x402.payload.authorization.to", &[Some(r#""0x2096""#), Some("null")]),
    ("x402.later", &[Some(r#"[null,1.5,{"a":true}]"#)]),
    ("x402_sealed", &[Some("null"), Some("{}")]),
    ("crit", &[Some(r#"["x402"]"#), Some(r#"["x402_sealed"]"#)]),
];

const OF_SEALED: Changes = &[
    ("x402", &[Some("null"), Some("{}")]),
    ("x402_sealed", &[None, Some("null"), Some("[]"), Some("{}"), Some(r#""AQ""#)]),
    (
        "x402_sealed.kid",
        &[
            None,
            Some("null"),
            Some("1"),
            Some(r#""AQ""#),
            Some(r#""AAAAAAAAAAAAAAAAAAAAAB""#),
            Some(r#""AAAAAAAAAAAAAAAAAAAAAA==""#),
        ],
    ),
    (
        "x402_sealed.enc",
        &[None, Some("null"), Some("[]"), Some(r#""""#), Some(r#""AQ""#), Some(r#""AR""#), Some(r#""AQ==""#)],
    ),
    (
        "x402_sealed.ct",
        &[None, Some("null"), Some("1"), Some(r#""""#), Some(r#""_-8""#), Some(r#""/+8""#), Some(r#""A""#)],
    ),
    ("x402_sealed.ct", &[Some(r#""A Q""#)]),
    (
        "x402_sealed.commitment",
        &[None, Some("null"), Some("1"), Some(r#""0x07""#), Some(r#""sha256:00""#), Some(NONCE), Some(ZERO)],
    ),
    ("x402_sealed.later", &[Some("1.5"), Some("null")]),
    ("crit", &[Some(r#"["x402_sealed"]"#), Some(r#"["x402"]"#)]),
];

const ZERO: &str = r#""0x0000000000000000000000000000000000000000000000000000000000000000""#;

/// Values for members of the first of its proofs.
const OF_PROOF: Changes = &[
    ("hopProofs.0.gw", &[None, Some("null"), Some("1"), Some(r#""gw A""#)]),
    ("hopProofs.0.proof", &[None, Some("null"), Some("1"), Some(r#""ed25519:AAAA""#), Some(r#""gwA-signature""#)]),
    ("hopProofs.0.later", &[Some("true")]),
];

pub(crate) fn envelopes(topic: &mut Topic) -> Outcome<()> {
    let clear = clear(X402Version::V1)?;
    let sealed = with_sealed(&sealed()?)?;
    for (name, envelope, table) in [("clear", &clear, OF_CLEAR), ("sealed", &sealed, OF_SEALED)] {
        push(topic, name, envelope, None)?;
        for (path, values) in OF_BOTH.iter().chain(table) {
            for value in *values {
                push(topic, &format!("{name}: {}", called(path, *value)), &changed(envelope, path, *value)?, None)?;
            }
        }
        for (null, envelope) in nulls(envelope, &["sig", "kid", "phase"]) {
            // those that the tables above have
            if !["vseVersion", "x402", "x402_sealed", "crit"].iter().any(|member| null.ends_with(&format!(" {member}")))
            {
                push(topic, &format!("{name}: {null}"), &envelope, None)?;
            }
        }
        signatures(topic, name, envelope)?;
    }
    push(topic, "clear in version 2", &self::clear(X402Version::V2)?, None)?;
    let mut both = clear.clone();
    both.insert("x402_sealed", sealed.get("x402_sealed").cloned().ok_or("not sealed")?);
    push(topic, "clear and sealed", &both, None)?;
    push(topic, "neither clear nor sealed", &object(REST)?, None)?;
    sizes(topic)?;
    hops(topic, &clear)?;
    hops(topic, &sealed)?;
    uses(topic, &clear, &sealed)
}

fn payload(version: X402Version) -> Outcome<Object> {
    payment(version, authorization(SELLER, "10000")?, "transfer", &object(ACCEPTED)?)
}

fn clear(version: X402Version) -> Outcome<Object> {
    let mut envelope = object(REST)?;
    envelope.insert("x402", Value::Object(payload(version)?));
    Ok(envelope)
}

fn sealed() -> Outcome<SealedPayment> {
    Ok(SealedPayment {
        kid: key(3).public_key().id(),
        enc: SealedBytes(vec![1; 32]),
        ct: SealedBytes((0..=255).collect()),
        commitment: payment_hash(&payload(X402Version::V1)?),
    })
}

fn with_sealed(sealed: &SealedPayment) -> Outcome<Object> {
    let mut envelope = object(REST)?;
    envelope.insert("x402_sealed", to_value(sealed)?);
    Ok(envelope)
}

fn key(byte: u8) -> SigningKey {
    SigningKey::from_seed(&[byte; 32])
}

/// What the client signs, and what is made of it.
fn signatures(topic: &mut Topic, form: &str, plain: &Object) -> Outcome<()> {
    let client = key(5);
    let public = client.public_key();
    let mut signed =
        |name: &str, envelope: &Object, key: &PublicKey| push(topic, &format!("{form}: {name}"), envelope, Some(key));
    let good = Received::<SettlementEnvelope>::from_object(plain.clone())?.into_message().to_signed(&client)?;
    let as_kind = |mut envelope: Object, kind: Kind| {
        kind.sign(&mut envelope, &client);
        envelope
    };
    let for_quote = as_kind(plain.clone(), Kind::PathQuote);
    let with_unknown = as_kind(changed(plain, "later", Some(r#"{"b":1.5}"#))?, Kind::SettlementEnvelope);
    let mut with_its_hops = with_proofs(plain, 1)?;
    sign::sign_member("S/VSE", &mut with_its_hops, "sig", &client);
    signed("not signed", plain, &public)?;
    signed("signed", &good, &public)?;
    signed("signed with an unknown member", &with_unknown, &public)?;
    signed("signed by another", &good, &key(6).public_key())?;
    signed("signed as another kind of message", &for_quote, &public)?;
    signed("signed, and no text for it", &changed(&good, "sig", Some("1"))?, &public)?;
    signed("signed, and null for it", &changed(&good, "sig", Some("null"))?, &public)?;
    signed("signed, and its deadline changed", &later(&good)?, &public)?;
    signed("signed, and a member added", &changed(&good, "later", Some("1"))?, &public)?;
    signed("signed, and an unknown member changed", &changed(&with_unknown, "later.b", Some("1"))?, &public)?;
    signed("signed, and a null added", &changed(&good, "crit", Some("null"))?, &public)?;
    signed("signed, and a hop's proof added", &with_proofs(&good, 1)?, &public)?;
    signed("signed, and the proofs of three hops added", &with_proofs(&good, 3)?, &public)?;
    signed("signed with a hop's proof under the signature", &with_its_hops, &public)
}

fn later(envelope: &Object) -> Outcome<Object> {
    changed(envelope, "constraints.mustSettleBefore", Some(r#""2025-02-27T16:02:11Z""#))
}

/// The proofs of this many gateways, one behind the other.
fn proofs(envelope: &Object, count: usize) -> Outcome<Vec<HopProof>> {
    let payment = Received::<SettlementEnvelope>::from_object(envelope.clone())?.message().payment_hash()?;
    let trail = HopTrail { quote: Word::from([9; 32]), payment };
    let mut proofs = Vec::new();
    for place in 0..count {
        let [own, next]: [Id; 2] = [format!("gw{place}").parse()?, format!("gw{}", place + 1).parse()?];
        trail.prove(&mut proofs, own, &next, &key(u8::try_from(place)? + 10));
    }
    Ok(proofs)
}

fn with_proofs(envelope: &Object, count: usize) -> Outcome<Object> {
    let mut with = envelope.clone();
    with.insert("hopProofs", to_value(&proofs(envelope, count)?)?);
    Ok(with)
}

fn hops(topic: &mut Topic, plain: &Object) -> Outcome<()> {
    let form = if plain.get("x402").is_some() { "clear" } else { "sealed" };
    for count in [1, 3, 16, 17] {
        push(topic, &format!("{form}: hop proofs: {count}"), &with_proofs(plain, count)?, None)?;
    }
    if form == "clear" {
        let one = with_proofs(plain, 1)?;
        for (path, values) in OF_PROOF {
            for value in *values {
                push(topic, &called(path, *value), &changed(&one, path, *value)?, None)?;
            }
        }
    }
    Ok(())
}

/// Sealed parts and whole messages as long as they may be, and longer by one byte.
fn sizes(topic: &mut Topic) -> Outcome<()> {
    let bytes = |length: usize| SealedBytes(vec![0x5a; length]);
    let plain = sealed()?;
    for length in [1, MOST_SEALED, MOST_SEALED + 1] {
        let ct = SealedPayment { ct: bytes(length), ..plain.clone() };
        push(topic, &format!("sealed: ct of {length} bytes"), &with_sealed(&ct)?, None)?;
    }
    let enc = SealedPayment { enc: bytes(MOST_SEALED + 1), ..plain.clone() };
    push(topic, &format!("sealed: enc of {} bytes", MOST_SEALED + 1), &with_sealed(&enc)?, None)?;
    // the longest of one part leaves room for half of the other
    let enc = SealedPayment { enc: bytes(MOST_SEALED), ct: bytes(MOST_SEALED / 2 - 1024), ..plain };
    for length in [MOST_BYTES, MOST_BYTES + 1] {
        let mut envelope = with_sealed(&enc)?;
        envelope.insert("later", Value::String(String::new()));
        let rest = length.checked_sub(envelope.canonical().len()).ok_or("too long already")?;
        envelope.insert("later", Value::String("x".repeat(rest)));
        let name = format!("sealed: enc of {MOST_SEALED} bytes, in a message of {length}");
        push(topic, &name, &envelope, None)?;
    }
    Ok(())
}

fn push(topic: &mut Topic, name: &str, envelope: &Object, key: Option<&PublicKey>) -> Outcome<()> {
    let text = written(envelope)?;
    let case = Case::new(format!("envelope: {name}")).with("envelope", text.as_str());
    let case = match key {
        Some(key) => case.with("public_key", key.to_string()),
        None => case,
    };
    let result = Received::<SettlementEnvelope>::read(text.as_bytes()).and_then(|received| {
        key.map_or(Ok(()), |key| received.verify(key))?;
        let form = match received.message().payment()? {
            PaymentForm::Clear(_) => "clear",
            PaymentForm::Sealed(_) => "sealed",
        };
        Ok((form, received.message().payment_hash()?, received))
    });
    topic.push(case.with_result(result, |case, (form, hash, received)| {
        let case = case.with("form", form).with("payment_hash", hash.to_string());
        let until = received.message().remember_until();
        case.with("digest", received.digest().to_string()).with("remember_until", until.to_string())
    }));
    Ok(())
}

/// Who may see an envelope, until when it goes on, and what may come out of its seal.
fn uses(topic: &mut Topic, clear: &Object, sealed: &Object) -> Outcome<()> {
    for (form, envelope) in [("clear", clear), ("sealed", sealed)] {
        let message = Received::<SettlementEnvelope>::from_object(envelope.clone())?.into_message();
        let case = |name: &str| -> Outcome<Case> {
            Ok(Case::new(format!("envelope: {form}: {name}")).with("envelope", written(envelope)?))
        };
        for (name, authorised) in [("every hop may see wallets", true), ("a hop may not see wallets", false)] {
            let case = case(name)?.with("every_hop_authorised", authorised);
            topic.push(case.with_result(message.check_disclosure(authorised), |case, ()| case.with("may_pass", true)));
        }
        for now in ["2025-02-27T16:02:09.999Z", "2025-02-27T16:02:10Z"] {
            let case = case(&format!("at {now}"))?.with("now", now);
            let open = message.check_open(&Clock::at(now.parse()?));
            topic.push(case.with_result(open, |case, ()| case.with("open", true)));
        }
    }
    let message = Received::<SettlementEnvelope>::from_object(sealed.clone())?.into_message();
    let PaymentForm::Sealed(seal) = message.payment()? else { return Err("not sealed".into()) };
    let good = payload(X402Version::V1)?;
    for (name, opened) in [
        ("what was sealed", good.clone()),
        ("a member more", changed(&good, "later", Some("1"))?),
        ("another value", changed(&good, "payload.authorization.value", Some(r#""1""#))?),
        ("the other version", payload(X402Version::V2)?),
    ] {
        let case = Case::new(format!("envelope: opened: {name}")).with("envelope", written(sealed)?);
        let case = case.with("opened", written(&opened)?);
        topic.push(case.with_result(seal.check_opened(&opened), |case, ()| case.with("as_committed", true)));
    }
    Ok(())
}
