//! QUERY of plane B.

use crate::documents;
use tgp_protocol::{
    Reason,
    buyer::{Query, ZkProfile},
    json::{self, Value},
    sign::SigningKey,
    wire::{Message, Received},
};

/// Reads the documents' example with one member replaced, or taken out.
fn with(name: &str, value: Option<&str>) -> tgp_protocol::Result<Received<Query>> {
    let Ok(Value::Object(mut object)) = json::parse(documents::QUERY.as_bytes()) else { panic!("an object") };
    match value {
        Some(text) => object.insert(name, json::parse(text.as_bytes())?),
        None => object.remove(name),
    };
    Received::read(&object.canonical())
}

#[track_caller]
fn refused(name: &'static str, value: Option<&str>, reason: Reason) {
    let error = with(name, value).expect_err(name);
    assert_eq!((error.reason(), error.field().to_string().as_str()), (reason, name), "{name}: {value:?}");
}

/// Shows R-356, R-361, R-362, R-364..R-370, R-422..R-424.
#[test]
fn documents_example_is_read_field_by_field() {
    let received = Received::<Query>::read(documents::QUERY.as_bytes()).expect("the example is valid");
    let query = received.message();
    assert_eq!(query.id.as_str(), "q-abc123");
    assert_eq!(query.from.as_str(), "buyer://alice.wallet");
    assert_eq!(query.to.as_str(), "seller://store.example");
    assert_eq!(query.asset.as_str(), "USDC");
    assert_eq!(query.amount.to_string(), "1000000");
    assert!(query.escrow_from_402);
    assert_eq!(query.zk_profile, ZkProfile::Required);
}

/// Shows R-359, R-372, R-374..R-376, R-426.
#[test]
fn each_wrong_field_is_named() {
    for name in ["id", "from", "to", "asset", "amount", "escrow_from_402", "zk_profile"] {
        refused(name, None, Reason::Missing);
        refused(name, Some("[]"), Reason::WrongType);
    }
    refused("id", Some(r#""""#), Reason::BadId);
    refused("from", Some(r#""alice""#), Reason::BadParty);
    refused("to", Some(r#""seller://user:secret@host""#), Reason::BadParty);
    refused("asset", Some(r#""US DC""#), Reason::BadSymbol);
    refused("amount", Some("0"), Reason::ZeroAmount);
    refused("amount", Some("1.5"), Reason::BadAmount);
    refused("amount", Some(r#""1.5""#), Reason::BadAmount);
    refused("amount", Some("-1"), Reason::BadAmount);
    refused("zk_profile", Some(r#""required""#), Reason::UnknownValue);
    // the documents' own example address has 39 digits
    refused("escrow_contract_from_402", Some(r#""0x742d35Cc6634C0532925a3b844Bc9e7595f0bEb""#), Reason::BadAddress);
    refused("escrow_contract_from_402", Some(r#""0x742D35cc6634C0532925a3b844Bc9e7595f0bEb0""#), Reason::BadChecksum);
}

/// Shows R-425.
/// Shows R-117, R-469.
#[test]
fn unknown_members_are_kept_and_signed() {
    let received = with("later", Some(r#"{"b":1,"a":[]}"#)).expect("unknown members are ignored");
    assert!(received.object().get("later").is_some());

    let key = SigningKey::from_seed(&[1; 32]);
    let fresh = received.into_message().with_freshness("2026-11-21T10:00:00Z".parse().unwrap(), "n-1".parse().unwrap());
    let mut object = fresh.to_signed(&key).expect("signs");
    Received::<Query>::from_object(object.clone()).unwrap().verify(&key.public_key()).expect("verifies");
    object.insert("later", Value::Null);
    let changed = Received::<Query>::from_object(object).unwrap();
    assert_eq!(changed.verify(&key.public_key()).unwrap_err().reason(), Reason::SignatureMismatch);
}

#[test]
fn critical_members_must_be_known() {
    let critical = |names: &str| {
        let Ok(Value::Object(mut object)) = json::parse(documents::QUERY.as_bytes()) else { panic!("an object") };
        object.insert("later", Value::Null);
        object.insert("crit", json::parse(names.as_bytes()).unwrap());
        Received::<Query>::from_object(object).map(|_| ()).map_err(|error| (error.reason(), error.field().to_string()))
    };
    assert_eq!(critical(r#"["amount"]"#), Ok(()));
    assert_eq!(critical(r#"["amount","later"]"#), Err((Reason::CriticalUnknown, "crit[1]".into())));
    assert_eq!(critical(r#"["nonce"]"#), Err((Reason::Missing, "crit[0]".into())));
}
