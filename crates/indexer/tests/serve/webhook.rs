//! Webhooks against a real receiver, which may refuse.

use crate::world::{CHAIN, World, address, event, released, word};
use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use coreprover_indexer::serve::{Filter, Outlet, Patience, Webhook, verify};
use coreprover_store::ChainStore;
use serde_json::Value;
use std::{
    collections::BTreeSet,
    io::Write,
    process::{Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};
use tgp_protocol::sign::SigningKey;
use tokio::{net::TcpListener, sync::oneshot, time::timeout};

/// What a receiver got, refused or not.
#[derive(Clone, Debug)]
struct Got {
    headers: HeaderMap,
    body: Bytes,
    taken: bool,
}

impl Got {
    fn id(&self) -> &str {
        self.headers["webhook-id"].to_str().unwrap()
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

struct Receiver {
    url: String,
    got: Arc<Mutex<Vec<Got>>>,
}

/// A receiver that answers with what `answer` says of the number of the request.
async fn receiver(answer: impl Fn(usize) -> StatusCode + Clone + Send + Sync + 'static) -> Receiver {
    let got: Arc<Mutex<Vec<Got>>> = Arc::default();
    let notes = Arc::clone(&got);
    let take = move |headers: HeaderMap, body: Bytes| {
        let mut notes = notes.lock().unwrap();
        let status = answer(notes.len());
        notes.push(Got { headers, body, taken: status.is_success() });
        async move { (status, [("location", "http://127.0.0.1:1/")]) }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let router = Router::new().route("/hook", post(take));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    Receiver { url, got }
}

impl Receiver {
    async fn taken(&self, count: usize) -> Vec<Got> {
        let enough = async {
            loop {
                let taken: Vec<Got> = self.got.lock().unwrap().iter().filter(|got| got.taken).cloned().collect();
                if taken.len() >= count {
                    return taken;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(Duration::from_secs(30), enough).await.expect("deliveries come")
    }
}

fn key() -> Arc<SigningKey> {
    Arc::new(SigningKey::from_seed(&[9; 32]))
}

fn soon() -> Patience {
    Patience { first: Duration::from_millis(10), most: Duration::from_millis(40), ..Patience::default() }
}

/// An outlet that runs until it is stopped.
struct Running {
    stop: oneshot::Sender<()>,
    ended: tokio::task::JoinHandle<()>,
    status: tokio::sync::watch::Receiver<coreprover_indexer::serve::OutletStatus>,
}

impl Running {
    fn start(world: &World, receiver: &Receiver, filter: Filter) -> Self {
        let hook = Webhook::new(&receiver.url, key(), false).unwrap();
        let outlet = Outlet::new(world.store.clone(), world.chain(), "books", hook).only(filter).patient(soon());
        let (stop, stopped) = oneshot::channel::<()>();
        let status = outlet.status();
        let ended = tokio::spawn(async move { outlet.run(async { drop(stopped.await) }).await.unwrap() });
        Self { stop, ended, status }
    }

    /// Stops when so many were taken and noted: one that is stopped in between sends the last one again.
    async fn stop_behind(mut self, delivered: u64) {
        let noted = self.status.wait_for(|status| status.delivered >= delivered);
        drop(timeout(Duration::from_secs(30), noted).await.expect("it is noted").unwrap());
        self.stop.send(()).unwrap();
        self.ended.await.unwrap();
    }
}

#[tokio::test]
async fn deliveries_come_in_order_whatever_the_receiver_answers() {
    let mut world = World::new().await;
    let receiver = receiver(|number| match number % 4 {
        0 => StatusCode::INTERNAL_SERVER_ERROR,
        1 => StatusCode::TEMPORARY_REDIRECT,
        2 => StatusCode::NOT_FOUND,
        _ => StatusCode::NO_CONTENT,
    })
    .await;
    let mut outlet = Running::start(&world, &receiver, Filter::default());
    world.grow(vec![released(0, 1, 1), released(2, 1, 2)], vec![]).await;
    world.rewind(1).await;
    world.grow(vec![released(1, 2, 1)], vec![]).await;
    let taken = receiver.taken(5).await;
    let told: Vec<_> =
        taken.iter().map(|got| (got.json()["type"].clone(), got.json()["log"].as_u64().unwrap())).collect();
    let expected = [("applied", 0), ("applied", 2), ("rolled_back", 2), ("rolled_back", 0), ("applied", 1)];
    assert_eq!(told, expected.map(|(kind, log)| (Value::from(kind), log)));
    // refused ones came again before the next: the same id, the same event
    let all = receiver.got.lock().unwrap().clone();
    assert_eq!(all.len(), 20);
    for tries in all.chunks(4) {
        assert_eq!(tries.iter().map(Got::id).collect::<BTreeSet<_>>().len(), 1);
        assert_eq!(tries[0].id(), tries[0].json()["cursor"]);
    }
    drop(outlet.status.wait_for(|status| status.delivered == 5).await.unwrap());
    let status = outlet.status.borrow().clone();
    assert_eq!((status.failures, status.failing), (15, None));
    outlet.stop_behind(5).await;
}

#[tokio::test]
async fn a_restart_goes_on_behind_what_was_taken() {
    let mut world = World::new().await;
    world.grow(vec![released(0, 1, 1), event(2, 1, word(9), &[]), released(2, 1, 2)], vec![]).await;
    let receiver = receiver(|_| StatusCode::OK).await;
    let only = Filter { contract: Some(address(1)), ..Filter::default() };
    let outlet = Running::start(&world, &receiver, only.clone());
    assert_eq!(receiver.taken(2).await.len(), 2);
    outlet.stop_behind(2).await;
    world.grow(vec![released(0, 3, 1)], vec![]).await;
    let outlet = Running::start(&world, &receiver, only.clone());
    let taken = receiver.taken(3).await;
    assert_eq!(taken.len(), 3);
    assert_eq!(taken[2].json()["subject"], word(3).to_string());
    // a chain that was read anew is said so first
    world.reset().await;
    world.grow(vec![released(7, 4, 1)], vec![]).await;
    let taken = receiver.taken(5).await;
    assert_eq!((taken[3].json()["type"].clone(), taken[3].json()["epoch"].clone()), ("reset".into(), 1.into()));
    assert_eq!(taken[4].json()["log"], 7);
    outlet.stop_behind(3).await;
    let cursor = world.store.cursor("books", CHAIN).await.unwrap().unwrap();
    assert_eq!(cursor.to_string(), taken[4].id());
}

#[tokio::test]
async fn a_signature_is_verified_here_and_by_others() {
    let mut world = World::new().await;
    world.grow(vec![released(0, 1, 1)], vec![]).await;
    let receiver = receiver(|_| StatusCode::OK).await;
    let outlet = Running::start(&world, &receiver, Filter::default());
    let got = receiver.taken(1).await.remove(0);
    outlet.stop_behind(1).await;
    let header = |name: &str| got.headers[name].to_str().unwrap();
    let (id, time, signature) = (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"));
    let now = crate::world::now();
    let public = key().public_key();
    verify(&public, id, time, &format!("v1,abcd {signature}"), &got.body, now, 300).unwrap();
    for (id, time, body) in [("31337-0-1-2", time, &got.body[..]), (id, "1", &got.body), (id, time, b"{}")] {
        assert!(verify(&public, id, time, signature, body, now, 300).is_err());
    }
    let other = SigningKey::from_seed(&[8; 32]).public_key();
    assert!(verify(&other, id, time, signature, &got.body, now, 300).is_err());

    // as the page shows it for receivers in other languages
    let page = include_str!("../../../../docs/indexer-api.md");
    let shown = include_str!("verify.mjs").lines().skip_while(|line| !line.starts_with("const spki"));
    for line in shown.take_while(|line| !line.starts_with("process")) {
        assert!(page.contains(line), "docs/indexer-api.md does not show {line}");
    }
    let key: String = public.to_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let mut node = Command::new("node")
        .args(["--input-type=module", "-e", include_str!("verify.mjs"), "--", &key, id, time, signature])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    node.stdin.take().unwrap().write_all(&got.body).unwrap();
    assert!(node.wait().unwrap().success());
}
