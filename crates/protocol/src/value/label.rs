use super::serde_by_text;
use crate::Reason;
use std::{fmt, str::FromStr};

const MOST_BYTES: usize = 256;

/// A word that the protocol carries and compares but does not interpret: `KYC`, `OFAC:US-2025-10`, `did:loe:dbigge`,
/// `syslog://tbc.local:514`. A label is never an address to connect to, whatever it looks like.
///
/// ```
/// use tgp_protocol::{Reason, value::Label};
///
/// let screened: Label = "OFAC:US-2025-10".parse()?;
/// assert_eq!(screened.as_str(), "OFAC:US-2025-10");
/// assert_eq!("two words".parse::<Label>(), Err(Reason::BadLabel));
/// # Ok::<(), Reason>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Label(String);

impl Label {
    /// A text of this crate's own making.
    pub(crate) fn own(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Label {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        let printable = text.bytes().all(|byte| byte.is_ascii_graphic());
        let fits = !text.is_empty() && text.len() <= MOST_BYTES;
        if printable && fits { Ok(Self(text.to_owned())) } else { Err(Reason::BadLabel) }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

serde_by_text!(Label);
