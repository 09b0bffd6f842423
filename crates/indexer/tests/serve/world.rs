//! A store with a chain, a server over it, and a client.

use crate::Store;
use coreprover_bindings::Contract;
use coreprover_indexer::serve::{Api, Listeners, OutletStatus, ServedChain, Status};
use coreprover_store::{
    Batch, Block, BlockRef, ChainStart, ChainState, ChainStore, RawEvent, Record, Row, Table, Undo,
    table::{Anchor, Lock, Order, Owed, Receipt, Route, Verifier},
};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tgp_protocol::value::{Amount, EvmAddress, Word};
use tokio::{net::TcpListener, sync::watch};

pub(crate) const CHAIN: u64 = 31337;

pub(crate) fn word(number: u64) -> Word {
    let mut bytes = [0; 32];
    bytes[24..].copy_from_slice(&number.to_be_bytes());
    bytes.into()
}

pub(crate) fn address(last: u8) -> EvmAddress {
    EvmAddress([last; 20].into())
}

pub(crate) const BUYER: u8 = 0x11;
pub(crate) const SELLER: u8 = 0x22;

pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// A folder that goes with its test.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("coreprover-serve-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) status: Arc<watch::Sender<Status>>,
    pub(crate) head: BlockRef,
    pub(crate) last_final: u64,
    pub(crate) url: String,
    pub(crate) client: reqwest::Client,
    pub(crate) outlet: watch::Sender<OutletStatus>,
    start: ChainStart,
    salt: u64,
    // after the store: its file goes last
    _folder: Folder,
}

pub(crate) fn contracts() -> BTreeMap<EvmAddress, Contract> {
    let kinds = [Contract::Escrow, Contract::Vault, Contract::Timelock, Contract::Router, Contract::Registry];
    (1..).map(address).zip(kinds).collect()
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(Listeners::default()).await
    }

    pub(crate) async fn with(limits: Listeners) -> Self {
        let folder = Folder::new();
        let store = crate::store(&folder.0).await;
        Self::serving(store.clone(), folder, store, limits).await
    }

    /// A server over another store than the one that is filled.
    pub(crate) async fn over(served: impl ChainStore, limits: Listeners) -> Self {
        let folder = Folder::new();
        let store = crate::store(&folder.0).await;
        Self::serving(served, folder, store, limits).await
    }

    async fn serving(served: impl ChainStore, folder: Folder, store: Store, limits: Listeners) -> Self {
        let base = BlockRef { number: 10, hash: word(10) };
        let start = ChainStart { chain: CHAIN, genesis: word(1), base };
        store.open_chain(start).await.unwrap();
        let status =
            Status { head: 10, node_head: 10, head_time: now(), connected: true, heard_at: now(), ..Status::default() };
        let status = Arc::new(watch::Sender::new(status));
        let outlet = watch::Sender::new(OutletStatus { name: "books".into(), chain: CHAIN, ..OutletStatus::default() });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let chain = Self::served(&status);
        let api = Api::new(served, [chain], [outlet.subscribe()], limits);
        tokio::spawn(async move { axum::serve(listener, api.router()).await.unwrap() });
        // the first of a process decides
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = reqwest::Client::builder().timeout(Duration::from_secs(20)).build().unwrap();
        Self { store, status, head: base, last_final: 10, url, client, outlet, start, salt: 0, _folder: folder }
    }

    pub(crate) fn served(status: &watch::Sender<Status>) -> ServedChain {
        ServedChain { number: CHAIN, contracts: contracts(), status: status.subscribe(), bounds: Default::default() }
    }

    pub(crate) fn chain(&self) -> ServedChain {
        Self::served(&self.status)
    }

    /// A row of every kind that is served, and two events.
    pub(crate) async fn fill(&mut self) {
        let rows = vec![
            row(order(1, 11)),
            row(receipt(1, 11)),
            row(lock(1, 11)),
            row(route(1, 11)),
            row(owed(1)),
            row(verifier(1)),
            row(anchor(11)),
        ];
        self.grow(vec![released(0, 1, 40), event(1, 3, word(1), &[])], rows).await;
    }

    /// One block with these events and rows.
    pub(crate) async fn grow(&mut self, events: Vec<RawEvent>, rows: Vec<(&'static Table, Record)>) {
        let number = self.head.number + 1;
        self.salt += 1;
        let at = BlockRef { number, hash: word(self.salt * 1_000 + number) };
        let mut undo = Vec::new();
        for (table, row) in &rows {
            let key = row[..table.key].to_vec();
            let before = self.store.load(table, vec![key.clone()]).await.unwrap().remove(0);
            undo.push(Undo { block: number, table, key, before });
        }
        let block = Block { at, parent: self.head.hash, time: 1_700_000_000 + number, events };
        let (before, last_final) = (self.state().await, self.last_final);
        let batch = Batch { before, head: at, last_final, blocks: vec![block], rows, undo };
        self.store.apply(batch).await.unwrap();
        self.head = at;
        self.news();
    }

    async fn state(&self) -> ChainState {
        let states = self.store.chains().await.unwrap();
        states.into_iter().find(|state| state.chain == CHAIN).unwrap()
    }

    /// Says that everything up to here is final.
    pub(crate) async fn settle(&mut self) {
        self.last_final = self.head.number;
        let (before, head, last_final) = (self.state().await, self.head, self.last_final);
        let batch = Batch { before, head, last_final, blocks: vec![], rows: vec![], undo: vec![] };
        self.store.apply(batch).await.unwrap();
        self.news();
    }

    pub(crate) async fn rewind(&mut self, blocks: usize) {
        let kept = self.store.blocks_below(CHAIN, self.head.number, blocks + 1).await.unwrap();
        let to = kept[blocks];
        self.store.rewind(CHAIN, self.head, to).await.unwrap();
        self.head = to;
        self.news();
    }

    pub(crate) async fn reset(&mut self) {
        self.store.reset_chain(self.start).await.unwrap();
        self.head = self.start.base;
        self.last_final = self.head.number;
        self.news();
    }

    fn news(&self) {
        let head = self.head.number;
        self.status.send_modify(|status| (status.head, status.node_head) = (head, head));
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        let response = self.client.get(format!("{}{path}", self.url)).send().await.unwrap();
        let status = response.status().as_u16();
        (status, response.text().await.unwrap().parse().unwrap())
    }

    /// As [`Self::get`], of a path below the chain's, which is answered.
    pub(crate) async fn ask(&self, path: &str) -> Value {
        let (status, answer) = self.get(&format!("/v1/chains/{CHAIN}{path}")).await;
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }
}

/// A log of a contract, about a subject; without a topic that its contract knows.
pub(crate) fn event(contract: u8, log: u64, subject: Word, topics: &[Word]) -> RawEvent {
    let topics = [&[word(0xeee), subject], topics].concat();
    RawEvent { log, tx: word(0x70 + log), contract: address(contract), subject, topics, data: vec![0xda; 3] }
}

/// A real event of the escrow.
pub(crate) fn released(log: u64, order: u64, cumulative: u64) -> RawEvent {
    use alloy_primitives::U256;
    let topics = vec![
        coreprover_bindings::Event::topics(Contract::Escrow)
            .iter()
            .find(|topic| {
                let log = alloy_primitives::LogData::new_unchecked(
                    vec![**topic, word(order).0],
                    U256::from(cumulative).to_be_bytes::<32>().to_vec().into(),
                );
                let event = coreprover_bindings::Event::decode(Contract::Escrow, &log);
                event.ok().flatten().is_some_and(|event| event.name() == "Released")
            })
            .map(|topic| Word(*topic))
            .unwrap(),
        word(order),
    ];
    let data = U256::from(cumulative).to_be_bytes::<32>().to_vec();
    RawEvent { log, tx: word(0x70 + log), contract: address(1), subject: word(order), topics, data }
}

pub(crate) fn row<R: Row>(row: R) -> (&'static Table, Record) {
    (R::TABLE, row.to_record().unwrap())
}

pub(crate) fn order(id: u64, block: u64) -> Order {
    let (none, zero) = (word(0), Amount::ZERO);
    Order {
        chain: CHAIN,
        contract: address(1),
        id: word(id),
        simple: false,
        raw_id: None,
        buyer: address(BUYER),
        seller: address(SELLER),
        payer: address(BUYER),
        token: address(3),
        amount: "100000000000000000000000000".parse().unwrap(),
        session_id: word(77),
        offer_hash: none,
        state: 9,
        slot: none,
        commit_by: 1,
        deliver_by: 2,
        timed_release: 0,
        deposit: zero,
        evidence: none,
        buyer_shield: none,
        seller_shield: none,
        outcome: 0,
        to_buyer: zero,
        to_seller: zero,
        fee: zero,
        receipt_hash: none,
        created_at: 1_700_000_000,
        created_block: block,
        created_log: id,
        ended_at: 0,
        updated_block: block,
    }
}

pub(crate) fn receipt(id: u64, block: u64) -> Receipt {
    let none = word(0);
    Receipt {
        chain: CHAIN,
        contract: address(2),
        order_id: word(id),
        minter: address(1),
        buyer: address(BUYER),
        seller: address(SELLER),
        session_id: word(77),
        offer_hash: none,
        token: address(3),
        paid: Amount::from(5),
        refunded: Amount::ZERO,
        fee: Amount::ZERO,
        outcome: 2,
        settled_at: 9,
        evidence: none,
        receipt_address: none,
        delivery_commitment: none,
        receipt_hash: none,
        tx: none,
        block_hash: none,
        block,
        log: id,
    }
}

pub(crate) fn lock(id: u64, block: u64) -> Lock {
    Lock {
        chain: CHAIN,
        contract: address(3),
        id: word(id),
        sender: address(BUYER),
        receiver: address(SELLER),
        token: address(3),
        amount: Amount::from(5),
        hashlock: word(88),
        session_id: word(77),
        timelock: 1,
        lock_deadline: 2,
        state: 1,
        secret: None,
        created_block: block,
        created_log: id,
        updated_block: block,
    }
}

pub(crate) fn route(id: u64, block: u64) -> Route {
    let zero = Amount::ZERO;
    Route {
        chain: CHAIN,
        contract: address(4),
        id: word(id),
        split: false,
        session_id: word(77),
        buyer: address(BUYER),
        seller: address(SELLER),
        token: address(3),
        cap: Amount::from(5),
        charged: zero,
        to_seller: zero,
        to_hops: zero,
        expiry: 3,
        closed: false,
        created_block: block,
        created_log: id,
    }
}

pub(crate) fn owed(contract: u8) -> Owed {
    let (token, party) = (address(3), address(BUYER));
    Owed { chain: CHAIN, contract: address(contract), token, party, amount: Amount::from(7) }
}

pub(crate) fn verifier(version: u64) -> Verifier {
    let none = word(0);
    Verifier {
        chain: CHAIN,
        contract: address(5),
        circuit: word(6),
        version,
        active_from: 1,
        deprecated_at: 0,
        revoked_at: 0,
        public_inputs: 4,
        dev: true,
        delivery: true,
        verifier: address(9),
        aggregator: address(8),
        code_hash: none,
        vk_hash: none,
        ceremony: none,
    }
}

pub(crate) fn anchor(block: u64) -> Anchor {
    let (root, sender, tx) = (word(99), address(SELLER), word(1));
    Anchor { chain: CHAIN, contract: address(2), block, log: 1, root, sender, tx }
}
