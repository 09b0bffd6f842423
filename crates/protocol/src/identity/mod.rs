//! Who somebody is: keys that a domain publishes, wallets that stand behind handles, and the keys under which messages
//! are remembered so that none counts twice.

mod binding;
mod directory;
mod peer;
mod replay;

pub use binding::{WalletBinding, random_handle};
pub use directory::{DirectoryKey, Found, KeyDirectory, KeyText, Revocation, Role};
pub use peer::check_peer_name;
pub use replay::{ReplayKey, Seen, remember_until, seen};
