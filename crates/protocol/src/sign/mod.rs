//! Ed25519 signatures over messages: strict verification, keys known by their ids.

mod key;
mod message;

pub use key::{KeyId, PublicKey, Signature, SigningKey};
pub use message::{sign, sign_detached, sign_member, verify, verify_detached, verify_member};
