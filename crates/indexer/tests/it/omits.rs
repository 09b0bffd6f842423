//! A real node that does not say everything.

use alloy::primitives::{Address, Bytes};
use coreprover_indexer::{
    Contracts,
    node::{Header, Http, Log, Node, NodeError, Receipt},
};
use std::{ops::RangeInclusive, sync::Arc};
use tgp_protocol::value::Word;

/// A real node that leaves out the logs of one block, and perhaps those of its receipts.
#[derive(Clone, Debug)]
pub(crate) struct Omits {
    pub(crate) node: Http,
    /// Whether logs, or those of receipts, are left out.
    pub(crate) logs: bool,
    pub(crate) receipts: bool,
}

impl Omits {
    fn spoil(&self, logs: &mut Vec<Log>) {
        if self.logs
            && let Some(last) = logs.last().map(|log| log.block_hash)
        {
            logs.retain(|log| log.block_hash != last);
        }
    }
}

impl Node for Omits {
    fn name(&self) -> &str {
        self.node.name()
    }

    async fn genesis(&self) -> Result<Word, NodeError> {
        self.node.genesis().await
    }

    async fn head(&self) -> Result<Header, NodeError> {
        self.node.head().await
    }

    async fn finalized(&self) -> Result<Header, NodeError> {
        self.node.finalized().await
    }

    async fn headers(&self, numbers: RangeInclusive<u64>) -> Result<Vec<Header>, NodeError> {
        self.node.headers(numbers).await
    }

    async fn logs(&self, contracts: Arc<Contracts>, numbers: RangeInclusive<u64>) -> Result<Vec<Log>, NodeError> {
        let mut logs = self.node.logs(contracts, numbers).await?;
        self.spoil(&mut logs);
        Ok(logs)
    }

    async fn logs_of(&self, contracts: Arc<Contracts>, blocks: Vec<Word>) -> Result<Vec<Vec<Log>>, NodeError> {
        let mut answers = self.node.logs_of(contracts, blocks).await?;
        answers.iter_mut().for_each(|logs| self.spoil(logs));
        Ok(answers)
    }

    async fn receipts_of(&self, block: Word) -> Result<Vec<Receipt>, NodeError> {
        let mut receipts = self.node.receipts_of(block).await?;
        if self.receipts {
            receipts.iter_mut().for_each(|receipt| receipt.logs.clear());
        }
        Ok(receipts)
    }

    async fn calls(&self, calls: Vec<(Address, Bytes)>, block: Word) -> Result<Vec<Bytes>, NodeError> {
        self.node.calls(calls, block).await
    }
}
