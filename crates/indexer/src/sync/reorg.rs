//! Where the chain that we have and the chain that the nodes have part.

use crate::{
    IndexError, Result,
    node::{Endpoints, Node},
};
use coreprover_store::{BlockRef, ChainState, ChainStore};
use std::sync::Arc;

/// How many blocks are compared at once.
const STEP: usize = 64;

/// The newest block, not above `from`, that both have; enough nodes must have replaced the one after it.
pub(super) async fn ancestor<S: ChainStore, N: Node>(
    store: &S,
    nodes: &Endpoints<N>,
    state: &ChainState,
    from: u64,
) -> Result<BlockRef> {
    let broken = IndexError::FinalityBroken { last_final: state.last_final };
    let mut below = from.min(state.head.number);
    let mut replaced = None;
    loop {
        let mut ours = store.blocks_below(state.chain, below, STEP).await?;
        // behind the last final block nothing is looked for
        ours.retain(|block| block.number >= state.last_final);
        let (Some(newest), Some(oldest)) = (ours.first().copied(), ours.last().copied()) else {
            return Err(broken);
        };
        let numbers = oldest.number..=newest.number;
        let (_, theirs) = nodes
            .ask(|node: Arc<N>| {
                let numbers = numbers.clone();
                async move { node.headers(numbers).await }
            })
            .await?;
        let common = ours
            .iter()
            .find(|block| theirs.iter().any(|header| header.number == block.number && header.hash == block.hash));
        let above = ours.iter().take_while(|block| Some(*block) != common);
        replaced = above.last().copied().or(replaced);
        match (common, oldest.number.checked_sub(1)) {
            (Some(block), _) => {
                if let Some(block) = replaced {
                    nodes.agree_against(block.number, block.hash).await?;
                }
                return Ok(*block);
            }
            (None, Some(next)) if next >= state.last_final => below = next,
            (None, _) => return Err(broken),
        }
    }
}
