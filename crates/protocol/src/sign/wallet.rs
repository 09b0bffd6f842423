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

    /// Refuses the signature of another wallet.
    ///
    /// # Errors
    /// With [`Reason::WrongWallet`], or as [`Self::signer`].
    pub fn check(&self, digest: B256, wallet: EvmAddress) -> Result<(), Reason> {
        if self.signer(digest)? == wallet { Ok(()) } else { Err(Reason::WrongWallet) }
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
        let digits = text.strip_prefix("0x").ok_or(Reason::BadWalletSignature)?;
        if !(130..=2 * MOST_BYTES).contains(&digits.len()) || digits.starts_with("0x") {
            return Err(Reason::BadWalletSignature);
        }
        hex::decode(digits).map(Self).map_err(|_| Reason::BadWalletSignature)
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
        let digest = B256::repeat_byte(3);
        let (signature, _) = signed(digest);
        let mut bytes: [u8; 65] = signature.as_bytes().try_into().unwrap();
        let low = Signature::from_raw_array(&bytes).unwrap();
        // n - s, with the other parity, recovers to the same wallet
        let n: alloy_primitives::U256 =
            "0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141".parse().unwrap();
        let high = Signature::new(low.r(), n - low.s(), !low.v());
        assert_eq!(WalletSignature::from(high.as_bytes()).signer(digest), Err(Reason::BadWalletSignature));
        bytes[64] = 0;
        assert_eq!(WalletSignature::from(bytes).signer(digest), Err(Reason::BadWalletSignature));
        assert_eq!("0x00".parse::<WalletSignature>(), Err(Reason::BadWalletSignature));
    }
}
