use super::serde_by_text;
use crate::Reason;
use alloy_primitives::{B256, hex};
use sha2::{Digest, Sha256};
use std::{collections::HashSet, fmt, str::FromStr, sync::LazyLock};

/// Declares 32 bytes with a prefix before their 64 hex digits, written in lower case and read in any.
macro_rules! words {
    ($($(#[$about:meta])* $name:ident = $prefix:literal, $reason:ident;)+) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub B256);

        impl FromStr for $name {
            type Err = Reason;

            fn from_str(text: &str) -> Result<Self, Reason> {
                let digits = text.strip_prefix($prefix).ok_or(Reason::$reason)?;
                let mut bytes = [0; 32];
                hex::decode_to_slice(digits, &mut bytes).map_err(|_| Reason::$reason)?;
                if digits.len() == 64 { Ok(Self(bytes.into())) } else { Err(Reason::$reason) }
            }
        }

        impl From<[u8; 32]> for $name {
            fn from(bytes: [u8; 32]) -> Self {
                Self(bytes.into())
            }
        }
    )+};
}

words! {
    /// A SHA-256 digest: `sha256:` and 64 hex digits.
    Sha256Digest = "sha256:", BadSha256;
    /// 32 bytes as the chain writes them: `0x` and 64 hex digits.
    Word = "0x", BadWord;
    /// The hash of a [`Secret`] under which value is locked.
    HashLock = "sha256:", BadSha256;
    /// The 32 bytes that open a [`HashLock`]. Its debug form shows nothing.
    Secret = "0x", BadSecret;
}

impl fmt::Display for Sha256Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", hex::encode(self.0))
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{}", hex::encode(self.0))
    }
}

impl fmt::Debug for Sha256Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for HashLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", hex::encode(self.0))
    }
}

impl fmt::Debug for HashLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{}", hex::encode(self.0))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

serde_by_text!(Sha256Digest, Word, HashLock, Secret);

impl Secret {
    /// The hash lock that this secret opens.
    ///
    /// ```
    /// use tgp_protocol::value::Secret;
    ///
    /// let secret = Secret::from([7; 32]);
    /// assert!(secret.opens(&secret.hash_lock()));
    /// assert!(!Secret::from([8; 32]).opens(&secret.hash_lock()));
    /// ```
    #[must_use]
    pub fn hash_lock(&self) -> HashLock {
        let digest: [u8; 32] = Sha256::digest(self.0).into();
        HashLock(digest.into())
    }

    /// Whether it is the secret of this lock.
    #[must_use]
    pub fn opens(&self, lock: &HashLock) -> bool {
        self.hash_lock() == *lock
    }
}

impl HashLock {
    /// Refuses locks that anybody can open: of nothing, of 32 equal bytes, of the hash of nothing.
    ///
    /// ```
    /// use tgp_protocol::{Reason, value::{HashLock, Secret}};
    ///
    /// // what SHA-256 makes of nothing: everybody knows what opens it
    /// let empty: HashLock = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855".parse()?;
    /// assert_eq!(empty.check(), Err(Reason::KnownSecret));
    /// assert_eq!(Secret::from([7; 32]).hash_lock().check(), Err(Reason::KnownSecret));
    /// let mut secret = [7; 32];
    /// secret[31] = 8;
    /// assert_eq!(Secret::from(secret).hash_lock().check(), Ok(()));
    /// # Ok::<(), Reason>(())
    /// ```
    ///
    /// # Errors
    /// With [`Reason::KnownSecret`].
    pub fn check(&self) -> Result<(), Reason> {
        if self.0.is_zero() || KNOWN.contains(&self.0) { Err(Reason::KnownSecret) } else { Ok(()) }
    }
}

/// Hashes of what nobody may take for a secret.
static KNOWN: LazyLock<HashSet<B256>> = LazyLock::new(|| {
    let of = |bytes: &[u8]| -> B256 { <[u8; 32]>::from(Sha256::digest(bytes)).into() };
    let equal_bytes = (0..=u8::MAX).map(|byte| of(&[byte; 32]));
    equal_bytes.chain([of(b""), of(of(b"").as_slice())]).collect()
});
