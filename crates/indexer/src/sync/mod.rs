//! Following a chain: from the checkpoint to the head, by number and hash, through reorgs.

pub(crate) mod batch;
mod check;
mod finality;
mod follower;
mod prefetch;
mod range;
mod reorg;
mod writer;

pub use follower::{Follower, Step};
