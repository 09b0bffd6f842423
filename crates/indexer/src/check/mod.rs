//! Proving the tables: against a second fold of the same events, and against what the contracts store.

mod compare;
mod pages;
mod rebuild;
mod storage;

pub use compare::{Comparison, Difference, compare};
pub use rebuild::rebuild;
pub use storage::verify;
