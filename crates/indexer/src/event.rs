//! The events of our contracts, decoded.

use crate::Contract;
use alloy::{primitives::B256, sol_types::SolEventInterface};
use coreprover_bindings::{
    CoreProverEscrow::CoreProverEscrowEvents as Escrow, HashedTimelock::HashedTimelockEvents as Timelock,
    ReceiptVault::ReceiptVaultEvents as Vault, TgpRouter::TgpRouterEvents as Router,
    VerifierRegistry::VerifierRegistryEvents as Registry,
};

/// A decoded event, by the contract that logged it.
///
/// ```
/// use coreprover_indexer::{Contract, Event, NotAnEvent};
/// # use alloy::{primitives::{Address, B256}, sol_types::SolEvent};
/// # use coreprover_bindings::ReceiptVault::BatchAnchored;
/// # let log = BatchAnchored { sender: Address::ZERO, root: B256::repeat_byte(7) }.encode_log_data();
/// # let (topics, data) = (log.topics(), &log.data[..]);
/// let escrow = Address::repeat_byte(1).into();
/// assert!(matches!(Event::decode(Contract::Vault { escrow }, topics, data), Ok(Event::Vault(_))));
/// // the same log at another contract means nothing
/// assert_eq!(Event::decode(Contract::Router, topics, data), Err(NotAnEvent));
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// Of an escrow.
    Escrow(Box<Escrow>),
    /// Of a vault.
    Vault(Box<Vault>),
    /// Of a timelock.
    Timelock(Box<Timelock>),
    /// Of a router.
    Router(Box<Router>),
    /// Of a registry.
    Registry(Box<Registry>),
}

/// A log that is none of its contract's events, though address and first topic say so.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the log is no event of its contract")]
pub struct NotAnEvent;

impl Event {
    /// Decodes a log of a contract. A name that is no UTF-8 is read all the same: whoever signs it could stop every reader.
    ///
    /// # Errors
    /// With [`NotAnEvent`].
    pub fn decode(contract: Contract, topics: &[B256], data: &[u8]) -> Result<Self, NotAnEvent> {
        fn of<E: SolEventInterface>(topics: &[B256], data: &[u8]) -> Result<Box<E>, NotAnEvent> {
            E::decode_raw_log(topics, data).map(Box::new).map_err(|_| NotAnEvent)
        }
        Ok(match contract {
            Contract::Escrow => Self::Escrow(of(topics, data)?),
            Contract::Vault { .. } => Self::Vault(of(topics, data)?),
            Contract::Timelock => Self::Timelock(of(topics, data)?),
            Contract::Router => Self::Router(of(topics, data)?),
            Contract::Registry => Self::Registry(of(topics, data)?),
        })
    }
}

/// The first topic of every event of a contract.
pub(crate) fn topics(contract: Contract) -> impl Iterator<Item = B256> {
    let selectors: &[[u8; 32]] = match contract {
        Contract::Escrow => Escrow::SELECTORS,
        Contract::Vault { .. } => Vault::SELECTORS,
        Contract::Timelock => Timelock::SELECTORS,
        Contract::Router => Router::SELECTORS,
        Contract::Registry => Registry::SELECTORS,
    };
    selectors.iter().copied().map(B256::from)
}
