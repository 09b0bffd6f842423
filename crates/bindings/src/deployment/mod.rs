//! Where the contracts are, and whether they are what they should be.

#[cfg(feature = "rpc")]
mod connect;
mod file;

#[cfg(feature = "rpc")]
pub use connect::{ConnectError, Instances};
pub use file::{DeployedContract, Deployment, LoadError};
