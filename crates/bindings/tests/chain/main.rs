//! The bindings against a node: an anvil of each test's own, with the contracts that the deployment script makes.
//! Needs what `make setup` installs.
// A test may end in a panic, in its helpers too.
#![allow(clippy::unwrap_used)]

// what the library alone uses
use serde as _;

mod deployment;
mod digests;
mod guide;
mod local;
mod orders;
mod tokens;
