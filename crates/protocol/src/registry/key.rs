use crate::{
    Error, Reason, Result,
    sign::{KeyId, PublicKey},
    value::{DomainName, Id, serde_by_text},
};
use serde::Deserialize;
use std::{fmt, str::FromStr};

/// What a key may sign.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Role {
    /// Offers and other messages of plane B.
    Controller,
    /// Settlements seen on a chain, and receipts.
    Indexer,
    /// Messages of plane G.
    Gateway,
    /// Ledger summaries.
    Summaries,
    /// Objects of plane S.
    Facilitator,
    /// A role that this version does not know.
    Other(Id),
}

impl FromStr for Role {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        Ok(match text {
            "controller" => Self::Controller,
            "indexer" => Self::Indexer,
            "gateway" => Self::Gateway,
            "summaries" => Self::Summaries,
            "facilitator" => Self::Facilitator,
            _ => Self::Other(text.parse()?),
        })
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Controller => "controller",
            Self::Indexer => "indexer",
            Self::Gateway => "gateway",
            Self::Summaries => "summaries",
            Self::Facilitator => "facilitator",
            Self::Other(role) => role.as_str(),
        })
    }
}

serde_by_text!(Role);

/// A public key and what it may sign. A key of two roles stands twice.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Key {
    /// The id that messages name.
    pub(super) kid: KeyId,
    /// The key.
    pub(super) public_key: PublicKey,
    /// What it may sign.
    pub(super) role: Role,
    /// Whose it is.
    #[allow(dead_code, reason = "nobody asks for it, and what is no domain's name is refused")]
    domain: Option<DomainName>,
}

impl Key {
    pub(super) fn check(&self) -> Result<()> {
        if self.kid == self.public_key.id() { Ok(()) } else { Err(Error::from(Reason::HashMismatch).within("kid")) }
    }
}
