//! A node whose answers are noted for those who ask how it goes.

use alloy::primitives::{Address, Bytes};
use coreprover_indexer::{
    Contracts,
    node::{Header, Http, Log, Node, NodeError, Receipt},
    serve::Status,
};
use std::{
    collections::BTreeMap,
    ops::RangeInclusive,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};
use tgp_protocol::value::Word;
use tokio::sync::watch;

/// What the nodes of a chain said last.
#[derive(Debug)]
pub(super) struct Noted {
    pub(super) status: watch::Sender<Status>,
    /// Whether one node's word on the head is enough.
    believed: bool,
    /// A bit for each node: whether it answered last time.
    up: AtomicUsize,
    /// The times of blocks that were the last of an answer, by their numbers.
    times: Mutex<BTreeMap<u64, u64>>,
}

impl Noted {
    /// Of nodes of which so many must agree.
    pub(super) fn new(quorum: usize) -> Arc<Self> {
        let status = watch::Sender::new(Status::default());
        Arc::new(Self { status, believed: quorum < 2, up: AtomicUsize::new(0), times: Mutex::default() })
    }

    /// The time of the block that the store stands at, and forgets those before it.
    pub(super) fn time(&self, block: u64) -> Option<u64> {
        let mut times = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        *times = times.split_off(&block);
        times.get(&block).copied()
    }

    /// Notes an answer without telling anybody: that something came is no news of the store.
    fn note<T>(&self, place: usize, answer: &Result<T, NodeError>) {
        let bit = 1 << place.min(63);
        let failed = match answer {
            // it has answered, only not with what was wanted
            Ok(_) | Err(NodeError::Missing | NodeError::TooLarge(_) | NodeError::Unsupported(_)) => false,
            Err(_) => true,
        };
        let up = if failed {
            self.up.fetch_and(!bit, Ordering::Relaxed) & !bit
        } else {
            self.up.fetch_or(bit, Ordering::Relaxed) | bit
        };
        self.status.send_if_modified(|status| {
            status.connected = up != 0;
            status.rpc_errors += u64::from(answer.is_err());
            if !failed {
                status.heard_at = now();
            }
            false
        });
    }

    fn note_head(&self, head: &Header) {
        self.note_time(head);
        if !self.believed {
            return;
        }
        self.status.send_if_modified(|status| {
            status.node_head = status.node_head.max(head.number);
            false
        });
    }

    fn note_time(&self, header: &Header) {
        self.times.lock().unwrap_or_else(PoisonError::into_inner).insert(header.number, header.time);
    }
}

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// One of the nodes.
#[derive(Clone, Debug)]
pub(super) struct Watched {
    pub(super) node: Http,
    pub(super) place: usize,
    pub(super) noted: Arc<Noted>,
}

impl Watched {
    async fn noting<T>(
        &self,
        call: &'static str,
        answer: impl Future<Output = Result<T, NodeError>>,
    ) -> Result<T, NodeError> {
        tracing::trace!(node = self.name(), call, "asked");
        let answer = answer.await;
        tracing::trace!(node = self.name(), call, good = answer.is_ok(), "answered");
        self.noted.note(self.place, &answer);
        answer
    }
}

impl Node for Watched {
    fn name(&self) -> &str {
        self.node.name()
    }

    async fn genesis(&self) -> Result<Word, NodeError> {
        self.noting("genesis", self.node.genesis()).await
    }

    async fn head(&self) -> Result<Header, NodeError> {
        let head = self.noting("head", self.node.head()).await?;
        self.noted.note_head(&head);
        Ok(head)
    }

    async fn finalized(&self) -> Result<Header, NodeError> {
        self.noting("finalized", self.node.finalized()).await
    }

    async fn headers(&self, numbers: RangeInclusive<u64>) -> Result<Vec<Header>, NodeError> {
        let headers = self.noting("headers", self.node.headers(numbers)).await?;
        if let Some(last) = headers.last() {
            self.noted.note_time(last);
        }
        Ok(headers)
    }

    async fn logs(&self, contracts: Arc<Contracts>, numbers: RangeInclusive<u64>) -> Result<Vec<Log>, NodeError> {
        self.noting("logs", self.node.logs(contracts, numbers)).await
    }

    async fn logs_of(&self, contracts: Arc<Contracts>, blocks: Vec<Word>) -> Result<Vec<Vec<Log>>, NodeError> {
        self.noting("logs_of", self.node.logs_of(contracts, blocks)).await
    }

    async fn receipts_of(&self, block: Word) -> Result<Vec<Receipt>, NodeError> {
        self.noting("receipts_of", self.node.receipts_of(block)).await
    }

    async fn calls(&self, calls: Vec<(Address, Bytes)>, block: Word) -> Result<Vec<Bytes>, NodeError> {
        self.noting("calls", self.node.calls(calls, block)).await
    }
}
