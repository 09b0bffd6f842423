//! One record, three renderings, no secret.

use super::{chain, entry, key, names};
use proptest::prelude::*;
use tgp_protocol::{
    Code, Reason,
    json::{self, Value},
    record::tdr::{CSV_HEADER, Entry, Status, Tdr, Tip},
    tagged_hash,
    value::{Amount, Secret, Sha256Digest, Word},
};

/// Shows R-088.
#[test]
fn summary_has_the_keys_of_001_and_its_own_signature() {
    let record = &chain(1)[0];
    let summary = record.summary();
    let expected = ["hash", "kid", "request_id", "service", "signature", "status", "tdr_id", "timestamp"];
    assert_eq!(names(&summary), expected);
    assert_eq!(summary.get("service").unwrap().as_str(), Some("api-processing"));
    assert_eq!(summary.get("status").unwrap().as_str(), Some("success"));
    assert_eq!(summary.get("hash").unwrap().as_str().map(str::to_owned), Some(record.hash().to_string()));
    // without the rest of the record, the summary can be checked
    tgp_protocol::sign::verify("tdr", &summary, &key().public_key()).unwrap();
}

/// Shows R-091. The preimage of the hash, by hand.
#[test]
fn tdr_hash_covers_everything_but_itself_and_the_signature() {
    let record = &chain(2)[1];
    let mut bare = record.object().clone();
    bare.remove("hash");
    bare.remove("signature");
    let hash = tagged_hash("TGP/0.1/tdr", [bare.canonical().as_slice()]);
    assert_eq!(record.hash(), Sha256Digest::from(hash));
    assert!(["seq", "prev_hash", "kid", "amount"].iter().all(|name| bare.get(name).is_some()));
}

/// Shows R-247.
#[test]
fn keys_are_those_of_002() {
    let full =
        Entry { route_asn: Some(64_500), status: Status::Failed, error_code: Some(Code::HtlcTimeout), ..entry() };
    let record = Tip::default().append(full, &key()).unwrap();
    let keys = record.keys().unwrap();
    let required = ["amount", "asset", "l8", "policy_hash", "result", "sso_ids", "trace_id", "ts", "verb"];
    let optional = ["error_code", "route_asn", "txid"];
    let mut all = [&required[..], &optional].concat();
    all.sort_unstable();
    assert_eq!(names(&keys), all);
    assert_eq!(keys.get("l8").unwrap().canonical(), br#"{"chain_id":"eip155:84532","family":"EVM"}"#);
    assert_eq!(keys.get("asset").unwrap().canonical(), br#"{"symbol":"USDC"}"#);
    assert_eq!(keys.get("error_code").unwrap().as_str(), Some("HTLC_TIMEOUT"));

    let bare = Tip::default().append(Entry { txid: None, ..entry() }, &key()).unwrap();
    assert_eq!(names(&bare.keys().unwrap()), required);
}

/// Shows R-302.
#[test]
fn csv_row_is_the_documents_example() {
    let header = "ts_start,ts_end,client_id,path_id,chain_id,token,amount,tx_hash,block,rs,auth_nonce,rc";
    assert_eq!(CSV_HEADER, header);
    let row = "2025-11-03T08:14:20Z,2025-11-03T08:14:33Z,c-9b12,gwA>gwB>gwC,84532,USDC,10000,\
        0xabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcadef,12345678,\
        0x209693Bc6afc0C5328bA36FaF03C514EF312287C,\
        0xf3746613c2d920b5fdabc0856f2aeb2d4f88ee6037b8cc5d04a71a4462f13480,OK";
    assert_eq!(chain(1)[0].csv_row(), row);

    let failed = Entry {
        status: Status::Failed,
        error_code: Some(Code::SigInvalid),
        client_id: Some("-2+3".replace('+', ".").parse().unwrap()),
        path_id: None,
        txid: None,
        block: None,
        rs: None,
        auth_nonce: None,
        ..entry()
    };
    let row = Tip::default().append(failed, &key()).unwrap().csv_row();
    assert_eq!(row, "2025-11-03T08:14:20Z,2025-11-03T08:14:33Z,'-2.3,,84532,USDC,10000,,,,,X402.SIG_INVALID");
    let refunded = Tip::default().append(Entry { status: Status::Refunded, ..entry() }, &key()).unwrap();
    assert!(refunded.csv_row().ends_with(",REFUNDED"));
}

fn refused(change: impl Fn(&mut Entry)) -> (Reason, String) {
    let mut entry = entry();
    change(&mut entry);
    let mut tip = Tip::default();
    let error = tip.append(entry, &key()).unwrap_err();
    assert_eq!(tip, Tip::default(), "a refused entry takes no number");
    (error.reason(), error.field().to_string())
}

#[test]
fn entries_do_not_contradict_themselves() {
    let is = |reason: Reason, field: &str| (reason, field.to_owned());
    assert_eq!(refused(|entry| entry.status = Status::Failed), is(Reason::Missing, "error_code"));
    assert_eq!(refused(|entry| entry.error_code = Some(Code::Internal)), is(Reason::Contradiction, "error_code"));
    assert_eq!(
        refused(|entry| {
            entry.status = Status::Refunded;
            entry.error_code = Some(Code::Internal);
        }),
        is(Reason::Contradiction, "error_code")
    );
    let later = |entry: &mut Entry| entry.ts_start = "2025-11-03T08:14:34Z".parse().unwrap();
    assert_eq!(refused(later), is(Reason::Contradiction, "ts_start"));
    assert_eq!(refused(|entry| entry.sso_ids.reverse()), is(Reason::Contradiction, "sso_ids"));
    assert_eq!(refused(|entry| entry.sso_ids = vec!["s".parse().unwrap(); 2]), is(Reason::Contradiction, "sso_ids"));
}

/// Records hold no secret, wherever it would fit as text or as a word.
#[test]
fn no_place_of_a_record_takes_a_secret() {
    let secret = Secret::from([0x7f; 32]);
    let text = "7f".repeat(32);
    let is = |field: &str| (Reason::ShowsSecret, field.to_owned());
    assert_eq!(refused(|entry| entry.tdr_id = text.parse().unwrap()), is("tdr_id"));
    assert_eq!(refused(|entry| entry.request_id = text.parse().unwrap()), is("request_id"));
    assert_eq!(refused(|entry| entry.session_id = Some(text.parse().unwrap())), is("session_id"));
    assert_eq!(refused(|entry| entry.trace_id = text.parse().unwrap()), is("trace_id"));
    assert_eq!(refused(|entry| entry.service = text.parse().unwrap()), is("service"));
    assert_eq!(refused(|entry| entry.verb = text.parse().unwrap()), is("verb"));
    assert_eq!(refused(|entry| entry.client_id = Some(text.parse().unwrap())), is("client_id"));
    assert_eq!(refused(|entry| entry.path_id = Some(format!("gwA>{text}").parse().unwrap())), is("path_id"));
    assert_eq!(refused(|entry| entry.sso_ids = vec![text.parse().unwrap()]), is("sso_ids"));
    let locked = |change: &dyn Fn(&mut Entry)| {
        refused(|entry| {
            entry.hash_lock = Some(secret.hash_lock());
            change(entry);
        })
    };
    assert_eq!(locked(&|entry| entry.txid = Some(Word(secret.0))), is("txid"));
    assert_eq!(locked(&|entry| entry.auth_nonce = Some(Word(secret.0))), is("auth_nonce"));
    assert_eq!(locked(&|entry| entry.policy_hash = Sha256Digest(secret.0)), is("policy_hash"));
    assert_eq!(locked(&|entry| entry.tdr_receipt_hash = Some(Sha256Digest(secret.0))), is("tdr_receipt_hash"));
    assert_eq!(locked(&|entry| entry.triplet_hash = Some(Sha256Digest(secret.0))), is("triplet_hash"));
    // the lock itself has its place
    let record = Tip::default().append(Entry { hash_lock: Some(secret.hash_lock()), ..entry() }, &key()).unwrap();
    assert!(!String::from_utf8(record.object().canonical()).unwrap().contains(&text));
}

proptest! {
    // each case signs and verifies
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn records_come_back(
        amount in any::<u64>(),
        block in prop::option::of(0_u64..1 << 53),
        txid in any::<Option<[u8; 32]>>(),
        route_asn in any::<Option<u32>>(),
        span in (0_i64..4_000_000_000_000, 0_i64..1_000_000),
    ) {
        let instant = tgp_protocol::value::Timestamp::from_millis;
        let entry = Entry {
            amount: Amount::from(amount),
            block,
            txid: txid.map(Word::from),
            route_asn,
            ts_start: instant(span.0),
            timestamp: instant(span.0 + span.1),
            ..entry()
        };
        let record = Tip::default().append(entry, &key()).unwrap();
        let Ok(Value::Object(object)) = json::parse(&record.object().canonical()) else { panic!("an object") };
        let back = Tdr::from_object(object).unwrap();
        prop_assert_eq!(&back, &record);
        back.verify(&key().public_key()).unwrap();
        prop_assert_eq!(back.csv_row().split(',').count(), CSV_HEADER.split(',').count());
    }
}
