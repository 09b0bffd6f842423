//! Serves the tables of a chain's events to other people's programs.
#![forbid(unsafe_code)]

pub mod serve;

// needed by the tests against servers alone
#[cfg(test)]
use tokio_tungstenite as _;
