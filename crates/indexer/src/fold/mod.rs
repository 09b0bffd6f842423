//! From events to rows: pure, and the same for live, backfill and rebuild.
//!
//! [`keys`] says which rows an event changes, one file a table says how a row follows from the row before, and a
//! [`Sheet`] holds the rows of a batch between the two.

mod anchors;
mod credits;
mod key;
mod locks;
mod orders;
mod parties;
mod receipts;
mod roles;
mod routes;
mod row;
mod sheet;
mod slot;
mod verifiers;

pub use key::Key;
pub use row::AnyRow;
pub use sheet::Sheet;

use crate::{Contract, Event};
use alloy::primitives::{Address, U256};
use coreprover_bindings::{
    CoreProverEscrow::CoreProverEscrowEvents as Escrow, HashedTimelock::HashedTimelockEvents as Timelock,
    ReceiptVault::ReceiptVaultEvents as Vault, TgpRouter::TgpRouterEvents as Router,
    VerifierRegistry::VerifierRegistryEvents as Registry,
};
use coreprover_store::StoreError;
use tgp_protocol::value::{Amount, EvmAddress, Word};

/// Where an event stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct At {
    /// The chain's number.
    pub chain: u64,
    /// The block's number.
    pub block: u64,
    /// The block's hash.
    pub block_hash: Word,
    /// The block's time.
    pub time: u64,
    /// Its place in the block.
    pub log: u64,
    /// The transaction.
    pub tx: Word,
    /// Who logged it.
    pub contract: EvmAddress,
    /// What that is.
    pub kind: Contract,
}

/// Why an event does not follow from the rows before it. None of these can come from our contracts' whole log.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FoldError {
    /// The row that it changes was never made: the reading began after the contract, or an event is missing.
    #[error("an event of {0:?} comes before its beginning: the start block is too late, or an event is missing")]
    NoBeginning(Key),
    /// What it makes is there already: an event came twice.
    #[error("{0:?} is made a second time")]
    Repeated(Key),
    /// A sum above 2^256-1, or a field that the contract would not have written.
    #[error("an event of {0:?} carries a value that its contract cannot hold")]
    OutOfRange(Key),
    /// A row that the store does not take.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The rows that an event changes, as far as the event alone says: a dispute also counts for the parties of its order.
#[must_use]
pub fn keys(event: &Event, at: &At) -> Vec<Key> {
    let here = at.contract;
    let credit = |token: Address, party: Address| vec![Key::Owed(here, token.into(), party.into())];
    match event {
        Event::Escrow(event) => match event {
            Escrow::OrderCreated(e) => {
                let token = orders::token(&e.terms);
                let mut keys = vec![Key::Order(here, Word(e.orderId))];
                keys.extend(parties::of(e.buyer.into(), e.seller.into(), token));
                keys
            }
            Escrow::SimpleOrderCreated(e) => {
                let mut keys = vec![Key::Order(here, Word(e.key))];
                keys.extend(parties::of(e.buyer.into(), e.seller.into(), EvmAddress::default()));
                keys
            }
            Escrow::Held(e) => vec![Key::Held(here, Word(e.orderId), e.role, e.token.into())],
            Escrow::Collected(e) => vec![Key::Held(here, Word(e.orderId), e.role, e.token.into())],
            Escrow::Owed(e) => credit(e.token, e.party),
            Escrow::Withdrawn(e) => credit(e.token, e.party),
            other => orders::id(other).map(|id| Key::Order(here, id)).into_iter().collect(),
        },
        Event::Vault(event) => match (event, at.kind) {
            (Vault::ReceiptIssued(e), Contract::Vault { escrow }) => {
                let mut keys = vec![Key::Receipt(here, Word(e.orderId)), Key::Order(escrow, Word(e.orderId))];
                keys.extend(parties::of(e.buyer.into(), e.seller.into(), e.token.into()));
                keys
            }
            (Vault::BatchAnchored(e), _) => vec![Key::Anchor(here, at.block, at.log, Word(e.root))],
            _ => Vec::new(),
        },
        Event::Timelock(event) => match event {
            Timelock::Owed(e) => credit(e.token, e.party),
            Timelock::Withdrawn(e) => credit(e.token, e.party),
            Timelock::Locked(e) => vec![Key::Lock(here, Word(e.lockId))],
            Timelock::Claimed(e) => vec![Key::Lock(here, Word(e.lockId))],
            Timelock::Refunded(e) => vec![Key::Lock(here, Word(e.lockId))],
        },
        Event::Router(event) => match event {
            Router::Owed(e) => credit(e.token, e.party),
            Router::Withdrawn(e) => credit(e.token, e.party),
            Router::RouteOpened(e) => vec![Key::Route(here, Word(e.routeId))],
            Router::Charged(e) => vec![Key::Route(here, Word(e.routeId))],
            Router::RouteClosed(e) => vec![Key::Route(here, Word(e.routeId))],
            Router::SplitSettled(e) => vec![Key::Route(here, Word(e.splitId))],
            Router::HopSkipped(_) => Vec::new(),
        },
        Event::Registry(event) => match event {
            Registry::VerifierProposed(e) => vec![Key::Verifier(here, Word(e.circuit), e.version.to())],
            Registry::VerifierDeprecated(e) => vec![Key::Verifier(here, Word(e.circuit), e.version.to())],
            Registry::VerifierRevoked(e) => vec![Key::Verifier(here, Word(e.circuit), e.version.to())],
            Registry::AggregatorOffered(e) => vec![Key::Role(here, Word(e.circuit))],
            Registry::AggregatorChanged(e) => vec![Key::Role(here, Word(e.circuit))],
            Registry::GuardianOffered(_) | Registry::GuardianChanged(_) => vec![Key::Role(here, roles::GUARDIAN)],
        },
    }
}

/// The row after an event.
///
/// # Errors
/// With [`FoldError`] when it does not follow from the row before.
pub fn fold(key: Key, event: &Event, at: &At, before: Option<AnyRow>) -> Result<AnyRow, FoldError> {
    match key {
        Key::Order(..) => orders::fold(key, event, at, row::take(before)).map(AnyRow::from),
        Key::Party(party, _) => parties::fold(key, party, event, at, row::take(before)).map(AnyRow::from),
        Key::Receipt(..) => receipts::fold(key, event, at, row::take(before)).map(AnyRow::from),
        Key::Lock(..) => locks::fold(key, event, at, row::take(before)).map(AnyRow::from),
        Key::Verifier(..) => verifiers::fold(key, event, at, row::take(before)).map(AnyRow::from),
        Key::Role(..) => roles::fold(key, event, at, row::take(before)).map(AnyRow::from),
        Key::Route(..) => routes::fold(key, event, at, row::take(before)).map(AnyRow::from),
        Key::Owed(..) => credits::owed(key, event, at, row::take(before)).map(AnyRow::from),
        Key::Held(..) => credits::held(key, event, at, row::take(before)).map(AnyRow::from),
        Key::Anchor(..) => anchors::fold(key, event, at).map(AnyRow::from),
    }
}

fn plus(key: Key, a: Amount, b: U256) -> Result<Amount, FoldError> {
    a.0.checked_add(b).map(Amount).ok_or(FoldError::OutOfRange(key))
}

fn seconds(key: Key, time: U256) -> Result<u64, FoldError> {
    u64::try_from(time).map_err(|_| FoldError::OutOfRange(key))
}
