use crate::{
    Reason,
    value::{EvmAddress, serde_by_text},
};
use alloy_primitives::{B256, Signature, hex};
use std::{fmt, str::FromStr};

/// The longest signature of a contract wallet that is carried.
const MOST_BYTES: usize = 4096;

/// What a wallet signed, in hex: 65 bytes `r`, `s`, `v` of a key, or the longer form of a contract wallet, which only
/// the chain can judge. Never mixed with the messages' own Ed25519 signatures.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct WalletSignature(Vec<u8>);

impl WalletSignature {
    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Who signed this EIP-712 digest, where it is the signature of a key.
    ///
    /// # Errors
    /// With [`Reason::ContractSignature`] when it is longer than a key's: then nothing is known yet. With
    /// [`Reason::BadWalletSignature`] when `v` is not 27 or 28, or when `s` is high: the second form of each signature,
    /// which tokens and contracts refuse.
    pub fn signer(&self, digest: B256) -> Result<EvmAddress, Reason> {
        let bytes: &[u8; 65] = self.0.as_slice().try_into().map_err(|_| Reason::ContractSignature)?;
        let plain = matches!(bytes[64], 27 | 28);
        let signature = Signature::from_raw_array(bytes).ok().filter(|_| plain).ok_or(Reason::BadWalletSignature)?;
        if signature.normalize_s().is_some() {
            return Err(Reason::BadWalletSignature);
        }
        signature.recover_address_from_prehash(&digest).map(Into::into).map_err(|_| Reason::BadWalletSignature)
    }
}

impl From<[u8; 65]> for WalletSignature {
    fn from(bytes: [u8; 65]) -> Self {
        Self(bytes.to_vec())
    }
}

impl FromStr for WalletSignature {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        let digits = text.strip_prefix("0x").ok_or(Reason::BadHex)?;
        if !(130..=2 * MOST_BYTES).contains(&digits.len()) || digits.starts_with("0x") {
            return Err(Reason::BadHex);
        }
        hex::decode(digits).map(Self).map_err(|_| Reason::BadHex)
    }
}

impl fmt::Display for WalletSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{}", hex::encode(&self.0))
    }
}

impl fmt::Debug for WalletSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

serde_by_text!(WalletSignature);
