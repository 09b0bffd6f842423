//! Folding everything again.

use crate::{
    Chain, Event, IndexError, Result,
    fold::At,
    sync::batch::{self, ReadBlock, ReadEvent},
};
use coreprover_store::{BlockRef, ChainStart, ChainState, ChainStore, Change, Cursor, FeedEvent, StoreError};
use tgp_protocol::value::Word;

/// How many changes are read at once.
const PAGE: usize = 1_000;

/// Folds every event that a store has of a chain again, in the order in which its consumers saw them, rollbacks included,
/// into a store that does not know the chain. What memory it needs does not grow with the chain.
///
/// # Errors
/// When a store does not answer, or the events do not follow from each other.
pub async fn rebuild<A: ChainStore, B: ChainStore>(from: &A, into: &B, chain: &Chain) -> Result<ChainState> {
    let states = from.chains().await?;
    let source = states.into_iter().find(|state| state.chain == chain.number);
    let source = source.ok_or(StoreError::UnknownChain(chain.number))?;
    let start = ChainStart { chain: chain.number, genesis: source.genesis, base: source.base };
    let state = into.open_chain(start).await?;
    let mut replay = Replay { into, chain, state, block: None };
    let mut cursor = Cursor::start(chain.number, source.epoch);
    loop {
        let page = from.feed(cursor, PAGE).await?;
        let Some(last) = page.last() else { break };
        cursor = last.cursor;
        for change in page {
            replay.add(change).await?;
        }
    }
    replay.close().await?;
    Ok(replay.state)
}

struct Replay<'a, B> {
    into: &'a B,
    chain: &'a Chain,
    state: ChainState,
    /// The block that comes or goes, and whether it comes.
    block: Option<(ReadBlock, Change)>,
}

impl<B: ChainStore> Replay<'_, B> {
    async fn add(&mut self, change: FeedEvent) -> Result<()> {
        let at = BlockRef { number: change.block, hash: change.block_hash };
        if self.block.as_ref().is_some_and(|(block, kind)| block.at != at || *kind != change.change) {
            self.close().await?;
        }
        let event = self.read(&change)?;
        let parent = self.state.head.hash;
        let new = || ReadBlock { at, parent, time: change.time, events: Vec::new() };
        self.block.get_or_insert_with(|| (new(), change.change)).0.events.push(event);
        Ok(())
    }

    async fn close(&mut self) -> Result<()> {
        match self.block.take() {
            Some((block, Change::Applied)) => {
                // nothing is final here: what went once goes again
                let (batch, _) = batch::build(self.into, &self.state, vec![block], self.state.last_final, None).await?;
                self.state = self.into.apply(batch).await?;
            }
            Some((block, Change::RolledBack)) => {
                let below = block.at.number.saturating_sub(1);
                let kept = self.into.blocks_below(self.chain.number, below, 1).await?;
                let to = kept.first().copied().unwrap_or(self.state.base);
                self.into.rewind(self.chain.number, self.state.head, to).await?;
                self.state.head = to;
            }
            None => {}
        }
        Ok(())
    }

    fn read(&self, change: &FeedEvent) -> Result<ReadEvent> {
        let raw = change.event.clone();
        let not = || IndexError::NotAnEvent { block: change.block, log: raw.log };
        let kind = self.chain.contracts.at(raw.contract).ok_or_else(not)?;
        let topics: Vec<_> = raw.topics.iter().map(|Word(topic)| *topic).collect();
        let event = Event::decode(kind, &topics, &raw.data).map_err(|_| not())?;
        let at = At {
            chain: self.chain.number,
            block: change.block,
            block_hash: change.block_hash,
            time: change.time,
            log: raw.log,
            tx: raw.tx,
            contract: raw.contract,
            kind,
        };
        Ok(ReadEvent { at, event, raw })
    }
}
