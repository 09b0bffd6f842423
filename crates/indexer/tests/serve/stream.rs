use crate::world::{CHAIN, World, address, event, released, word};
use coreprover_indexer::serve::Listeners;
use futures::StreamExt;
use serde_json::Value;
use std::time::Duration;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

const SOON: Duration = Duration::from_secs(20);

/// A listener to server-sent events, with what a browser makes of them.
struct Sse {
    response: reqwest::Response,
    text: String,
}

#[derive(Debug)]
struct Heard {
    id: String,
    kind: String,
    data: Value,
}

impl Sse {
    async fn open(world: &World, query: &str, last_id: Option<&str>) -> Self {
        let request = world.client.get(format!("{}/v1/chains/{CHAIN}/stream{query}", world.url));
        let request = last_id.into_iter().fold(request, |request, id| request.header("last-event-id", id));
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        Self { response, text: String::new() }
    }

    async fn next(&mut self) -> Option<Heard> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let line = |name: &str| {
                    let line = event.lines().find_map(|line| line.strip_prefix(name));
                    line.and_then(|line| line.strip_prefix(": ")).unwrap().to_owned()
                };
                let heard = Heard { id: line("id"), kind: line("event"), data: line("data").parse().unwrap() };
                self.text = rest.to_owned();
                return Some(heard);
            }
            let part = timeout(SOON, self.response.chunk()).await.expect("something is heard").unwrap()?;
            self.text.push_str(std::str::from_utf8(&part).unwrap());
        }
    }

    async fn events(&mut self, count: usize) -> Vec<Heard> {
        let mut heard = Vec::new();
        while heard.len() < count {
            let next = self.next().await.unwrap();
            if next.kind != "heartbeat" {
                heard.push(next);
            }
        }
        heard
    }
}

#[tokio::test]
async fn a_stream_tells_what_comes_and_goes_and_resumes_behind_its_last_id() {
    let mut world = World::new().await;
    world.grow(vec![released(0, 1, 1)], vec![]).await;
    // without a cursor only what is new
    let mut sse = Sse::open(&world, "", None).await;
    world.grow(vec![released(0, 2, 1), released(1, 2, 2)], vec![]).await;
    world.rewind(1).await;
    let heard = sse.events(4).await;
    let kinds: Vec<_> = heard.iter().map(|heard| heard.kind.as_str()).collect();
    assert_eq!(kinds, ["applied", "applied", "rolled_back", "rolled_back"]);
    let logs: Vec<_> = heard.iter().map(|heard| heard.data["log"].as_u64().unwrap()).collect();
    assert_eq!(logs, [0, 1, 1, 0]);
    assert!(heard.iter().all(|heard| heard.data["cursor"] == heard.id && heard.data["type"] == heard.kind));
    assert_eq!(heard[0].data["event_id"], heard[3].data["event_id"]);
    drop(sse);

    world.grow(vec![released(0, 3, 1)], vec![]).await;
    let mut again = Sse::open(&world, &format!("?after={CHAIN}-0-0-0"), Some(&heard[1].id)).await;
    let rest = again.events(3).await;
    assert_eq!((&rest[0].id, &rest[1].id), (&heard[2].id, &heard[3].id));
    assert_eq!(rest[2].data["subject"], word(3).to_string());
}

#[tokio::test]
async fn a_filter_lets_through_what_it_names_and_heartbeats_move_the_cursor() {
    let limits = Listeners { heartbeat: Duration::from_millis(100), ..Listeners::default() };
    let mut world = World::with(limits).await;
    let party = tgp_protocol::value::Word(address(0x55).0.into_word());
    world.grow(vec![released(0, 1, 1), event(1, 1, word(2), &[party]), event(2, 2, word(1), &[])], vec![]).await;
    let start = format!("?after={CHAIN}-0-0-0");
    for (filter, log) in [
        (format!("&party={}", address(0x55)), 1),
        (format!("&contract={}", address(2)), 2),
        ("&event=Released".into(), 0),
        (format!("&subject={}", word(2)), 1),
    ] {
        let mut sse = Sse::open(&world, &format!("{start}{filter}"), None).await;
        assert_eq!(sse.events(1).await[0].data["log"], log, "{filter}");
    }
    let mut nothing = Sse::open(&world, &format!("{start}&event=Disputed"), None).await;
    let heard = nothing.next().await.unwrap();
    assert_eq!((heard.kind.as_str(), &heard.data["as_of"]["block"]), ("heartbeat", &11.into()));
    // behind everything that was not wanted
    assert_eq!(world.ask(&format!("/feed?after={}", heard.id)).await["items"], serde_json::json!([]));
}

#[tokio::test]
async fn a_store_that_another_program_writes_is_polled() {
    let limits = Listeners { poll: Duration::from_millis(50), ..Listeners::default() };
    let mut world = World::with(limits).await;
    let mut sse = Sse::open(&world, "", None).await;
    // the follower of this program is gone, or was never there
    let gone = std::mem::replace(&mut world.status, std::sync::Arc::new(tokio::sync::watch::Sender::default()));
    drop(gone);
    world.grow(vec![released(0, 1, 1)], vec![]).await;
    assert_eq!(sse.events(1).await[0].kind, "applied");
}

#[tokio::test]
async fn a_reset_ends_a_stream_with_a_reason() {
    let mut world = World::new().await;
    let mut sse = Sse::open(&world, "", None).await;
    world.reset().await;
    let end = sse.next().await.unwrap();
    assert_eq!((end.kind.as_str(), &end.data["code"]), ("end", &"old_cursor".into()));
    assert!(sse.next().await.is_none());
}

#[tokio::test]
async fn a_listener_who_takes_nothing_is_left_with_a_reason_and_a_cursor() {
    let limits = Listeners { patience: Duration::from_millis(300), ..Listeners::default() };
    let mut world = World::with(limits).await;
    // far more than sockets hold
    for block in 0..60 {
        let events = (0..40).map(|log| {
            let mut event = event(1, log, word(block), &[]);
            event.data = vec![7; 3_000];
            event
        });
        world.grow(events.collect(), vec![]).await;
    }
    let mut sse = Sse::open(&world, &format!("?after={CHAIN}-0-0-0"), None).await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    let (mut count, mut last) = (0, String::new());
    let end = loop {
        let heard = sse.next().await.unwrap();
        if heard.kind == "end" {
            break heard;
        }
        (count, last) = (count + 1, heard.id);
    };
    assert!(count < 60 * 40, "{count} events were kept for him");
    assert_eq!((&end.data["code"], &end.data["cursor"]), (&"slow".into(), &last.as_str().into()));
    assert!(sse.next().await.is_none());
    // nothing is lost: he goes on from there
    let mut again = Sse::open(&world, "", Some(&end.id)).await;
    assert_eq!(again.events(60 * 40 - count).await.len(), 60 * 40 - count);
}

#[tokio::test]
async fn so_many_may_listen_and_no_more() {
    let world = World::with(Listeners { most: 1, ..Listeners::default() }).await;
    let first = Sse::open(&world, "", None).await;
    let (status, answer) = world.get(&format!("/v1/chains/{CHAIN}/stream")).await;
    assert_eq!((status, &answer["code"]), (503, &"busy".into()));
    drop(first);
    timeout(SOON, async {
        while world.client.get(format!("{}/v1/chains/{CHAIN}/stream", world.url)).send().await.unwrap().status() != 200
        {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_socket_says_the_same() {
    let limits = Listeners { heartbeat: Duration::from_millis(200), ..Listeners::default() };
    let mut world = World::with(limits).await;
    world.grow(vec![released(0, 1, 1)], vec![]).await;
    let url = format!("{}/v1/chains/{CHAIN}/ws?after={CHAIN}-0-0-0", world.url.replace("http", "ws"));
    let (mut socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    let mut texts = Vec::new();
    let mut next = async |count: usize, texts: &mut Vec<Value>| {
        while texts.len() < count {
            match timeout(SOON, socket.next()).await.unwrap().unwrap().unwrap() {
                Message::Text(text) => texts.push(text.parse::<Value>().unwrap()),
                Message::Close(_) => break,
                other => assert!(other.is_ping() || other.is_pong()),
            }
        }
    };
    next(2, &mut texts).await;
    assert_eq!((&texts[0]["type"], &texts[1]["type"]), (&"applied".into(), &"heartbeat".into()));
    world.reset().await;
    next(usize::MAX, &mut texts).await;
    let end = texts.last().unwrap();
    assert_eq!((&end["type"], &end["code"]), (&"end".into(), &"old_cursor".into()));
}
