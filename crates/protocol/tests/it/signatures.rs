//! What a message must have because it is signed, and where it must be signed: looked at when it is read.

use crate::{
    documents,
    fixtures::{self, object},
    gateways::{self, KINDS},
};
use tgp_protocol::{
    Error, Failure, Reason, Result,
    buyer::{Accept, BuyerMessage, ErrorMessage, Settle, SettleSource},
    exact::{PathQuote, ProofOfSettlement},
    gateway::GatewayMessage,
    json::{Object, Value},
    sign::{self, SigningKey},
    wire::{Kind, Message, Received, kind_of},
};

fn key() -> SigningKey {
    SigningKey::from_seed(&[1; 32])
}

fn said<T>(result: Result<T>) -> Option<(Reason, String)> {
    result.err().map(|error| (error.reason(), error.field().to_string()))
}

/// A message of each kind of plane B, unsigned, without nonce and time.
fn of_buyers() -> [Object; 5] {
    let id = |text: &str| text.parse().unwrap();
    let failure = Failure::new(&Error::from(Reason::ZeroAmount).within("amount"), id("tbc-1"));
    [
        fixtures::query().to_object().unwrap(),
        fixtures::offer_object(),
        Accept::new(id("a-1"), id("o-1"), [9; 32].into()).to_object().unwrap(),
        Settle::new(id("s-1"), id("o-1"), true, SettleSource::BuyerNotify).to_object().unwrap(),
        ErrorMessage::new(id("e-1"), failure).to_object().unwrap(),
    ]
}

#[test]
fn a_signed_message_of_plane_b_needs_nonce_and_time() {
    for mut message in of_buyers() {
        message.insert("nonce", Value::String("n-1".to_owned()));
        message.insert("timestamp", Value::String("2026-11-21T10:00:00Z".to_owned()));
        let purpose = kind_of(&message).unwrap().purpose();
        let read = |absent: &str| {
            let mut message = message.clone();
            message.remove(absent);
            assert_eq!(said(BuyerMessage::read(&message.canonical())), None, "{purpose}: unsigned, it needs none");
            sign::sign(&purpose, &mut message, &key());
            said(BuyerMessage::read(&message.canonical()))
        };
        assert_eq!(read("nothing"), None);
        for name in ["nonce", "timestamp"] {
            assert_eq!(read(name), Some((Reason::Missing, name.to_owned())), "{purpose}");
        }
    }
}

#[test]
fn a_message_of_plane_g_is_signed() {
    for kind in KINDS {
        let mut message = gateways::sample(kind);
        gateways::sign_as(kind, &mut message, 1);
        assert_eq!(said(GatewayMessage::read(&message.canonical())), None, "{kind}");
        for none in [None, Some(Value::Null)] {
            message.remove("signature");
            if let Some(null) = none {
                message.insert("signature", null);
            }
            let unsigned = Some((Reason::Unsigned, "signature".to_owned()));
            assert_eq!(said(GatewayMessage::read(&message.canonical())), unsigned, "{kind}");
        }
    }
}

/// Plane S is read unsigned, as the documents print it; whoever needs the signature asks for it.
#[test]
fn an_unsigned_object_of_plane_s_verifies_under_no_key() {
    for text in [documents::VPQ, documents::POS] {
        let mut message = object(text);
        message.remove("sig");
        let refused = if kind_of(&message) == Ok(Kind::PathQuote) {
            let quote = Received::<PathQuote>::from_object(message).unwrap();
            said(quote.verify(&key().public_key()))
        } else {
            said(Received::<ProofOfSettlement>::from_object(message).unwrap().verify(&key().public_key()))
        };
        assert_eq!(refused, Some((Reason::Unsigned, "sig".to_owned())));
    }
}
