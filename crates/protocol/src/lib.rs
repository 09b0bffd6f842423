//! The Transaction Gateway Protocol as a library: every message, hash, policy and record, with no I/O and no clock.
#![forbid(unsafe_code)]
// only the benches use it
#[cfg(test)]
use criterion as _;

pub mod buyer;
pub mod cbor;
mod error;
mod hash;
pub mod json;
pub mod order;
pub mod sign;
pub mod tlv;
pub mod value;
pub mod wire;

pub use error::{Class, Code, Error, Field, Reason, Result, Segment};
pub use hash::tagged_hash;
