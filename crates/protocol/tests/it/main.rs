//! What the protocol promises, shown from outside the crate.

// the crate's own dependencies are not all needed here
#![allow(unused_crate_dependencies)]

mod cbor;
mod decoders;
mod documents;
mod no_panic;

mod query;
mod tlv;
