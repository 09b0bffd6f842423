//! Who agreed, who paid, who delivered.

use super::{names, th};
use tgp_protocol::{
    Reason,
    json::Value,
    receipt,
    record::tdr::{Application, ControlPlane, Reference, Settlement, Triplet},
    sign::SigningKey,
};

fn triplet() -> Triplet {
    let session_id = "sess-abc123".parse().unwrap();
    let tdr_receipt_hash = [5; 32].into();
    let control_plane = ControlPlane {
        query_id: "q-abc123".parse().unwrap(),
        offer_id: "offer-abc123".parse().unwrap(),
        settle_id: "settle-abc123".parse().unwrap(),
        timestamp: "2023-11-11T21:20:00Z".parse().unwrap(),
        policy_hash: [4; 32].into(),
        tdr_receipt_hash,
    };
    let settlement = Settlement { layer8_tx: [0x9f; 32].into(), block_number: 12_345_678, confirmation_count: 12 };
    let application = Application {
        fulfillment_proof: "tracking:USPS-123456789".parse().unwrap(),
        delivery_timestamp: "2023-11-11T22:00:00Z".parse().unwrap(),
        metadata_uri: Some("ipfs://QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG".parse().unwrap()),
    };
    Triplet {
        gateway_signature: control_plane.sign(&session_id, &SigningKey::from_seed(&[1; 32])).unwrap(),
        prover_signature: receipt::attest(tdr_receipt_hash, &SigningKey::from_seed(&[2; 32])),
        seller_signature: Some(application.sign(&session_id, &SigningKey::from_seed(&[3; 32])).unwrap()),
        session_id,
        control_plane,
        settlement,
        application,
    }
}

fn checked(triplet: &Triplet) -> Result<(), (Reason, String)> {
    let public = |seed| SigningKey::from_seed(&[seed; 32]).public_key();
    triplet
        .verify(&public(1), &public(2), Some(&public(3)))
        .map_err(|error| (error.reason(), error.field().to_string()))
}

/// Shows R-550..R-553.
#[test]
fn triplet_is_the_documents_example() {
    let triplet = triplet();
    assert_eq!(checked(&triplet), Ok(()));
    let object = triplet.to_object().unwrap();
    assert_eq!(names(&object), ["application_receipt", "control_plane_receipt", "session_id", "settlement_receipt"]);
    let inner = |name: &str| names(object.get(name).unwrap().as_object().unwrap());
    let ours = ["policy_hash", "query_id", "settle_id", "tdr_receipt_hash", "timestamp"];
    assert_eq!(inner("control_plane_receipt"), [&["gateway_signature", "offer_id"], &ours[..]].concat());
    assert_eq!(inner("settlement_receipt"), ["block_number", "confirmation_count", "layer8_tx", "prover_signature"]);
    assert_eq!(
        inner("application_receipt"),
        ["delivery_timestamp", "fulfillment_proof", "metadata_uri", "seller_signature"]
    );
    assert_eq!(Triplet::from_object(&object).unwrap(), triplet);
}

/// The hash is that of the three receipts without their signatures, and of the receipt.
#[test]
fn triplet_hash_leaves_signatures_out() {
    let triplet = triplet();
    let object = triplet.to_object().unwrap();
    let bare =
        |name: &str, signature: &str| object.get(name).unwrap().as_object().unwrap().canonical_without(&[signature]);
    let control_plane = bare("control_plane_receipt", "gateway_signature");
    let settlement = bare("settlement_receipt", "prover_signature");
    let application = bare("application_receipt", "seller_signature");
    let by_hand = th("TGP/0.1/tdr-triplet", &[&control_plane, &settlement, &application, &[5; 32]]);
    assert_eq!(triplet.hash().unwrap(), by_hand);
    let unsigned = Triplet { seller_signature: None, ..triplet };
    assert_eq!(unsigned.hash().unwrap(), by_hand);
    let mut other = unsigned;
    other.settlement.confirmation_count = 13;
    assert_ne!(other.hash().unwrap(), by_hand);
}

#[test]
fn triplet_signatures_are_of_their_receipt_and_session() {
    let is = |field: &str| Err((Reason::SignatureMismatch, field.to_owned()));
    let mut changed = triplet();
    changed.control_plane.offer_id = "offer-2".parse().unwrap();
    assert_eq!(checked(&changed), is("control_plane_receipt"));
    let mut changed = triplet();
    changed.session_id = "sess-2".parse().unwrap();
    assert_eq!(checked(&changed), is("control_plane_receipt"));
    let mut changed = triplet();
    changed.prover_signature = changed.gateway_signature;
    assert_eq!(checked(&changed), is("settlement_receipt"));
    let mut changed = triplet();
    changed.application.fulfillment_proof = "tracking:USPS-2".parse().unwrap();
    assert_eq!(checked(&changed), is("application_receipt"));
    // the seller's word from another session
    let mut changed = triplet();
    let elsewhere = changed.application.sign(&"sess-2".parse().unwrap(), &SigningKey::from_seed(&[3; 32])).unwrap();
    changed.seller_signature = Some(elsewhere);
    assert_eq!(checked(&changed), is("application_receipt"));

    let public = |seed| SigningKey::from_seed(&[seed; 32]).public_key();
    let no_key = triplet().verify(&public(1), &public(2), None).unwrap_err();
    assert_eq!(no_key.reason(), Reason::Unsigned);
    let silent = Triplet { seller_signature: None, ..triplet() };
    silent.verify(&public(1), &public(2), None).unwrap();
}

#[test]
fn triplet_members_are_required() {
    let object = triplet().to_object().unwrap();
    for name in ["session_id", "control_plane_receipt", "settlement_receipt", "application_receipt"] {
        let mut without = object.clone();
        without.remove(name);
        let error = Triplet::from_object(&without).unwrap_err();
        assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::Missing, name));
    }
    for (receipt, signature) in
        [("control_plane_receipt", "gateway_signature"), ("settlement_receipt", "prover_signature")]
    {
        let mut without = object.clone();
        let mut inner = without.get(receipt).unwrap().as_object().unwrap().clone();
        inner.remove(signature);
        without.insert(receipt, Value::Object(inner));
        let error = Triplet::from_object(&without).unwrap_err();
        assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::Unsigned, receipt));
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
