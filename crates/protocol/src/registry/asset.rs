use crate::{
    Error, Reason, Result,
    value::{ChainId, Decimal, EvmAddress, Symbol, serde_by_text},
};
use alloy_primitives::Address;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// What an asset is on its chain: the chain's own coin, or a contract.
///
/// ```
/// use tgp_protocol::{Reason, registry::AssetAddress};
///
/// assert_eq!("native".parse(), Ok(AssetAddress::Native));
/// // orders write the coin as the zero address; a registry does not
/// assert!(AssetAddress::Native.address().is_zero());
/// assert_eq!("0x0000000000000000000000000000000000000000".parse::<AssetAddress>(), Err(Reason::ZeroAddress));
///
/// let usdc: AssetAddress = "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913".parse()?;
/// assert_eq!(AssetAddress::from(usdc.address()), usdc);
/// # Ok::<(), Reason>(())
/// ```
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

/// Name and version of a token's EIP-712 domain, which signatures over its transfers need. The asset has the rest of the
/// domain: chain and contract.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Eip712Name {
    /// The name, which differs between deployments of one token.
    pub name: String,
    /// The version.
    pub version: String,
}

/// An asset: the chain, what it is there, and its decimals. The symbol is a label.
///
/// ```
/// use tgp_protocol::{json, registry::{Asset, Eip712Name}};
///
/// let asset: Asset = json::from_value(&json::parse(br#"{
///     "symbol": "USDC", "chain": "base", "address": "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913", "decimals": 6,
///     "eip712": { "name": "USD Coin", "version": "2" }
/// }"#)?)?;
/// let Some(Eip712Name { name, version }) = &asset.eip712 else { panic!("takes signatures") };
/// assert_eq!((name.as_str(), version.as_str()), ("USD Coin", "2"));
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
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
