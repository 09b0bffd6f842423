//! What the protocol promises, shown from outside the crate.

// the crate's own dependencies are not all needed here
#![allow(unused_crate_dependencies)]

mod documents;
mod gateway_documents;
mod gateway_matrix;
mod gateway_round_trips;
mod gateways;
mod identity;
mod ledger;
mod query;
mod routes;
mod three_domains;
mod tib;
mod timelocks;
