//! Writing one batch while the next is read and folded.

use super::batch::{self, ReadBlock};
use crate::{IndexError, Result, fold::Sheet};
use coreprover_store::{Batch, ChainState, ChainStore, Contention, StoreError};
use tokio::task::JoinHandle;

/// At most one batch is on its way into the store.
#[derive(Debug)]
pub(super) struct Writer<S> {
    store: S,
    writing: Option<Writing>,
}

#[derive(Debug)]
struct Writing {
    task: JoinHandle<Result<ChainState, StoreError>>,
    /// The rows after it: whoever folds on need not wait until they are in the store.
    sheet: Sheet,
    /// Where the chain will stand.
    after: ChainState,
}

impl<S: ChainStore> Writer<S> {
    pub(super) fn new(store: S) -> Self {
        Self { store, writing: None }
    }

    /// Folds blocks onto `state`, which may not be written yet, and begins to write them. Says where the chain will stand.
    pub(super) async fn write(
        &mut self,
        state: &ChainState,
        blocks: Vec<ReadBlock>,
        last_final: u64,
    ) -> Result<ChainState> {
        let before = self.writing.as_ref().map(|writing| &writing.sheet);
        let (batch, sheet) = batch::build(&self.store, state, blocks, last_final, before).await?;
        self.settle().await?;
        let after = after(state, &batch);
        let store = self.store.clone();
        // not ended with the follower: a transaction is better finished than not
        let task = tokio::spawn(async move { store.apply(batch).await });
        self.writing = Some(Writing { task, sheet, after });
        Ok(after)
    }

    /// Waits until everything is in the store.
    ///
    /// # Errors
    /// When it is not; then nothing of it is.
    pub(super) async fn settle(&mut self) -> Result<()> {
        let Some(writing) = &mut self.writing else { return Ok(()) };
        let written = (&mut writing.task).await;
        let expected = writing.after;
        self.writing = None;
        let found = written.map_err(|error| IndexError::Stopped(error.to_string()))??;
        if found == expected {
            return Ok(());
        }
        let (expected, found) = (expected.head.to_string(), found.head.to_string());
        Err(StoreError::Contention(Contention::Head { expected, found }).into())
    }
}

fn after(state: &ChainState, batch: &Batch) -> ChainState {
    let entries = batch.blocks.iter().filter(|block| !block.events.is_empty()).count();
    ChainState {
        head: batch.head,
        last_final: batch.last_final,
        entries: state.entries + u64::try_from(entries).unwrap_or(u64::MAX),
        ..*state
    }
}
