//! Which contracts of a chain are ours.

use crate::{Contract, Event};
use alloy::primitives::{Address, B256, Bloom, BloomInput};
use coreprover_bindings::{Contract as Kind, Deployment};
use std::collections::BTreeMap;
use tgp_protocol::value::EvmAddress;

/// The contracts of one chain, and what their logs look like from outside: in a filter, and in a block's bloom.
///
/// ```
/// use coreprover_indexer::{Contract, Contracts};
/// use tgp_protocol::value::EvmAddress;
///
/// let at = |last: u8| EvmAddress([last; 20].into());
/// let contracts = Contracts::new([(at(1), Contract::Escrow), (at(2), Contract::Vault { escrow: at(1) })]);
/// assert_eq!(contracts.at(at(2)), Some(Contract::Vault { escrow: at(1) }));
/// assert_eq!(contracts.at(at(3)), None);
/// assert_eq!(contracts.addresses().len(), 2);
/// assert_eq!(contracts.iter().next(), Some((at(1), Contract::Escrow)));
/// assert!(contracts.topics().iter().all(|topic| contracts.wants(at(1).0, *topic) != contracts.wants(at(2).0, *topic)));
/// // every event of the two, and none of a router
/// assert_eq!(contracts.topics().len(), 16 + 6);
/// ```
#[derive(Clone, Debug)]
pub struct Contracts {
    by_address: BTreeMap<Address, Contract>,
    topics: Vec<B256>,
    marks: Vec<Mark>,
}

/// A contract and its events as bits of a bloom.
#[derive(Clone, Debug)]
struct Mark {
    address: Address,
    bits: Bloom,
    topics: Vec<(B256, Bloom)>,
}

impl Contracts {
    /// These contracts.
    #[must_use]
    pub fn new(contracts: impl IntoIterator<Item = (EvmAddress, Contract)>) -> Self {
        let by_address: BTreeMap<Address, Contract> =
            contracts.into_iter().map(|(address, contract)| (address.0, contract)).collect();
        let bits = |bytes: &[u8]| Bloom::from(BloomInput::Raw(bytes));
        let marks: Vec<Mark> = by_address
            .iter()
            .map(|(address, contract)| {
                let topics = Event::topics(contract.kind()).iter();
                let topics = topics.map(|topic| (*topic, bits(topic.as_slice()))).collect();
                Mark { address: *address, bits: bits(address.as_slice()), topics }
            })
            .collect();
        let mut topics: Vec<B256> = marks.iter().flat_map(|mark| mark.topics.iter().map(|(topic, _)| *topic)).collect();
        topics.sort_unstable();
        topics.dedup();
        Self { by_address, topics, marks }
    }

    /// Those of a deployment that log anything.
    #[must_use]
    pub fn of(deployment: &Deployment) -> Self {
        let at = |kind| deployment.contract(kind).address;
        let escrow = at(Kind::Escrow);
        let contracts = Kind::ALL.into_iter().filter_map(|kind| {
            let contract = match kind {
                Kind::Escrow => Contract::Escrow,
                Kind::Vault => Contract::Vault { escrow },
                Kind::Timelock => Contract::Timelock,
                Kind::Router => Contract::Router,
                Kind::Registry => Contract::Registry,
                Kind::Lens => return None,
            };
            Some((at(kind), contract))
        });
        Self::new(contracts)
    }

    /// What stands at an address.
    #[must_use]
    pub fn at(&self, address: EvmAddress) -> Option<Contract> {
        self.by_address.get(&address.0).copied()
    }

    /// Every contract with its address.
    pub fn iter(&self) -> impl Iterator<Item = (EvmAddress, Contract)> {
        self.by_address.iter().map(|(address, contract)| ((*address).into(), *contract))
    }

    /// Every address.
    #[must_use]
    pub fn addresses(&self) -> Vec<Address> {
        self.by_address.keys().copied().collect()
    }

    /// The first topic of every event that one of them may log.
    #[must_use]
    pub fn topics(&self) -> &[B256] {
        &self.topics
    }

    /// Whether a log with this address and first topic is asked for.
    #[must_use]
    pub fn wants(&self, address: Address, topic: B256) -> bool {
        self.marks.iter().any(|mark| mark.address == address && mark.topics.iter().any(|(known, _)| *known == topic))
    }

    /// The pairs of contract and event that a block with this bloom may hold. A bloom never misses one that is there, and
    /// sometimes names one that is not.
    pub(crate) fn suspects<'a>(&'a self, bloom: &'a Bloom) -> impl Iterator<Item = (Address, B256)> + 'a {
        self.marks.iter().filter(|mark| bloom.contains(&mark.bits)).flat_map(|mark| {
            mark.topics.iter().filter(|(_, bits)| bloom.contains(bits)).map(|(topic, _)| (mark.address, *topic))
        })
    }
}
