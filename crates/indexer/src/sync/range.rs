//! Reading a range of blocks from nodes that are not trusted.

use super::{
    batch::{ReadBlock, ReadEvent},
    check::{self, Found, wrong},
};
use crate::{
    Chain, Contract, IndexError, Limits, Result,
    fold::At,
    node::{Endpoints, Header, Log, Node, NodesError, Proof, Receipt, receipts_root},
};
use coreprover_store::{BlockRef, RawEvent};
use futures::future::{BoxFuture, FutureExt};
use std::{ops::RangeInclusive, sync::Arc};
use tgp_protocol::value::EvmAddress;

/// A range that was read and checked.
#[derive(Default, Debug)]
pub(super) struct Range {
    pub(super) blocks: Vec<ReadBlock>,
    /// About how large the answer was.
    pub(super) bytes: usize,
    /// Whether a node wanted to be asked for less.
    pub(super) split: bool,
}

impl Range {
    pub(super) fn events(&self) -> usize {
        self.blocks.iter().map(|block| block.events.len()).sum()
    }

    /// Whether its transaction would take more.
    pub(super) fn leaves_room(&self, limits: &Limits) -> bool {
        self.events() < limits.events && u64::try_from(self.blocks.len()).is_ok_and(|blocks| blocks < limits.blocks)
    }

    /// Adds the range that follows.
    pub(super) fn join(&mut self, next: Self) {
        self.blocks.extend(next.blocks);
        self.bytes = self.bytes.saturating_add(next.bytes);
        self.split |= next.split;
    }
}

/// Reads a range; where that is too much for a node, in halves, and a single block from its receipts.
pub(super) fn read<N: Node>(
    nodes: Arc<Endpoints<N>>,
    chain: Arc<Chain>,
    numbers: RangeInclusive<u64>,
) -> BoxFuture<'static, Result<Range>> {
    async move {
        let (start, end) = (*numbers.start(), *numbers.end());
        match whole(&nodes, &chain, numbers).await {
            Err(IndexError::Nodes(NodesError::TooLarge { .. })) if start < end => {
                let middle = start + (end - start) / 2;
                let mut first = read(Arc::clone(&nodes), Arc::clone(&chain), start..=middle).await?;
                first.join(read(nodes, chain, middle + 1..=end).await?);
                Ok(Range { split: true, ..first })
            }
            Err(IndexError::Nodes(NodesError::TooLarge { .. })) => from_receipts(&nodes, &chain, start).await,
            other => other,
        }
    }
    .boxed()
}

/// A block with more logs than a node gives at once.
async fn from_receipts<N: Node>(nodes: &Endpoints<N>, chain: &Chain, number: u64) -> Result<Range> {
    let question = |node: Arc<N>| {
        let contracts = Arc::clone(&chain.contracts);
        async move {
            let headers = node.headers(number..=number).await?;
            check::range(&contracts, &(number..=number), headers, Vec::new())
        }
    };
    let (_, mut found) = nodes.ask(question).await?;
    for block in &mut found {
        block.logs = prove(nodes, chain, &block.header).await?;
    }
    finish(chain, found)
}

async fn whole<N: Node>(nodes: &Endpoints<N>, chain: &Chain, numbers: RangeInclusive<u64>) -> Result<Range> {
    let question = |node: Arc<N>| {
        let (contracts, numbers) = (Arc::clone(&chain.contracts), numbers.clone());
        async move {
            let logs = node.logs(Arc::clone(&contracts), numbers.clone());
            let (headers, logs) = futures::try_join!(node.headers(numbers.clone()), logs)?;
            check::range(&contracts, &numbers, headers, logs)
        }
    };
    let (place, mut found) = nodes.ask(question).await?;
    confirm(nodes, chain, place, &mut found).await?;
    finish(chain, found)
}

fn finish(chain: &Chain, found: Vec<Found>) -> Result<Range> {
    let bytes = found.iter().flat_map(|block| &block.logs).map(|log| 600 + 2 * log.data.len()).sum();
    let blocks = found.into_iter().map(|block| decode(chain, block)).collect::<Result<_>>()?;
    Ok(Range { blocks, bytes, split: false })
}

/// Makes sure that no log was left out.
///
/// A bloom shows that an event of ours is missing altogether, but not that one of two alike is. Where several nodes must
/// agree, two must give the same logs of every block that may hold any; with [`Proof::Always`] each such block is proven.
async fn confirm<N: Node>(nodes: &Endpoints<N>, chain: &Chain, place: usize, found: &mut [Found]) -> Result<()> {
    let contracts = &chain.contracts;
    let policy = nodes.policy();
    let alone = nodes.count() < 2;
    let (mut proven, mut compared) = (Vec::new(), Vec::new());
    for block in found.iter_mut() {
        let proof = match policy.proof {
            Proof::Always => check::may_hold(contracts, &block.header),
            Proof::InDoubt => check::doubtful(contracts, block),
            // a bloom that is not full is hardly ever wrong, and two nodes may leave out the same
            Proof::NodesDiffer => (alone || check::is_sparse(&block.header.bloom)) && check::doubtful(contracts, block),
        };
        if proof {
            proven.push(block);
        } else if !alone {
            let strict = policy.quorum > 1 && check::may_hold(contracts, &block.header);
            if strict || check::doubtful(contracts, block) {
                compared.push(block);
            }
        }
    }
    // An empty answer by numbers names no block: the node may have looked at another branch. So it is asked once more, by
    // hash, before its word counts.
    for witness in [Witness::Itself(place), Witness::Other(place)] {
        let (asked, kept): (Vec<_>, Vec<_>) = compared
            .into_iter()
            .partition(|block: &&mut Found| block.logs.is_empty() || matches!(witness, Witness::Other(_)));
        compared = kept;
        if asked.is_empty() {
            continue;
        }
        let mut opinions = opinion(nodes, chain, witness, &asked).await.into_iter();
        for block in asked {
            let same = opinions.next().as_ref() == Some(&block.logs);
            if same { &mut compared } else { &mut proven }.push(block);
        }
    }
    for block in proven {
        let logs = prove(nodes, chain, &block.header).await.map_err(|error| IndexError::Unproven {
            block: BlockRef { number: block.header.number, hash: block.header.hash },
            error,
        })?;
        if logs != block.logs {
            tracing::warn!(block = block.header.number, "a node left out logs");
            nodes.blame(place, &wrong("logs were left out"));
            block.logs = logs;
        }
    }
    Ok(())
}

/// Whose word on a block is asked for.
#[derive(Clone, Copy)]
enum Witness {
    /// The node that spoke first.
    Itself(usize),
    /// Another one.
    Other(usize),
}

/// The logs of these blocks, by their hashes; nothing where the witness does not have them.
async fn opinion<N: Node>(
    nodes: &Endpoints<N>,
    chain: &Chain,
    witness: Witness,
    blocks: &[&mut Found],
) -> Vec<Vec<Log>> {
    let headers: Vec<Header> = blocks.iter().map(|block| block.header.clone()).collect();
    let question = |node: Arc<N>| {
        let (contracts, headers) = (Arc::clone(&chain.contracts), headers.clone());
        async move {
            let hashes = headers.iter().map(|header| header.hash).collect();
            let mut answers = node.logs_of(Arc::clone(&contracts), hashes).await?;
            if answers.len() != headers.len() {
                return Err(wrong("an answer for each block was asked for"));
            }
            for (header, logs) in headers.iter().zip(&mut answers) {
                logs.sort_by_key(|log| log.log_index);
                check::block(&contracts, header, logs)?;
            }
            Ok(answers)
        }
    };
    let answer = match witness {
        Witness::Itself(place) => nodes.ask_at(place, question).await,
        Witness::Other(place) => nodes.ask_but(Some(place), question).await,
    };
    answer.map(|(_, answers)| answers).unwrap_or_default()
}

/// The logs of ours in a block, from receipts whose root stands in its header.
async fn prove<N: Node>(nodes: &Endpoints<N>, chain: &Chain, header: &Header) -> Result<Vec<Log>, NodesError> {
    let question = |node: Arc<N>| {
        let (contracts, header) = (Arc::clone(&chain.contracts), header.clone());
        async move {
            let receipts = node.receipts_of(header.hash).await?;
            if receipts_root(&receipts) != header.receipts_root {
                return Err(wrong("the receipts are not those of the block"));
            }
            let logs =
                (0..).zip(receipts.iter().flat_map(|receipt| receipt.logs.iter().map(move |log| (receipt, log))));
            let ours = logs.filter_map(|(place, (receipt, log)): (u64, (&Receipt, _))| {
                let topic = log.topics.first()?;
                contracts.wants(log.address, topic.0).then(|| Log {
                    address: log.address,
                    topics: log.topics.clone(),
                    data: log.data.clone(),
                    block_hash: header.hash,
                    block_number: header.number,
                    transaction_hash: receipt.transaction_hash,
                    log_index: place,
                })
            });
            Ok(ours.collect())
        }
    };
    nodes.ask(question).await.map(|(_, logs)| logs)
}

fn decode(chain: &Chain, found: Found) -> Result<ReadBlock> {
    let Header { hash, number, parent, time, .. } = found.header;
    let events = found.logs.into_iter().map(|log| {
        let contract = EvmAddress(log.address);
        let not = || IndexError::NotAnEvent { block: number, log: log.log_index };
        let kind: Contract = chain.contracts.at(contract).ok_or_else(not)?;
        let topics: Vec<_> = log.topics.iter().map(|topic| topic.0).collect();
        let event = kind.decode(topics, log.data.clone()).ok_or_else(not)?;
        let tx = log.transaction_hash;
        let at =
            At { chain: chain.number, block: number, block_hash: hash, time, log: log.log_index, tx, contract, kind };
        let subject = log.topics.get(1).copied().unwrap_or_else(|| [0; 32].into());
        let raw = RawEvent { log: log.log_index, tx, contract, subject, topics: log.topics, data: log.data.to_vec() };
        Ok(ReadEvent { at, event, raw })
    });
    Ok(ReadBlock { at: BlockRef { number, hash }, parent, time, events: events.collect::<Result<_>>()? })
}
