use crate::{
    Error, Reason, Result,
    value::{ChainId, Decimal, EvmAddress, Symbol, serde_by_text},
};
use alloy_primitives::Address;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// What an asset is on its chain: the chain's own coin, or a contract.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum AssetAddress {
    /// Written `native`.
    Native,
    /// The token's contract.
    Contract(EvmAddress),
}

impl AssetAddress {
    /// As orders name it: the zero address stands for the chain's own coin.
    #[must_use]
    pub fn address(self) -> Address {
        match self {
            Self::Native => Address::ZERO,
            Self::Contract(address) => address.0,
        }
    }
}

impl From<Address> for AssetAddress {
    fn from(address: Address) -> Self {
        if address.is_zero() { Self::Native } else { Self::Contract(address.into()) }
    }
}

impl FromStr for AssetAddress {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        if text == "native" {
            return Ok(Self::Native);
        }
        let address: EvmAddress = text.parse()?;
        if address.is_zero() { Err(Reason::ZeroAddress) } else { Ok(Self::Contract(address)) }
    }
}

impl fmt::Display for AssetAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Native => f.write_str("native"),
            Self::Contract(address) => address.fmt(f),
        }
    }
}

serde_by_text!(AssetAddress);

/// Name and version of a token's EIP-712 domain, which signatures over its transfers need.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Eip712Name {
    /// The name, which differs between deployments of one token.
    pub name: String,
    /// The version.
    pub version: String,
}

/// An asset: the chain, what it is there, and its decimals. The symbol is a label.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Asset {
    /// The label.
    pub symbol: Symbol,
    /// The chain.
    pub chain: ChainId,
    /// What it is on the chain.
    pub address: AssetAddress,
    /// Places behind the point of a whole unit.
    pub decimals: u8,
    /// The domain of the token's signatures, where it takes any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eip712: Option<Eip712Name>,
}

impl Asset {
    pub(super) fn check(&self) -> Result<()> {
        if self.decimals > Decimal::MOST_PLACES {
            return Err(Error::from(Reason::OutOfRange).within("decimals"));
        }
        match &self.eip712 {
            Some(domain) if domain.name.is_empty() || domain.name.len() > 64 || domain.version.len() > 16 => {
                Err(Error::from(Reason::WrongLength).within("eip712"))
            }
            // a coin has no contract that could take a signature
            Some(_) if self.address == AssetAddress::Native => Err(Error::from(Reason::Contradiction).within("eip712")),
            _ => Ok(()),
        }
    }
}
