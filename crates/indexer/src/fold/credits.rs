//! Money that waits: for a party whose payout failed, and for a shielded role. What is taken, is taken whole.

use super::{At, FoldError, Key, plus};
use crate::Event;
use alloy::primitives::U256;
use coreprover_bindings::{
    CoreProverEscrow::CoreProverEscrowEvents as Escrow, HashedTimelock::HashedTimelockEvents as Timelock,
    TgpRouter::TgpRouterEvents as Router,
};
use coreprover_store::table::{Held, Owed};
use tgp_protocol::value::Amount;

/// More of it, or all of it gone.
enum Change {
    Add(U256),
    Empty,
}

pub(super) fn owed(key: Key, event: &Event, at: &At, before: Option<Owed>) -> Result<Owed, FoldError> {
    let Key::Owed(contract, token, party) = key else { return Err(FoldError::OutOfRange(key)) };
    let change = match event {
        Event::Escrow(event) => match event {
            Escrow::Owed(e) => Some(Change::Add(e.amount)),
            Escrow::Withdrawn(_) => Some(Change::Empty),
            _ => None,
        },
        Event::Timelock(event) => match event {
            Timelock::Owed(e) => Some(Change::Add(e.amount)),
            Timelock::Withdrawn(_) => Some(Change::Empty),
            _ => None,
        },
        Event::Router(event) => match event {
            Router::Owed(e) => Some(Change::Add(e.amount)),
            Router::Withdrawn(_) => Some(Change::Empty),
            _ => None,
        },
        Event::Vault(_) | Event::Registry(_) => None,
    };
    let amount = after(key, change, before.map(|row| row.amount))?;
    Ok(Owed { chain: at.chain, contract, token, party, amount })
}

pub(super) fn held(key: Key, event: &Event, at: &At, before: Option<Held>) -> Result<Held, FoldError> {
    let (Key::Held(contract, order_id, role, token), Event::Escrow(event)) = (key, event) else {
        return Err(FoldError::OutOfRange(key));
    };
    let change = match event {
        Escrow::Held(e) => Some(Change::Add(e.amount)),
        Escrow::Collected(_) => Some(Change::Empty),
        _ => None,
    };
    let amount = after(key, change, before.map(|row| row.amount))?;
    Ok(Held { chain: at.chain, contract, order_id, role, token, amount })
}

fn after(key: Key, change: Option<Change>, before: Option<Amount>) -> Result<Amount, FoldError> {
    match change.ok_or(FoldError::OutOfRange(key))? {
        Change::Add(more) => plus(key, before.unwrap_or_default(), more),
        Change::Empty => before.map(|_| Amount::ZERO).ok_or(FoldError::NoBeginning(key)),
    }
}
