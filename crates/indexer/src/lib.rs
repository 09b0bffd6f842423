#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod chain;
pub mod check;
pub mod config;
mod contract;
mod contracts;
mod error;
pub mod fold;
pub mod node;
pub mod serve;
mod sync;

pub use chain::{Chain, Limits};
pub use contract::Contract;
pub use contracts::Contracts;
pub use coreprover_bindings::Event;
pub use error::{IndexError, Result};
pub use sync::{Follower, Step};

// needed by the tests against nodes alone
#[cfg(test)]
use k256 as _;
#[cfg(test)]
use proptest as _;
#[cfg(test)]
use sha2 as _;
#[cfg(test)]
use tokio_tungstenite as _;
