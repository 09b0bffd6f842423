//! Reading ahead: several ranges at once, given out in their order.

use super::range::{self, Range};
use crate::{
    Chain, IndexError, Result,
    node::{Endpoints, Node},
};
use std::{collections::VecDeque, ops::RangeInclusive, sync::Arc};
use tokio::task::JoinHandle;

/// A task that ends with whoever waits for it.
#[derive(Debug)]
struct Task<T>(JoinHandle<T>);

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Ranges on their way, one after the other.
#[derive(Debug)]
pub(super) struct Prefetch {
    ahead: VecDeque<(RangeInclusive<u64>, Task<Result<Range>>)>,
    /// How many blocks the next question is for.
    blocks: u64,
}

impl Prefetch {
    /// Begins small: nobody knows yet how much a block holds.
    pub(super) fn new() -> Self {
        Self { ahead: VecDeque::new(), blocks: 16 }
    }

    /// The range that begins with block `next`, no block above `last` being asked for.
    pub(super) async fn take<N: Node>(
        &mut self,
        nodes: &Arc<Endpoints<N>>,
        chain: &Arc<Chain>,
        next: u64,
        last: u64,
    ) -> Result<Range> {
        if self.ahead.front().is_some_and(|(numbers, _)| *numbers.start() != next) {
            self.forget();
        }
        let limits = chain.limits;
        while self.ahead.len() < limits.questions.max(1) {
            let start = self.ahead.back().map_or(next, |(numbers, _)| numbers.end() + 1);
            if start > last {
                break;
            }
            let numbers = start..=last.min(start.saturating_add(self.blocks - 1));
            let read = range::read(Arc::clone(nodes), Arc::clone(chain), numbers.clone());
            self.ahead.push_back((numbers, Task(tokio::spawn(read))));
        }
        let Some((numbers, task)) = self.ahead.front_mut() else {
            return Err(IndexError::Stopped("nothing is left to read".into()));
        };
        let read = (&mut task.0).await;
        let asked = numbers.end() - numbers.start() + 1;
        self.ahead.pop_front();
        match read.map_err(|error| IndexError::Stopped(error.to_string())).and_then(|read| read) {
            Ok(range) => {
                self.learn(asked, range.bytes, limits.bytes, limits.blocks);
                Ok(range)
            }
            Err(error) => {
                self.forget();
                Err(error)
            }
        }
    }

    /// What is on its way stands on blocks that are not ours any more.
    pub(super) fn forget(&mut self) {
        self.ahead.clear();
    }

    /// As many blocks as fill an answer, but never more than twice as many as the last time.
    fn learn(&mut self, asked: u64, bytes: usize, wanted: usize, most: u64) {
        let wanted = u64::try_from(wanted).unwrap_or(u64::MAX);
        let each = u64::try_from(bytes).unwrap_or(u64::MAX).div_ceil(asked).max(1);
        self.blocks = (wanted / each).min(asked.saturating_mul(2).max(self.blocks)).clamp(1, most.max(1));
    }
}
