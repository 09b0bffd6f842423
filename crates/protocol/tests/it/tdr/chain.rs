//! Whatever is done to a series of records is found at the first one that it was done to.

use super::{chain, entry, key, known, objects};
use tgp_protocol::{
    Reason, Segment,
    json::{self, Object, Value},
    record::tdr::{Entry, Tdr, Tip, verify},
    sign::SigningKey,
    value::Amount,
};

#[test]
fn a_chain_verifies_from_any_tip() {
    let records = chain(5);
    let objects = objects(&records);
    assert_eq!(verify(Tip::default(), &objects, known).unwrap(), Tip::at(&records[4]));
    assert_eq!(verify(Tip::at(&records[1]), &objects[2..], known).unwrap(), Tip::at(&records[4]));
    assert_eq!(verify(Tip::default(), &[], known).unwrap(), Tip::default());
    for (place, record) in records.iter().enumerate() {
        assert_eq!(record.seq(), u64::try_from(place).unwrap() + 1);
        let before = if place == 0 { [0; 32].into() } else { records[place - 1].hash() };
        assert_eq!(record.prev_hash(), before);
        assert_eq!(Tdr::from_object(record.object().clone()).unwrap(), *record);
    }
}

/// The place of the first record that is wrong.
fn broken_at(from: Tip, objects: &[Object]) -> Option<(usize, Reason)> {
    let error = verify(from, objects, known).err()?;
    let Some(Segment::Index(place)) = error.field().segments().next() else { panic!("{error} has no place") };
    Some((place, error.reason()))
}

/// Shows R-018. Every bit of a record that is flipped is found, at that record.
#[test]
fn each_flipped_bit_is_found() {
    let records = chain(3);
    let objects = objects(&records);
    let bytes = objects[1].canonical();
    let mut read = 0;
    for place in 0..bytes.len() {
        for bit in 0..8 {
            let mut flipped = bytes.clone();
            flipped[place] ^= 1 << bit;
            // what is no JSON any more cannot even be read
            let Ok(Value::Object(changed)) = json::parse(&flipped) else { continue };
            read += 1;
            // from the record before on: its own signature is not what is tried here
            let tampered = [changed, objects[2].clone()];
            let broken = broken_at(Tip::at(&records[0]), &tampered).map(|(place, _)| place);
            assert_eq!(broken, Some(0), "{place}.{bit}");
        }
    }
    assert!(read > 1000, "{read}");
}

#[test]
fn each_removal_is_found() {
    let records = chain(6);
    let objects = objects(&records);
    for removed in 0..6 {
        let mut rest = objects.clone();
        rest.remove(removed);
        if removed == 5 {
            // the end can only be missed by whoever knows it
            assert_ne!(verify(Tip::default(), &rest, known).unwrap(), Tip::at(&records[5]));
        } else {
            assert_eq!(broken_at(Tip::default(), &rest), Some((removed, Reason::BrokenChain)));
        }
    }
}

#[test]
fn each_exchange_and_each_copy_is_found() {
    let objects = objects(&chain(6));
    for one in 0..6 {
        for two in one + 1..6 {
            let mut moved = objects.clone();
            moved.swap(one, two);
            assert_eq!(broken_at(Tip::default(), &moved), Some((one, Reason::BrokenChain)));
        }
        let mut doubled = objects.clone();
        doubled.insert(one, objects[one].clone());
        assert_eq!(broken_at(Tip::default(), &doubled), Some((one + 1, Reason::BrokenChain)));
    }
}

#[test]
fn records_of_another_chain_or_key_are_found() {
    let records = chain(3);
    // a record that was written anew with the same number, and signed by the same key
    let mut tip = Tip::at(&records[0]);
    let forged = tip.append(Entry { amount: Amount::from(1), ..entry() }, &key()).unwrap();
    let spliced = [&records[0], &forged, &records[2]].map(|record| record.object().clone());
    assert_eq!(broken_at(Tip::default(), &spliced), Some((2, Reason::BrokenChain)));
    let stranger = Tip::at(&records[1]).append(entry(), &SigningKey::from_seed(&[2; 32])).unwrap();
    let foreign = [&records[0], &records[1], &stranger].map(|record| record.object().clone());
    assert_eq!(broken_at(Tip::default(), &foreign), Some((2, Reason::SignatureMismatch)));
    // a member that this version does not know is under the hash as well
    let mut more = objects(&records);
    more[1].insert("later", Value::Null);
    assert_eq!(broken_at(Tip::default(), &more), Some((1, Reason::HashMismatch)));
    assert_eq!(
        Tip { seq: u64::MAX, hash: [0; 32].into() }.append(entry(), &key()).unwrap_err().reason(),
        Reason::OutOfRange
    );
}
