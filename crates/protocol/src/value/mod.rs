//! What fields hold: identifiers, chains and assets, money, times, hashes. Each type has one text form and refuses
//! every other.

mod account;
mod chain;
mod digest;
mod fraction;
mod identifier;
mod money;
mod party;
mod text;
mod time;

pub use account::{Account, EvmAddress};
pub use chain::ChainId;
pub use digest::{HashLock, Secret, Sha256Digest, Word};
pub use fraction::Fraction;
pub use identifier::{DomainName, EndpointHandle, Id, PathId, Symbol, Uuid};
pub use money::{Amount, Bps, Decimal};
pub use party::Party;
pub use time::{Clock, EpochMillis, EpochSeconds, Timestamp};

pub(crate) use identifier::holds_address;
pub(crate) use text::serde_by_text;
