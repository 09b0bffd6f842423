use crate::{
    Reason,
    value::{EvmAddress, serde_by_text},
};
use alloy_primitives::{B256, Signature, hex};
use std::{fmt, str::FromStr};

/// A wallet's secp256k1 signature: `0x` and 65 bytes, `r`, `s` and 27 or 28. Only the one with a low `s` of the two that
/// would verify.
///
/// Contract wallets sign by EIP-1271, which only their chain can check: they are not covered here.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct WalletSignature([u8; 65]);

impl WalletSignature {
    /// The 65 bytes.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 65] {
        self.0
    }

    /// The wallet that signed this digest.
    ///
    /// # Errors
    /// With [`Reason::BadWalletSignature`] when there is none.
    pub fn signer(self, digest: B256) -> Result<EvmAddress, Reason> {
        let signature = Signature::from_raw_array(&self.0).map_err(|_| Reason::BadWalletSignature)?;
        let address = signature.recover_address_from_prehash(&digest).map_err(|_| Reason::BadWalletSignature)?;
        Ok(address.into())
    }

    /// Refuses the signature of another wallet.
    ///
    /// # Errors
    /// With [`Reason::WrongWallet`], or as [`Self::signer`].
    pub fn check(self, digest: B256, wallet: EvmAddress) -> Result<(), Reason> {
        if self.signer(digest)? == wallet { Ok(()) } else { Err(Reason::WrongWallet) }
    }
}

impl FromStr for WalletSignature {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        let digits = text.strip_prefix("0x").filter(|digits| digits.len() == 130).ok_or(Reason::BadWalletSignature)?;
        let mut bytes = [0; 65];
        hex::decode_to_slice(digits, &mut bytes).map_err(|_| Reason::BadWalletSignature)?;
        let low = Signature::from_raw_array(&bytes).is_ok_and(|signature| signature.normalize_s().is_none());
        if matches!(bytes[64], 27 | 28) && low { Ok(Self(bytes)) } else { Err(Reason::BadWalletSignature) }
    }
}

impl fmt::Display for WalletSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{}", hex::encode(self.0))
    }
}

impl fmt::Debug for WalletSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

serde_by_text!(WalletSignature);
