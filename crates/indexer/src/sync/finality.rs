//! Up to which block nothing is taken back any more.

use crate::{
    Chain, Result,
    node::{Endpoints, Header, Node},
};
use coreprover_store::{ChainState, ChainStore};
use std::sync::Arc;
use tgp_protocol::{chain_profile::FinalityRule, value::Word};

use super::range::Range;

/// What the nodes say is final.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Claim {
    number: u64,
    /// The block's hash, where a node's tag says so and not our arithmetic.
    hash: Option<Word>,
    /// How many blocks of a chain that we have seen ourselves must stand on a final block.
    depth: u64,
}

/// Whatever a node calls final has two epochs of blocks on it, as long as we cannot see its hash in our chain.
const EPOCHS: u64 = 64;

/// The head, and what is final, as far as enough nodes say.
pub(super) async fn look<N: Node>(nodes: &Endpoints<N>, chain: &Chain) -> Result<(Header, Claim)> {
    let head = nodes.reached("the head", |node: Arc<N>| async move { node.head().await });
    match chain.finality.rule {
        FinalityRule::Depth => {
            let head = head.await?;
            let depth = chain.finality.blocks;
            let number = head.number.saturating_sub(depth);
            Ok((head, Claim { number, hash: None, depth }))
        }
        // a batch that the chain below has may still go with that chain's blocks
        FinalityRule::L1Derived | FinalityRule::Finalized => {
            let last = nodes.reached("finality", |node: Arc<N>| async move { node.finalized().await });
            let (head, last) = futures::try_join!(head, last)?;
            let number = last.number.min(head.number);
            Ok((head, Claim { number, hash: Some(last.hash), depth: EPOCHS }))
        }
    }
}

impl Claim {
    /// The last final block of our own chain, once `range` stands on it and blocks up to `top` on that.
    ///
    /// What is far below the head of one answer may still be on a dead branch of another: a node that was asked for a
    /// range may have shown the chain as it was. So a block is final only with enough blocks of our own on it, or when the
    /// block that the nodes name is ours.
    pub(super) async fn of_ours<S: ChainStore>(
        &self,
        store: &S,
        state: &ChainState,
        range: &Range,
        top: u64,
    ) -> Result<u64> {
        let deep = self.number.min(top.saturating_sub(self.depth));
        let Some(hash) = self.hash.filter(|_| self.number > deep.max(state.last_final)) else { return Ok(deep) };
        let read = range.blocks.iter().find(|block| block.at.number == self.number).map(|block| block.at);
        let ours = match read {
            Some(block) => Some(block),
            None => store.blocks_below(state.chain, self.number, 1).await?.first().copied(),
        };
        let named = ours.is_some_and(|block| block.number == self.number && block.hash == hash);
        Ok(if named { self.number } else { deep })
    }
}
