//! Reading ahead: several ranges at once, given out in their order.

use super::range::{self, Range};
use crate::{
    Chain, IndexError, Result,
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
    /// How many blocks the next question is for.
    blocks: u64,
}

impl Prefetch {
    /// Begins small: nobody knows yet how much a block holds.
    pub(super) fn new() -> Self {
        Self { ahead: VecDeque::new(), blocks: 16 }
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
        self.read(1).await?;
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
        self.learn(numbers.end() - numbers.start() + 1, range.bytes, &chain.limits);
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
            let numbers = start..=last.min(start.saturating_add(self.blocks - 1));
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

    /// As many blocks as fill an answer, but never more than twice as many as the last time.
    fn learn(&mut self, asked: u64, bytes: usize, limits: &crate::Limits) {
        let number = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let each = number(bytes).div_ceil(asked).max(1);
        let most = asked.saturating_mul(2).max(self.blocks);
        self.blocks = (number(limits.bytes) / each).min(most).clamp(1, limits.blocks.max(1));
    }
}
