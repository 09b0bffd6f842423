//! Receipts, and the root that a header keeps of them: the proof that a block has these logs and no others.

use alloy::{
    consensus::proofs::ordered_trie_root_with_encoder,
    primitives::{Address, B256, Bloom, Bytes, Log as Bare, LogData},
    rlp::{BufMut, Encodable, Header as Rlp},
};
use serde::Deserialize;
use tgp_protocol::value::Word;

/// A receipt as a node gives it, with every field that its hash covers.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// The transaction.
    pub transaction_hash: Word,
    /// The transaction's type.
    #[serde(rename = "type", default, with = "alloy::serde::quantity")]
    pub kind: u8,
    /// Whether it succeeded.
    #[serde(with = "alloy::serde::quantity")]
    pub status: bool,
    /// The block's gas up to its end.
    #[serde(with = "alloy::serde::quantity")]
    pub cumulative_gas_used: u64,
    /// The addresses and topics of its logs.
    pub logs_bloom: Bloom,
    /// Its logs.
    pub logs: Vec<ReceiptLog>,
    /// Of a deposit on an OP-stack chain.
    #[serde(default, with = "alloy::serde::quantity::opt")]
    pub deposit_nonce: Option<u64>,
    /// Of a deposit on an OP-stack chain, since Canyon.
    #[serde(default, with = "alloy::serde::quantity::opt")]
    pub deposit_receipt_version: Option<u64>,
}

/// A log of a receipt: only what the root covers.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct ReceiptLog {
    /// Who logged it.
    pub address: Address,
    /// Its topics.
    pub topics: Vec<Word>,
    /// Its data.
    pub data: Bytes,
}

/// The type of a deposit on an OP-stack chain.
const DEPOSIT: u8 = 0x7e;

/// The root of a block's receipts.
///
/// ```
/// use coreprover_indexer::node::receipts_root;
///
/// // of a block without transactions
/// let empty = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";
/// assert_eq!(receipts_root(&[]).to_string(), empty);
/// ```
#[must_use]
pub fn receipts_root(receipts: &[Receipt]) -> Word {
    Word(ordered_trie_root_with_encoder(receipts, |receipt, out: &mut Vec<u8>| receipt.encode(out)))
}

impl Receipt {
    /// `type || rlp([status, gas, bloom, logs, ..])`, and for the oldest type without it.
    fn encode(&self, out: &mut dyn BufMut) {
        if self.kind != 0 {
            out.put_u8(self.kind);
        }
        let logs: Vec<Bare> = self
            .logs
            .iter()
            .map(|log| {
                let topics: Vec<B256> = log.topics.iter().map(|topic| topic.0).collect();
                Bare { address: log.address, data: LogData::new_unchecked(topics, log.data.clone()) }
            })
            .collect();
        // a deposit's nonce counts since its version does
        let deposit = if self.kind == DEPOSIT && self.deposit_receipt_version.is_some() {
            [self.deposit_nonce, self.deposit_receipt_version]
        } else {
            [None, None]
        };
        let mut payload = Vec::new();
        self.status.encode(&mut payload);
        self.cumulative_gas_used.encode(&mut payload);
        self.logs_bloom.encode(&mut payload);
        logs.encode(&mut payload);
        for field in deposit.into_iter().flatten() {
            field.encode(&mut payload);
        }
        Rlp { list: true, payload_length: payload.len() }.encode(out);
        out.put_slice(&payload);
    }
}
