use crate::{
    Error, Reason, Result,
    sign::{KeyId, PublicKey},
    value::{DomainName, Id, serde_by_text},
};
use serde::{Deserialize, Serialize};
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
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Key {
    /// The id that messages name.
    pub kid: KeyId,
    /// The key.
    pub public_key: PublicKey,
    /// What it may sign.
    pub role: Role,
    /// Whose it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<DomainName>,
}

impl Key {
    pub(super) fn check(&self) -> Result<()> {
        if self.kid == self.public_key.id() { Ok(()) } else { Err(Error::from(Reason::HashMismatch).within("kid")) }
    }
}
