//! Messages that together have every member, and messages without what may be left out.

use crate::{
    documents, exact_messages,
    fixtures::{self, object, with},
    gateways::{self, KINDS, at, hash, hashlock, key, put, v},
};
use tgp_protocol::{
    Error, Failure, Reason, Result,
    buyer::{Accept, BuyerMessage, EconomicEnvelope, ErrorMessage, Offer, Query, Settle, SettleSource},
    exact::{Constraints, PathQuote, ProofOfSettlement, SealedBytes, SealedPayment, SettlementEnvelope},
    gateway::{Advert, Extension, GatewayMessage},
    json::{self, Kept, Object, Value},
    tib::{CarriedTib, Tib, TibLite},
    value::{Bps, Timestamp},
    wire::{Kind, Message, Received},
};

/// A message that is read as it stands.
pub(crate) struct Sample {
    pub(crate) kind: Kind,
    pub(crate) name: String,
    pub(crate) object: Object,
}

/// Reads an object as a message of this kind.
pub(crate) fn read(kind: Kind, object: &Object) -> Result<()> {
    let bytes = object.canonical();
    match (kind.plane().letter(), kind) {
        ("B", _) => BuyerMessage::read(&bytes).map(|_| ()),
        ("G", _) => GatewayMessage::read(&bytes).map(|_| ()),
        (_, Kind::PathQuote) => Received::<PathQuote>::read(&bytes).map(|_| ()),
        (_, Kind::SettlementEnvelope) => Received::<SettlementEnvelope>::read(&bytes).map(|_| ()),
        _ => Received::<ProofOfSettlement>::read(&bytes).map(|_| ()),
    }
}

pub(crate) fn all() -> Vec<Sample> {
    let mut samples = Vec::new();
    let mut push = |kind: Kind, name: &str, object: Object| {
        samples.push(Sample { kind, name: format!("{kind}, {name}"), object });
    };
    of_buyers(&mut push);
    of_gateways(&mut push);
    of_exact(&mut push);
    samples
}

fn text(text: &str) -> Option<Value> {
    Some(json::parse(text.as_bytes()).unwrap())
}

fn of_buyers(push: &mut impl FnMut(Kind, &str, Object)) {
    let (now, nonce): (Timestamp, _) = (v("2026-11-21T10:00:00Z"), || v("n-1"));
    let full = CarriedTib::full(&Kept::<Tib>::from_object(block()).unwrap()).unwrap();
    let lite: TibLite = json::from_value(&json::parse(documents::TIB_LITE.as_bytes()).unwrap()).unwrap();
    let flat = CarriedTib::lite(&lite).unwrap();

    let query = fixtures::query().with_tib(full.clone()).with_freshness(now, nonce()).to_signed(&key(1)).unwrap();
    push(Kind::BuyerQuery, "whole", with(query.clone(), "crit", text(r#"["kid"]"#)));
    let once = with(query, "tgp_version", None);
    push(Kind::BuyerQuery, "in the older spelling", with(once, "vgp_version", text(r#""0.1""#)));
    push(Kind::BuyerQuery, "flat", fixtures::query().with_tib(flat).to_object().unwrap());
    let short = Query::new(v("q-1"), v("buyer://a"), v("seller://b"), v("USDC"), v("1"));
    push(Kind::BuyerQuery, "short", with(short.to_object().unwrap(), "tgp_version", None));

    let offer = fixtures::offer().with_tib(full).sealed().unwrap();
    push(Kind::BuyerOffer, "whole", offer.to_signed(&key(1)).unwrap());
    push(Kind::BuyerOffer, "of a simple order", fixtures::simple_offer().to_object().unwrap());
    let envelope = EconomicEnvelope { max_fees_bps: Bps::new(0).unwrap(), expiry: None };
    push(Kind::BuyerOffer, "short", Offer::answering(&short, v("o-1"), envelope).to_object().unwrap());

    let accept = Accept::new(v("a-1"), v("o-1"), [9; 32].into());
    push(Kind::BuyerAccept, "short", accept.to_object().unwrap());
    push(Kind::BuyerAccept, "whole", accept.with_freshness(now, nonce()).to_signed(&key(1)).unwrap());

    let settle = Settle::new(v("s-1"), v("o-1"), true, SettleSource::BuyerNotify);
    push(Kind::BuyerSettle, "short", settle.to_object().unwrap());
    let settle = settle.with_transaction([7; 32].into()).with_session(v("sess-1")).with_freshness(now, nonce());
    push(Kind::BuyerSettle, "whole", settle.to_signed(&key(1)).unwrap());

    push(Kind::BuyerError, "short", with(object(documents::ERROR), "correlation_id", None));
    let error = ErrorMessage::new(v("e-1"), Failure::new(&Error::from(Reason::ZeroAmount), v("tbc-1")));
    let error = error.correlated(v("q-1")).with_freshness(now, nonce());
    push(Kind::BuyerError, "whole", error.to_signed(&key(1)).unwrap());
}

/// An info block with every member, signed.
fn block() -> Object {
    let mut block = object(documents::TIB);
    for (place, value) in [
        ("meta.exp", "1764583260000".to_owned()),
        ("l8_value.amount", r#""9.50""#.to_owned()),
        ("l8_value.settlement.hashlock", format!(r#""{}""#, hashlock())),
        ("l8_value.state_refs[0].chain", r#""eip155:369""#.to_owned()),
        ("l9_identity.attributes", r#"{"wallet_type":"safe","reputation_score":95}"#.to_owned()),
        ("l10_policy.policy_hash", format!(r#""{}""#, hash())),
        ("l10_policy.jurisdiction", r#""US""#.to_owned()),
    ] {
        put(&mut block, place, text(&value));
    }
    let fields = Kept::<Tib>::from_object(block).unwrap().into_fields();
    Kept::sign(fields, &key(5)).unwrap().object().clone()
}

/// The message bound by an info block alone.
fn bound(kind: Kind, block: Object) -> Object {
    let mut message = gateways::sample(kind);
    for name in ["sso_ids", "policy_hash", "state_refs"] {
        message.remove(name);
    }
    message.insert("tib", Value::Object(block));
    message
}

fn of_gateways(push: &mut impl FnMut(Kind, &str, Object)) {
    for kind in KINDS {
        push(kind, "whole", gateways::sample(kind));
    }
    let crit = with(gateways::sample(Kind::Query), "crit", text(r#"["kid"]"#));
    push(Kind::Query, "with what must be understood", crit);
    let once = with(gateways::sample(Kind::Query), "tgp_version", None);
    push(Kind::Query, "in the older spelling", with(once, "vgp_version", text(r#""0.1""#)));
    let more = gateways::query().with_policy_hash(hash()).with_state_refs(gateways::state_refs(1));
    push(Kind::Query, "bound", more.to_signed(&key(1)).unwrap());
    let more = gateways::advert().with_state_refs(gateways::state_refs(1));
    push(Kind::Advert, "bound", more.to_signed(&key(1)).unwrap());
    let extension = Extension {
        path_id: v("path-b"),
        hop: v("gateway-b.example.com"),
        next: v("client-a.example.com"),
        fee: v("0.50"),
        timelock_delta: 30,
        risk: v("0.01"),
        settlement_time: 60,
    };
    let longer = gateways::path().extended(extension, &gateways::invoice("9.50"), &key(1)).unwrap();
    let passed_on = Advert::new(v("req-abc-123"), at("10:00:02"), v("gateway-b.example.com"), vec![longer], 60)
        .with_summaries(gateways::summaries())
        .with_policy_hash(hash());
    push(Kind::Advert, "passed on", passed_on.to_signed(&key(1)).unwrap());
    let more = gateways::locked().with_state_refs(gateways::state_refs(1));
    push(Kind::Locked, "bound", more.to_signed(&key(1)).unwrap());
    let more = gateways::proof().with_summaries(gateways::summaries()).with_policy_hash(hash());
    push(Kind::Proof, "bound", more.to_signed(&key(1)).unwrap());

    for kind in [Kind::Query, Kind::Advert, Kind::Select, Kind::Locked, Kind::Proof, Kind::Settle] {
        push(kind, "with its block", bound(kind, block()));
    }
    let less = |places: &[&str]| {
        let mut block = block();
        for place in places {
            put(&mut block, place, None);
        }
        block
    };
    push(Kind::Query, "with a block of less", bound(Kind::Query, less(&["crypto", "l8_value.state_refs"])));
    push(Kind::Locked, "with an unsigned block", bound(Kind::Locked, less(&["crypto.sig"])));
    push(Kind::Proof, "with a block of less", bound(Kind::Proof, less(&["l8_value.state_summaries"])));
    let precheck = with(bound(Kind::Query, less(&["l8_value"])), "precheck", text("true"));
    push(Kind::Query, "that asks first", with(precheck, "attributes", text("{}")));
    let mut commit = gateways::sample(Kind::Select);
    commit.insert("message_type", Value::String("COMMIT".to_owned()));
    push(Kind::Select, "as COMMIT", commit);
    let mut unlocked = gateways::sample(Kind::Select);
    for name in ["lock_ref", "lock_deadline", "state_refs"] {
        unlocked.remove(name);
    }
    push(Kind::Select, "without its lock", unlocked);
    let empty = r#"{"tgp_version":"0.1","message_type":"ADVERT","request_id":"r-1","sender":"a.example"}"#;
    let mut empty = object(empty);
    empty.insert("timestamp", Value::String(at("10:00:00").to_string()));
    Kind::Advert.sign(&mut empty, &key(1));
    push(Kind::Advert, "without paths", empty);
}

fn of_exact(push: &mut impl FnMut(Kind, &str, Object)) {
    let kinds = [Kind::PathQuote, Kind::SettlementEnvelope, Kind::ProofOfSettlement];
    for (kind, mut whole) in kinds.into_iter().zip(exact_messages::whole()) {
        if kind == Kind::PathQuote {
            whole.insert("issuedAt", Value::String(at("10:00:00").to_string()));
        }
        whole.insert("crit", text(r#"["kid"]"#).unwrap());
        kind.sign(&mut whole, &key(1));
        push(kind, "whole", whole);
    }
    let sealed = SealedPayment {
        kid: key(3).public_key().id(),
        enc: SealedBytes(vec![1; 32]),
        ct: SealedBytes(vec![2; 64]),
        commitment: [3; 32].into(),
    };
    let constraints = Constraints { must_settle_before: at("10:00:00"), replay_window_sec: 60 };
    let envelope = SettlementEnvelope::sealed(v("p-1"), sealed, constraints);
    push(Kind::SettlementEnvelope, "sealed", envelope.to_object().unwrap());
}
