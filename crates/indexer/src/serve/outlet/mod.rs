//! Outlets: the feed brought to somebody, in its order, at least once.

mod status;

pub use status::OutletStatus;
