//! The Transaction Gateway Protocol as a library: every message, hash, policy and record, with no I/O and no clock.
#![forbid(unsafe_code)]

// of the benches alone
#[cfg(test)]
use criterion as _;

pub mod area;
pub mod buyer;
pub mod chain_profile;
mod error;
mod hash;
pub mod json;
pub mod order;
pub mod policy;
pub mod profile;
pub mod registry;
pub mod sign;
pub mod value;
pub mod wire;

pub use error::{Class, Code, Error, Field, Reason, Result, Segment};
pub use hash::tagged_hash;
