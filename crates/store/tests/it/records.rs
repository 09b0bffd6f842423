use crate::engine::{Place, is_contention, on_both};
use coreprover_store::{Contention, RecordStore, StoreError};
use std::sync::Arc;
use tgp_protocol::{
    json,
    receipt::{Bindings, Receipt, SettlementProof},
    record::{
        Participants, SessionSnapshot,
        tdr::{self, Application, ControlPlane, Day, DaySeal, Entry, Settlement, Tdr, Tip, Triplet},
    },
    session::{Dated, Role, Session, SessionEvent, SessionState},
    sign::SigningKey,
    value::{ChainId, EvmAddress, Id, Timestamp, Word},
};

const KEY: [u8; 32] = [1; 32];

fn id(text: impl ToString) -> Id {
    text.to_string().parse().unwrap()
}

fn at(text: &str) -> Timestamp {
    format!("2026-11-{text}Z").parse().unwrap()
}

fn day(number: u32) -> Day {
    format!("2026-11-{number}").parse().unwrap()
}

fn entry(number: u32, day: u32) -> Entry {
    let text = format!(
        r#"{{ "tdr_id": "tdr-{number}", "request_id": "req-{number}", "session_id": "sess-{}", "trace_id": "sess-{number}",
        "service": "api", "verb": "SETTLE", "ts_start": "2026-11-{day}T08:14:20Z", "timestamp": "2026-11-{day}T08:14:33Z",
        "status": "success", "l8": {{ "family": "EVM", "chain_id": "base-sepolia" }}, "asset": {{ "symbol": "USDC" }},
        "amount": "10000", "policy_hash": "sha256:{}", "sso_ids": ["sso-1"] }}"#,
        number % 2,
        "11".repeat(32)
    );
    json::from_value(&json::parse(text.as_bytes()).unwrap()).unwrap()
}

fn query(number: u32) -> SessionEvent {
    SessionEvent::Query { query_id: id(format!("q-{number}")) }
}

fn step(session: &mut Session, event: SessionEvent, when: &str) -> Dated {
    session.apply(event.clone(), at(when)).unwrap();
    Dated { at: at(when), event }
}

fn snapshot(session: &Session, version: u32) -> SessionSnapshot {
    let participants = Participants {
        buyer: "buyer://alice.wallet".parse().unwrap(),
        seller: "seller://store.example".parse().unwrap(),
        controller: "controller://gateway.tbc".parse().unwrap(),
    };
    SessionSnapshot::of(session, participants, id("coreprover"), version)
}

fn triplet(session: &str, block_number: u64) -> Triplet {
    let key = SigningKey::from_seed(&KEY);
    let session_id = id(session);
    let receipt = receipt(&session_id);
    let control_plane = ControlPlane {
        query_id: id("q-1"),
        offer_id: id("offer-1"),
        settle_id: id("settle-1"),
        timestamp: at("21T10:00:00"),
        policy_hash: receipt.policy_hash(),
        tdr_receipt_hash: receipt.hash(),
    };
    let settlement = Settlement { layer8_tx: [0xe1; 32].into(), block_number, confirmation_count: 12 };
    let application = Application {
        fulfillment_proof: "tracking:USPS-123456789".parse().unwrap(),
        delivery_timestamp: at("21T10:40:00"),
        metadata_uri: None,
    };
    let triplet = Triplet {
        control_plane: control_plane.sign(&session_id, &key).unwrap(),
        settlement: settlement.attest(&receipt, &key).unwrap(),
        application: application.sign(&session_id, &key).unwrap(),
        session_id,
    };
    triplet.verify(&receipt, &key.public_key(), &key.public_key(), Some(&key.public_key())).unwrap();
    triplet
}

fn receipt(session_id: &Id) -> Receipt {
    let proof = SettlementProof {
        chain: ChainId::eip155(31_337),
        minter: EvmAddress([5; 20].into()),
        order_id: [6; 32].into(),
        receipt_hash: [7; 32].into(),
        tx: [0xe1; 32].into(),
        block_hash: [0xb1; 32].into(),
        log_index: 3,
    };
    let bindings = Bindings {
        request: [0x11; 32].into(),
        session_id: session_id.clone(),
        payer: "eh:buyer:7f3a".parse().unwrap(),
        payee: "eh:seller:9c21".parse().unwrap(),
        token: EvmAddress([3; 20].into()),
        amount: 10_000.into(),
        delivery: None,
    };
    Receipt::new(vec![proof], bindings, [2; 32].into()).unwrap()
}

/// One of everything.
pub(crate) async fn fill(store: &impl RecordStore) {
    let mut session = Session::open(id("sess-1"), Role::Controller, at("21T10:00:00"));
    let event = step(&mut session, query(1), "21T10:00:01");
    store.save_session(0, session.clone(), vec![event]).await.unwrap();
    store.add_snapshot(snapshot(&session, 1)).await.unwrap();
    store.add_triplet(triplet("sess-1", 900), at("21T10:40:01")).await.unwrap();
    let key = Arc::new(SigningKey::from_seed(&KEY));
    store.append_records(vec![entry(1, 20), entry(2, 21)], key).await.unwrap();
    store.seal_day(day(20)).await.unwrap();
}

/// A new session.
#[cfg(feature = "postgres")]
pub(crate) async fn begin(store: &impl RecordStore, name: &str) -> coreprover_store::Result<()> {
    let mut session = Session::open(id(name), Role::Controller, at("21T10:00:00"));
    let event = step(&mut session, query(1), "21T10:00:01");
    store.save_session(0, session, vec![event]).await.map(drop)
}

/// Every way to read.
#[cfg(feature = "postgres")]
pub(crate) async fn read_all(store: &impl RecordStore) {
    assert!(store.session(id("sess-1")).await.unwrap().is_some());
    assert_eq!(store.sessions_in(SessionState::QuerySent, Some(id("a")), 5).await.unwrap().len(), 1);
    assert_eq!(store.sessions_due(at("29T00:00:00"), 5).await.unwrap().len(), 1);
    assert_eq!(store.snapshots(id("sess-1")).await.unwrap().len(), 1);
    assert!(store.triplet(id("sess-1")).await.unwrap().is_some());
    assert_eq!(store.records(1, 5).await.unwrap().len(), 1);
    assert_eq!(store.records_of(id("sess-1")).await.unwrap().len(), 1);
    assert!(store.seal(day(20)).await.unwrap().is_some());
    store.append_records(vec![entry(77, 22)], Arc::new(SigningKey::from_seed(&KEY))).await.unwrap();
    store.seal_day(day(21)).await.unwrap();
}

/// A session is what its events made it; of two controllers that go on from one version, one is refused.
/// Shows R-528.
#[test]
fn sessions_are_written_by_one_controller_at_a_time() {
    on_both!(|place| {
        let store = place.open().await.unwrap();
        let mut session = Session::open(id("sess-1"), Role::Controller, at("21T10:00:00"));
        let empty = store.save_session(0, session.clone(), vec![]).await;
        assert!(matches!(empty, Err(StoreError::Malformed(_))));
        assert_eq!(store.session(id("sess-1")).await, Ok(None));

        let event = step(&mut session, query(1), "21T10:00:01");
        let saved = store.save_session(0, session.clone(), vec![event.clone()]).await.unwrap();
        assert_eq!((saved.version, &saved.session), (1, &session));
        assert_eq!(store.session(id("sess-1")).await, Ok(Some(saved.clone())));
        let again = store.save_session(0, session.clone(), vec![event.clone()]).await;
        assert_eq!(again, Err(StoreError::Contention(Contention::Session { expected: 0, found: 1 })));
        let ahead = store.save_session(2, session.clone(), vec![event]).await;
        assert_eq!(ahead, Err(StoreError::Contention(Contention::Session { expected: 2, found: 1 })));

        let timed_out = saved.session.timeout_at().unwrap();
        assert_eq!(store.sessions_due(timed_out, 9).await, Ok(vec![id("sess-1")]));
        assert_eq!(store.sessions_due(Timestamp::from_millis(timed_out.millis() - 1), 9).await, Ok(vec![]));
        for number in 2..6 {
            let mut other = Session::open(id(format!("sess-{number}")), Role::Buyer, at("21T10:00:00"));
            let event = step(&mut other, query(number), "21T10:00:02");
            store.save_session(0, other, vec![event]).await.unwrap();
        }
        let sent = SessionState::QuerySent;
        assert_eq!(store.sessions_in(sent, None, 2).await, Ok(vec![id("sess-1"), id("sess-2")]));
        let rest = store.sessions_in(sent, Some(id("sess-2")), 9).await;
        assert_eq!(rest, Ok(vec![id("sess-3"), id("sess-4"), id("sess-5")]));
        assert_eq!(store.sessions_due(at("22T00:00:00"), 9).await.map(|due| due.len()), Ok(5));

        let columns = "SELECT session_id || ' ' || state || ' ' || query_id || ' ' || created_at || ' ' || updated_at
                       FROM tgp_sessions ORDER BY session_id LIMIT 1";
        let row = "sess-1 QuerySent q-1 1795255200000 1795255201000";
        assert_eq!(place.column(columns).await, [row]);
        drop(store);

        // somebody wrote the row without its events
        place.sql("UPDATE tgp_sessions SET state = 'Settled' WHERE session_id = 'sess-1'").await.unwrap();
        let store = place.open().await.unwrap();
        assert!(matches!(store.session(id("sess-1")).await, Err(StoreError::Damaged(_))));
    });
}

/// Every version of a summary stays, and its checksum is looked at when it is read.
/// Shows R-530, R-548.
#[test]
fn summaries_are_versions_that_stay() {
    on_both!(|place| {
        let store = place.open().await.unwrap();
        let mut session = Session::open(id("sess-1"), Role::Controller, at("21T10:00:00"));
        let first = snapshot(&session, 1);
        session.apply(query(1), at("21T10:00:01")).unwrap();
        let second = snapshot(&session, 2);
        for snapshot in [&first, &second, &first] {
            store.add_snapshot(snapshot.clone()).await.unwrap();
        }
        assert_eq!(store.snapshots(id("sess-1")).await, Ok(vec![first, second.clone()]));
        let mut other = second;
        other.settlement_path = id("x402");
        assert_eq!(store.add_snapshot(other.clone()).await, Err(StoreError::Exists("a snapshot of this version")));
        other.version = 0;
        assert!(matches!(store.add_snapshot(other).await, Err(StoreError::Refused(_))));
        assert_eq!(store.snapshots(id("sess-2")).await, Ok(vec![]));
        let columns = "SELECT session_id || ' ' || version || ' ' || state FROM state_summaries ORDER BY version";
        assert_eq!(place.column(columns).await, ["sess-1 1 Idle", "sess-1 2 QuerySent"]);
    });
}

/// A session has one triplet, which is anchored once.
/// Shows R-529, R-555.
#[test]
fn triplets_are_one_a_session_and_anchored_together() {
    on_both!(|place| {
        let store = place.open().await.unwrap();
        let (one, other) = (triplet("sess-1", 900), triplet("sess-2", 901));
        let created_at = at("21T10:40:01.007");
        for triplet in [&one, &other, &one] {
            store.add_triplet(triplet.clone(), created_at).await.unwrap();
        }
        let taken = store.add_triplet(triplet("sess-1", 902), created_at).await;
        assert_eq!(taken, Err(StoreError::Exists("a triplet of this session")));
        let stored = store.triplet(id("sess-1")).await.unwrap().unwrap();
        assert_eq!((stored.triplet, stored.created_at, stored.anchor_tx), (one, created_at, None));

        let (tx, another) = (Word::from([0xa1; 32]), Word::from([0xa2; 32]));
        let missing = store.anchor_triplets(vec![id("sess-1"), id("sess-9")], tx).await;
        assert_eq!(missing, Err(StoreError::Missing("a triplet of this session")));
        assert_eq!(store.triplet(id("sess-1")).await.unwrap().unwrap().anchor_tx, None);
        for _ in 0..2 {
            store.anchor_triplets(vec![id("sess-1"), id("sess-2")], tx).await.unwrap();
        }
        assert_eq!(store.triplet(id("sess-2")).await.unwrap().unwrap().anchor_tx, Some(tx));
        let twice = store.anchor_triplets(vec![id("sess-1")], another).await;
        assert_eq!(twice, Err(StoreError::Exists("an anchor of this session's triplet")));
        assert_eq!(store.triplet(id("sess-9")).await, Ok(None));
        let columns = "SELECT session_id || ' ' || anchor_tx FROM tdr_triplets WHERE anchored ORDER BY id";
        assert_eq!(place.column(columns).await, [format!("sess-1 {tx}"), format!("sess-2 {tx}")]);
    });
}

/// However many write, the records are one chain; each is sealed once, also when it comes late.
/// Shows R-317.
#[test]
fn records_are_one_chain_whoever_writes() {
    on_both!(|place| {
        let store = place.open().await.unwrap();
        let key = Arc::new(SigningKey::from_seed(&KEY));
        assert_eq!(store.tip().await, Ok(Tip::default()));
        let mut writers = Vec::new();
        for writer in 0..4 {
            let (store, key) = (place.open().await.unwrap(), Arc::clone(&key));
            writers.push(tokio::spawn(async move {
                for number in 0..25 {
                    store.append_records(vec![entry(100 * writer + number, 20)], Arc::clone(&key)).await.unwrap();
                }
            }));
        }
        for writer in writers {
            writer.await.unwrap();
        }
        let records = store.records(0, 1000).await.unwrap();
        assert_eq!(records.len(), 100);
        let objects: Vec<_> = records.iter().map(|record| record.object().clone()).collect();
        let known = |kid| Some(key.public_key()).filter(|key| key.id() == kid);
        assert_eq!(tdr::verify(Tip::default(), &objects, known), Ok(store.tip().await.unwrap()));
        assert_eq!(store.records(97, 2).await.unwrap(), records[97..99]);
        assert_eq!(store.records_of(id("sess-1")).await.unwrap().len(), 48);

        let empty = store.seal_day(day(19)).await;
        assert!(matches!(empty, Err(StoreError::Refused(_))), "{empty:?}");
        let seal = store.seal_day(day(20)).await.unwrap();
        assert_eq!(seal, DaySeal::over(day(20), &records).unwrap());
        assert_eq!(store.seal(day(20)).await, Ok(Some(seal)));
        assert_eq!((store.seal_day(day(20)).await, store.seal(day(21)).await), (Ok(seal), Ok(None)));

        // what comes late is sealed with the day that is open: a sealed day, and a day behind the last record, are not
        let late = vec![entry(900, 20), entry(901, 22), entry(902, 21)];
        let appended = store.append_records(late, Arc::clone(&key)).await.unwrap();
        assert_eq!((appended[2].seq(), appended[0].prev_hash()), (103, records[99].hash()));
        let seals = (store.seal_day(day(21)).await, store.seal_day(day(22)).await);
        let of = |records: &[Tdr], number| DaySeal::over(day(number), records).map_err(StoreError::Refused);
        assert_eq!(seals, (of(&appended[..1], 21), of(&appended[1..], 22)));
        let doubled = store.append_records(vec![entry(903, 23), entry(900, 23)], Arc::clone(&key)).await;
        assert_eq!(doubled, Err(StoreError::Exists("a record of this id")));
        assert_eq!(store.tip().await.map(|tip| tip.seq), Ok(103));
        let mut wrong = entry(904, 22);
        wrong.sso_ids = vec![id("b"), id("a")];
        assert!(matches!(store.append_records(vec![wrong], key).await, Err(StoreError::Refused(_))));
    });
}

#[test]
fn of_many_controllers_one_moves_a_session() {
    on_both!(|place| {
        let mut session = Session::open(id("sess-1"), Role::Controller, at("21T10:00:00"));
        let event = step(&mut session, query(1), "21T10:00:01");
        let mut tasks = Vec::new();
        for _ in 0..8 {
            let (store, session, event) = (place.open().await.unwrap(), session.clone(), event.clone());
            tasks.push(tokio::spawn(async move { store.save_session(0, session, vec![event]).await }));
        }
        let mut won = 0;
        for task in tasks {
            let answer = task.await.unwrap();
            assert!(answer.is_ok() || is_contention(&answer), "{answer:?}");
            won += u32::from(answer.is_ok());
        }
        assert_eq!(won, 1);
    });
}
