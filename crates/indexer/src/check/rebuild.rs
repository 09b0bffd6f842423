//! Folding everything again.

use crate::{
    Chain, IndexError, Result,
    fold::At,
    sync::batch::{self, ReadBlock, ReadEvent},
};
use coreprover_store::{BlockRef, ChainStart, ChainState, ChainStore, Change, Cursor, FeedEvent, StoreError};
use std::collections::HashMap;
use tgp_protocol::value::Word;

/// How many changes are read at once.
const PAGE: usize = 1_000;

/// How many blocks are one transaction.
const BLOCKS: usize = 256;

/// Folds every event of the chain that a store has again, in its order, into a store that does not know the chain. What
/// memory it needs grows with how often blocks were taken back, and not with the chain.
///
/// # Errors
/// When a store does not answer, or the events do not follow from each other.
pub async fn rebuild<A: ChainStore, B: ChainStore>(from: &A, into: &B, chain: &Chain) -> Result<ChainState> {
    let states = from.chains().await?;
    let source = states.into_iter().find(|state| state.chain == chain.number);
    let source = source.ok_or(StoreError::UnknownChain(chain.number))?;
    let start = ChainStart { chain: chain.number, genesis: source.genesis, base: source.base };
    let state = into.open_chain(start).await?;
    let gone = Gone::of(from, &source).await?;
    let mut replay = Replay { into, chain, state, gone, entry: 0, blocks: Vec::new() };
    let mut cursor = Cursor::start(chain.number, source.epoch);
    loop {
        let page = from.feed(cursor, PAGE).await?;
        let Some(last) = page.last() else { break };
        cursor = last.cursor;
        for change in page.into_iter().filter(|change| change.change == Change::Applied) {
            replay.add(change).await?;
        }
    }
    replay.write().await?;
    Ok(replay.state)
}

/// How often each block went. A block that is on the chain came once more than it went.
#[derive(Debug, Default)]
struct Gone(HashMap<Word, u64>);

impl Gone {
    async fn of<S: ChainStore>(from: &S, source: &ChainState) -> Result<Self> {
        let mut gone = Self::default();
        let mut cursor = Cursor::start(source.chain, source.epoch);
        loop {
            let page = from.feed(cursor, PAGE).await?;
            let Some(last) = page.last() else { return Ok(gone) };
            for change in page.iter().filter(|change| change.change == Change::RolledBack) {
                if change.cursor.entry != cursor.entry {
                    *gone.0.entry(change.block_hash).or_default() += 1;
                    cursor.entry = change.cursor.entry;
                }
            }
            cursor = last.cursor;
        }
    }

    /// Whether this coming of a block is one after which it went.
    fn takes(&mut self, block: Word) -> bool {
        let left = self.0.get_mut(&block).filter(|left| **left > 0);
        left.is_some_and(|left| {
            *left -= 1;
            true
        })
    }
}

struct Replay<'a, B> {
    into: &'a B,
    chain: &'a Chain,
    state: ChainState,
    gone: Gone,
    /// The entry of the feed whose events come.
    entry: u64,
    blocks: Vec<ReadBlock>,
}

impl<B: ChainStore> Replay<'_, B> {
    async fn add(&mut self, change: FeedEvent) -> Result<()> {
        let at = BlockRef { number: change.block, hash: change.block_hash };
        if change.cursor.entry != self.entry {
            self.entry = change.cursor.entry;
            if self.blocks.len() >= BLOCKS {
                self.write().await?;
            }
            if !self.gone.takes(at.hash) {
                let parent = self.blocks.last().map_or(self.state.head.hash, |block| block.at.hash);
                self.blocks.push(ReadBlock { at, parent, time: change.time, events: Vec::new() });
            }
        }
        let event = self.read(&change)?;
        if let Some(block) = self.blocks.last_mut().filter(|block| block.at == at) {
            block.events.push(event);
        }
        Ok(())
    }

    /// What is on the chain goes no more: all of it counts as final here.
    async fn write(&mut self) -> Result<()> {
        let Some(last_final) = self.blocks.last().map(|block| block.at.number) else { return Ok(()) };
        let blocks = std::mem::take(&mut self.blocks);
        let (batch, _) = batch::build(self.into, &self.state, blocks, last_final, None).await?;
        self.state = self.into.apply(batch).await?;
        Ok(())
    }

    fn read(&self, change: &FeedEvent) -> Result<ReadEvent> {
        let raw = change.event.clone();
        let not = || IndexError::NotAnEvent { block: change.block, log: raw.log };
        let kind = self.chain.contracts.at(raw.contract).ok_or_else(not)?;
        let topics: Vec<_> = raw.topics.iter().map(|Word(topic)| *topic).collect();
        let event = kind.decode(topics, raw.data.clone().into()).ok_or_else(not)?;
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
