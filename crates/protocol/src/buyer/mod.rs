//! Plane B: a buyer, or his agent, with a controller.
//!
//! QUERY asks, OFFER answers, ACCEPT (optional) agrees, SETTLE tells of a payment, ERROR refuses. [`BuyerMessage`] reads
//! any of them; each type checks its own fields, and the `check_` functions between two messages check that one is an
//! answer to the other.

mod accept;
mod action;
mod envelope;
mod error;
mod message;
mod offer;
mod offer_check;
mod offer_hash;
mod offered_order;
mod protection;
mod query;
mod settle;
mod zk;

pub use crate::order::BuyerProtection;
pub use accept::Accept;
pub use action::{ActionId, Channel, NextAction};
pub use envelope::EconomicEnvelope;
pub use error::ErrorMessage;
pub use message::BuyerMessage;
pub use offer::Offer;
pub use offer_check::QUOTE_LIFETIME;
pub use offer_hash::offer_hash;
pub use offered_order::{OfferedOrder, OfferedTerms};
pub use query::Query;
pub use settle::{Claim, Settle, SettleSource};
pub use zk::{ZkPolicy, ZkProfile};

use crate::{
    Error, Reason, Result,
    value::{Id, Timestamp},
};

/// What every signed message of plane B must have, so that it cannot be sent again.
fn require_fresh(nonce: Option<&Id>, timestamp: Option<Timestamp>) -> Result<()> {
    let missing = |name: &'static str| Err(Error::from(Reason::Missing).within(name));
    match (nonce, timestamp) {
        (None, _) => missing("nonce"),
        (_, None) => missing("timestamp"),
        (Some(_), Some(_)) => Ok(()),
    }
}

/// Refuses a member of an answer that differs from what it answers.
fn require_same<T: PartialEq>(field: &'static str, ours: &T, theirs: &T, reason: Reason) -> Result<()> {
    if ours == theirs { Ok(()) } else { Err(Error::from(reason).within(field)) }
}
