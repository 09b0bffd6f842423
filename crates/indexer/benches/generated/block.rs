//! Blocks, made and encoded.

use super::{Branches, events};
use alloy::{
    consensus::{Eip658Value, Header, Receipt, ReceiptEnvelope, ReceiptWithBloom, proofs::calculate_receipt_root},
    hex,
    primitives::{Address, B256, Bloom, Log, LogData, keccak256},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::Arc,
    time::{Duration, Instant},
};

/// Logs of one transaction.
const LOGS: usize = 4;
/// Encoded blocks that are kept: more than a reader has on its way.
const KEPT: usize = 4_096;

/// What is sent of a block.
pub(crate) struct Made {
    pub(crate) header: String,
    /// Every log, with commas between.
    pub(crate) logs: String,
}

pub(crate) struct Chain {
    /// How many orders a block makes; it has five times as many events.
    pub(crate) orders: u64,
    pub(crate) head: u64,
    genesis: Arc<Made>,
    branches: Branches,
    /// Of every block that was ever asked for: a hash needs the one before.
    hashes: Vec<B256>,
    made: BTreeMap<u64, Arc<Made>>,
    /// What making blocks took.
    pub(crate) spent: Duration,
}

impl Chain {
    pub(crate) fn new(orders: u64) -> Self {
        let genesis = Header { timestamp: events::time(0), ..Header::default() };
        let (hash, header) = (genesis.hash_slow(), encode_header(&genesis));
        let genesis = Arc::new(Made { header, logs: String::new() });
        let (branches, made) = (Branches::default(), BTreeMap::new());
        Self { orders, head: 0, genesis, branches, hashes: vec![hash], made, spent: Duration::ZERO }
    }

    /// A block that is not above the head.
    pub(crate) fn block(&mut self, number: u64) -> Option<Arc<Made>> {
        if number > self.head {
            return None;
        }
        if number == 0 {
            return Some(Arc::clone(&self.genesis));
        }
        let started = Instant::now();
        while place(self.hashes.len()) < number {
            self.make(place(self.hashes.len()));
        }
        let block = self.made.get(&number).cloned().or_else(|| self.make(number));
        self.spent += started.elapsed();
        block
    }

    /// The newest `depth` blocks are others from now on.
    pub(crate) fn part(&mut self, depth: u64) {
        let from = self.head + 1 - depth;
        self.branches.part(from);
        self.hashes.truncate(usize::try_from(from).unwrap_or(usize::MAX));
        drop(self.made.split_off(&from));
    }

    pub(crate) fn number_of(&self, hash: B256) -> Option<u64> {
        self.hashes.iter().rposition(|known| *known == hash).map(place).filter(|number| *number <= self.head)
    }

    pub(crate) fn hash_of(&self, number: u64) -> Option<B256> {
        self.hashes.get(usize::try_from(number).ok()?).copied()
    }

    /// Receipts as a node gives them.
    pub(crate) fn receipts(&self, number: u64) -> Value {
        let transactions = self.transactions(number);
        let receipts = receipts(&transactions);
        let all = (0_u64..).zip(receipts.iter().zip(&transactions)).map(|(index, (receipt, logs))| {
            let logs: Vec<Value> = logs.iter().map(bare).collect();
            json!({
                "transactionHash": transaction(number, index),
                "type": "0x2",
                "status": "0x1",
                "cumulativeGasUsed": format!("{:#x}", receipt.cumulative_gas_used()),
                "logsBloom": receipt.logs_bloom(),
                "logs": logs,
            })
        });
        all.collect()
    }

    fn transactions(&self, number: u64) -> Vec<Vec<(Address, LogData)>> {
        if number == 0 {
            return Vec::new();
        }
        events::of(&self.branches, self.orders, number).chunks(LOGS).map(<[_]>::to_vec).collect()
    }

    /// A block whose parent was made.
    fn make(&mut self, number: u64) -> Option<Arc<Made>> {
        let parent_hash = self.hash_of(number.checked_sub(1)?)?;
        let transactions = self.transactions(number);
        let receipts = receipts(&transactions);
        let logs_bloom = receipts.iter().fold(Bloom::ZERO, |bloom, receipt| bloom | *receipt.logs_bloom());
        let header = Header {
            parent_hash,
            number,
            timestamp: events::time(number),
            gas_limit: 3_000_000_000,
            gas_used: receipts.last().map_or(0, ReceiptEnvelope::cumulative_gas_used),
            base_fee_per_gas: Some(7),
            receipts_root: calculate_receipt_root(&receipts),
            logs_bloom,
            // blocks of two branches are never the same, whatever they hold
            extra_data: self.branches.at(number).to_be_bytes().to_vec().into(),
            ..Header::default()
        };
        let hash = header.hash_slow();
        if place(self.hashes.len()) == number {
            self.hashes.push(hash);
        }
        let made = Arc::new(Made { header: encode_header(&header), logs: encode_logs(number, hash, &transactions) });
        // an old one that somebody asks for again is not kept
        self.made.insert(number, Arc::clone(&made));
        while self.made.len() > KEPT {
            self.made.pop_first();
        }
        Some(made)
    }
}

fn place(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

fn transaction(block: u64, index: u64) -> B256 {
    keccak256([block.to_be_bytes(), index.to_be_bytes()].concat())
}

fn receipts(transactions: &[Vec<(Address, LogData)>]) -> Vec<ReceiptEnvelope> {
    let receipts = (1_u64..).zip(transactions).map(|(count, logs)| {
        let logs: Vec<Log> = logs.iter().map(|(address, data)| Log { address: *address, data: data.clone() }).collect();
        let logs_bloom = logs.iter().collect();
        let receipt = Receipt { status: Eip658Value::Eip658(true), cumulative_gas_used: count * 300_000, logs };
        ReceiptEnvelope::Eip1559(ReceiptWithBloom { receipt, logs_bloom })
    });
    receipts.collect()
}

fn bare((address, data): &(Address, LogData)) -> Value {
    json!({ "address": address, "topics": data.topics(), "data": data.data })
}

fn encode_header(header: &Header) -> String {
    let mut fields = serde_json::to_value(header).unwrap_or_default();
    fields["hash"] = json!(header.hash_slow());
    fields.to_string()
}

/// By hand: this is most of what is sent.
fn encode_logs(number: u64, hash: B256, transactions: &[Vec<(Address, LogData)>]) -> String {
    let mut text = String::new();
    let mut log_index = 0;
    for (index, logs) in (0_u64..).zip(transactions) {
        let transaction = transaction(number, index);
        for (address, data) in logs {
            if log_index > 0 {
                text.push(',');
            }
            text.push_str(r#"{"address":"0x"#);
            text.push_str(&hex::encode(address));
            text.push_str(r#"","topics":["#);
            for (place, topic) in data.topics().iter().enumerate() {
                text.push_str(if place > 0 { r#","0x"# } else { r#""0x"# });
                text.push_str(&hex::encode(topic));
                text.push('"');
            }
            text.push_str(r#"],"data":"0x"#);
            text.push_str(&hex::encode(&data.data));
            let rest = write!(
                text,
                r#"","blockHash":"{hash}","blockNumber":"{number:#x}","transactionHash":"{transaction}","transactionIndex":"{index:#x}","logIndex":"{log_index:#x}","removed":false}}"#
            );
            debug_assert!(rest.is_ok(), "a text takes everything");
            log_index += 1;
        }
    }
    text
}
