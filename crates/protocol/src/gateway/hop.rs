use crate::{
    Reason, tagged_hash,
    value::{DomainName, Id, holds_address, serde_by_text},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use std::{fmt, str::FromStr};

const TAG: &str = "tag:";

/// A gateway in a path: its domain, or a blinded tag that only the gateway itself recognises. Nothing inside a domain
/// is ever a hop.
///
/// ```
/// use tgp_protocol::gateway::HopId;
///
/// let request = "req-1".parse()?;
/// let mine = HopId::blinded(&[7; 32], &request);
/// assert_eq!(mine, mine.to_string().parse()?);
/// assert_ne!(mine, HopId::blinded(&[8; 32], &request));
/// # Ok::<(), tgp_protocol::Reason>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HopId {
    /// By name.
    Domain(DomainName),
    /// Blinded.
    Tag([u8; 16]),
}

impl HopId {
    /// The tag of a gateway that hides its name, from a secret of its own and the request: other requests, other tags.
    #[must_use]
    pub fn blinded(secret: &[u8; 32], request_id: &Id) -> Self {
        let hash = tagged_hash("TGP/0.1/hop-tag", [secret.as_slice(), request_id.as_str().as_bytes()]);
        let mut tag = [0; 16];
        tag.copy_from_slice(&hash[..16]);
        Self::Tag(tag)
    }

    /// Whether a wallet's address is written in it.
    /// Refuses a name that is a wallet's: whoever is further up the path learns it.
    pub(super) fn check_disclosure(&self) -> Result<(), Reason> {
        let shown = matches!(self, Self::Domain(domain) if holds_address(domain.as_str()));
        if shown { Err(Reason::WalletDisclosed) } else { Ok(()) }
    }
}

impl From<DomainName> for HopId {
    fn from(domain: DomainName) -> Self {
        Self::Domain(domain)
    }
}

impl FromStr for HopId {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        let Some(tag) = text.strip_prefix(TAG) else {
            return text.parse().map(Self::Domain).map_err(|_| Reason::BadHop);
        };
        let bytes = BASE64.decode(tag).map_err(|_| Reason::BadHop)?;
        bytes.try_into().map(Self::Tag).map_err(|_| Reason::BadHop)
    }
}

impl fmt::Display for HopId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Domain(domain) => fmt::Display::fmt(domain, f),
            Self::Tag(tag) => write!(f, "{TAG}{}", BASE64.encode(tag)),
        }
    }
}

impl fmt::Debug for HopId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

serde_by_text!(HopId);
