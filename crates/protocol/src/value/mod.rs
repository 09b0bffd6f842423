//! What fields hold: identifiers, chains and assets, money, times, hashes. Each type is written in one text.
//!
//! Some read more than they write, and say so: capitals in hex, zeros at the end of a fraction, network names, numbers
//! of JSON. What was read is written again in the one text.

mod account;
mod chain;
mod digest;
mod fraction;
mod identifier;
mod label;
mod money;
mod nonce;
mod party;
mod text;
mod time;

pub use account::{Account, EvmAddress};
pub use chain::ChainId;
pub use digest::{HashLock, Secret, Sha256Digest, Word};
pub use fraction::Fraction;
pub use identifier::{DomainName, EndpointHandle, Id, PathId, Symbol, Uuid};
pub use label::Label;
pub use money::{Amount, Bps, Decimal};
pub use nonce::Nonce;
pub use party::Party;
pub use time::{Clock, EpochMillis, EpochSeconds, Timestamp};

pub(crate) use identifier::holds_address;
pub(crate) use text::serde_by_text;
