//! Reading ahead: several ranges at once, given out in their order.

use super::range::{self, Range};
use crate::{
    Chain, IndexError, Limits, Result,
    node::{Endpoints, Node, NodesError},
};
use std::{collections::VecDeque, ops::RangeInclusive, sync::Arc};
use tokio::task::JoinHandle;

/// A range on its way, or read.
#[derive(Debug)]
struct Ahead {
    numbers: RangeInclusive<u64>,
    task: JoinHandle<Result<Range>>,
    read: Option<Range>,
}

/// It ends with whoever waits for it.
impl Drop for Ahead {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Ranges on their way, one after the other.
#[derive(Debug)]
pub(super) struct Prefetch {
    ahead: VecDeque<Ahead>,
    size: Size,
}

impl Prefetch {
    pub(super) fn new(limits: &Limits) -> Self {
        Self { ahead: VecDeque::new(), size: Size::new(limits.blocks) }
    }

    /// The range that begins with block `next`, no block above `last` being asked for; and the newest block that is known
    /// to stand on it.
    ///
    /// # Errors
    /// With [`NodesError::TwoBranches`] when the range after it does not.
    pub(super) async fn take<N: Node>(
        &mut self,
        nodes: &Arc<Endpoints<N>>,
        chain: &Arc<Chain>,
        next: u64,
        last: u64,
    ) -> Result<(Range, u64)> {
        if self.ahead.front().is_some_and(|ahead| *ahead.numbers.start() != next) {
            self.forget();
        }
        self.fill(nodes, chain, next, last);
        self.read(0).await?;
        if self.read(1).await.is_err() {
            // whoever needs that range asks again, and hears why not
            self.ahead.truncate(1);
        }
        let mut ranges = self.ahead.iter().filter_map(|ahead| ahead.read.as_ref());
        let (first, second) = (ranges.next(), ranges.next());
        let ends = |range: &Range| range.blocks.last().map(|block| block.at);
        let linked = second.and_then(|range| range.blocks.first()).map(|block| block.parent);
        if let (Some(end), Some(parent)) = (first.and_then(ends), linked)
            && end.hash != parent
        {
            return Err(NodesError::TwoBranches { number: end.number }.into());
        }
        let top = second.or(first).and_then(ends).map_or(last, |block| block.number);
        let front = self.ahead.pop_front().map(|mut ahead| (ahead.numbers.clone(), ahead.read.take()));
        let Some((numbers, Some(range))) = front else {
            return Err(IndexError::Stopped("nothing is left to read".into()));
        };
        self.size.learn(numbers.end() - numbers.start() + 1, &range, chain.limits.bytes);
        Ok((range, top))
    }

    /// What is on its way stands on blocks that are not ours any more.
    pub(super) fn forget(&mut self) {
        self.ahead.clear();
    }

    /// Asks for as many ranges as may be on their way.
    fn fill<N: Node>(&mut self, nodes: &Arc<Endpoints<N>>, chain: &Arc<Chain>, next: u64, last: u64) {
        while self.ahead.len() < chain.limits.questions.max(1) {
            let start = self.ahead.back().map_or(next, |ahead| ahead.numbers.end() + 1);
            if start > last {
                break;
            }
            let numbers = start..=last.min(start.saturating_add(self.size.blocks - 1));
            let task = tokio::spawn(range::read(Arc::clone(nodes), Arc::clone(chain), numbers.clone()));
            self.ahead.push_back(Ahead { numbers, task, read: None });
        }
    }

    /// Waits for the range at a place, where there is one.
    async fn read(&mut self, place: usize) -> Result<()> {
        let Some(ahead) = self.ahead.get_mut(place).filter(|ahead| ahead.read.is_none()) else { return Ok(()) };
        let read = (&mut ahead.task).await.map_err(|error| IndexError::Stopped(error.to_string()))?;
        ahead.read = Some(read?);
        Ok(())
    }
}

/// How many blocks the next question is for.
#[derive(Debug)]
struct Size {
    blocks: u64,
    /// What nodes are known to answer, as far as one knows.
    ceiling: u64,
    /// What nobody is asked for.
    most: u64,
}

impl Size {
    /// Begins small: nobody knows yet how much a block holds.
    fn new(most: u64) -> Self {
        let most = most.max(1);
        Self { blocks: most.min(16), ceiling: most, most }
    }

    /// As many blocks as fill an answer of `wanted` bytes, but never more than twice as many as the last time. What a node
    /// refused is tried again, a sixteenth more each time: it may have been the events, or a rule of its own.
    fn learn(&mut self, asked: u64, range: &Range, wanted: usize) {
        let number = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        if range.split {
            self.ceiling = (asked / 2).max(1);
        } else if asked >= self.ceiling {
            self.ceiling = (self.ceiling + self.ceiling / 16 + 1).min(self.most);
        }
        let each = number(range.bytes).div_ceil(asked.max(1)).max(1);
        let twice = asked.saturating_mul(2).max(self.blocks);
        self.blocks = (number(wanted) / each).min(twice).min(self.ceiling).max(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(bytes: usize, split: bool) -> Range {
        Range { bytes, split, ..Range::default() }
    }

    #[test]
    fn ranges_grow_until_an_answer_is_as_large_as_wanted() {
        let mut size = Size::new(1_000);
        for blocks in [16, 32, 64, 128, 256, 512, 1_000, 1_000] {
            assert_eq!(size.blocks, blocks);
            size.learn(size.blocks, &answer(0, false), 4_000);
        }
        // ten bytes a block
        size.learn(1_000, &answer(10_000, false), 4_000);
        assert_eq!(size.blocks, 400);
        // one block is more than wanted
        size.learn(400, &answer(4_000_000, false), 4_000);
        assert_eq!(size.blocks, 1);
    }

    #[test]
    fn what_a_node_refused_is_approached_again_slowly() {
        let mut size = Size::new(1_000);
        size.learn(600, &answer(0, true), 4_000);
        assert_eq!(size.blocks, 300);
        size.learn(300, &answer(0, false), 4_000);
        assert_eq!(size.blocks, 319);
        // a smaller question says nothing about a larger one
        size.learn(200, &answer(0, false), 4_000);
        assert_eq!(size.ceiling, 319);
    }
}
