//! `tbc index` as a whole.

use crate::{
    Folder,
    local::{deployment, flags},
    server,
    tbc::{Tbc, command, rest},
    world::World,
};
use serde_json::json;
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    process::Stdio,
    time::{Duration, Instant},
};

pub(crate) fn args(owned: &[String]) -> Vec<&str> {
    owned.iter().map(String::as_str).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_indexes_serves_and_ends_as_asked() {
    let mut world = World::new(&[]).await;
    world.every_table().await;
    let folder = Folder::new();
    let tbc = Tbc::index(folder.path(), &args(&flags(&world, 31337, &folder).await));
    tbc.until_block(31337, world.anvil.head().await).await;
    tbc.until_ready().await;
    let (_, orders) =
        tbc.get(&format!("/v1/chains/31337/orders?buyer={}", world.anvil.accounts[1].to_checksum(None))).await;
    assert!(orders["items"].as_array().is_some_and(|items| items.len() > 4), "{orders}");
    assert_eq!(tbc.get("/health").await, (200, json!({ "status": "ok" })));
    let (_, figures) = tbc.text("/metrics").await;
    let head = world.anvil.head().await;
    for figure in [
        format!("coreprover_indexer_indexed_block{{chain=\"31337\"}} {head}"),
        format!("coreprover_indexer_node_head_block{{chain=\"31337\"}} {head}"),
        "coreprover_indexer_node_connected{chain=\"31337\"} 1".into(),
        "coreprover_indexer_lag_blocks{chain=\"31337\"} 0".into(),
    ] {
        assert!(figures.contains(&figure), "{figure}: {figures}");
    }
    world.anvil.rpc("anvil_reorg", json!([3, []])).await;
    while !tbc.text("/metrics").await.1.contains("coreprover_indexer_deepest_reorg_blocks{chain=\"31337\"} 3") {
        assert!(!tbc.log().contains("ERROR"), "{}", tbc.log());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }

    // a stream is open when the program is told to end: it hears so, and where to go on
    let stream = tbc.stream("/v1/chains/31337/stream").await;
    tbc.signal("TERM");
    let text = rest(stream).await;
    assert!(text.contains("event: end") && text.contains("\"code\":\"closing\""), "{text}");
    let (status, log) = tbc.ended();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(log.contains("\"message\":\"ended\""), "{log}");
}

/// One process, one store, two chains; one of them is replaced by another of the same number.
#[tokio::test(flavor = "multi_thread")]
async fn a_chain_that_was_replaced_stops_alone_and_is_reset() {
    let mut first = World::new(&[]).await;
    let other = World::new(&["--chain-id", "31338"]).await;
    let folder = Folder::new();
    let both = |first: Vec<String>, other: Vec<String>| {
        let mut both = Vec::new();
        for (chain, flags) in [(31337, first), (31338, other)] {
            for pair in flags.chunks(2) {
                let [flag, value] = pair else { panic!("flags come with values") };
                let set = match flag.strip_prefix("--") {
                    Some("set") => value.clone(),
                    name => format!("index.chains.{chain}.{}={value}", name.expect("a flag")),
                };
                both.extend(["--set".into(), set]);
            }
        }
        both
    };
    let beside = flags(&other, 31338, &folder).await;
    let tbc = Tbc::index(folder.path(), &args(&both(flags(&first, 31337, &folder).await, beside.clone())));
    first.anchor().await;
    tbc.until_block(31337, first.anvil.head().await).await;
    tbc.until_block(31338, other.anvil.head().await).await;
    tbc.until_ready().await;
    tbc.signal("INT");
    assert_eq!(tbc.ended().0.code(), Some(0));

    let mut second = World::new(&["--timestamp", "1700000000"]).await;
    let replaced = flags(&second, 31337, &folder).await;
    let tbc = Tbc::index(folder.path(), &args(&both(replaced.clone(), beside.clone())));
    let ready = tbc
        .until("/ready", |_, answer| {
            answer["problems"].as_array().is_some_and(|all| all.iter().any(|it| it["code"] == "stopped"))
        })
        .await;
    let stopped =
        ready["problems"].as_array().expect("problems").iter().find(|it| it["code"] == "stopped").expect("one");
    assert_eq!(stopped["chain"], 31337);
    let said = stopped["message"].as_str().expect("a text");
    assert!(said.contains("it was replaced") && said.contains("tbc index reset --chain 31337"), "{said}");
    // the other goes on
    other.anvil.mine(5).await;
    tbc.until_block(31338, other.anvil.head().await).await;
    tbc.signal("TERM");
    let (status, log) = tbc.ended();
    assert_eq!(status.code(), Some(1), "{log}");

    // who does not type the number changes nothing
    let reset = |more: &[&str], typed: &str| {
        let with = [&["index", "reset", "--chain", "31337"], more, &args(&replaced)].concat();
        let mut command = command(folder.path(), &with);
        let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
        // it may end before it is asked
        drop(child.stdin.take().expect("its input").write_all(typed.as_bytes()));
        let output = child.wait_with_output().expect("its end");
        (output.status.code(), String::from_utf8(output.stderr).expect("a text"))
    };
    let (code, said) = reset(&[], "yes\n");
    assert_eq!(code, Some(1));
    assert!(said.contains("is forgotten and read anew") && said.contains("nothing was changed"), "{said}");
    let (code, said) = reset(&[], "31337\n");
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(reset(&["--yes"], "").0, Some(0));

    let tbc = Tbc::index(folder.path(), &args(&both(replaced.clone(), beside)));
    second.anchor().await;
    tbc.until_block(31337, second.anvil.head().await).await;
    tbc.until_ready().await;
    let (_, chains) = tbc.get("/v1/chains").await;
    let epochs: Vec<_> = chains["items"].as_array().expect("chains").iter().map(|it| it["epoch"].clone()).collect();
    assert_eq!(epochs, [2, 0]);
    // while it runs, too: it goes on in the new epoch
    for _ in 0..5 {
        assert_eq!(reset(&["--yes"], "").0, Some(0));
    }
    second.anchor().await;
    tbc.until_block(31337, second.anvil.head().await).await;
    tbc.signal("TERM");
    assert_eq!(tbc.ended().0.code(), Some(0));
}

/// A node with other contracts than the deployment is no node to begin with; nobody else is left, so it ends.
#[tokio::test(flavor = "multi_thread")]
async fn other_contracts_than_the_deployment_says_are_refused() {
    let world = World::new(&[]).await;
    let folder = Folder::new();
    let flags = flags(&world, 31337, &folder).await;
    let code = "0x6000";
    world.anvil.rpc("anvil_setCode", json!([world.router, code])).await;
    let tbc = Tbc::index(folder.path(), &args(&flags));
    let (status, log) = tbc.ended();
    assert_eq!(status.code(), Some(1));
    assert!(log.contains("TgpRouter at") && log.contains("no chain is left to follow"), "{log}");
}

/// Without a node it waits and says so; the tables are served meanwhile, and `/ready` tells the truth.
#[tokio::test(flavor = "multi_thread")]
async fn it_waits_for_a_node_and_says_so() {
    let world = World::new(&[]).await;
    let folder = Folder::new();
    let file = folder.write("31337.json", &deployment(&world, 31337).await);
    let file = file.display().to_string();
    let url = "http://127.0.0.1:1/v2/hunter2";
    let tbc =
        Tbc::index(folder.path(), &["--rpc", url, "--deployment", &file, "--set", "index.chains.31337.poll_ms=10"]);
    let ready = tbc.until("/ready", |status, _| status == 503).await.to_string();
    assert!(ready.contains("not_opened") && ready.contains("disconnected"), "{ready}");
    while tbc.log().matches("cannot be opened yet").count() < 2 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(tbc.get("/health").await.0, 200);
    tbc.signal("TERM");
    let (status, log) = tbc.ended();
    assert_eq!(status.code(), Some(0));
    assert!(log.contains("no connection") && !log.contains("hunter2"), "{log}");
}

/// A node that goes away while it is followed.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_goes_away_is_told_without_its_key() {
    let world = World::new(&[]).await;
    let folder = Folder::new();
    let mut flags = flags(&world, 31337, &folder).await;
    flags[1] = format!("{}/?key=hunter2", flags[1]);
    let mut quick = vec!["--set", "index.chains.31337.timeout_seconds=1", "--set", "log.level=trace"];
    quick.extend(["--ws", "ws://127.0.0.1:1/v2/hunter2"]);
    let tbc = Tbc::index(folder.path(), &[args(&flags), quick].concat());
    tbc.until_ready().await;
    drop(world);
    let ready = tbc.until("/ready", |status, _| status == 503).await.to_string();
    assert!(ready.contains("disconnected"), "{ready}");
    tbc.signal("TERM");
    let (status, log) = tbc.ended();
    assert_eq!(status.code(), Some(0));
    assert!(!log.contains("hunter2"), "{log}");
}

/// The second signal does not wait for whoever holds a connection open.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_signal_ends_at_once() {
    let world = World::new(&[]).await;
    let folder = Folder::new();
    let tbc = Tbc::index(folder.path(), &args(&flags(&world, 31337, &folder).await));
    tbc.until_ready().await;
    // a request that never ends
    let mut held = std::net::TcpStream::connect(tbc.url.trim_start_matches("http://")).expect("a connection");
    held.write_all(b"GET /health HTTP/1.1\r\nhost: x\r\n").expect("half a request");
    tokio::time::sleep(Duration::from_millis(100)).await;
    let begun = Instant::now();
    tbc.signal("TERM");
    while !tbc.log().contains("once more to end at once") {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    tbc.signal("TERM");
    let (status, log) = tbc.ended();
    assert_eq!(status.code(), Some(1), "{log}");
    assert!(begun.elapsed() < Duration::from_secs(5) && log.contains("ended at once"), "{log}");
}

/// Deliveries come signed, by a key that only its owner reads.
#[tokio::test(flavor = "multi_thread")]
async fn webhooks_are_posted() {
    let mut world = World::new(&[]).await;
    let folder = Folder::new();
    let receiver = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/hook", receiver.local_addr().expect("an address"));
    let key = folder.write("key", &"07".repeat(32));
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).expect("its mode");
    let hook = format!("index.webhooks.books.url={url}");
    let key = format!("index.webhook_key_file={}", key.display());
    let flags = flags(&world, 31337, &folder).await;
    let tbc = Tbc::index(folder.path(), &[&args(&flags), &["--set", &hook, "--set", &key][..]].concat());
    let posted = std::thread::spawn(move || {
        let (mut stream, _) = receiver.accept().expect("a request");
        let mut reader = BufReader::new(stream.try_clone().expect("its other end"));
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            reader.read_line(&mut head).expect("a line");
        }
        let length =
            head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).expect("a length");
        let mut body = vec![0; length];
        reader.read_exact(&mut body).expect("its body");
        stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").expect("an answer");
        (head, body)
    });
    world.anchor().await;
    let (head, body) = posted.join().expect("a delivery");
    let body: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
    assert!(head.contains("webhook-signature: v1a,"), "{head}");
    assert_eq!(body["type"], "applied");
    tbc.signal("TERM");
    let (status, log) = tbc.ended();
    assert_eq!(status.code(), Some(0), "{log}");
    // the key itself is nowhere, what belongs to it is
    assert!(log.contains("\"public_key\":\"ea4a6c63") && !log.contains(&"07".repeat(32)), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_of_postgresql_is_a_store() {
    let Some(server) = server::shared() else { return };
    let database = server.database();
    let mut world = World::new(&[]).await;
    world.simple_orders().await;
    let folder = Folder::new();
    let flags = flags(&world, 31337, &folder).await;
    let all = [&["index", "--listen", "127.0.0.1:0", "--log", "json"], &args(&flags)[..]].concat();
    let tbc = Tbc::start(command(folder.path(), &all).env("TBC_STORE_URL", &database.address));
    tbc.until_block(31337, world.anvil.head().await).await;
    tbc.until_ready().await;
    tbc.signal("TERM");
    assert_eq!(tbc.ended().0.code(), Some(0));
    let verify = [&["index", "verify"], &args(&flags)[..]].concat();
    let output = command(folder.path(), &verify).env("TBC_STORE_URL", &database.address).output().expect("it runs");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(!folder.path().join("tbc.db").exists());
}
