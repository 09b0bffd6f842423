//! One change of the feed as other people's programs get it, the same in a page, a stream, a webhook and a queue.

use super::{ServedChain, shown::topic};
use crate::contract::decode;
use alloy_primitives::Bytes;
use coreprover_bindings::{Contract, Event};
use coreprover_store::{Change, FeedEvent, RawEvent, StoredEvent};
use serde::Serialize;
use serde_json::Value;
use tgp_protocol::value::{EvmAddress, Word};
use utoipa::ToSchema;

/// A log of one of the contracts.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Log {
    /// The block's number.
    block: u64,
    /// The block's hash.
    #[schema(value_type = String)]
    block_hash: Word,
    /// The block's time, in the chain's seconds.
    time: u64,
    /// Whether the block is final. What is not may be rolled back.
    r#final: bool,
    /// Its place in the block.
    log: u64,
    /// The transaction.
    #[schema(value_type = String)]
    tx: Word,
    /// The contract's address.
    #[schema(value_type = String)]
    contract: EvmAddress,
    /// The contract's name, where it is one that is served now.
    #[schema(value_type = Option<String>)]
    contract_name: Option<&'static str>,
    /// The event's name in the ABI; nothing where it is none of its contract's.
    #[schema(value_type = Option<String>)]
    event: Option<&'static str>,
    /// The event's fields under the ABI's names: integers as decimal strings.
    #[schema(value_type = Option<Object>)]
    fields: Option<Value>,
    /// What it is about: the first indexed field (an order, a lock, a route), zero without one.
    #[schema(value_type = String)]
    subject: Word,
    /// Its topics as logged.
    #[schema(value_type = Vec<String>)]
    topics: Vec<Word>,
    /// Its data as logged.
    #[schema(value_type = String)]
    data: Bytes,
}

/// An event that came or went.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Delivery {
    /// `applied`, or `rolled_back`.
    #[schema(value_type = String)]
    pub(super) r#type: Change,
    /// Where it stands in the feed. It is this delivery's own name: keep it, and continue behind it.
    pub(super) cursor: String,
    /// The event's own name, the same each time it comes and goes.
    pub(super) event_id: String,
    /// The event.
    #[serde(flatten)]
    pub(super) log: Log,
}

impl Log {
    fn new(chain: &ServedChain, at: (u64, Word, u64), last_final: u64, event: RawEvent) -> Self {
        let (block, block_hash, time) = at;
        let contract = chain.contracts.get(&event.contract).copied();
        let topics = || event.topics.iter().map(|topic| topic.0).collect();
        let decoded = contract.and_then(|contract| decode(contract, topics(), event.data.clone().into()));
        Self {
            block,
            block_hash,
            time,
            r#final: block <= last_final,
            log: event.log,
            tx: event.tx,
            contract: event.contract,
            contract_name: contract.map(Contract::name),
            event: decoded.as_ref().map(Event::name),
            fields: decoded.as_ref().map(Event::fields),
            subject: event.subject,
            topics: event.topics,
            data: event.data.into(),
        }
    }

    pub(super) fn of_chain(chain: &ServedChain, last_final: u64, stored: StoredEvent) -> Self {
        Self::new(chain, (stored.at.number, stored.at.hash, stored.time), last_final, stored.event)
    }

    pub(super) fn place(&self) -> (u64, u64) {
        (self.block, self.log)
    }
}

impl Delivery {
    pub(super) fn new(chain: &ServedChain, last_final: u64, event: FeedEvent) -> Self {
        let (event_id, cursor) = (event.event_id(), event.cursor.to_string());
        let at = (event.block, event.block_hash, event.time);
        Self { r#type: event.change, cursor, event_id, log: Log::new(chain, at, last_final, event.event) }
    }

    /// The name of the contract and of the event, for whoever sorts by them.
    pub(super) fn names(&self) -> (&'static str, &'static str) {
        (self.log.contract_name.unwrap_or("unknown"), self.log.event.unwrap_or("unknown"))
    }
}

/// Which events somebody wants: every part that is there must fit.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filter {
    /// Of this contract.
    pub contract: Option<EvmAddress>,
    /// Of this name in the ABI.
    pub event: Option<String>,
    /// Naming this party, in a topic or a field.
    pub party: Option<EvmAddress>,
    /// About this subject.
    pub subject: Option<Word>,
}

impl Filter {
    pub(super) fn takes(&self, delivery: &Delivery) -> bool {
        let log = &delivery.log;
        self.contract.is_none_or(|contract| contract == log.contract)
            && self.event.as_deref().is_none_or(|event| Some(event) == log.event)
            && self.subject.is_none_or(|subject| subject == log.subject)
            && self.party.is_none_or(|party| {
                let text = party.to_string();
                log.topics.contains(&topic(party)) || log.fields.as_ref().is_some_and(|fields| names(fields, &text))
            })
    }
}

fn names(value: &Value, text: &str) -> bool {
    match value {
        Value::String(value) => value == text,
        Value::Array(values) => values.iter().any(|value| names(value, text)),
        Value::Object(members) => members.values().any(|value| names(value, text)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
