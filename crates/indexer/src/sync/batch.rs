//! From blocks that were read to one transaction of the store.

use crate::{
    Event, IndexError, Result,
    fold::{AnyRow, At, Key, Sheet},
};
use coreprover_store::{Batch, Block, BlockRef, ChainState, ChainStore, RawEvent, StoreError};
use std::collections::BTreeMap;
use tgp_protocol::value::Word;

/// A block with its events, decoded.
#[derive(Debug)]
pub(crate) struct ReadBlock {
    pub(crate) at: BlockRef,
    pub(crate) parent: Word,
    pub(crate) time: u64,
    pub(crate) events: Vec<ReadEvent>,
}

/// An event as the log was, and decoded.
#[derive(Debug)]
pub(crate) struct ReadEvent {
    pub(crate) at: At,
    pub(crate) event: Event,
    pub(crate) raw: RawEvent,
}

/// Everything that these blocks change, the last final block being `last_final` as far as the nodes say; and the rows after
/// them. What `before` knows need not stand in the store yet.
pub(crate) async fn build<S: ChainStore>(
    store: &S,
    state: &ChainState,
    blocks: Vec<ReadBlock>,
    last_final: u64,
    before: Option<&Sheet>,
) -> Result<(Batch, Sheet)> {
    let head = blocks.last().map_or(state.head, |block| block.at);
    // finality never goes back, and nothing is final that is not here
    let last_final = last_final.min(head.number).max(state.last_final);
    let mut sheet = Sheet::new(state.chain);
    load(store, state.chain, &mut sheet, before, &blocks).await?;
    let mut undo = Vec::new();
    for block in &blocks {
        let number = block.at.number;
        for event in &block.events {
            let images = (number > last_final).then_some(&mut undo);
            sheet.fold(&event.event, &event.at, images).map_err(|error| IndexError::Fold { block: number, error })?;
        }
    }
    let kept = blocks.into_iter().filter(|block| block.at.number >= last_final || !block.events.is_empty());
    let blocks = kept.map(|block| Block {
        at: block.at,
        parent: block.parent,
        time: block.time,
        events: block.events.into_iter().map(|event| event.raw).collect(),
    });
    let batch = Batch { before: *state, head, last_final, blocks: blocks.collect(), rows: sheet.changed()?, undo };
    Ok((batch, sheet))
}

/// Every row that the blocks need, a table at a time. Twice, because a dispute needs the parties of its order.
async fn load<S: ChainStore>(
    store: &S,
    chain: u64,
    sheet: &mut Sheet,
    before: Option<&Sheet>,
    blocks: &[ReadBlock],
) -> Result<()> {
    loop {
        let events = blocks.iter().flat_map(|block| &block.events);
        let unknown = sheet.unknown(events.map(|event| (&event.event, &event.at)));
        if unknown.is_empty() {
            return Ok(());
        }
        let mut tables: BTreeMap<&str, Vec<Key>> = BTreeMap::new();
        for key in unknown {
            if let Some(row) = before.and_then(|before| before.known(&key)) {
                sheet.know(key, row.cloned());
                continue;
            }
            tables.entry(key.table().name).or_default().push(key);
        }
        for keys in tables.into_values() {
            let Some(first) = keys.first() else { continue };
            let records = keys.iter().map(|key| key.record(chain)).collect::<Result<_, StoreError>>()?;
            let rows = store.load(first.table(), records).await?;
            for (key, row) in keys.into_iter().zip(rows) {
                let row = row.map(|record| AnyRow::from_record(&key, record)).transpose()?;
                sheet.know(key, row);
            }
        }
    }
}
