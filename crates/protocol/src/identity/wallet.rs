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

#[cfg(test)]
mod tests {
    use super::WalletSignature;
    use crate::{Reason, value::EvmAddress};
    use alloy_primitives::{B256, Signature, hex};
    use k256::ecdsa::SigningKey;

    fn signed(digest: B256) -> (WalletSignature, EvmAddress) {
        let wallet = SigningKey::from_slice(&[7; 32]).unwrap();
        let (signature, recovery) = wallet.sign_prehash_recoverable(digest.as_slice()).unwrap();
        let signature = Signature::from_signature_and_parity(signature, recovery.is_y_odd());
        let address = alloy_primitives::Address::from_public_key(wallet.verifying_key());
        (hex::encode_prefixed(signature.as_bytes()).parse().unwrap(), address.into())
    }

    #[test]
    fn signer_is_recovered() {
        let digest = B256::repeat_byte(3);
        let (signature, wallet) = signed(digest);
        assert_eq!(signature.check(digest, wallet), Ok(()));
        assert_eq!(signature.check(B256::repeat_byte(4), wallet), Err(Reason::WrongWallet));
        assert_eq!(signature.to_string().parse(), Ok(signature));
    }

    #[test]
    fn the_other_signature_of_the_same_message_is_refused() {
        let (signature, _) = signed(B256::repeat_byte(3));
        let low = Signature::from_raw_array(&signature.to_bytes()).unwrap();
        // n - s, with the other parity, recovers to the same wallet
        let n: alloy_primitives::U256 =
            "0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141".parse().unwrap();
        let high = Signature::new(low.r(), n - low.s(), !low.v());
        let text = hex::encode_prefixed(high.as_bytes());
        assert_eq!(text.parse::<WalletSignature>(), Err(Reason::BadWalletSignature));
        let mut bytes = signature.to_bytes();
        bytes[64] = 0;
        assert_eq!(hex::encode_prefixed(bytes).parse::<WalletSignature>(), Err(Reason::BadWalletSignature));
        assert_eq!("0x00".parse::<WalletSignature>(), Err(Reason::BadWalletSignature));
    }
}
