//! What a store promises, shown on both engines: each test runs once in a file and once on a real PostgreSQL server.

// the crate's own dependencies are not all needed here
#![allow(unused_crate_dependencies)]
// what a test's helper cannot make is a failed test
#![allow(clippy::unwrap_used)]

mod chain;
mod cursors;
mod docs;
mod engine;
mod feed;
mod kill;
mod model;
#[cfg(feature = "postgres")]
mod postgres;
mod properties;
mod records;
mod reset;
mod schema;
mod select;
#[cfg(feature = "postgres")]
mod server;
mod sqlite;
mod two_writers;
