//! Nodes: what is asked of them, what they answer, and how little of it is believed.

mod block;
mod endpoints;
mod error;
mod heads;
mod health;
mod http;
mod receipts;
mod refusal;

pub(crate) use block::Sought;
pub use block::{Header, Log};
pub use endpoints::{Endpoints, Policy, Proof};
pub use error::{NodeError, NodesError};
pub use heads::Heads;
pub use http::Http;
pub use receipts::{Receipt, ReceiptLog, receipts_root};
pub(crate) use refusal::causes;

use crate::Contracts;
use alloy::primitives::{Address, Bytes};
use std::{future::Future, ops::RangeInclusive, sync::Arc};
use tgp_protocol::value::Word;

/// A node of a chain. It may be slow, behind, on another branch, or lie: whoever reads checks what can be checked.
///
/// Every call must end by itself or be dropped; nothing is changed by dropping one. An answer is whole or an error.
pub trait Node: Send + Sync + 'static {
    /// Its name in messages: no secret of its address.
    fn name(&self) -> &str;

    /// The hash of block 0.
    fn genesis(&self) -> impl Future<Output = Result<Word, NodeError>> + Send;

    /// The newest block.
    fn head(&self) -> impl Future<Output = Result<Header, NodeError>> + Send;

    /// The newest block that the chain will not take back.
    fn finalized(&self) -> impl Future<Output = Result<Header, NodeError>> + Send;

    /// The blocks of these numbers, in their order.
    ///
    /// # Errors
    /// With [`NodeError::Missing`] when it does not have the last of them.
    fn headers(&self, numbers: RangeInclusive<u64>) -> impl Future<Output = Result<Vec<Header>, NodeError>> + Send;

    /// The logs of our contracts in these blocks.
    ///
    /// # Errors
    /// With [`NodeError::TooLarge`] when it wants to be asked for less.
    fn logs(
        &self,
        contracts: Arc<Contracts>,
        numbers: RangeInclusive<u64>,
    ) -> impl Future<Output = Result<Vec<Log>, NodeError>> + Send;

    /// The logs of our contracts in each of these blocks, by their hashes.
    ///
    /// # Errors
    /// With [`NodeError::Missing`] for a block that it does not have.
    fn logs_of(
        &self,
        contracts: Arc<Contracts>,
        blocks: Vec<Word>,
    ) -> impl Future<Output = Result<Vec<Vec<Log>>, NodeError>> + Send;

    /// Every receipt of a block.
    ///
    /// # Errors
    /// With [`NodeError::Missing`] for a block that it does not have.
    fn receipts_of(&self, block: Word) -> impl Future<Output = Result<Vec<Receipt>, NodeError>> + Send;

    /// What these calls answer after a block.
    ///
    /// # Errors
    /// With [`NodeError::Missing`] for a block that it does not have, or whose state it has forgotten.
    fn calls(
        &self,
        calls: Vec<(Address, Bytes)>,
        block: Word,
    ) -> impl Future<Output = Result<Vec<Bytes>, NodeError>> + Send;
}
