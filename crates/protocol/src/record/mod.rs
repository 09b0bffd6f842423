//! What a session leaves behind: snapshots of its state, and the transaction detail records.

mod snapshot;
pub mod tdr;

pub use snapshot::{Participants, SessionSnapshot};
