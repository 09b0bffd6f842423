use crate::{Reason, value::serde_by_text};
use std::{fmt, str::FromStr};

const MOST_BYTES: usize = 256;

/// What points to evidence: a tracking number, a URI, a digest. 1 to 256 printable ASCII signs; 32 bytes of hex stand
/// only behind `sha256:`, so that nobody writes a secret where its hash belongs.
///
/// ```
/// use tgp_protocol::record::tdr::Reference;
///
/// assert_eq!("tracking:USPS-123456789".parse::<Reference>()?.as_str(), "tracking:USPS-123456789");
/// assert!("7f".repeat(32).parse::<Reference>().is_err());
/// assert!(format!("sha256:{}", "7f".repeat(32)).parse::<Reference>().is_ok());
/// # Ok::<(), tgp_protocol::Reason>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference(String);

impl Reference {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Reference {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        let plain = text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\' | b'`'));
        if text.is_empty() || text.len() > MOST_BYTES || !plain {
            return Err(Reason::BadReference);
        }
        let digest = text.strip_prefix("sha256:").filter(|digits| digits.len() == 64);
        if digest.is_none() && shows_word(text) {
            return Err(Reason::ShowsSecret);
        }
        Ok(Self(text.to_owned()))
    }
}

/// Whether 64 hex digits stand in a row: 32 bytes that could be anything.
pub(super) fn shows_word(text: &str) -> bool {
    let mut row = 0;
    text.bytes().any(|byte| {
        row = if byte.is_ascii_hexdigit() { row + 1 } else { 0 };
        row == 64
    })
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

serde_by_text!(Reference);
