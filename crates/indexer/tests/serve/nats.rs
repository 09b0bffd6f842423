//! The sink of NATS JetStream against a real server: the one that is installed, or Debian's package where this may install.

use crate::world::{CHAIN, Folder, World, event, released, word};
use async_nats::jetstream::{
    self,
    consumer::{AckPolicy, DeliverPolicy, pull},
};
use coreprover_indexer::serve::{Nats, Outlet, OutletStatus, Patience};
use coreprover_store::{ChainStore, Cursor};
use futures::StreamExt;
use serde_json::Value;
use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    sync::OnceLock,
    time::Duration,
};
use tokio::{sync::oneshot, time::timeout};

const SOON: Duration = Duration::from_secs(30);

/// The server's program, installed where it is not there and this may install.
fn program() -> Option<&'static str> {
    static FOUND: OnceLock<bool> = OnceLock::new();
    let there = || Command::new("nats-server").arg("--version").stdout(Stdio::null()).status().is_ok();
    let found = *FOUND.get_or_init(|| {
        if there() {
            return true;
        }
        let root = Command::new("id").arg("-u").output().is_ok_and(|answer| answer.stdout == b"0\n");
        let apt = |arguments: &[&str]| {
            let mut apt = Command::new("apt-get");
            apt.env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null()).stdout(Stdio::null());
            apt.args(arguments).status().is_ok_and(|done| done.success())
        };
        root && apt(&["-qq", "update"])
            && apt(&["-qq", "-y", "--no-install-recommends", "install", "nats-server"])
            && there()
    });
    assert!(found || std::env::var("CI").as_deref() != Ok("true"), "nats-server is not installed");
    found.then_some("nats-server")
}

/// A server of this test's own, that can be killed and started again on its files.
struct Server {
    process: Child,
    port: u16,
    folder: Folder,
}

impl Server {
    #[expect(clippy::print_stdout, reason = "what was not run must be said")]
    fn start() -> Option<Self> {
        let Some(program) = program() else {
            println!("NOT RUN: nats-server is not installed, and this may not install it");
            return None;
        };
        let folder = Folder::new();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = Self::spawn(program, port, &folder.0);
        Some(Self { process, port, folder })
    }

    fn spawn(program: &str, port: u16, folder: &Path) -> Child {
        let mut command = Command::new(program);
        command.args(["--addr", "127.0.0.1", "--port", &port.to_string(), "--jetstream", "--store_dir"]).arg(folder);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    fn restart(&mut self) {
        self.process = Self::spawn("nats-server", self.port, &self.folder.0);
    }

    async fn client(&self) -> async_nats::Client {
        let client = async {
            loop {
                match async_nats::connect(self.url()).await {
                    Ok(client) => return client,
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                }
            }
        };
        timeout(SOON, client).await.expect("the server comes up")
    }

    /// Everything that the stream holds: id, subject and body.
    async fn held(&self, count: usize) -> Vec<(String, String, Value)> {
        let context = jetstream::new(self.client().await);
        let stream = context.get_stream(format!("coreprover-{CHAIN}")).await.unwrap();
        let config =
            pull::Config { ack_policy: AckPolicy::None, deliver_policy: DeliverPolicy::All, ..Default::default() };
        let consumer = stream.create_consumer(config).await.unwrap();
        let mut messages = consumer.messages().await.unwrap();
        let mut found = Vec::new();
        while found.len() < count {
            let message = timeout(SOON, messages.next()).await.expect("messages come").unwrap().unwrap();
            let id = message.headers.as_ref().unwrap().get("Nats-Msg-Id").unwrap().to_string();
            found.push((id, message.subject.to_string(), serde_json::from_slice(&message.payload).unwrap()));
        }
        let state = stream.get_info().await.unwrap().state;
        assert_eq!(state.messages, count as u64, "more than was sent");
        found
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

struct Running {
    stop: oneshot::Sender<()>,
    ended: tokio::task::JoinHandle<()>,
    status: tokio::sync::watch::Receiver<OutletStatus>,
}

impl Running {
    async fn start(world: &World, server: &Server, name: &str) -> Self {
        drop(server.client().await);
        let nats = Nats::connect(&server.url(), "coreprover", None).await.unwrap();
        let patience =
            Patience { first: Duration::from_millis(50), most: Duration::from_millis(200), ..Patience::default() };
        let outlet = Outlet::new(world.store.clone(), world.chain(), name, nats).patient(patience);
        let (stop, stopped) = oneshot::channel::<()>();
        let status = outlet.status();
        let ended = tokio::spawn(async move { outlet.run(async { drop(stopped.await) }).await.unwrap() });
        Self { stop, ended, status }
    }

    /// Waits until everything that the store tells was taken.
    async fn drained(&mut self, world: &World) {
        let mut after = String::new();
        loop {
            let page = world.ask(&format!("/feed?limit=200{after}")).await;
            after = format!("&after={}", page["next"].as_str().unwrap());
            if page["items"].as_array().unwrap().is_empty() {
                break;
            }
        }
        let end = after.strip_prefix("&after=").unwrap().parse().unwrap();
        let done = self.status.wait_for(|status| status.cursor.is_some_and(|cursor| cursor >= end));
        drop(timeout(SOON, done).await.expect("it is handed over").unwrap());
    }

    async fn stop(self) {
        self.stop.send(()).unwrap();
        self.ended.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_delivery_stands_in_the_stream_once_and_in_order() {
    let Some(mut server) = Server::start() else { return };
    let mut world = World::new().await;
    for block in 0..40 {
        let events =
            (0..10).map(|log| if log == 3 { released(log, block, 1) } else { event(2, log, word(block), &[]) });
        world.grow(events.collect(), vec![]).await;
    }
    let mut running = Running::start(&world, &server, "queue").await;
    running.drained(&world).await;
    // the server dies while more is handed over, and comes back on its files
    server.kill();
    for block in 40..50 {
        world.grow((0..10).map(|log| released(log, block, 1)).collect(), vec![]).await;
    }
    world.rewind(1).await;
    let failing = running.status.wait_for(|status| status.failing.is_some());
    drop(timeout(SOON, failing).await.expect("it is noticed").unwrap());
    server.restart();
    running.drained(&world).await;
    running.stop().await;

    // nothing was noted here under this name: the stream itself knows
    world.grow(vec![released(0, 99, 1)], vec![]).await;
    let mut running = Running::start(&world, &server, "another").await;
    running.drained(&world).await;
    running.stop().await;

    let mut expected = Vec::new();
    let mut after = String::new();
    loop {
        let page = world.ask(&format!("/feed?limit=200{after}")).await;
        after = format!("&after={}", page["next"].as_str().unwrap());
        let items = page["items"].as_array().unwrap();
        if items.is_empty() {
            break;
        }
        expected.extend(items.iter().map(|item| item["cursor"].as_str().unwrap().to_owned()));
    }
    assert_eq!(expected.len(), 400 + 100 + 10 + 1);
    let held = server.held(expected.len()).await;
    assert_eq!(held.iter().map(|(id, ..)| id.clone()).collect::<Vec<_>>(), expected);
    assert_eq!(held[3].1, format!("coreprover.{CHAIN}.CoreProverEscrow.Released"));
    assert_eq!(held[0].1, format!("coreprover.{CHAIN}.ReceiptVault.unknown"));
    assert!(held.iter().all(|(id, _, body)| body["cursor"] == *id));
    assert_eq!(held[held.len() - 2].2["type"], "rolled_back");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_note_repeats_nothing() {
    let Some(server) = Server::start() else { return };
    let mut world = World::new().await;
    world.grow((0..5).map(|log| released(log, 1, 1)).collect(), vec![]).await;
    let mut running = Running::start(&world, &server, "queue").await;
    running.drained(&world).await;
    running.stop().await;
    // as after a crash between the server's answer and the note
    let noted = world.store.cursor("queue", CHAIN).await.unwrap();
    world.store.move_cursor("queue", noted, Cursor::start(CHAIN, 0)).await.unwrap();
    world.grow(vec![released(0, 2, 1)], vec![]).await;
    let mut running = Running::start(&world, &server, "queue").await;
    running.drained(&world).await;
    world.reset().await;
    world.grow(vec![released(0, 3, 1)], vec![]).await;
    running.drained(&world).await;
    running.stop().await;
    let held = server.held(8).await;
    assert_eq!((held[6].1.as_str(), &held[6].2["type"]), ("coreprover.31337.chain.reset", &Value::from("reset")));
    assert_eq!(held[7].2["subject"], word(3).to_string());
    assert!(Nats::connect(&server.url(), "a.b", None).await.is_err());
}
