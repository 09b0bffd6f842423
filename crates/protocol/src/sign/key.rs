use crate::{Reason, tagged_hash, value::serde_by_text};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use ed25519_dalek::Signer;
use std::{fmt, str::FromStr};

const KEY_PREFIX: &str = "ed25519:";

/// The id of a public key: the first 16 bytes of its tagged hash, in base64url. Messages name their signer's key by it.
///
/// ```
/// use tgp_protocol::{Reason, sign::{KeyId, SigningKey}};
///
/// let kid: KeyId = SigningKey::from_seed(&[1; 32]).public_key().id();
/// assert_eq!(kid.to_string().parse(), Ok(kid));
/// assert_ne!(kid, SigningKey::from_seed(&[2; 32]).public_key().id());
/// assert_eq!("AAAA".parse::<KeyId>(), Err(Reason::BadKeyId));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId([u8; 16]);

impl FromStr for KeyId {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        let bytes = BASE64.decode(text).map_err(|_| Reason::BadKeyId)?;
        bytes.try_into().map(Self).map_err(|_| Reason::BadKeyId)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64.encode(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// An Ed25519 public key: `ed25519:` and 32 bytes in base64url. Keys of small order are refused.
///
/// ```
/// use tgp_protocol::{Reason, sign::{PublicKey, SigningKey}};
///
/// let pair = SigningKey::from_seed(&[1; 32]);
/// let (key, signature) = (pair.public_key(), pair.sign(b"10 USDC"));
/// key.verify(b"10 USDC", &signature)?;
/// assert_eq!(key.verify(b"99 USDC", &signature), Err(Reason::SignatureMismatch));
///
/// // as text in messages and directories, as bytes where a store has them
/// assert_eq!(key.to_string().parse(), Ok(key));
/// assert_eq!(PublicKey::from_bytes(&key.to_bytes()), Ok(key));
/// // under the neutral point anything would verify
/// let mut neutral = [0; 32];
/// neutral[0] = 1;
/// assert_eq!(PublicKey::from_bytes(&neutral), Err(Reason::BadKey));
/// # Ok::<(), Reason>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(ed25519_dalek::VerifyingKey);

impl PublicKey {
    /// The key of these bytes.
    ///
    /// # Errors
    /// With [`Reason::BadKey`] for bytes that are no point of the curve, for a second encoding of a point, and for
    /// points of small order, under which one signature would verify for many messages.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, Reason> {
        // RFC 8032 refuses a y from 2^255-19 on; the library reduces it, and the key would have two ids
        let second = bytes[0] >= 0xed && bytes[1..31].iter().all(|byte| *byte == 0xff) && bytes[31] & 0x7f == 0x7f;
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| Reason::BadKey)?;
        if second || key.is_weak() { Err(Reason::BadKey) } else { Ok(Self(key)) }
    }

    /// The 32 bytes.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// The key's id.
    #[must_use]
    pub fn id(self) -> KeyId {
        let hash = tagged_hash("TGP/0.1/kid", [self.0.as_bytes().as_slice()]);
        let mut id = [0; 16];
        id.copy_from_slice(&hash[..16]);
        KeyId(id)
    }

    /// Verifies strictly: no malleable signature, no key or nonce of small order.
    ///
    /// # Errors
    /// With [`Reason::SignatureMismatch`].
    pub fn verify(self, message: &[u8], signature: &Signature) -> Result<(), Reason> {
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        self.0.verify_strict(message, &signature).map_err(|_| Reason::SignatureMismatch)
    }
}

impl FromStr for PublicKey {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        let bytes = text.strip_prefix(KEY_PREFIX).and_then(|text| BASE64.decode(text).ok());
        let bytes: [u8; 32] = bytes.and_then(|bytes| bytes.try_into().ok()).ok_or(Reason::BadKey)?;
        Self::from_bytes(&bytes)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{KEY_PREFIX}{}", BASE64.encode(self.0.as_bytes()))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// An Ed25519 signature: `ed25519:` and 64 bytes in base64url.
///
/// ```
/// use tgp_protocol::sign::{Signature, SigningKey};
///
/// let signature = SigningKey::from_seed(&[1; 32]).sign(b"10 USDC");
/// assert_eq!(signature.to_string().parse::<Signature>(), Ok(signature));
/// // for libraries that take R and S
/// let (r, s) = (&signature.to_bytes()[..32], &signature.to_bytes()[32..]);
/// assert_ne!(r, s);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Signature([u8; 64]);

impl Signature {
    /// The 64 bytes.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 64] {
        self.0
    }
}

impl FromStr for Signature {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        let bytes = text.strip_prefix(KEY_PREFIX).and_then(|text| BASE64.decode(text).ok());
        bytes.and_then(|bytes| bytes.try_into().ok()).map(Self).ok_or(Reason::BadSignature)
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{KEY_PREFIX}{}", BASE64.encode(self.0))
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

serde_by_text!(KeyId, PublicKey, Signature);

/// An Ed25519 secret key. It is wiped from memory when dropped and has no text form.
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// The key of a 32-byte seed, which must come from the system's source of randomness.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// Its public key.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// Signs bytes.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Signature {
        Signature(self.0.sign(message).to_bytes())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.public_key().id())
    }
}
