use crate::{
    Error, Reason, Result,
    sign::WalletSignature,
    tagged_hash,
    value::{ChainId, Clock, EndpointHandle, EvmAddress, Timestamp},
};
use alloy_primitives::{B256, eip191_hash_message};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use serde::{Deserialize, Serialize};

/// A wallet's word that a handle stands for it, until a certain time. Shown to the last authorised hop only: everybody
/// who reads it learns the wallet.
///
/// ```
/// use alloy_primitives::{eip191_hash_message, hex};
/// use k256::ecdsa::SigningKey as Wallet;
/// use tgp_protocol::{
///     Reason,
///     identity::{WalletBinding, random_handle},
///     value::{ChainId, Clock, EvmAddress, Timestamp},
/// };
///
/// let wallet = Wallet::from_slice(&[7; 32]).expect("a key");
/// let address = EvmAddress(alloy_primitives::Address::from_public_key(wallet.verifying_key()));
/// let (handle, chain) = (random_handle("tbca", [3; 16])?, ChainId::eip155(369));
/// let expiry: Timestamp = "2026-11-21T12:00:00Z".parse()?;
///
/// // the wallet signs the message as it signs any text
/// let digest = eip191_hash_message(WalletBinding::message(&handle, chain, address, expiry));
/// let (signature, recovery) = wallet.sign_prehash_recoverable(digest.as_slice()).expect("signs");
/// let signature = alloy_primitives::Signature::from_signature_and_parity(signature, recovery.is_y_odd());
/// let signature = hex::encode_prefixed(signature.as_bytes()).parse()?;
/// let binding = WalletBinding { handle, chain, address, expiry, signature };
///
/// binding.verify(&Clock::at("2026-11-21T11:59:59Z".parse()?))?;
/// assert_eq!(binding.verify(&Clock::at(expiry)).unwrap_err().reason(), Reason::InThePast);
/// let elsewhere = WalletBinding { chain: ChainId::eip155(1), ..binding };
/// assert!(elsewhere.verify(&Clock::at("2026-11-21T11:59:59Z".parse()?)).is_err());
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct WalletBinding {
    /// The handle.
    pub handle: EndpointHandle,
    /// The wallet's chain.
    pub chain: ChainId,
    /// The wallet.
    pub address: EvmAddress,
    /// Until when.
    pub expiry: Timestamp,
    /// The wallet's EIP-191 signature over [`Self::message`].
    pub signature: WalletSignature,
}

impl WalletBinding {
    /// What a wallet signs as a personal message: the 32 bytes of `TH("TGP/0.1/eh-bind", handle, chain, address,
    /// expiry)`, each part in its text form.
    #[must_use]
    pub fn message(handle: &EndpointHandle, chain: ChainId, address: EvmAddress, expiry: Timestamp) -> B256 {
        let parts = [handle.to_string(), chain.to_string(), address.to_string(), expiry.to_string()];
        tagged_hash("TGP/0.1/eh-bind", parts.each_ref().map(String::as_bytes)).into()
    }

    /// Checks that the wallet signed and that its word still counts.
    ///
    /// # Errors
    /// With [`Reason::InThePast`] at `expiry`, or `SIG_INVALID` at `signature`.
    pub fn verify(&self, clock: &Clock) -> Result<()> {
        let at = |reason: Reason, name: &'static str| Error::from(reason).within(name);
        if self.address.is_zero() {
            return Err(at(Reason::ZeroAddress, "address"));
        }
        clock.check_open(self.expiry).map_err(|reason| at(reason, "expiry"))?;
        let message = Self::message(&self.handle, self.chain, self.address, self.expiry);
        let digest = eip191_hash_message(message);
        self.signature.check(digest, self.address).map_err(|reason| at(reason, "signature"))
    }
}

/// A handle for one relation, from 16 random bytes of the system: another relation gets another, so that nobody who
/// sees both can tell that one wallet stands behind them.
///
/// # Errors
/// With [`Reason::BadHandle`] when `relation` is not 1 to 32 letters, digits or dashes.
pub fn random_handle(relation: &str, random: [u8; 16]) -> Result<EndpointHandle, Reason> {
    format!("eh:{relation}:{}", BASE64.encode(random)).parse()
}
