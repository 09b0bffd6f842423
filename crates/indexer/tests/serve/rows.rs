use crate::world::{
    BUYER, CHAIN, SELLER, World, address, event, lock, order, owed, receipt, released, route, row, verifier, word,
};
use coreprover_store::{BlockRef, ChainStart, ChainStore, Row, table::Order};
use serde_json::{Value, json};

fn numbers(answer: &Value, member: &str) -> Vec<u64> {
    answer["items"].as_array().unwrap().iter().map(|item| item[member].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn a_row_has_the_words_of_its_table_its_names_and_its_finality() {
    let mut world = World::new().await;
    world.grow(vec![], vec![row(order(1, 11))]).await;
    let answer = world.ask(&format!("/orders/{}", word(1))).await;
    let item = &answer["item"];
    assert_eq!(item["amount"], "100000000000000000000000000");
    assert_eq!(item["buyer"], address(BUYER).to_string());
    assert_eq!(item["id"], word(1).to_string());
    assert_eq!((&item["state"], &item["state_name"]), (&json!(9), &json!("FULFILLED")));
    assert_eq!((&item["outcome"], &item["outcome_name"]), (&json!(0), &Value::Null));
    assert_eq!(item["final"], false);
    let as_of =
        json!({ "chain": CHAIN, "block": 11, "hash": world.head.hash.to_string(), "last_final": 10, "epoch": 0 });
    assert_eq!(answer["as_of"], as_of);
    world.settle().await;
    assert_eq!(world.ask(&format!("/orders/{}", word(1))).await["item"]["final"], true);
}

#[tokio::test]
async fn pages_of_orders_neither_repeat_nor_skip_and_stay_on_their_chain() {
    let mut world = World::new().await;
    for block in 11..18 {
        world.grow(vec![], vec![row(order(block, block)), row(receipt(block, block)), row(lock(block, block))]).await;
    }
    // the same session, buyer and lock on two more chains
    for chain in [CHAIN - 1, CHAIN + 1] {
        let base = BlockRef { number: 1, hash: word(chain) };
        let before = world.store.open_chain(ChainStart { chain, genesis: word(chain), base }).await.unwrap();
        let there = BlockRef { number: 2, hash: word(chain + 7) };
        let batch = coreprover_store::Batch {
            before,
            head: there,
            last_final: 2,
            blocks: vec![],
            rows: vec![row(Order { chain, ..order(chain, 2) })],
            undo: vec![],
        };
        world.store.apply(batch).await.unwrap();
    }
    for by in [
        format!("/orders?buyer={}", address(BUYER)),
        format!("/orders?seller={}", address(SELLER)),
        format!("/orders?session={}", word(77)),
        format!("/locks?hashlock={}", word(88)),
        format!("/locks?sender={}", address(BUYER)),
        format!("/receipts?session={}", word(77)),
    ] {
        let member = if by.starts_with("/receipts") { "block" } else { "created_block" };
        for limit in [1, 3, 7, 200] {
            let (mut found, mut after) = (Vec::new(), String::new());
            loop {
                let answer = world.ask(&format!("{by}&limit={limit}{after}")).await;
                found.extend(numbers(&answer, member));
                let Some(next) = answer["next"].as_str() else { break };
                after = format!("&after={next}");
            }
            assert_eq!(found, (11..18).rev().collect::<Vec<_>>(), "{by} by {limit}");
        }
    }
}

#[tokio::test]
async fn keys_are_pages_too() {
    let mut world = World::new().await;
    world
        .grow(vec![], (1..6).map(|version| row(verifier(version))).chain([row(owed(1)), row(owed(4))]).collect())
        .await;
    let first = world.ask("/verifiers?limit=3").await;
    let next = first["next"].as_str().unwrap();
    let second = world.ask(&format!("/verifiers?limit=3&after={next}")).await;
    assert_eq!((numbers(&first, "version"), numbers(&second, "version")), (vec![1, 2, 3], vec![4, 5]));
    assert_eq!(second["next"], Value::Null);

    let owed = format!("/owed?party={}&limit=1", address(BUYER));
    let first = world.ask(&owed).await;
    let second = world.ask(&format!("{owed}&after={}", first["next"].as_str().unwrap())).await;
    assert_eq!(first["items"][0]["contract"], address(1).to_string());
    assert_eq!(second["items"][0]["contract"], address(4).to_string());
}

/// A row without a block of its own is final when nothing that is not final touches it.
#[tokio::test]
async fn finality_of_a_credit_follows_its_own_events() {
    let mut world = World::new().await;
    let topic = |last: u8| tgp_protocol::value::Word(address(last).0.into_word());
    world.grow(vec![], vec![row(owed(1)), row(route(5, 11))]).await;
    world.settle().await;
    let (credit, one) = (format!("/owed?party={}", address(BUYER)), format!("/routes/{}", word(5)));
    assert_eq!(world.ask(&credit).await["items"][0]["final"], true);
    // somebody else's credit in the token
    world.grow(vec![event(1, 0, topic(3), &[topic(0x55)])], vec![]).await;
    assert_eq!(world.ask(&credit).await["items"][0]["final"], true);
    world.grow(vec![event(1, 0, topic(3), &[topic(BUYER)])], vec![]).await;
    assert_eq!(world.ask(&credit).await["items"][0]["final"], false);
    assert_eq!(world.ask(&one).await["item"]["final"], true);
    world.grow(vec![event(4, 0, word(5), &[])], vec![]).await;
    assert_eq!(world.ask(&one).await["item"]["final"], false);
}

#[tokio::test]
async fn a_rewind_takes_rows_back_and_the_feed_says_so() {
    let mut world = World::new().await;
    world.grow(vec![released(3, 1, 40), event(1, 5, word(1), &[])], vec![row(order(1, 11))]).await;
    let events = world.ask(&format!("/events?subject={}&limit=1", word(1))).await;
    assert_eq!(events["items"][0]["event"], "Released");
    assert_eq!(events["items"][0]["fields"]["cumulative"], "40");
    let rest = world.ask(&format!("/events?subject={}&after={}", word(1), events["next"].as_str().unwrap())).await;
    assert_eq!(numbers(&rest, "log"), [5]);
    assert_eq!((&rest["items"][0]["event"], &rest["next"]), (&Value::Null, &Value::Null));

    world.rewind(1).await;
    let (status, answer) = world.get(&format!("/v1/chains/{CHAIN}/orders/{}", word(1))).await;
    assert_eq!((status, &answer["code"]), (404, &json!("not_found")));
    assert_eq!(world.ask(&format!("/events?subject={}", word(1))).await["items"], json!([]));

    let (mut feed, mut after) = (Vec::new(), String::new());
    loop {
        let page = world.ask(&format!("/feed?limit=1{after}")).await;
        after = format!("&after={}", page["next"].as_str().unwrap());
        let Some(item) = page["items"].get(0) else { break };
        feed.push((item["type"].as_str().unwrap().to_owned(), item["log"].as_u64().unwrap()));
    }
    let expected = [("applied", 3), ("applied", 5), ("rolled_back", 5), ("rolled_back", 3)];
    assert_eq!(feed, expected.map(|(kind, log)| (kind.to_owned(), log)));
}

#[tokio::test]
async fn a_wrong_question_is_refused_with_its_field() {
    let mut world = World::new().await;
    world.grow(vec![], vec![row(order(1, 11)), row(order(2, 11))]).await;
    let at = |path: &str| format!("/v1/chains/{CHAIN}{path}");
    let buyer = address(BUYER);
    for (path, status, code, field) in [
        ("/nothing".into(), 404, "unknown_path", None),
        ("/v1/chains/1/orders".into(), 404, "unknown_chain", Some("chain")),
        ("/v1/chains/x/feed".into(), 404, "unknown_chain", Some("chain")),
        (at("/orders"), 400, "missing_parameter", Some("buyer")),
        (at(&format!("/orders?buyer={buyer}&seller={buyer}")), 400, "missing_parameter", Some("buyer")),
        (at("/orders?buyer=0x12"), 400, "bad_address", Some("buyer")),
        (at("/orders?session=0x12"), 400, "bad_id", Some("session")),
        (at("/orders/0x12"), 400, "bad_id", Some("id")),
        (at(&format!("/orders?buyer={buyer}&limit=0")), 400, "bad_limit", Some("limit")),
        (at(&format!("/orders?buyer={buyer}&limit=many")), 400, "bad_limit", Some("limit")),
        (at(&format!("/orders?buyer={buyer}&after=7")), 400, "bad_cursor", Some("after")),
        (at(&format!("/orders?buyer={buyer}&colour=red")), 400, "bad_query", None),
        (at(&format!("/orders?buyer={buyer}&buyer={buyer}")), 400, "bad_query", None),
        (at("/events"), 400, "missing_parameter", Some("subject")),
        (at("/feed?after=1-0-0-0"), 400, "bad_cursor", Some("after")),
        (at("/feed?after=x"), 400, "bad_cursor", Some("after")),
        (at(&format!("/feed?after={CHAIN}-0-18446744073709551615-0")), 400, "bad_cursor", Some("after")),
        (at("/ws"), 400, "bad_upgrade", Some("upgrade")),
        (at("/stream?after=x"), 400, "bad_cursor", Some("after")),
    ] {
        let (found, answer) = world.get(&path).await;
        assert_eq!((found, &answer["code"], &answer["field"]), (status, &json!(code), &json!(field)), "{path}");
        assert!(answer["message"].as_str().is_some_and(|text| !text.is_empty()), "{path}");
    }
    let posted = world.client.post(format!("{}/v1/chains", world.url)).send().await.unwrap();
    assert_eq!(posted.status(), 405);
    assert_eq!(posted.text().await.unwrap().parse::<Value>().unwrap()["code"], "bad_method");
}

#[tokio::test]
async fn after_a_reset_every_old_cursor_is_gone() {
    let mut world = World::new().await;
    for block in 11..14 {
        world.grow(vec![released(0, 1, 1)], vec![row(order(block, block))]).await;
    }
    let orders = format!("/orders?buyer={}&limit=1", address(BUYER));
    let events = format!("/events?subject={}&limit=1", word(1));
    let mut old = Vec::new();
    for path in [orders.as_str(), &events, "/feed?limit=1"] {
        old.push(format!("{path}&after={}", world.ask(path).await["next"].as_str().unwrap()));
    }
    old.push(old[2].replace("/feed?limit=1&", "/stream?"));
    world.reset().await;
    for path in old {
        let (status, answer) = world.get(&format!("/v1/chains/{CHAIN}{path}")).await;
        assert_eq!((status, &answer["code"]), (410, &json!("old_cursor")), "{path}");
        assert!(answer["message"].as_str().unwrap().contains("begin"));
    }
}

#[tokio::test]
async fn an_answer_that_one_has_is_not_sent_again() {
    let mut world = World::new().await;
    world.grow(vec![], vec![row(order(1, 11))]).await;
    let url = format!("{}/v1/chains/{CHAIN}/orders?buyer={}", world.url, address(BUYER));
    let first = world.client.get(&url).send().await.unwrap();
    let tag = first.headers()["etag"].clone();
    let again = |tag| world.client.get(&url).header("if-none-match", tag).send();
    assert_eq!(again(tag.clone()).await.unwrap().status(), 304);
    world.grow(vec![], vec![]).await;
    let url = format!("{}/v1/chains/{CHAIN}/orders?buyer={}", world.url, address(BUYER));
    let later = world.client.get(&url).header("if-none-match", tag).send().await.unwrap();
    assert_eq!(later.status(), 200);
    assert_eq!(Order::TABLE.name, "orders");
}
