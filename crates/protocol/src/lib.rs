//! The Transaction Gateway Protocol as a library: every message, hash, policy and record, with no I/O and no clock.
#![forbid(unsafe_code)]

pub mod buyer;
mod error;
pub mod gateway;
mod hash;
pub mod identity;
pub mod json;
pub mod ledger;
pub mod order;
pub mod sign;
pub mod tib;
pub mod value;
pub mod wire;

pub use error::{Class, Code, Error, Field, Reason, Result, Segment};
pub use hash::tagged_hash;
