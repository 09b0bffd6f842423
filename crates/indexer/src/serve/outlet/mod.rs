//! Outlets: the feed brought to somebody, in its order, at least once.

#[cfg(feature = "nats")]
mod nats;
mod parcel;
mod pump;
mod status;
mod webhook;

#[cfg(feature = "nats")]
pub use nats::{Nats, NatsError};
pub use parcel::Parcel;
pub use pump::{NotTaken, Outlet, OutletError, Patience, Sink};
pub use status::OutletStatus;
pub use webhook::{BadAddress, Unsigned, Webhook, verify};
