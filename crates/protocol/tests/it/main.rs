//! What the protocol promises, shown from outside the crate.

// the crate's own dependencies are not all needed here
#![allow(unused_crate_dependencies)]

mod cbor;
mod documents;

mod query;
mod tlv;
