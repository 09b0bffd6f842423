//! What the protocol promises, shown from outside the crate.

// the crate's own dependencies are not all needed here
#![allow(unused_crate_dependencies)]

mod area;
mod chain_profile;
mod documents;
mod policy;
mod policy_properties;
mod policy_rules;
mod policy_set;
mod profile;
mod query;
mod registry;
mod terms_rules;
