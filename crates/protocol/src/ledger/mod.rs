//! Summaries of ledger state that quotes are bound to, and the hash that binds a policy to them.
//!
//! The wire calls a summary SSO. It has nothing to do with the snapshot of a session, which document 004 gives the same
//! letters.

mod policy_hash;
mod state;
mod summary;

pub use policy_hash::policy_hash;
pub use state::check_state_refs;
pub use summary::{GasQuote, LedgerSummary, MAX_VALID_MS, Validity};
