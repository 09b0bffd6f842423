use super::{ChainId, serde_by_text};
use crate::Reason;
use alloy_primitives::Address;
use std::{fmt, str::FromStr};

/// An address on an EVM chain, written with its EIP-55 checksum. Read in one case, or in mixed case with the right
/// checksum.
///
/// ```
/// use tgp_protocol::value::EvmAddress;
///
/// let address: EvmAddress = "0x209693bc6afc0c5328ba36faf03c514ef312287c".parse()?;
/// assert_eq!(address.to_string(), "0x209693Bc6afc0C5328bA36FaF03C514EF312287C");
///
/// // an order pays with the chain's own coin where its token is this
/// let coin: EvmAddress = "0x0000000000000000000000000000000000000000".parse()?;
/// assert!(coin.is_zero() && !address.is_zero());
/// # Ok::<(), tgp_protocol::Reason>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EvmAddress(pub Address);

impl EvmAddress {
    /// Whether it is the zero address, which stands for the chain's own coin.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }
}

impl From<Address> for EvmAddress {
    fn from(address: Address) -> Self {
        Self(address)
    }
}

impl From<EvmAddress> for Address {
    fn from(address: EvmAddress) -> Self {
        address.0
    }
}

impl FromStr for EvmAddress {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        let digits = text.strip_prefix("0x").ok_or(Reason::BadAddress)?;
        if digits.len() != 40 {
            return Err(Reason::BadAddress);
        }
        let address: Address = text.parse().map_err(|_| Reason::BadAddress)?;
        let lower = digits.bytes().any(|byte| byte.is_ascii_lowercase());
        let upper = digits.bytes().any(|byte| byte.is_ascii_uppercase());
        if lower && upper && address.to_checksum(None) != text {
            return Err(Reason::BadChecksum);
        }
        Ok(Self(address))
    }
}

impl fmt::Display for EvmAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_checksum(None))
    }
}

impl fmt::Debug for EvmAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// An address on a certain chain, written by CAIP-10: `eip155:8453:0x…`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Account {
    /// The chain.
    pub chain: ChainId,
    /// The address there.
    pub address: EvmAddress,
}

impl FromStr for Account {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        let (chain, address) = text.rsplit_once(':').ok_or(Reason::BadParty)?;
        Ok(Self { chain: chain.parse()?, address: address.parse()? })
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.chain, self.address)
    }
}

serde_by_text!(EvmAddress, Account);
