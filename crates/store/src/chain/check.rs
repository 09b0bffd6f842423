use super::{Batch, Block};
use crate::{Result, StoreError, Table, table::TABLES};

impl Batch {
    /// Refuses a batch that leaves something out or contradicts itself: see the type.
    pub(crate) fn check(&self) -> Result<()> {
        let wrong = |text: &str| Err(StoreError::malformed(text));
        let parent = self.before.head;
        if self.head.number < parent.number || (self.head.number == parent.number && self.head != parent) {
            return wrong("the batch's head is not above the head before it");
        }
        if self.last_final > self.head.number {
            return wrong("the last final block is above the batch's head");
        }
        self.check_links()?;
        self.blocks.iter().try_for_each(Block::check)?;
        for (table, record) in &self.rows {
            known(table)?;
            table.check(record)?;
        }
        for undo in &self.undo {
            known(undo.table)?;
            undo.table.check_key(&undo.key)?;
            if let Some(before) = &undo.before {
                undo.table.check(before)?;
            }
        }
        Ok(())
    }

    fn check_links(&self) -> Result<()> {
        let wrong = |text: &str| Err(StoreError::malformed(text));
        let mut last = self.before.head;
        for block in &self.blocks {
            if block.at.number <= last.number || block.at.number > self.head.number {
                return wrong("the batch's blocks are not in their order, above the head before it, up to its own");
            }
            let next = block.at.number - 1 == last.number;
            if next && block.parent != last.hash {
                return wrong("a block of the batch does not stand on the one before it");
            }
            if !next && block.at.number > self.last_final.saturating_add(1) {
                return wrong("the batch lacks a block above the last final one");
            }
            last = block.at;
        }
        if self.head.number > self.last_final && last != self.head {
            return wrong("the batch's last block is not its head");
        }
        if last.number == self.head.number && last != self.head {
            return wrong("the batch's last block is not its head");
        }
        Ok(())
    }
}

/// The engines write the tables of this crate alone.
fn known(table: &Table) -> Result<()> {
    if TABLES.iter().any(|known| known.name == table.name) {
        return Ok(());
    }
    Err(StoreError::malformed("a row of another table"))
}

impl Block {
    /// How many logs the block has up to our last one.
    pub(crate) fn logs(&self) -> u64 {
        self.events.last().map_or(0, |event| event.log.saturating_add(1))
    }

    fn check(&self) -> Result<()> {
        if !self.events.is_sorted_by(|one, next| one.log < next.log) {
            return Err(StoreError::malformed("a block's events are not in the order of their logs"));
        }
        if self.events.iter().any(|event| event.topics.len() > 4) {
            return Err(StoreError::malformed("an event has more than four topics"));
        }
        Ok(())
    }
}
