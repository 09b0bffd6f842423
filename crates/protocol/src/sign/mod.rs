//! Signatures: Ed25519 over messages, with strict verification and keys known by their ids; secp256k1 of wallets, never
//! mixed with them.

mod key;
mod message;
mod wallet;

pub use key::{KeyId, PublicKey, Signature, SigningKey};
pub(crate) use message::{require_signature, sign_kept, sign_without, verify_without};
pub use message::{sign, sign_detached, sign_member, verify, verify_detached, verify_member};
pub use wallet::WalletSignature;
