//! Where a payment takes place, as far as rules differ: jurisdictions, transaction areas, and paths through them.
//!
//! The documents refer to an appendix on transaction area identifiers (TAI) that was never published. The form here is
//! our own and claims no conformance to that text.
//!
//! ```
//! use tgp_protocol::area::Area;
//!
//! let california: Area = "tai:us/ca".parse()?;
//! let shop: Area = "tai:us/ca/retail/eip155:8453/shop.example".parse()?;
//! assert!(california.covers(&shop));
//! assert!(!shop.covers(&california));
//! # Ok::<(), tgp_protocol::Error>(())
//! ```

mod identifier;
mod jurisdiction;
mod path;

pub use identifier::{Area, Zone};
pub use jurisdiction::Jurisdiction;
pub use path::check_path;
