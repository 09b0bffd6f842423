//! What all messages share: how they are told apart, read, signed and written.
//!
//! Three families talk: buyers with controllers (plane B), gateways with gateways (plane G), and the objects around an
//! x402 payment (plane S). A message says by exactly one member which it is; [`read`] finds out and never guesses.

mod kind;
mod received;
mod version;

pub use kind::{Kind, Plane, kind_of};
pub use received::{Message, Received, read};
pub use version::VERSION;
