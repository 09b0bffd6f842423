//! Terms on the wire, and what a seller signs for them.

use crate::fixtures::{CHAIN, address, address_of, order, sign, wallet};
use alloy_sol_types::SolStruct;
use tgp_protocol::{
    Reason,
    json::{self, Value},
    order::{CommitmentJson, Order, OrderJson, PolicyBit, escrow_domain, messages::SellerCommitment},
    value::Word,
};

#[test]
fn terms_are_written_with_the_contracts_names() {
    let Ok(Value::Object(object)) = json::to_value(&order()) else { panic!("an object") };
    let source = include_str!("../../../../contracts/libraries/OrderTerms.sol");
    let fields = source.split_once("struct OrderTerms {").and_then(|(_, rest)| rest.split_once('}')).unwrap().0;
    let names: Vec<_> = fields.split(';').filter_map(|field| field.split_whitespace().nth(1)).collect();
    assert_eq!(names.len(), 31);
    for name in &names {
        assert!(object.get(name).is_some(), "{name}");
    }
    assert_eq!(object.len(), names.len());
    assert_eq!(object.get("kind").and_then(Value::as_str), Some("BOND"));
    assert_eq!(object.get("silence").and_then(Value::as_str), Some("toSeller"));
    assert_eq!(object.get("policy"), Some(&json::parse(br#"["TIMED"]"#).unwrap()));
    assert_eq!(object.get("fundBy").and_then(Value::as_str), Some("1795255200"));
}

#[test]
fn numbers_without_a_name_are_refused() {
    for (field, order) in [
        ("kind", Order { kind: 2, ..Order::default() }),
        ("silence", Order { silence: 2, ..Order::default() }),
        ("policy", Order { policy: 16, ..Order::default() }),
    ] {
        let error = OrderJson::try_from(&order).unwrap_err();
        assert_eq!((error.field().to_string().as_str(), error.reason()), (field, Reason::UnknownValue));
    }
}

/// Bits in two orders would be two texts of one order, with one id.
#[test]
fn policy_bits_have_one_order() {
    let wrong = |policy: &[PolicyBit]| {
        let error = OrderJson { policy: policy.to_vec(), ..order() }.check().err()?;
        Some((error.field().to_string(), error.reason()))
    };
    let [attester, proof, timed, partial] = PolicyBit::ALL;
    let at = |place: usize, reason| Some((format!("policy[{place}]"), reason));
    assert_eq!(wrong(&[]), None);
    assert_eq!(wrong(&PolicyBit::ALL), None);
    assert_eq!(wrong(&[timed, timed]), at(1, Reason::RepeatedEntry));
    assert_eq!(wrong(&[partial, timed]), at(1, Reason::NotInOrder));
    assert_eq!(wrong(&[attester, timed, proof]), at(2, Reason::NotInOrder));
    assert_eq!(wrong(&[timed, partial, timed]), at(2, Reason::RepeatedEntry));
}

#[test]
fn every_term_moves_the_id() {
    let whole = order();
    let id = whole.order_id(CHAIN, address(0x42));
    let Ok(Value::Object(object)) = json::to_value(&whole) else { panic!("an object") };
    for (name, value) in object.iter() {
        let other = match (name, value) {
            ("kind", _) => r#""SWAP""#.to_owned(),
            ("silence", _) => r#""toBuyer""#.to_owned(),
            ("policy", _) => r#"["PARTIAL"]"#.to_owned(),
            (_, Value::String(text)) if text.starts_with("0x") => format!("\"0x{}\"", "8".repeat(text.len() - 2)),
            (_, Value::String(_)) => r#""11""#.to_owned(),
            other => panic!("{other:?}"),
        };
        let mut changed = object.clone();
        changed.insert(name, json::parse(other.as_bytes()).unwrap());
        let changed: OrderJson = json::from_value(&Value::Object(changed)).unwrap();
        assert_ne!(changed.order_id(CHAIN, address(0x42)), id, "{name}");
    }
}

#[test]
fn a_commitment_is_bound_to_its_order_and_words() {
    let id = order().order_id(CHAIN, address(0x42));
    let message = SellerCommitment {
        orderId: id.0,
        businessName: "Pizza Hut #4521".to_owned(),
        businessLicense: "LICENSE-789".to_owned(),
        documentHash: [5; 32].into(),
        deliveryCommitment: [0; 32].into(),
    };
    let digest = message.eip712_signing_hash(&escrow_domain(CHAIN.number(), address(0x42).0));
    let commitment = CommitmentJson {
        business_name: message.businessName,
        business_license: message.businessLicense,
        document_hash: [5; 32].into(),
        delivery_commitment: [0; 32].into(),
        signature: sign(&wallet(), digest),
    };
    let seller = address_of(&wallet());
    assert_eq!(commitment.signer(id, CHAIN, address(0x42)).unwrap(), seller);
    for (id, chain, escrow) in [
        (Word::from([1; 32]), CHAIN, address(0x42)),
        (id, "ethereum".parse().unwrap(), address(0x42)),
        (id, CHAIN, address(0x43)),
    ] {
        assert_ne!(commitment.signer(id, chain, escrow).ok(), Some(seller));
    }
    let renamed = CommitmentJson { business_name: "Pizza Hut #4522".to_owned(), ..commitment.clone() };
    assert_ne!(renamed.signer(id, CHAIN, address(0x42)).ok(), Some(seller));
    let long = CommitmentJson { business_name: "x".repeat(257), ..commitment };
    assert_eq!(long.check().unwrap_err().reason(), Reason::WrongLength);
}
