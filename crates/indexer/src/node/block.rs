use alloy::{
    consensus,
    primitives::{Address, Bloom, BloomInput, Bytes},
};
use serde::Deserialize;
use std::collections::HashSet;
use tgp_protocol::value::Word;

/// A block's header: what is needed of it. Its hash is not the node's word but computed from every field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Header {
    /// Its hash.
    pub hash: Word,
    /// Its number.
    pub number: u64,
    /// The hash of the block before.
    pub parent: Word,
    /// Its time, in the chain's seconds.
    pub time: u64,
    /// The addresses and topics of its logs.
    pub bloom: Bloom,
    /// The root of its receipts.
    pub receipts_root: Word,
}

impl From<&consensus::Header> for Header {
    fn from(header: &consensus::Header) -> Self {
        Self {
            hash: Word(header.hash_slow()),
            number: header.number,
            parent: Word(header.parent_hash),
            time: header.timestamp,
            bloom: header.logs_bloom,
            receipts_root: Word(header.receipts_root),
        }
    }
}

/// A log as a node gives it.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Log {
    /// Who logged it.
    pub address: Address,
    /// Its topics.
    pub topics: Vec<Word>,
    /// Its data.
    pub data: Bytes,
    /// The block's hash.
    pub block_hash: Word,
    /// The block's number.
    #[serde(with = "alloy::serde::quantity")]
    pub block_number: u64,
    /// The transaction.
    pub transaction_hash: Word,
    /// Its place in the block.
    #[serde(with = "alloy::serde::quantity")]
    pub log_index: u64,
}

/// What was found in one block's bloom: its logs name few addresses and topics, many times, and looking for one is a hash.
pub(crate) struct Sought<'a> {
    bloom: &'a Bloom,
    there: HashSet<&'a [u8]>,
}

impl<'a> Sought<'a> {
    pub(crate) fn in_bloom(bloom: &'a Bloom) -> Self {
        Self { bloom, there: HashSet::new() }
    }

    /// Whether the bloom has a log's address and every topic of it, as it must.
    pub(crate) fn has(&mut self, log: &'a Log) -> bool {
        let topics = log.topics.iter().map(|topic| topic.0.as_slice());
        [log.address.as_slice()].into_iter().chain(topics).all(|bytes| {
            self.there.contains(bytes)
                || (self.bloom.contains_input(BloomInput::Raw(bytes)) && self.there.insert(bytes))
        })
    }
}
