//! What the protocol promises, shown from outside the crate.

// the crate's own dependencies are not all needed here
#![allow(unused_crate_dependencies)]

mod documents;
mod gateway_documents;
mod gateway_matrix;
mod gateways;
mod query;
mod tib;
