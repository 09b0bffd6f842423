//! Wallets with known keys, which sign as wallets do.

use crate::Outcome;
use alloy_primitives::{Address, B256, Signature};
use k256::ecdsa::SigningKey;
use tgp_protocol::{sign::WalletSignature, value::EvmAddress};

pub(crate) struct Wallet(SigningKey);

impl Wallet {
    /// The wallet whose private key is this byte 32 times.
    pub(crate) fn of(byte: u8) -> Outcome<Self> {
        Ok(Self(SigningKey::from_slice(&[byte; 32])?))
    }

    pub(crate) fn address(&self) -> EvmAddress {
        Address::from_public_key(self.0.verifying_key()).into()
    }

    /// `r`, `s` and `v`, which is 27 or 28.
    pub(crate) fn sign(&self, digest: B256) -> Outcome<WalletSignature> {
        let (signature, recovery) = self.0.sign_prehash_recoverable(digest.as_slice())?;
        let mut bytes = [0; 65];
        bytes[..64].copy_from_slice(&signature.to_bytes());
        bytes[64] = 27 + recovery.to_byte();
        Ok(bytes.into())
    }

    /// The same signature in the 64 bytes of EIP-2098.
    pub(crate) fn compact(bytes: &[u8; 65]) -> Outcome<WalletSignature> {
        Ok(Signature::from_raw_array(bytes)?.as_erc2098().into())
    }
}
