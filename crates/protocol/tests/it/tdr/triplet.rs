//! Who agreed, who paid, who delivered.

use super::{names, th};
use tgp_protocol::{
    Reason,
    json::{self, Kept, Object, Value},
    receipt::{Bindings, Receipt, SettlementProof},
    record::tdr::{Application, ControlPlane, Reference, Settlement, Triplet},
    sign::SigningKey,
    value::{Amount, ChainId, EvmAddress, Id, Sha256Digest, Word},
};

const TX: [u8; 32] = [0x9f; 32];

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

fn session_id() -> Id {
    "sess-abc123".parse().unwrap()
}

/// Of two settlements: the triplet names the second one.
fn receipt() -> Receipt {
    let proof = |last: u8| SettlementProof {
        chain: ChainId::eip155(8453),
        minter: EvmAddress([5; 20].into()),
        order_id: [last; 32].into(),
        receipt_hash: [7; 32].into(),
        tx: [last; 32].into(),
        block_hash: [8; 32].into(),
        log_index: 3,
    };
    let bindings = Bindings {
        request: [1; 32].into(),
        session_id: session_id(),
        payer: "eh:buyer:7f3a".parse().unwrap(),
        payee: "eh:seller:9c21".parse().unwrap(),
        token: EvmAddress([3; 20].into()),
        amount: Amount::from(25_000_000),
        delivery: None,
    };
    Receipt::new(vec![proof(1), proof(TX[0])], bindings, [4; 32].into()).unwrap()
}

fn control_plane() -> ControlPlane {
    ControlPlane {
        query_id: "q-abc123".parse().unwrap(),
        offer_id: "offer-abc123".parse().unwrap(),
        settle_id: "settle-abc123".parse().unwrap(),
        timestamp: "2023-11-11T21:20:00Z".parse().unwrap(),
        policy_hash: [4; 32].into(),
        tdr_receipt_hash: receipt().hash(),
    }
}

fn settlement() -> Settlement {
    Settlement { layer8_tx: TX.into(), block_number: 12_345_678, confirmation_count: 12 }
}

fn application() -> Application {
    Application {
        fulfillment_proof: "tracking:USPS-123456789".parse().unwrap(),
        delivery_timestamp: "2023-11-11T22:00:00Z".parse().unwrap(),
        metadata_uri: Some("ipfs://QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG".parse().unwrap()),
    }
}

fn triplet() -> Triplet {
    Triplet {
        control_plane: control_plane().sign(&session_id(), &key(1)).unwrap(),
        settlement: settlement().attest(&receipt(), &key(2)).unwrap(),
        application: application().sign(&session_id(), &key(3)).unwrap(),
        session_id: session_id(),
    }
}

fn object(triplet: &Triplet) -> Object {
    let Ok(Value::Object(object)) = json::to_value(triplet) else { panic!("an object") };
    object
}

/// The triplet with one member of one of its receipts set to this JSON.
fn changed(part: &str, name: &str, text: &str) -> Triplet {
    let mut object = object(&triplet());
    let Some(Value::Object(mut inner)) = object.remove(part) else { panic!("a receipt") };
    inner.insert(name, json::parse(text.as_bytes()).unwrap());
    object.insert(part, Value::Object(inner));
    json::from_value(&Value::Object(object)).unwrap()
}

fn checked(triplet: &Triplet) -> Result<(), (Reason, String)> {
    let seller = key(3).public_key();
    let result = triplet.verify(&receipt(), &key(1).public_key(), &key(2).public_key(), Some(&seller));
    result.map_err(|error| (error.reason(), error.field().to_string()))
}

fn refused(reason: Reason, field: &str) -> Result<(), (Reason, String)> {
    Err((reason, field.to_owned()))
}

/// Shows R-550..R-553.
#[test]
fn triplet_is_the_documents_example() {
    let triplet = triplet();
    assert_eq!(checked(&triplet), Ok(()));
    let object = object(&triplet);
    assert_eq!(names(&object), ["application_receipt", "control_plane_receipt", "session_id", "settlement_receipt"]);
    let inner = |name: &str| names(object.get(name).unwrap().as_object().unwrap());
    let ours = ["policy_hash", "query_id", "settle_id", "tdr_receipt_hash", "timestamp"];
    assert_eq!(inner("control_plane_receipt"), [&["gateway_signature", "offer_id"], &ours[..]].concat());
    assert_eq!(inner("settlement_receipt"), ["block_number", "confirmation_count", "layer8_tx", "prover_signature"]);
    assert_eq!(
        inner("application_receipt"),
        ["delivery_timestamp", "fulfillment_proof", "metadata_uri", "seller_signature"]
    );
    assert_eq!(json::from_value::<Triplet>(&Value::Object(object)).unwrap(), triplet);
}

/// The hash is that of the three receipts without their signatures, and of the receipt.
#[test]
fn triplet_hash_leaves_signatures_out() {
    let object = object(&triplet());
    let bare =
        |name: &str, signature: &str| object.get(name).unwrap().as_object().unwrap().canonical_without(&[signature]);
    let control_plane = bare("control_plane_receipt", "gateway_signature");
    let settled = bare("settlement_receipt", "prover_signature");
    let delivered = bare("application_receipt", "seller_signature");
    let receipt_hash = receipt().hash();
    let by_hand = th("TGP/0.1/tdr-triplet", &[&control_plane, &settled, &delivered, receipt_hash.0.as_slice()]);
    assert_eq!(triplet().hash(), by_hand);
    let unsigned = Triplet { application: Kept::new(application()).unwrap(), ..triplet() };
    assert_eq!(unsigned.hash(), by_hand);
    let later = Settlement { confirmation_count: 13, ..settlement() }.attest(&receipt(), &key(2)).unwrap();
    assert_ne!(Triplet { settlement: later, ..unsigned }.hash(), by_hand);
}

/// Members of a later version come back as they came, and nobody can add one.
#[test]
fn unknown_members_are_kept_and_covered() {
    let with = changed("settlement_receipt", "later", r#"[1.50, {"a": null}]"#);
    let back = object(&with);
    assert_eq!(json::from_value::<Triplet>(&Value::Object(back.clone())).unwrap(), with);
    let settled = back.get("settlement_receipt").and_then(Value::as_object).unwrap();
    assert_eq!(settled.get("later"), Some(&json::parse(br#"[1.5,{"a":null}]"#).unwrap()));
    assert_ne!(with.hash(), triplet().hash(), "no signature covers what was paid: the record's hash does");
    for part in ["control_plane_receipt", "application_receipt"] {
        let added = changed(part, "later", "true");
        assert_eq!(checked(&added), refused(Reason::SignatureMismatch, part));
        assert_ne!(added.hash(), triplet().hash());
        // the names under which a signature covers more than the receipt
        for name in ["session_id", "kid"] {
            let added = changed(part, name, r#""sess-abc123""#);
            assert_eq!(checked(&added), refused(Reason::UnknownField, &format!("{part}.{name}")));
        }
    }
}

#[test]
fn triplet_signatures_are_of_their_receipt_and_session() {
    let is = |field: &str| refused(Reason::SignatureMismatch, field);
    assert_eq!(checked(&changed("control_plane_receipt", "offer_id", r#""offer-2""#)), is("control_plane_receipt"));
    assert_eq!(
        checked(&changed("application_receipt", "fulfillment_proof", r#""tracking:USPS-2""#)),
        is("application_receipt")
    );
    let elsewhere: Id = "sess-2".parse().unwrap();
    assert_eq!(checked(&Triplet { session_id: elsewhere.clone(), ..triplet() }), is("control_plane_receipt"));
    let gateways = settlement().attest(&receipt(), &key(1)).unwrap();
    assert_eq!(checked(&Triplet { settlement: gateways, ..triplet() }), is("settlement_receipt"));
    // the seller's word from another session
    let application = application().sign(&elsewhere, &key(3)).unwrap();
    assert_eq!(checked(&Triplet { application, ..triplet() }), is("application_receipt"));

    let public = |seed| key(seed).public_key();
    let no_key = triplet().verify(&receipt(), &public(1), &public(2), None).unwrap_err();
    assert_eq!((no_key.reason(), no_key.field().to_string().as_str()), (Reason::Unsigned, "application_receipt"));
    let silent = Triplet { application: Kept::new(self::application()).unwrap(), ..triplet() };
    silent.verify(&receipt(), &public(1), &public(2), None).unwrap();
}

/// Three genuine signatures under what is about something else.
#[test]
fn triplet_is_about_the_receipt_that_it_names() {
    let agreed = |change: fn(&mut ControlPlane)| {
        let mut control_plane = control_plane();
        change(&mut control_plane);
        Triplet { control_plane: control_plane.sign(&session_id(), &key(1)).unwrap(), ..triplet() }
    };
    let other = agreed(|it| it.policy_hash = [5; 32].into());
    assert_eq!(checked(&other), refused(Reason::HashMismatch, "control_plane_receipt.policy_hash"));
    let tx: Word = [0x9e; 32].into();
    let settlement = Settlement { layer8_tx: tx, ..settlement() }.attest(&receipt(), &key(2)).unwrap();
    let other = Triplet { settlement, ..triplet() };
    assert_eq!(checked(&other), refused(Reason::OtherSettlement, "settlement_receipt.layer8_tx"));
    let first = Settlement { layer8_tx: [1; 32].into(), ..self::settlement() }.attest(&receipt(), &key(2)).unwrap();
    assert_eq!(checked(&Triplet { settlement: first, ..triplet() }), Ok(()), "either of the two settlements");

    // the receipt of another session, and of another payment
    let of = |change: fn(&mut Bindings)| {
        let mut bindings = receipt().bindings().clone();
        change(&mut bindings);
        Receipt::new(receipt().settlement_proofs().to_vec(), bindings, [4; 32].into()).unwrap()
    };
    let (public, seller) = (|seed| key(seed).public_key(), key(3).public_key());
    let verify = |triplet: &Triplet, receipt: &Receipt| {
        let error = triplet.verify(receipt, &public(1), &public(2), Some(&seller)).unwrap_err();
        Err((error.reason(), error.field().to_string()))
    };
    let paid_else = of(|it| it.amount = Amount::from(1));
    let hash_of_it = "control_plane_receipt.tdr_receipt_hash";
    assert_eq!(verify(&triplet(), &paid_else), refused(Reason::HashMismatch, hash_of_it));
    let elsewhere = of(|it| it.session_id = "sess-2".parse().unwrap());
    let hash: Sha256Digest = elsewhere.hash();
    let about_it = Triplet {
        control_plane: ControlPlane { tdr_receipt_hash: hash, ..control_plane() }.sign(&session_id(), &key(1)).unwrap(),
        settlement: self::settlement().attest(&elsewhere, &key(2)).unwrap(),
        ..triplet()
    };
    assert_eq!(verify(&about_it, &elsewhere), refused(Reason::OtherRequest, "session_id"));
}

#[test]
fn triplet_members_are_required() {
    let object = object(&triplet());
    for name in ["session_id", "control_plane_receipt", "settlement_receipt", "application_receipt"] {
        let mut without = object.clone();
        without.remove(name);
        let mut null = object.clone();
        null.insert(name, Value::Null);
        for wrong in [without, null] {
            let error = json::from_value::<Triplet>(&Value::Object(wrong)).unwrap_err();
            assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::Missing, name));
        }
    }
    for (receipt, signature) in
        [("control_plane_receipt", "gateway_signature"), ("settlement_receipt", "prover_signature")]
    {
        let mut without = object.clone();
        let mut inner = without.get(receipt).unwrap().as_object().unwrap().clone();
        inner.remove(signature);
        without.insert(receipt, Value::Object(inner));
        let unsigned = json::from_value::<Triplet>(&Value::Object(without)).unwrap();
        assert_eq!(checked(&unsigned), refused(Reason::Unsigned, receipt));
        assert_eq!(checked(&changed(receipt, signature, "null")), refused(Reason::Unsigned, receipt));
        let malformed = changed(receipt, signature, r#""ed25519:AAAA""#);
        assert_eq!(checked(&malformed), refused(Reason::BadSignature, &format!("{receipt}.{signature}")));
    }
}

#[test]
fn references_are_short_and_show_no_word() {
    let word = "ab".repeat(32);
    for (text, expected) in [
        ("tracking:USPS-123456789", None),
        (&format!("sha256:{word}")[..], None),
        (&"x".repeat(256), None),
        ("", Some(Reason::BadReference)),
        (&"x".repeat(257), Some(Reason::BadReference)),
        ("a b", Some(Reason::BadReference)),
        ("a\"b", Some(Reason::BadReference)),
        ("\u{e4}", Some(Reason::BadReference)),
        (&word, Some(Reason::ShowsSecret)),
        (&format!("0x{word}"), Some(Reason::ShowsSecret)),
        (&format!("sha256:{word}0"), Some(Reason::ShowsSecret)),
        (&format!("ipfs://{}/{word}", "x"), Some(Reason::ShowsSecret)),
    ] {
        assert_eq!(text.parse::<Reference>().err(), expected, "{text}");
    }
}
