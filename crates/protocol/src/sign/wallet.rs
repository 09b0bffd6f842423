use crate::{
    Reason,
    value::{EvmAddress, serde_by_text},
};
use alloy_primitives::{B256, Signature, hex};
use std::{fmt, str::FromStr};

/// A key's signature by EIP-2098, which is the shortest that says who signed.
const LEAST_BYTES: usize = 64;

/// The longest signature of a contract wallet that is carried.
const MOST_BYTES: usize = 4096;

/// What a wallet signed, in hex: a key's 65 bytes `r`, `s`, `v`, or its 64 bytes by EIP-2098, or the longer form of a
/// contract wallet, which only the chain can judge. Never mixed with the messages' own Ed25519 signatures.
///
/// ```
/// use tgp_protocol::{Reason, sign::WalletSignature};
///
/// // the example of EIP-2098, in both forms: v is 28 here, and the highest bit of s there
/// let digest = alloy_primitives::eip191_hash_message("It's a small(er) world");
/// let r = "9328da16089fcba9bececa81663203989f2df5fe1faa6291a45381c81bd17f76";
/// let plain: WalletSignature =
///     format!("0x{r}139c6d6b623b42da56557e5e734a43dc83345ddfadec52cbe24d0cc64f5507931c").parse()?;
/// let compact: WalletSignature =
///     format!("0x{r}939c6d6b623b42da56557e5e734a43dc83345ddfadec52cbe24d0cc64f550793").parse()?;
/// assert_eq!((plain.as_bytes().len(), compact.as_bytes().len()), (65, 64));
///
/// let wallet = plain.signer(digest)?;
/// compact.check(digest, wallet)?;
/// assert_eq!(compact.check([7; 32].into(), wallet), Err(Reason::WrongWallet));
///
/// // tokens take one of them
/// assert_eq!(plain.token_signer(digest), Ok(wallet));
/// assert_eq!(compact.token_signer(digest), Err(Reason::ContractSignature));
/// # Ok::<(), Reason>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct WalletSignature(Vec<u8>);

impl WalletSignature {
    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Who signed this digest, where it is the signature of a key: what the contracts of this protocol ask.
    ///
    /// They would also take the other `s` of each signature, which no wallet makes and tokens refuse. Here one signature
    /// has one `s`.
    ///
    /// # Errors
    /// With [`Reason::ContractSignature`] when it is longer than a key's: then nothing is known yet. With
    /// [`Reason::BadWalletSignature`] when `v` is not 27 or 28, or when `s` is high.
    pub fn signer(&self, digest: B256) -> Result<EvmAddress, Reason> {
        let signature = if let Ok(compact) = <&[u8; 64]>::try_from(self.0.as_slice()) {
            Signature::from_erc2098(compact)
        } else {
            let bytes: &[u8; 65] = self.0.as_slice().try_into().map_err(|_| Reason::ContractSignature)?;
            let plain = matches!(bytes[64], 27 | 28);
            Signature::from_raw_array(bytes).ok().filter(|_| plain).ok_or(Reason::BadWalletSignature)?
        };
        if signature.normalize_s().is_some() {
            return Err(Reason::BadWalletSignature);
        }
        signature.recover_address_from_prehash(&digest).map(Into::into).map_err(|_| Reason::BadWalletSignature)
    }

    /// Who signed this digest, where a token is asked: tokens take 65 bytes of a key, and any other length goes to the
    /// payer's contract.
    ///
    /// # Errors
    /// With [`Reason::ContractSignature`] for every length but 65; otherwise as [`Self::signer`].
    pub fn token_signer(&self, digest: B256) -> Result<EvmAddress, Reason> {
        if self.0.len() == 65 { self.signer(digest) } else { Err(Reason::ContractSignature) }
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

/// The compact form.
impl From<[u8; 64]> for WalletSignature {
    fn from(bytes: [u8; 64]) -> Self {
        Self(bytes.to_vec())
    }
}

impl FromStr for WalletSignature {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        let digits = text.strip_prefix("0x").ok_or(Reason::BadWalletSignature)?;
        if !(2 * LEAST_BYTES..=2 * MOST_BYTES).contains(&digits.len()) || digits.starts_with("0x") {
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
    fn both_forms_of_a_signature_are_of_one_wallet() {
        let digest = B256::repeat_byte(3);
        let (plain, wallet) = signed(digest);
        let bytes: [u8; 65] = plain.as_bytes().try_into().unwrap();
        let compact = WalletSignature::from(Signature::from_raw_array(&bytes).unwrap().as_erc2098());
        assert_eq!(compact.check(digest, wallet), Ok(()));
        assert_eq!(compact.to_string().parse(), Ok(compact.clone()));
        assert_eq!(compact.check(B256::repeat_byte(4), wallet), Err(Reason::WrongWallet));
        // the parity is the highest bit of s
        let mut other: [u8; 64] = compact.as_bytes().try_into().unwrap();
        other[32] ^= 0x80;
        assert_eq!(WalletSignature::from(other).check(digest, wallet), Err(Reason::WrongWallet));
        // s is above half the order, and below 2^255
        other[32..].fill(0xff);
        other[32] = 0x7f;
        assert_eq!(WalletSignature::from(other).signer(digest), Err(Reason::BadWalletSignature));
        // no token takes it
        assert_eq!(plain.token_signer(digest), Ok(wallet));
        assert_eq!(compact.token_signer(digest), Err(Reason::ContractSignature));
        let short = hex::encode_prefixed(&compact.as_bytes()[..63]);
        assert_eq!(short.parse::<WalletSignature>(), Err(Reason::BadWalletSignature));
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
        for v in [0, 1, 26, 29, 255] {
            bytes[64] = v;
            assert_eq!(WalletSignature::from(bytes).signer(digest), Err(Reason::BadWalletSignature), "{v}");
        }
        assert_eq!("0x00".parse::<WalletSignature>(), Err(Reason::BadWalletSignature));
    }
}
