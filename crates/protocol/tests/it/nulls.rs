//! A member that is null says what an absent one says, in every message.

use crate::{
    documents,
    fixtures::{self, object},
    gateways::{self, KINDS},
};
use tgp_protocol::{
    Error, Failure, Reason, Result,
    buyer::{Accept, BuyerMessage, ErrorMessage, Query, Settle, SettleSource},
    exact::{Constraints, PathQuote, ProofOfSettlement, SettlementEnvelope},
    gateway::{GatewayMessage, Intake},
    json::{self, Kept, Object, Value},
    sign::SigningKey,
    tib::Tib,
    wire::{Kind, Message, Plane, Received, read},
};

/// Each member of a value, at any depth: its path, the value with null there, and the value without it.
fn members(value: &Value) -> Vec<(String, Value, Value)> {
    let mut found = Vec::new();
    match value {
        Value::Object(whole) => {
            let with = |name: &str, new: Value| {
                let mut changed = whole.clone();
                changed.insert(name, new);
                Value::Object(changed)
            };
            for (name, inner) in whole.iter() {
                let mut without = whole.clone();
                without.remove(name);
                found.push((name.to_owned(), with(name, Value::Null), Value::Object(without)));
                found.extend(
                    members(inner)
                        .into_iter()
                        .map(|(path, null, absent)| (format!("{name}.{path}"), with(name, null), with(name, absent))),
                );
            }
        }
        Value::Array(elements) => {
            let with = |place: usize, new: Value| {
                let mut changed = elements.clone();
                changed[place] = new;
                Value::Array(changed)
            };
            for (place, inner) in elements.iter().enumerate() {
                found.extend(
                    members(inner).into_iter().map(|(path, null, absent)| {
                        (format!("{place}.{path}"), with(place, null), with(place, absent))
                    }),
                );
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    found
}

/// Reads a message of any plane, and gives back what was kept of it.
fn received(bytes: &[u8]) -> Result<Object> {
    let (kind, _) = read(bytes)?;
    match kind.plane() {
        Plane::Buyer => BuyerMessage::read(bytes).map(|message| message.object().clone()),
        Plane::Gateway => {
            let intake = Intake { last_authorised_hop: true, ..Intake::default() };
            GatewayMessage::read_as(bytes, intake).map(|message| message.object().clone())
        }
        Plane::Exact => match kind {
            Kind::PathQuote => Received::<PathQuote>::read(bytes).map(|message| message.object().clone()),
            Kind::SettlementEnvelope => {
                Received::<SettlementEnvelope>::read(bytes).map(|message| message.object().clone())
            }
            _ => Received::<ProofOfSettlement>::read(bytes).map(|message| message.object().clone()),
        },
    }
}

/// A message of each kind with most of the members that there are.
fn messages() -> Vec<Object> {
    let (id, word) = (|text: &str| text.parse().unwrap(), [9; 32].into());
    let (time, nonce) = ("2026-11-21T10:00:00Z".parse().unwrap(), id("n-1"));
    let key = SigningKey::from_seed(&[1; 32]);
    let settle = Settle::new(id("s-1"), id("o-1"), true, SettleSource::BuyerNotify)
        .with_transaction(word)
        .with_session(id("sess-1"))
        .with_freshness(time, nonce);
    let failure = Failure::new(&Error::from(Reason::ZeroAmount).within("amount"), id("tbc-1"));
    let constraints = Constraints { must_settle_before: time, replay_window_sec: 60 };
    let envelope = SettlementEnvelope::clear("p-1".parse().unwrap(), object(documents::X_PAYMENT), constraints);
    let mut all = vec![
        fixtures::query().with_freshness(time, id("n-1")).to_signed(&key).unwrap(),
        fixtures::offer().to_signed(&key).unwrap(),
        fixtures::simple_offer().to_object().unwrap(),
        Accept::new(id("a-1"), id("o-1"), word).to_object().unwrap(),
        settle.to_signed(&key).unwrap(),
        ErrorMessage::new(id("e-1"), failure).correlated(id("q-1")).to_object().unwrap(),
        object(documents::VPQ),
        envelope.to_object().unwrap(),
        object(documents::POS),
    ];
    all.extend(KINDS.map(gateways::sample));
    let tib = Kept::<Tib>::sign(gateways::tib_fields(), &key).unwrap();
    let mut quote = gateways::sample(Kind::Advert);
    quote.insert("tib", Value::Object(tib.object().clone()));
    gateways::sign_as(Kind::Advert, &mut quote, 1);
    all.push(quote);
    all
}

#[test]
fn null_is_read_as_absent_and_kept() {
    let mut tried = 0;
    for message in messages() {
        received(&message.canonical()).unwrap_or_else(|error| panic!("{error}"));
        for (path, null, absent) in members(&Value::Object(message)) {
            let said = |error: Error| (error.reason(), error.field().to_string());
            let (null, absent) = (null.canonical(), absent.canonical());
            let read = received(&null).map_err(said);
            assert_eq!(read.as_ref().map(|_| ()), received(&absent).map_err(said).as_ref().map(|_| ()), "{path}");
            if let Ok(kept) = read {
                assert_eq!(kept.canonical(), null, "{path}: what came is kept");
            }
            tried += 1;
        }
    }
    assert!(tried > 450, "{tried}");
}

#[test]
fn fields_are_those_of_the_message_without_it() {
    let (mut null, mut absent) = (object(documents::QUERY), object(documents::QUERY));
    for name in ["payer", "tib", "nonce", "timestamp", "signature", "kid", "crit", "vgp_version", "message_type"] {
        null.insert(name, Value::Null);
    }
    null.insert("escrow_contract_from_402", Value::Null);
    absent.remove("escrow_contract_from_402");
    let read = |object: Object| Received::<Query>::read(&object.canonical()).unwrap();
    let (null, absent) = (read(null), read(absent));
    assert_eq!(null.message(), absent.message());
    assert_ne!(null.digest(), absent.digest(), "what came is another text");
}

/// The signature covers the null: who takes it out, or puts it in, breaks the signature.
#[test]
fn null_is_covered_by_the_signature() {
    let key = SigningKey::from_seed(&[1; 32]);
    let query = fixtures::query().with_freshness("2026-11-21T10:00:00Z".parse().unwrap(), "n-1".parse().unwrap());
    let mut object = query.to_object().unwrap();
    object.insert("tib", Value::Null);
    tgp_protocol::sign::sign("B/QUERY", &mut object, &key);
    Received::<Query>::from_object(object.clone()).unwrap().verify(&key.public_key()).unwrap();
    object.remove("tib");
    let error = Received::<Query>::from_object(object).unwrap().verify(&key.public_key()).unwrap_err();
    assert_eq!(error.reason(), Reason::SignatureMismatch);
}

/// A part that is anybody's JSON keeps its nulls.
#[test]
fn nulls_of_free_objects_stay() {
    let rules = object(r#"{"deny_jurisdictions":null}"#);
    let Value::Object(block) = json::to_value(&gateways::tib_fields()).unwrap() else { panic!("an object") };
    let block = fixtures::with(block, "l10_policy.rules", Some(Value::Object(rules.clone())));
    let tib = Kept::<Tib>::from_object(block).unwrap();
    assert_eq!(tib.fields().l10_policy.rules.object(), &rules);
    let policy = tgp_protocol::policy::Policy::compile(rules);
    assert_eq!(policy.unwrap_err().reason(), Reason::WrongType, "a rule that is null is refused");
}
