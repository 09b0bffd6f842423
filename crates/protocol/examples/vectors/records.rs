use crate::{
    Outcome,
    edit::{changed, nulls},
    object::{object, written},
    topic::{Case, Topic},
    triplets,
};
use serde_json::json;
use tgp_protocol::{
    Error, Reason,
    json::{self, Object, Value, from_value},
    record::{
        SessionSnapshot,
        tdr::{self, CSV_HEADER, DaySeal, Entry, Inclusion, Tdr, Tip},
    },
    sign::{KeyId, PublicKey, SigningKey},
    value::Sha256Digest,
};

const SNAPSHOT: &str = r#"{
  "session_id": "sess-abc123", "state": "OfferReceived", "query_id": "q-abc123", "offer_id": "offer-abc123",
  "timestamp": "2026-11-21T10:00:00Z",
  "participants": { "buyer": "buyer://alice.wallet", "seller": "seller://store.example", "controller": "controller://gateway.tbc" },
  "settlement_path": "coreprover", "version": 2
}"#;

/// The record of 001 section 5 and the row of 003 section 7.2, whose hashes the documents cut short.
const ENTRY: &str = r#"{
  "tdr_id": "tdr-789", "request_id": "req-abc-123", "session_id": "sess-abc123",
  "trace_id": "6f1c2a34-0f5e-4b6a-8a55-3d1d2b9c0e77", "service": "api-processing", "verb": "SETTLE",
  "ts_start": "2025-11-03T08:14:20Z", "timestamp": "2025-11-03T08:14:33Z", "status": "success",
  "l8": { "family": "EVM", "chain_id": "base-sepolia" }, "asset": { "symbol": "USDC" }, "amount": "10000",
  "txid": "0xabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcadef", "block": 12345678,
  "client_id": "c-9b12", "path_id": "gwA>gwB>gwC", "rs": "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
  "auth_nonce": "0xf3746613c2d920b5fdabc0856f2aeb2d4f88ee6037b8cc5d04a71a4462f13480",
  "policy_hash": "sha256:1111111111111111111111111111111111111111111111111111111111111111",
  "sso_ids": ["sso-1", "sso-2"]
}"#;

const SEED: [u8; 32] = [1; 32];

pub(crate) fn topic() -> Outcome<Topic> {
    let mut topic = Topic::new(
        "Records: snapshots and their checksum; detail records made from entries, their chain with the place of the first broken one, and their renderings; triplets; the seal of a day over 1 to 9 records, and proofs that a record is in it.",
    );
    snapshots(&mut topic)?;
    entries(&mut topic)?;
    chains(&mut topic)?;
    triplets::push(&mut topic)?;
    seals(&mut topic)?;
    Ok(topic)
}

fn key() -> SigningKey {
    SigningKey::from_seed(&SEED)
}

fn snapshots(topic: &mut Topic) -> Outcome<()> {
    // the checksum of what has none yet: made by reading and writing it
    let snapshot: SessionSnapshot = from_value(&Value::Object(object(SNAPSHOT)?))?;
    let good = snapshot.to_object()?;
    let mut first = snapshot;
    (first.query_id, first.offer_id, first.version) = (None, None, 1);
    let mut cases = vec![("snapshot", good.clone()), ("snapshot without ids", first.to_object()?)];
    for (name, path, text) in [
        ("version 0", &["version"][..], Some("0")),
        ("version that is text", &["version"], Some("\"2\"")),
        ("no checksum", &["checksum"], None),
        ("checksum that is none", &["checksum"], Some("\"abc\"")),
        ("another state", &["state"], Some("\"Settled\"")),
        ("unknown state", &["state"], Some("\"SETTLED\"")),
        ("an unknown member", &["later"], Some("1")),
        ("a ledger summary", &["sso_id"], Some("\"sso-1\"")),
        ("another buyer", &["participants", "buyer"], Some("\"buyer://bob.wallet\"")),
        ("no buyer", &["participants", "buyer"], None),
        ("no time", &["timestamp"], None),
    ] {
        cases.push((name, changed(&good, &path.join("."), text)?));
    }
    let nulls = nulls(&good, &[]);
    cases.extend(nulls.iter().map(|(name, object)| (name.as_str(), object.clone())));
    cases.push(("null for a buyer", changed(&good, "participants.buyer", Some("null"))?));
    // a member that is unknown here is covered, too
    let mut later = changed(&good, "later", Some("1"))?;
    later.remove("checksum");
    let checksum = tgp_protocol::tagged_hash("TGP/0.1/snapshot", [later.canonical().as_slice()]);
    later.insert("checksum", Value::String(Sha256Digest::from(checksum).to_string()));
    cases.push(("an unknown member that the checksum covers", later));
    for (name, object) in cases {
        let case = Case::new(format!("snapshot: {name}")).with("snapshot", written(&object)?);
        let checksum = object.get("checksum").and_then(Value::as_str).unwrap_or_default();
        let result = SessionSnapshot::from_object(object.clone());
        topic.push(case.with_result(result, |case, _| case.with("checksum", checksum)));
    }
    Ok(())
}

/// Entries as they go in, each as the first record of a chain.
fn entries(topic: &mut Topic) -> Outcome<()> {
    let plain = object(ENTRY)?;
    let mut cases = Vec::new();
    let lock = format!("\"{}\"", tgp_protocol::value::Secret::from([7; 32]).hash_lock());
    let word = format!("\"0x{}\"", "07".repeat(32));
    let shown = format!("\"sha256:{}\"", "07".repeat(32));
    let long = format!("\"{}\"", "a1".repeat(32));
    let almost = format!("\"{}g\"", &"a1".repeat(32)[..63]);
    for (name, changes) in [
        ("of the documents", vec![]),
        ("refunded", vec![("status", Some("\"refunded\""))]),
        ("failed", vec![("status", Some("\"failed\"")), ("error_code", Some("\"HTLC_TIMEOUT\""))]),
        ("failed, dotted", vec![("status", Some("\"failed\"")), ("error_code", Some("\"TGP.POLICY_BLOCKED\""))]),
        ("failed without a code", vec![("status", Some("\"failed\""))]),
        ("successful with a code", vec![("error_code", Some("\"TIMEOUT\""))]),
        (
            "with little",
            ["session_id", "txid", "block", "client_id", "path_id", "rs", "auth_nonce"]
                .map(|name| (name, None))
                .to_vec(),
        ),
        ("with a path of its own", vec![("route_asn", Some("64500"))]),
        ("with a formula for a client", vec![("client_id", Some("\"-1.5\""))]),
        ("whose start is its end", vec![("ts_start", Some("\"2025-11-03T08:14:33Z\""))]),
        ("whose start is behind its end", vec![("ts_start", Some("\"2025-11-03T08:14:33.001Z\""))]),
        ("whose summaries are not sorted", vec![("sso_ids", Some(r#"["sso-2","sso-1"]"#))]),
        ("whose summaries repeat", vec![("sso_ids", Some(r#"["sso-1","sso-1"]"#))]),
        ("without summaries", vec![("sso_ids", Some("[]"))]),
        ("that shows 32 bytes", vec![("trace_id", Some(long.as_str()))]),
        ("that shows 31 bytes and a half", vec![("path_id", Some(almost.as_str()))]),
        ("with a lock", vec![("hash_lock", Some(lock.as_str()))]),
        (
            "that shows its secret as nonce",
            vec![("hash_lock", Some(lock.as_str())), ("auth_nonce", Some(word.as_str()))],
        ),
        (
            "that shows its secret as policy",
            vec![("hash_lock", Some(lock.as_str())), ("policy_hash", Some(shown.as_str()))],
        ),
        ("with a nonce and no lock", vec![("auth_nonce", Some(word.as_str()))]),
        ("with receipts", vec![("tdr_receipt_hash", Some(shown.as_str())), ("triplet_hash", Some(shown.as_str()))]),
    ] {
        let mut entry = plain.clone();
        for (member, text) in changes {
            entry = changed(&entry, member, text)?;
        }
        cases.push((format!("entry {name}"), entry));
    }
    let optional = ["error_code", "route_asn", "hash_lock", "tdr_receipt_hash", "triplet_hash"];
    cases.extend(nulls(&plain, &optional).into_iter().map(|(name, entry)| (format!("entry with {name}"), entry)));
    for (name, entry) in cases {
        let result =
            from_value::<Entry>(&Value::Object(entry.clone())).and_then(|entry| Tip::default().append(entry, &key()));
        let case = Case::new(name).with("entry", written(&entry)?).with_bytes("seed", SEED);
        let result = result.and_then(|record| Ok((record.keys()?, record)));
        topic.push(case.with_result(result, |case, (keys, record)| {
            let text = |object: &Object| String::from_utf8_lossy(&object.canonical()).into_owned();
            let case = case.with("record", text(record.object())).with("hash", record.hash().to_string());
            let case = case.with("summary", text(&record.summary())).with("keys", text(&keys));
            case.with("csv", [CSV_HEADER.to_owned(), record.csv_row()].to_vec())
        }));
    }
    Ok(())
}

fn chain(length: usize) -> Outcome<Vec<Tdr>> {
    let entry: Entry = from_value(&Value::Object(object(ENTRY)?))?;
    let mut tip = Tip::default();
    let mut records = Vec::new();
    for number in 0..length {
        let entry = Entry { tdr_id: format!("tdr-{number}").parse()?, ..entry.clone() };
        records.push(tip.append(entry, &key())?);
    }
    Ok(records)
}

/// Five records, and what becomes of them when somebody tampers.
fn chains(topic: &mut Topic) -> Outcome<()> {
    let records: Vec<_> = chain(5)?.iter().map(|record| record.object().clone()).collect();
    let with = |place: usize, object: Object| {
        let mut changed = records.clone();
        changed[place] = object;
        changed
    };
    let without = |place: usize| {
        let mut changed = records.clone();
        changed.remove(place);
        changed
    };
    let mut swapped = records.clone();
    swapped.swap(1, 2);
    let mut repeated = records.clone();
    repeated.insert(3, records[2].clone());
    // a record made anew by the same key, so that only the next one gives it away
    let tip = Tip::at(&Tdr::from_object(records[1].clone())?);
    let entry: Entry = from_value(&Value::Object(changed(&object(ENTRY)?, "amount", Some("\"1\""))?))?;
    let anew = tip.clone().append(entry.clone(), &key())?.object().clone();
    let other_key = tip.clone().append(entry, &SigningKey::from_seed(&[9; 32]))?.object().clone();
    let other_signature = records[3].get("signature").cloned().ok_or("no signature")?;
    let mut mixed = records[2].clone();
    mixed.insert("signature", other_signature);
    let mut cases = vec![
        ("five records".to_owned(), records.clone()),
        ("no records".to_owned(), Vec::new()),
        ("the first missing".to_owned(), without(0)),
        ("the third missing".to_owned(), without(2)),
        ("the last missing".to_owned(), without(4)),
        ("two swapped".to_owned(), swapped),
        ("one twice".to_owned(), repeated),
        ("one made anew".to_owned(), with(2, anew)),
        ("one made by another key".to_owned(), with(2, other_key)),
        ("one with another's signature".to_owned(), with(2, mixed)),
        ("the last made anew with the signature of the third".to_owned(), with(4, records[2].clone())),
    ];
    for (place, name, text) in [
        (0, "amount", Some("\"10001\"")),
        (1, "amount", Some("\"10001\"")),
        (2, "later", Some("1")),
        (3, "txid", None),
        (4, "seq", Some("6")),
        (2, "prev_hash", Some("\"sha256:0000000000000000000000000000000000000000000000000000000000000000\"")),
        (2, "hash", Some("\"sha256:0000000000000000000000000000000000000000000000000000000000000000\"")),
        (2, "hash", None),
        (2, "hash", Some("null")),
        (2, "seq", Some("null")),
        (2, "prev_hash", Some("null")),
        (2, "kid", Some("null")),
        (2, "signature", Some("null")),
        (2, "amount", None),
        (2, "signature", None),
        (2, "signature", Some("\"ed25519:AAAA\"")),
        (4, "ts_start", Some("\"2025-11-03T08:14:34Z\"")),
    ] {
        let name_of = format!("{name} of record {place} is {}", text.unwrap_or("missing"));
        cases.push((name_of, with(place, changed(&records[place], name, text)?)));
    }
    let public = key().public_key();
    let known = |kid: KeyId| -> Option<PublicKey> { Some(public).filter(|key| key.id() == kid) };
    let mut check = |name: String, from: Tip, records: &[Object]| -> Outcome<()> {
        let texts = records.iter().map(written).collect::<Outcome<Vec<_>>>()?;
        let case = Case::new(format!("chain: {name}")).with("records", texts);
        let case = case.with("public_key", public.to_string());
        let case = case.with("from", json!({ "seq": from.seq, "hash": from.hash.to_string() }));
        let result = tdr::verify(from, records, known);
        topic.push(case.with_result(result, |case, tip| {
            case.with("tip", json!({ "seq": tip.seq, "hash": tip.hash.to_string() }))
        }));
        Ok(())
    };
    for (name, records) in cases {
        check(name, Tip::default(), &records)?;
    }
    let third = Tip::at(&Tdr::from_object(records[2].clone())?);
    check("from the third on".to_owned(), third, &records[3..])?;
    check("from the third on, one missing".to_owned(), third, &records[4..])
}

fn seals(topic: &mut Topic) -> Outcome<()> {
    let day = "2025-11-03".parse()?;
    let records = chain(11)?;
    for count in 1..=9 {
        // the day before had two records
        let records = &records[2..2 + count];
        let seal = DaySeal::over(day, records)?;
        let hashes: Vec<_> = records.iter().map(|record| record.hash().to_string()).collect();
        let case = Case::new(format!("seal of {count}")).with("day", day.to_string());
        let case = case.with("first_seq", seal.first_seq()).with("hashes", hashes);
        topic.push(case.with("seal", serde_json::to_value(seal)?).with("root", seal.root().to_string()));
        for record in records {
            let proof = seal.prove(records, record.seq())?;
            push_proof(topic, format!("proof of {} in {count}", record.seq()), &seal, record.hash(), &proof)?;
        }
    }
    topic.push(
        Case::new("seal of 0")
            .with("day", day.to_string())
            .with("first_seq", 1)
            .with("hashes", Vec::<String>::new())
            .with_result(DaySeal::over(day, &[]), |case, _| case),
    );
    let seven = &records[2..9];
    let seal = DaySeal::over(day, seven)?;
    let good = seal.prove(seven, 5)?;
    let last = seal.prove(seven, 9)?;
    let (hash, last_hash) = (seven[2].hash(), seven[6].hash());
    let mut shorter = good.clone();
    shorter.path.pop();
    let mut longer = good.clone();
    longer.path.push(hash);
    let mut turned = good.clone();
    turned.path.reverse();
    let mut padded = last;
    padded.path.insert(0, last_hash);
    for (name, hash, proof) in [
        ("of another record", records[3].hash(), good.clone()),
        ("for another place", hash, Inclusion { seq: 6, ..good.clone() }),
        ("before the day", hash, Inclusion { seq: 2, ..good.clone() }),
        ("behind the day", hash, Inclusion { seq: 10, ..good.clone() }),
        ("with a shorter path", hash, shorter),
        ("with a longer path", hash, longer),
        ("with a path turned round", hash, turned),
        ("without a path", hash, Inclusion { seq: 5, path: Vec::new() }),
        ("of the odd one, paired with itself", last_hash, padded),
        ("at the end of all numbers", hash, Inclusion { seq: 9_007_199_254_740_991, ..good }),
    ] {
        push_proof(topic, format!("proof {name}"), &seal, hash, &proof)?;
    }
    let mut none = serde_json::to_value(seal)?;
    none["count"] = json!(0);
    let result = json::parse(none.to_string().as_bytes()).and_then(|seal| from_value::<DaySeal>(&seal));
    let case = Case::new("proof in a day of no records").with("seal", none).with("hash", hash.to_string());
    let case = case.with("proof", serde_json::to_value(seal.prove(seven, 5)?)?);
    topic.push(case.with_result(result, |case, _| case));
    Ok(())
}

fn push_proof(topic: &mut Topic, name: String, seal: &DaySeal, hash: Sha256Digest, proof: &Inclusion) -> Outcome<()> {
    let case = Case::new(name).with("seal", serde_json::to_value(seal)?).with("hash", hash.to_string());
    let case = case.with("proof", serde_json::to_value(proof)?);
    let result: Result<(), Reason> = seal.verify(hash, proof);
    topic.push(case.with_result(result.map_err(Error::from), |case, ()| case.with("included", true)));
    Ok(())
}
