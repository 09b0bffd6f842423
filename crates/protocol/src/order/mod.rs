//! Orders as the contracts know them: terms, ids, and the EIP-712 messages that parties sign.
//!
//! The id of an order is the digest of its compact terms in the escrow's domain:
//!
//! ```
//! use tgp_protocol::order::{Order, escrow_domain};
//! use alloy_sol_types::SolStruct;
//!
//! let order = Order { policy: 4, ..Order::default() };
//! let domain = escrow_domain(8453, "0x209693Bc6afc0C5328bA36FaF03C514EF312287C".parse()?);
//! let id = order.pack().eip712_signing_hash(&domain);
//! assert_ne!(id, Order::default().pack().eip712_signing_hash(&domain));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod commitment;
mod decimal;
mod domain;
#[rustfmt::skip]
pub mod messages;
mod protection;
mod simple;
mod terms;
mod wire;

pub use commitment::CommitmentJson;
pub use domain::{escrow_domain, router_domain, timelock_domain};
pub use protection::BuyerProtection;
pub use simple::SimpleOrderJson;
pub use terms::Order;
pub use wire::{CounterKind, OrderJson, PolicyBit, Silence, session_word};
