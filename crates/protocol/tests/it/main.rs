//! What the protocol promises, shown from outside the crate.

// the crate's own dependencies are not all needed here
#![allow(unused_crate_dependencies)]
// what a test's helper cannot make is a failed test
#![allow(clippy::unwrap_used)]

mod area;
mod buyer_matrix;
mod buyer_relations;
mod buyer_round_trip;
mod cbor;
mod chain_profile;
mod decoders;
mod documents;
mod exact_checks;
mod exact_hops;
mod exact_messages;
mod exact_split;
mod exact_x402;
mod examples;
mod fixtures;
mod framing;
mod gateway_bound;
mod gateway_documents;
mod gateway_matrix;
mod gateway_round_trips;
mod gateways;
mod headers;
mod identity;
mod ledger;
mod matrix;
mod message_page;
mod names;
mod no_panic;
mod nulls;
mod order_wire;
mod policy;
mod policy_properties;
mod policy_rules;
mod policy_set;
mod profile;
mod query;
mod receipt;
mod record;
mod registry;
mod replay;
mod routes;
mod session;
mod signatures;
mod tdr;
mod terms_rules;
mod three_domains;
mod tib;
mod timelocks;
mod tlv;
