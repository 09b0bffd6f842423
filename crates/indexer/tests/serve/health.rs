use crate::world::{World, now, order, released, row};
use coreprover_indexer::serve::Listeners;
use coreprover_store::{
    Batch, BlockRef, ChainStart, ChainState, ChainStore, Cursor, FeedEvent, Record, Result, Rewound, Select,
    StoreError, StoredEvent, Table,
};
use serde_json::{Value, json};
use tgp_protocol::value::Word;

#[tokio::test]
async fn ready_tells_what_is_wrong() {
    let world = World::new().await;
    assert_eq!(world.get("/health").await, (200, json!({ "status": "ok" })));
    assert_eq!(world.get("/ready").await, (200, json!({ "ready": true, "problems": [] })));
    world.status.send_modify(|status| {
        status.node_head = 100;
        status.head_time = now() - 500;
        status.heard_at = now() - 500;
        status.connected = false;
        status.stopped = Some("the chain parted below block 7".into());
    });
    let (status, answer) = world.get("/ready").await;
    let codes: Vec<_> = answer["problems"].as_array().unwrap().iter().map(|problem| problem["code"].clone()).collect();
    assert_eq!((status, &answer["ready"]), (503, &Value::Bool(false)));
    assert_eq!(codes, ["stopped", "disconnected", "silent", "behind", "late"]);
    assert!(answer["problems"][0]["message"].as_str().unwrap().contains("parted"));
    // the process lives all the same
    assert_eq!(world.get("/health").await.0, 200);
}

#[tokio::test]
async fn a_store_that_does_not_answer_is_no_answer() {
    let world = World::over(Away, Listeners::default()).await;
    let (status, answer) = world.get("/ready").await;
    assert_eq!((status, &answer["problems"][0]["code"]), (503, &"store".into()));
    let asked = world.client.get(format!("{}/v1/chains/31337/feed", world.url)).send().await.unwrap();
    assert_eq!((asked.status().as_u16(), asked.headers()["retry-after"].to_str().unwrap()), (503, "1"));
    let refusal: Value = asked.text().await.unwrap().parse().unwrap();
    assert_eq!(refusal["code"], "busy");
    // where the disk is stays between the operator and the log
    assert!(!refusal.to_string().contains("/srv"));
    let text = world.client.get(format!("{}/metrics", world.url)).send().await.unwrap().text().await.unwrap();
    assert!(text.contains("coreprover_indexer_store_up 0\n"));
    assert!(text.contains("coreprover_indexer_node_head_block{chain=\"31337\"} 10\n"));
}

/// A store that is out of reach.
#[derive(Clone)]
struct Away;

impl Away {
    fn refuse<T>(&self) -> Result<T> {
        Err(StoreError::Unreachable("/srv/chain.db".into()))
    }
}

impl ChainStore for Away {
    async fn open_chain(&self, _: ChainStart) -> Result<ChainState> {
        self.refuse()
    }

    async fn chains(&self) -> Result<Vec<ChainState>> {
        self.refuse()
    }

    async fn reset_chain(&self, _: ChainStart) -> Result<ChainState> {
        self.refuse()
    }

    async fn apply(&self, _: Batch) -> Result<ChainState> {
        self.refuse()
    }

    async fn rewind(&self, _: u64, _: BlockRef, _: BlockRef) -> Result<Rewound> {
        self.refuse()
    }

    async fn blocks_below(&self, _: u64, _: u64, _: usize) -> Result<Vec<BlockRef>> {
        self.refuse()
    }

    async fn load(&self, _: &'static Table, _: Vec<Record>) -> Result<Vec<Option<Record>>> {
        self.refuse()
    }

    async fn select(&self, _: Select) -> Result<Vec<Record>> {
        self.refuse()
    }

    async fn events_of(&self, _: u64, _: Word, _: Option<(u64, u64)>, _: usize) -> Result<Vec<StoredEvent>> {
        self.refuse()
    }

    async fn cursor(&self, _: &str, _: u64) -> Result<Option<Cursor>> {
        self.refuse()
    }

    async fn move_cursor(&self, _: &str, _: Option<Cursor>, _: Cursor) -> Result<()> {
        self.refuse()
    }

    async fn feed(&self, _: Cursor, _: usize) -> Result<Vec<FeedEvent>> {
        self.refuse()
    }
}

#[tokio::test]
async fn figures_are_those_of_the_store_and_the_follower() {
    let mut world = World::new().await;
    world.grow(vec![released(0, 1, 1)], vec![row(order(1, 11))]).await;
    world.status.send_modify(|status| {
        status.node_head = 15;
        status.head_time = now() - 30;
        (status.events, status.reorgs, status.deepest_reorg, status.rpc_errors) = (7, 2, 5, 3);
    });
    world.outlet.send_modify(|outlet| {
        (outlet.delivered, outlet.failures, outlet.failing) = (4, 9, Some("refused".into()));
    });
    drop(world.get("/v1/chains").await);
    let text = world.client.get(format!("{}/metrics", world.url)).send().await.unwrap().text().await.unwrap();
    for line in [
        "coreprover_indexer_node_head_block{chain=\"31337\"} 15",
        "coreprover_indexer_indexed_block{chain=\"31337\"} 11",
        "coreprover_indexer_final_block{chain=\"31337\"} 10",
        "coreprover_indexer_lag_blocks{chain=\"31337\"} 4",
        "coreprover_indexer_node_connected{chain=\"31337\"} 1",
        "coreprover_indexer_events_total{chain=\"31337\"} 7",
        "coreprover_indexer_reorgs_total{chain=\"31337\"} 2",
        "coreprover_indexer_deepest_reorg_blocks{chain=\"31337\"} 5",
        "coreprover_indexer_rpc_errors_total{chain=\"31337\"} 3",
        "coreprover_indexer_outlet_behind_entries{outlet=\"books\",chain=\"31337\"} 1",
        "coreprover_indexer_outlet_failing{outlet=\"books\",chain=\"31337\"} 1",
        "coreprover_indexer_outlet_delivered_total{outlet=\"books\",chain=\"31337\"} 4",
        "coreprover_indexer_outlet_failures_total{outlet=\"books\",chain=\"31337\"} 9",
        "coreprover_indexer_store_up 1",
        "coreprover_indexer_listeners 0",
        "coreprover_indexer_requests_total{path=\"/v1/chains\",status=\"200\"} 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
    let lag =
        text.lines().find_map(|line| line.strip_prefix("coreprover_indexer_lag_seconds{chain=\"31337\"} ")).unwrap();
    assert!((30..60).contains(&lag.parse::<u64>().unwrap()));
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let figure = line.split(['{', ' ']).next().unwrap();
        assert!(text.contains(&format!("# HELP {figure} ")), "{figure} is not described");
        let page = include_str!("../../../../docs/indexer-api.md");
        assert!(page.contains(&format!("`{figure}`")), "{figure} is not in docs/indexer-api.md");
    }
}
