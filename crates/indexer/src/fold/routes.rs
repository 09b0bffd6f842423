//! Routes, and payments split at once.

use super::{At, FoldError, Key, plus};
use crate::Event;
use alloy::primitives::U256;
use coreprover_bindings::TgpRouter::{self, TgpRouterEvents as Router};
use coreprover_store::table::Route;
use tgp_protocol::value::{Amount, EvmAddress, Word};

pub(super) fn fold(key: Key, event: &Event, at: &At, before: Option<Route>) -> Result<Route, FoldError> {
    let (Key::Route(_, id), Event::Router(event)) = (key, event) else { return Err(FoldError::OutOfRange(key)) };
    match event {
        Router::RouteOpened(_) | Router::SplitSettled(_) if before.is_some() => Err(FoldError::Repeated(key)),
        Router::RouteOpened(e) => Ok(opened(blank(id, at), e)),
        Router::SplitSettled(e) => Ok(split(blank(id, at), e)),
        // a buyer may close a route that was never charged, and then this is all that the chain says of it
        Router::RouteClosed(_) => Ok(Route { closed: true, ..before.unwrap_or_else(|| blank(id, at)) }),
        Router::Charged(e) => {
            let before = before.ok_or(FoldError::NoBeginning(key))?;
            Ok(Route {
                charged: Amount(U256::from(e.cumulative)),
                to_seller: plus(key, before.to_seller, e.toSeller)?,
                to_hops: plus(key, before.to_hops, e.toHops)?,
                ..before
            })
        }
        Router::HopSkipped(_) | Router::Owed(_) | Router::Withdrawn(_) => Err(FoldError::OutOfRange(key)),
    }
}

fn blank(id: Word, at: &At) -> Route {
    let nobody = EvmAddress::default();
    Route {
        chain: at.chain,
        contract: at.contract,
        id,
        split: false,
        session_id: [0; 32].into(),
        buyer: nobody,
        seller: nobody,
        token: nobody,
        cap: Amount::ZERO,
        charged: Amount::ZERO,
        to_seller: Amount::ZERO,
        to_hops: Amount::ZERO,
        expiry: 0,
        closed: false,
        created_block: at.block,
        created_log: at.log,
    }
}

fn opened(blank: Route, e: &TgpRouter::RouteOpened) -> Route {
    // a buyer may write any number of seconds, and nobody may stop the reading by one that no column holds
    let expiry = u64::try_from(e.route.expiry).map_or(NEVER, |expiry| expiry.min(NEVER));
    Route {
        session_id: Word(e.sessionId),
        buyer: e.route.buyer.into(),
        seller: e.route.seller.into(),
        token: e.route.token.into(),
        cap: Amount(U256::from(e.route.cap)),
        expiry,
        ..blank
    }
}

/// The largest number that a column holds.
const NEVER: u64 = i64::MAX.unsigned_abs();

fn split(blank: Route, e: &TgpRouter::SplitSettled) -> Route {
    Route {
        split: true,
        session_id: Word(e.sessionId),
        buyer: e.buyer.into(),
        seller: e.seller.into(),
        token: e.token.into(),
        cap: Amount(e.amount),
        charged: Amount(e.amount),
        to_seller: Amount(e.toSeller),
        to_hops: Amount(e.toHops),
        closed: true,
        ..blank
    }
}
