//! The attribute registry: what a domain's operator vouches for, in one signed document.
//!
//! It says which token a symbol means, which contracts may be used and with which code, what holds in a jurisdiction,
//! how a seller is reached, whose key may speak in which role, and in which transaction area a domain lies. Every
//! section is optional, and members that this version does not know stay in the document: they are covered by its
//! signature and can be read with [`Registry::document`] and [`Registry::attribute`].
//!
//! ```
//! use tgp_protocol::{json::{self, Value}, registry::{self, Registry}, sign::SigningKey};
//!
//! let Value::Object(mut document) = json::parse(br#"{
//!     "format": "TGP-REGISTRY-0.1", "version": 1, "issuer": "registry.example", "issued_at": "2026-11-21T10:00:00Z",
//!     "assets": [{ "symbol": "ETH", "chain": "eip155:8453", "address": "native", "decimals": 18 }]
//! }"#)? else { panic!("an object") };
//! let key = SigningKey::from_seed(&[1; 32]);
//! registry::sign(&mut document, &key);
//!
//! let registry = Registry::read(&document.canonical(), &key.public_key())?;
//! assert_eq!(registry.resolve(&"ETH".parse()?, None)?.decimals, 18);
//! # Ok::<(), tgp_protocol::Error>(())
//! ```

mod asset;
mod contract;
mod document;
mod endpoint;
mod key;
mod lookup;
mod place;
mod seller;

pub use asset::{Asset, AssetAddress, Eip712Name};
pub use contract::{Contract, Status};
pub use document::{Registry, sign};
pub use endpoint::HttpsUrl;
use key::Key;
pub use key::Role;
use place::Place;
pub use place::{Chain, Domain};
pub use seller::{Capabilities, Seller, ServiceLevel};
