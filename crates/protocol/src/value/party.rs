use super::{Account, identifier::holds_address, serde_by_text};
use crate::Reason;
use std::{fmt, str::FromStr};

/// Schemes that name a party.
const SCHEMES: [&str; 7] = ["buyer://", "seller://", "controller://", "agent://", "https://", "did:", "eh:"];

const MOST_BYTES: usize = 256;

/// Who takes part: a URI, a CAIP-10 account, or a bare wallet address on plane B.
///
/// ```
/// use tgp_protocol::value::Party;
///
/// let buyer: Party = "buyer://alice.wallet".parse()?;
/// assert_eq!(buyer.as_str(), "buyer://alice.wallet");
/// assert!(!buyer.shows_wallet());
/// assert!("eip155:8453:0x209693Bc6afc0C5328bA36FaF03C514EF312287C".parse::<Party>()?.shows_wallet());
/// assert!("buyer://user:password@host".parse::<Party>().is_err());
/// # Ok::<(), tgp_protocol::Reason>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Party(String);

impl Party {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether everybody who sees it learns a wallet's address.
    #[must_use]
    pub fn shows_wallet(&self) -> bool {
        holds_address(&self.0)
    }
}

impl FromStr for Party {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        if text.len() > MOST_BYTES || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Reason::BadParty);
        }
        if text.starts_with("0x") {
            text.parse::<super::EvmAddress>()?;
        } else if text.starts_with("eip155:") {
            text.parse::<Account>()?;
        } else {
            let scheme = SCHEMES.iter().find(|scheme| text.starts_with(**scheme)).ok_or(Reason::BadParty)?;
            let rest = &text[scheme.len()..];
            // what stands before an @ in the authority is a user's name or password
            let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
            let userinfo = scheme.ends_with("//") && authority.contains('@');
            if rest.is_empty() || userinfo || rest.contains(['"', '<', '>', '\\', '^', '`', '{', '|', '}']) {
                return Err(Reason::BadParty);
            }
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

serde_by_text!(Party);
