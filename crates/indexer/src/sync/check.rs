//! What is checked of an answer before it counts: that it is whole, and that it is one chain.

use crate::{
    Contracts,
    node::{Header, Log, NodeError, Sought},
};
use alloy::primitives::Bloom;
use std::ops::RangeInclusive;

/// A block whose header and logs fit together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Found {
    pub(super) header: Header,
    pub(super) logs: Vec<Log>,
}

/// Every block of a range, each on the one before, with its logs where they belong.
pub(super) fn range(
    contracts: &Contracts,
    numbers: &RangeInclusive<u64>,
    headers: Vec<Header>,
    mut logs: Vec<Log>,
) -> Result<Vec<Found>, NodeError> {
    if !headers.iter().map(|header| header.number).eq(numbers.clone()) {
        return Err(wrong("the headers are not those of the range"));
    }
    if headers.windows(2).any(|pair| matches!(pair, [before, after] if after.parent != before.hash)) {
        return Err(wrong("a block does not stand on the one before"));
    }
    logs.sort_by_key(|log| (log.block_number, log.log_index));
    let mut logs = logs.into_iter().peekable();
    let mut found = Vec::with_capacity(headers.len());
    for header in headers {
        let mut own = Vec::new();
        while let Some(log) = logs.next_if(|log| log.block_number == header.number) {
            own.push(log);
        }
        block(contracts, &header, &own)?;
        found.push(Found { header, logs: own });
    }
    if logs.next().is_some() {
        return Err(wrong("a log is of no block of the range"));
    }
    Ok(found)
}

/// The logs of one block, in their order.
pub(super) fn block(contracts: &Contracts, header: &Header, logs: &[Log]) -> Result<(), NodeError> {
    let mut bloom = Sought::in_bloom(&header.bloom);
    for log in logs {
        if log.block_hash != header.hash || log.block_number != header.number {
            return Err(wrong("a log is of another block"));
        }
        if !log.topics.first().is_some_and(|topic| contracts.wants(log.address, topic.0)) {
            return Err(wrong("a log was not asked for"));
        }
        if !bloom.has(log) {
            return Err(wrong("a log is not in its block's bloom"));
        }
    }
    if logs.windows(2).any(|pair| matches!(pair, [before, after] if before.log_index >= after.log_index)) {
        return Err(wrong("two logs stand at one place"));
    }
    Ok(())
}

/// Whether the block may hold one of ours at all.
pub(super) fn may_hold(contracts: &Contracts, header: &Header) -> bool {
    contracts.suspects(&header.bloom).next().is_some()
}

/// Whether it looks as if logs were left out: the bloom has a contract and an event of it, and no such log came.
///
/// A full bloom has everything. Where some logs came and chance alone would raise one suspicion in a hundred, the missing
/// pair says nothing; where none came, it is asked about however full the bloom is.
pub(super) fn doubtful(contracts: &Contracts, found: &Found) -> bool {
    let came = |address, topic| {
        found.logs.iter().any(|log| log.address == address && log.topics.first().is_some_and(|first| first.0 == topic))
    };
    let bloom = &found.header.bloom;
    if found.logs.is_empty() {
        may_hold(contracts, &found.header)
    } else {
        is_sparse(bloom) && contracts.suspects(bloom).any(|(address, topic)| !came(address, topic))
    }
}

/// Three bits for an entry: with a fifth of all bits set, one in 125 entries seems to be there by chance.
pub(super) fn is_sparse(bloom: &Bloom) -> bool {
    let set: u32 = bloom.iter().map(|byte| byte.count_ones()).sum();
    set * 5 < 2048
}

pub(super) fn wrong(what: &str) -> NodeError {
    NodeError::Wrong(what.into())
}
