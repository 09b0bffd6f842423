//! Plane B: a buyer, or his agent, with a controller.

mod query;

pub use query::{Query, ZkProfile};
