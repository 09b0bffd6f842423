#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod area;
pub mod buyer;
pub mod cbor;
pub mod chain_profile;
#[cfg(doctest)]
mod doctests;
mod error;
pub mod exact;
mod failure;
pub mod gateway;
mod hash;
pub mod header;
pub mod identity;
pub mod json;
pub mod ledger;
pub mod order;
pub mod policy;
pub mod profile;
pub mod receipt;
pub mod record;
pub mod registry;
pub mod session;
pub mod sign;
pub mod tib;
pub mod tlv;
pub mod value;
pub mod wire;

// of the benches alone
#[cfg(test)]
use criterion as _;

// the tests in tests/ sign with it
#[cfg(test)]
use k256 as _;

pub use error::{Class, Code, Error, Field, Reason, Result, Segment};
pub use failure::{ErrorText, Failure};
pub use hash::tagged_hash;
