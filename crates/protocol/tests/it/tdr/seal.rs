//! A day's records under one root.

use super::{chain, entry, key, th};
use tgp_protocol::{
    Reason,
    json::{self, Value},
    record::tdr::{Day, DaySeal, Entry, Inclusion, Tdr, Tip},
    value::{Sha256Digest, Word},
};

fn day() -> Day {
    "2025-11-03".parse().unwrap()
}

fn leaf(hash: Sha256Digest) -> Sha256Digest {
    th("TGP/0.1/tdr-leaf", &[hash.0.as_slice()])
}

fn node(left: Sha256Digest, right: Sha256Digest) -> Sha256Digest {
    th("TGP/0.1/tdr-node", &[left.0.as_slice(), right.0.as_slice()])
}

/// The same tree by recursion: the left part is the largest power of two below the number of leaves.
fn tree(leaves: &[Sha256Digest]) -> Sha256Digest {
    if let [only] = leaves {
        return *only;
    }
    let half = leaves.len().next_power_of_two() / 2;
    node(tree(&leaves[..half]), tree(&leaves[half..]))
}

/// One root for the anchor, and proofs for 1 to 33 records and for none but them.
#[test]
fn each_record_of_a_day_is_proven_at_its_place_alone() {
    let all = chain(33);
    for length in 1..=33 {
        let records = &all[..length];
        let seal = DaySeal::over(day(), records).unwrap();
        let leaves: Vec<_> = records.iter().map(|record| leaf(record.hash())).collect();
        let count = u64::try_from(length).unwrap();
        let top = tree(&leaves);
        let parts: [&[u8]; 4] = [b"2025-11-03", &1_u64.to_be_bytes(), &count.to_be_bytes(), top.0.as_slice()];
        assert_eq!(seal.root(), Word(th("TGP/0.1/tdr-seal", &parts).0), "{length}");
        for (place, record) in records.iter().enumerate() {
            let proof = seal.prove(records, record.seq()).unwrap();
            assert_eq!(seal.verify(record.hash(), &proof), Ok(()), "{place} of {length}");
            for (other, stranger) in all.iter().enumerate().filter(|(other, _)| *other != place) {
                assert_eq!(seal.verify(stranger.hash(), &proof), Err(Reason::NotIncluded), "another leaf: {other}");
                let moved = Inclusion { seq: stranger.seq(), ..proof.clone() };
                assert_eq!(seal.verify(record.hash(), &moved), Err(Reason::NotIncluded), "another place: {other}");
            }
            for step in 0..proof.path.len() {
                let mut bent = proof.clone();
                bent.path[step] = [9; 32].into();
                assert!(seal.verify(record.hash(), &bent).is_err());
                let mut short = proof.clone();
                short.path.remove(step);
                assert!(seal.verify(record.hash(), &short).is_err());
            }
            let mut long = proof.clone();
            long.path.push([0; 32].into());
            assert!(seal.verify(record.hash(), &long).is_err());
        }
    }
}

#[test]
fn a_node_is_no_leaf() {
    let records = chain(4);
    let seal = DaySeal::over(day(), &records).unwrap();
    let inner = node(leaf(records[0].hash()), leaf(records[1].hash()));
    let right = node(leaf(records[2].hash()), leaf(records[3].hash()));
    for seq in 0..8 {
        for path in [vec![right], vec![], vec![right, right]] {
            assert!(seal.verify(inner, &Inclusion { seq, path }).is_err());
        }
    }
    // nor may two leaves pass for one record of a day with two
    let two = DaySeal::over(day(), &records[..2]).unwrap();
    assert_ne!(two.root(), seal.root());
}

#[test]
fn seals_differ_by_day_number_and_count() {
    let records = chain(6);
    let root = |day: &str, records: &[Tdr]| DaySeal::over(day.parse().unwrap(), records).unwrap().root();
    let here = root("2025-11-03", &records[..3]);
    assert_eq!(here, root("2025-11-03", &records[..3]));
    // the same seal, but for its day
    let mut moved = json::to_value(&DaySeal::over(day(), &records[..3]).unwrap()).unwrap();
    if let Value::Object(object) = &mut moved {
        object.insert("day", Value::String("2025-11-04".to_owned()));
    }
    assert_ne!(here, json::from_value::<DaySeal>(&moved).unwrap().root());
    assert_ne!(here, root("2025-11-03", &records[1..4]));
    assert_ne!(here, root("2025-11-03", &records[..4]));
    let later = DaySeal::over(day(), &records[3..]).unwrap();
    assert_eq!((later.first_seq(), later.count(), later.day()), (4, 3, day()));
    let proof = later.prove(&records[3..], 5).unwrap();
    assert_eq!(later.verify(records[4].hash(), &proof), Ok(()));
    for seq in [0, 3, 7, u64::MAX] {
        assert_eq!(later.prove(&records[3..], seq).unwrap_err().reason(), Reason::NotIncluded);
        assert_eq!(later.verify(records[4].hash(), &Inclusion { seq, ..proof.clone() }), Err(Reason::NotIncluded));
    }
    assert!(later.prove(&records[..3], 5).is_err(), "records of another day");
}

#[test]
fn a_day_is_sealed_whole_or_not_at_all() {
    let records = chain(4);
    let over =
        |records: &[Tdr]| DaySeal::over(day(), records).map_err(|error| (error.reason(), error.field().to_string()));
    assert_eq!(over(&[]), Err((Reason::EmptyDay, String::new())));
    let yesterday = DaySeal::over("2025-11-02".parse().unwrap(), &records).unwrap_err();
    assert_eq!((yesterday.reason(), yesterday.field().to_string().as_str()), (Reason::OtherDay, "[0]"));
    let gap = [records[0].clone(), records[2].clone()];
    assert_eq!(over(&gap), Err((Reason::BrokenChain, "[1]".to_owned())));
    // the numbers follow each other, but the second record is of another chain
    let mut tip = Tip::default();
    let elsewhere = Entry { tdr_id: "tdr-x".parse().unwrap(), ..entry() };
    let other: Vec<_> = (0..2).map(|_| tip.append(elsewhere.clone(), &key()).unwrap()).collect();
    assert_eq!(over(&[records[0].clone(), other[1].clone()]), Err((Reason::BrokenChain, "[1]".to_owned())));
    let mut moved = records;
    moved.swap(1, 2);
    assert_eq!(over(&moved), Err((Reason::BrokenChain, "[1]".to_owned())));
}

/// Whoever reads a seal can count on what it says of itself.
#[test]
fn a_seal_of_no_records_is_not_read() {
    let Value::Object(mut seal) = json::to_value(&DaySeal::over(day(), &chain(2)).unwrap()).unwrap() else {
        panic!("an object")
    };
    seal.insert("count", json::parse(b"0").unwrap());
    let error = json::from_value::<DaySeal>(&Value::Object(seal)).unwrap_err();
    assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::OutOfRange, "count"));
}

#[test]
fn days_are_of_utc() {
    let of = |text: &str| Day::from(text.parse::<tgp_protocol::value::Timestamp>().unwrap()).to_string();
    assert_eq!(of("2025-11-03T00:00:00Z"), "2025-11-03");
    assert_eq!(of("2025-11-03T23:59:59.999Z"), "2025-11-03");
    assert_eq!(of("2025-11-04T00:00:00Z"), "2025-11-04");
    for text in ["2025-11-3", "2025-02-30", "2025-11-03Z", ""] {
        assert_eq!(text.parse::<Day>(), Err(Reason::BadTime), "{text}");
    }
}

/// A session that ended before midnight is recorded after one that ended behind it: both days are sealed, each record once.
#[test]
fn a_late_record_is_sealed_with_the_day_of_its_appending() {
    let mut tip = Tip::default();
    let ended = ["2025-11-03T23:59:58Z", "2025-11-04T00:00:01Z", "2025-11-03T23:59:59Z", "2025-11-04T08:00:00Z"];
    let records: Vec<_> = ended
        .iter()
        .map(|time| tip.append(Entry { timestamp: time.parse().unwrap(), ..entry() }, &key()).unwrap())
        .collect();
    let next: Day = "2025-11-04".parse().unwrap();
    let (first, second) = records.split_at(1);
    assert_eq!(DaySeal::over(day(), first).unwrap().count(), 1);
    let seal = DaySeal::over(next, second).unwrap();
    let late = seal.prove(second, 3).unwrap();
    assert_eq!(seal.verify(records[2].hash(), &late), Ok(()));
    let early = DaySeal::over(day(), &records).unwrap_err();
    assert_eq!((early.reason(), early.field().to_string().as_str()), (Reason::OtherDay, "[1]"));
}
