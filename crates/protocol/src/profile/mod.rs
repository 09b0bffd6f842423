//! Payment profiles: how a kind of goods is paid, as data that becomes the terms of an order.
//!
//! The presets of the documents live in `profiles/*.json`; others are made with [`Draft`]. A profile is checked by the
//! escrow's own rules, [`first_fault`], before it exists, and so are the terms that it gives.
//!
//! ```
//! use tgp_protocol::profile::{BuyerProtection, Deal, Profile};
//!
//! let pizza = Profile::preset("pizza").expect("a preset");
//! assert_eq!(pizza.buyer_protection(), BuyerProtection::TimedOnly);
//!
//! let (buyer, seller) = ([1; 20].into(), [2; 20].into());
//! let deal = Deal::new(buyer, seller, "2026-11-21T10:00:00Z".parse()?, "sess-1".parse()?, [7; 32].into())
//!     .with_price([3; 20].into(), "25000000".parse()?);
//! let order = pizza.terms(&deal)?;
//! assert_eq!((order.timed_release - order.fund_by).to::<u64>(), 4_800);
//! # Ok::<(), tgp_protocol::Error>(())
//! ```

mod deal;
mod draft;
mod fault;
mod preset;
mod rules;

pub use crate::order::{BuyerProtection, PolicyBit, Silence};
pub use deal::Deal;
pub use draft::{CommitmentType, Draft, FulfillmentType, OrderKind, Presence, SimpleDraft, TermsDraft};
pub use fault::Fault;
pub use preset::Profile;
pub use rules::first_fault;
