//! The three layers of a receipt and the hash over them.

use super::{bindings, digest, expected, fact_of, proof_of, receipt, settled};
use proptest::prelude::*;
use tgp_protocol::{
    Reason,
    json::{self, Object, Value},
    receipt::{Bindings, Receipt, SettlementProof, verify},
    sign::SigningKey,
    value::{Amount, Sha256Digest, Word},
};

/// Shows R-244, R-245. The hash commits to all three layers, each in its place.
#[test]
fn the_hash_commits_to_settlement_bindings_and_policy() {
    let hash = receipt().hash();
    assert_eq!(hash, receipt().hash());
    let mut other_proof = proof_of(&settled());
    other_proof.log_index = 4;
    let mut other_bindings = bindings();
    other_bindings.amount = Amount::from(1);
    let proofs = vec![proof_of(&settled())];
    for other in [
        Receipt::new(vec![other_proof], bindings(), digest(9)),
        Receipt::new(vec![proof_of(&settled()); 2], bindings(), digest(9)),
        Receipt::new(proofs.clone(), other_bindings, digest(9)),
        Receipt::new(proofs, bindings(), digest(8)),
    ] {
        assert_ne!(other.unwrap().hash(), hash);
    }
    // by hand, from the words of the decision: three parts, the last the 32 bytes of the policy's hash
    let object = receipt().object().clone();
    let part = |name: &str| object.get(name).unwrap().canonical();
    let (proofs, bindings) = (part("settlement_proofs"), part("bindings"));
    let parts = [proofs.as_slice(), bindings.as_slice(), [9; 32].as_slice()];
    assert_eq!(hash, tgp_protocol::tagged_hash("TGP/0.1/receipt", parts).into());
}

/// Shows R-246.
#[test]
fn without_one_of_the_three_there_is_no_receipt() {
    let object = receipt().object().clone();
    assert_eq!(Receipt::from_object(object.clone()).unwrap(), receipt());
    for (name, reason) in [
        ("settlement_proofs", Reason::NoTriplet),
        ("bindings", Reason::NoTriplet),
        ("policy_hash", Reason::NoTriplet),
        ("tdr_receipt_hash", Reason::Missing),
    ] {
        for value in [None, Some(Value::Null)] {
            let mut without = object.clone();
            match value {
                None => without.remove(name),
                Some(null) => without.insert(name, null),
            };
            let error = Receipt::from_object(without).unwrap_err();
            assert_eq!((error.reason(), error.field().to_string().as_str()), (reason, name));
        }
    }
    let empty = Receipt::new(Vec::new(), bindings(), digest(9)).unwrap_err();
    assert_eq!(empty.reason(), Reason::NoTriplet);
    let no_policy = Receipt::new(vec![proof_of(&settled())], bindings(), digest(0)).unwrap_err();
    assert_eq!(no_policy.reason(), Reason::NoTriplet);
}

fn replaced(object: &Object, path: &[&str], text: &str) -> Object {
    let [name, rest @ ..] = path else { panic!("a path") };
    let mut object = object.clone();
    let value = match (object.get(name), rest) {
        (Some(Value::Object(inner)), [_, ..]) => Value::Object(replaced(inner, rest, text)),
        _ => json::parse(text.as_bytes()).unwrap(),
    };
    object.insert(name, value);
    object
}

#[test]
fn a_changed_receipt_has_another_hash() {
    let object = receipt().object().clone();
    for (path, text) in [
        (&["bindings", "amount"][..], r#""1""#),
        (&["bindings", "later"], "1"),
        (&["policy_hash"], &format!(r#""sha256:{}""#, "08".repeat(32))),
        (&["tdr_receipt_hash"], &format!(r#""sha256:{}""#, "08".repeat(32))),
    ] {
        let error = Receipt::from_object(replaced(&object, path, text)).unwrap_err();
        let named = (error.reason(), error.field().to_string());
        assert_eq!(named, (Reason::HashMismatch, "tdr_receipt_hash".to_owned()), "{path:?}");
    }
    let error = Receipt::from_object(replaced(&object, &["bindings", "amount"], r#""1.5""#)).unwrap_err();
    assert_eq!((error.reason(), error.field().to_string()), (Reason::BadAmount, "bindings.amount".to_owned()));
}

/// Members of a later version: they are covered by the hash, and whoever passes the receipt on passes them on.
#[test]
fn unknown_members_stay_in_a_receipt_and_in_its_hash() {
    let mut object = replaced(receipt().object(), &["bindings", "later"], r#"["a", 1.5]"#);
    let Some(Value::Array(proofs)) = object.get("settlement_proofs").cloned() else { panic!("a list") };
    let Some(Value::Object(proof)) = proofs.first() else { panic!("an object") };
    let proof = replaced(proof, &["later"], "true");
    object.insert("settlement_proofs", Value::Array(vec![Value::Object(proof)]));
    object.insert("later", Value::Null);
    let part = |name: &str| object.get(name).unwrap().canonical();
    let (proofs, bindings) = (part("settlement_proofs"), part("bindings"));
    let parts = [proofs.as_slice(), bindings.as_slice(), [9; 32].as_slice()];
    let hash: Sha256Digest = tgp_protocol::tagged_hash("TGP/0.1/receipt", parts).into();
    object.insert("tdr_receipt_hash", Value::String(hash.to_string()));

    let read = Receipt::from_object(object.clone()).unwrap();
    assert_eq!((read.hash(), read.object()), (hash, &object));
    assert_eq!(verify(&read, &expected(), &[fact_of(settled())]).unwrap(), Amount::from(75_000_000));
}
#[test]
fn attestations_are_of_one_receipt_and_one_key() {
    let (key, other) = (SigningKey::from_seed(&[1; 32]), SigningKey::from_seed(&[2; 32]));
    let hash = receipt().hash();
    let signature = tgp_protocol::receipt::attest(hash, &key);
    let check = |hash, key: &SigningKey| {
        tgp_protocol::receipt::verify_attestation(hash, &signature, &key.public_key()).map_err(|error| error.reason())
    };
    assert_eq!(check(hash, &key), Ok(()));
    assert_eq!(check(digest(1), &key), Err(Reason::SignatureMismatch));
    assert_eq!(check(hash, &other), Err(Reason::SignatureMismatch));
}

proptest! {
    #[test]
    fn receipts_come_back(amount in any::<u64>(), log_index in 0_u64..1 << 53, count in 1_usize..5, delivery in any::<Option<[u8; 32]>>()) {
        let proof = SettlementProof { log_index, ..proof_of(&settled()) };
        let bindings = Bindings { amount: Amount::from(amount), delivery: delivery.map(Word::from), ..bindings() };
        let receipt = Receipt::new(vec![proof; count], bindings, digest(9)).unwrap();
        let Ok(Value::Object(object)) = json::parse(&receipt.object().canonical()) else { panic!("an object") };
        prop_assert_eq!(Receipt::from_object(object).unwrap(), receipt);
    }
}
