//! A tree of blocks with real headers, blooms and receipt roots, one branch of which is the chain.

use super::{events::Branch, random::Random};
use alloy::{
    consensus,
    primitives::{Address, B256, Bloom, LogData, keccak256},
};
use coreprover_indexer::node::{Header, Log, Receipt, ReceiptLog, receipts_root};
use std::{collections::HashMap, sync::Arc};
use tgp_protocol::value::Word;

#[derive(Clone, Debug)]
pub(crate) struct SimBlock {
    pub(crate) header: Header,
    /// With every field, for whoever forges one.
    pub(crate) full: consensus::Header,
    pub(crate) receipts: Vec<Receipt>,
    /// Every log, of ours and of strangers.
    pub(crate) logs: Vec<Log>,
    branch: Branch,
}

#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) blocks: HashMap<Word, Arc<SimBlock>>,
    /// The chain, from block 0.
    pub(crate) chain: Vec<Word>,
    random: Random,
}

impl Tree {
    pub(crate) fn new(seed: u64) -> Self {
        let mut tree = Self { blocks: HashMap::new(), chain: Vec::new(), random: Random(seed) };
        let genesis = consensus::Header { timestamp: seed % 1_000_000_007, ..consensus::Header::default() };
        tree.add(genesis, Vec::new(), Branch::default());
        tree
    }

    pub(crate) fn head(&self) -> u64 {
        u64::try_from(self.chain.len()).expect("a short chain") - 1
    }

    pub(crate) fn at(&self, number: u64) -> Option<&Arc<SimBlock>> {
        self.blocks.get(self.chain.get(usize::try_from(number).ok()?)?)
    }

    /// The blocks from 1 to this one.
    pub(crate) fn path(&self, to: Word) -> Vec<&Arc<SimBlock>> {
        let mut path = Vec::new();
        let mut next = self.blocks.get(&to);
        while let Some(block) = next.filter(|block| block.header.number > 0) {
            next = self.blocks.get(&block.header.parent);
            path.push(block);
        }
        path.reverse();
        path
    }

    pub(crate) fn grow(&mut self, blocks: u64) {
        for _ in 0..blocks {
            let parent = Arc::clone(self.at(self.head()).expect("a head"));
            let mut branch = parent.branch.clone();
            let random = &mut self.random;
            let mut transactions = Vec::new();
            // half of all blocks are empty
            for _ in 0..random.below(6).saturating_sub(2) {
                let mut logs = branch.act(random);
                if random.often(30) {
                    let place = usize::try_from(random.below(2)).expect("small").min(logs.len());
                    logs.insert(place, Branch::noise(random));
                }
                transactions.push(logs);
            }
            // mostly steady; now and then it stands still, or a day is gone
            let passed = [2, 2, 2, 2, 2, 2, 0, 86_400][usize::try_from(random.below(8)).expect("small")];
            let header = consensus::Header {
                parent_hash: parent.header.hash.0,
                number: parent.header.number + 1,
                timestamp: parent.header.time + passed,
                extra_data: self.random.next().to_be_bytes().to_vec().into(),
                ..consensus::Header::default()
            };
            self.add(header, transactions, branch);
        }
    }

    /// Takes the newest blocks off the chain. They stay in the tree.
    pub(crate) fn cut(&mut self, depth: u64) {
        let keep = self.chain.len() - usize::try_from(depth).expect("small");
        self.chain.truncate(keep.max(1));
    }

    fn add(&mut self, mut header: consensus::Header, transactions: Vec<Vec<(Address, LogData)>>, branch: Branch) {
        let (mut receipts, mut bloom) = (Vec::new(), Bloom::ZERO);
        for (place, logs) in (0_u64..).zip(&transactions) {
            let own: Bloom = logs.iter().collect();
            bloom.accrue_bloom(&own);
            let hash = keccak256([header.number.to_be_bytes(), place.to_be_bytes()].concat());
            receipts.push(receipt(hash, place, own, logs));
        }
        header.logs_bloom = bloom;
        header.receipts_root = receipts_root(&receipts).0;
        let full = header;
        let header = Header::from(&full);
        let all = receipts.iter().flat_map(|receipt| receipt.logs.iter().map(move |log| (receipt, log)));
        let logs = (0..).zip(all).map(|(place, (receipt, log))| Log {
            address: log.address,
            topics: log.topics.clone(),
            data: log.data.clone(),
            block_hash: header.hash,
            block_number: header.number,
            transaction_hash: receipt.transaction_hash,
            log_index: place,
        });
        let logs = logs.collect();
        self.chain.push(header.hash);
        let hash = header.hash;
        self.blocks.insert(hash, Arc::new(SimBlock { header, full, receipts, logs, branch }));
    }
}

fn receipt(hash: B256, place: u64, bloom: Bloom, logs: &[(Address, LogData)]) -> Receipt {
    let logs = logs.iter().map(|(address, data)| ReceiptLog {
        address: *address,
        topics: data.topics().iter().copied().map(Word).collect(),
        data: data.data.clone(),
    });
    Receipt {
        transaction_hash: Word(hash),
        kind: if place.is_multiple_of(2) { 2 } else { 0 },
        status: true,
        cumulative_gas_used: (place + 1) * 50_000,
        logs_bloom: bloom,
        logs: logs.collect(),
        deposit_nonce: None,
        deposit_receipt_version: None,
    }
}
