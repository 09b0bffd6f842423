use super::serde_by_text;
use crate::Reason;
use std::{fmt, str::FromStr};

/// Network names of x402 version 1 and of the documents, with the chains that they stand for.
const NAMES: [(&str, u64); 12] = [
    ("ethereum", 1),
    ("sepolia", 11_155_111),
    ("base", 8453),
    ("base-sepolia", 84_532),
    ("polygon", 137),
    ("polygon-amoy", 80_002),
    ("avalanche", 43_114),
    ("avalanche-fuji", 43_113),
    ("arbitrum", 42_161),
    ("optimism", 10),
    ("pulsechain", 369),
    ("pulsechain-testnet-v4", 943),
];

/// An EVM chain, written by CAIP-2: `eip155:8453`. Network names of x402 version 1 are read as aliases.
///
/// ```
/// use tgp_protocol::value::ChainId;
///
/// let chain: ChainId = "base-sepolia".parse()?;
/// assert_eq!(chain.to_string(), "eip155:84532");
/// assert_eq!(chain.number(), 84_532);
/// # Ok::<(), tgp_protocol::Reason>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ChainId(u64);

impl ChainId {
    /// The chain of this EIP-155 number.
    #[must_use]
    pub const fn eip155(number: u64) -> Self {
        Self(number)
    }

    /// The EIP-155 number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

impl FromStr for ChainId {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        if let Some((_, number)) = NAMES.iter().find(|(name, _)| *name == text) {
            return Ok(Self(*number));
        }
        let digits = text.strip_prefix("eip155:").ok_or(Reason::BadChain)?;
        let plain = !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
        let number = digits.parse().ok().filter(|_| plain).ok_or(Reason::BadChain)?;
        Ok(Self(number))
    }
}

impl fmt::Display for ChainId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "eip155:{}", self.0)
    }
}

serde_by_text!(ChainId);
