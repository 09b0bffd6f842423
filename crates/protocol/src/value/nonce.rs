use super::serde_by_text;
use crate::Reason;
use alloy_primitives::hex;
use std::{fmt, str::FromStr};

/// 128 random bits, as 32 lower-case hex digits.
///
/// ```
/// use tgp_protocol::{Reason, value::Nonce};
///
/// // from the system's source of randomness
/// let nonce = Nonce::from([0xa7; 16]);
/// assert_eq!(nonce.to_string(), "a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7");
/// assert_eq!(nonce.to_string().to_uppercase().parse::<Nonce>(), Err(Reason::BadNonce));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Nonce([u8; 16]);

impl From<[u8; 16]> for Nonce {
    fn from(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

impl FromStr for Nonce {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        let lower = text.len() == 32 && !text.bytes().any(|byte| byte.is_ascii_uppercase());
        let mut bytes = [0; 16];
        match hex::decode_to_slice(text, &mut bytes) {
            Ok(()) if lower => Ok(Self(bytes)),
            _ => Err(Reason::BadNonce),
        }
    }
}

impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

serde_by_text!(Nonce);
