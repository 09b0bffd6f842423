use super::{UnixSeconds, eip3009, field};
use crate::{
    Error, Reason, Result,
    sign::WalletSignature,
    value::{Amount, ChainId, EvmAddress, Word},
};
use alloy_primitives::B256;
use alloy_sol_types::{Eip712Domain, SolStruct};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What a buyer signs by EIP-3009: this much, to this address, once, in this window.
///
/// ```
/// use tgp_protocol::{
///     Reason,
///     exact::{Authorization, ExactPayload, PaymentKey, TokenDomain, UnixSeconds},
///     value::EvmAddress,
/// };
///
/// # let wallet = k256::ecdsa::SigningKey::from_slice(&[7; 32]).expect("a key");
/// # let sign = |digest: alloy_primitives::B256| -> tgp_protocol::sign::WalletSignature {
/// #     let (signature, parity) = wallet.sign_prehash_recoverable(digest.as_slice()).expect("signs");
/// #     let mut bytes = [27 + parity.to_byte(); 65];
/// #     bytes[..64].copy_from_slice(&signature.to_bytes());
/// #     bytes.into()
/// # };
/// # let domain = TokenDomain {
/// #     name: "USDC".to_owned(),
/// #     version: "2".to_owned(),
/// #     chain: "base-sepolia".parse()?,
/// #     token: "0x036CbD53842c5426634e7929541eC2318f3dCF7e".parse()?,
/// # };
/// # let seller = EvmAddress([9; 20].into());
/// let authorization = Authorization {
///     from: alloy_primitives::Address::from_private_key(&wallet).into(),
///     to: seller,
///     value: 10_000.into(),
///     valid_after: UnixSeconds::default(),
///     valid_before: "1740672154".parse()?,
///     nonce: [7; 32].into(),
/// };
///
/// // the buyer's wallet signs for a call that anybody may submit, or for one that only the receiver may
/// let transfer = ExactPayload { signature: sign(authorization.transfer_digest(&domain)), authorization };
/// transfer.check_transfer_signature(&domain)?;
/// assert_eq!(transfer.check_receive_signature(&domain).unwrap_err().reason(), Reason::OtherSigner);
/// let signature = sign(transfer.authorization.receive_digest(&domain));
/// ExactPayload { signature, ..transfer.clone() }.check_receive_signature(&domain)?;
///
/// // by this the payment is found again on the chain, whoever submitted it
/// let key: PaymentKey = transfer.authorization.key(domain.chain, domain.token);
/// assert_eq!((key.to, key.value, key.nonce), (seller, 10_000.into(), [7; 32].into()));
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Authorization {
    /// Who pays.
    pub from: EvmAddress,
    /// Who is paid.
    pub to: EvmAddress,
    /// In the token's smallest unit.
    #[serde(deserialize_with = "field::amount")]
    pub value: Amount,
    /// It is good after this second.
    pub valid_after: UnixSeconds,
    /// It is good before this second.
    pub valid_before: UnixSeconds,
    /// Used once per payer and token.
    pub nonce: Word,
}

/// What tells a payment from every other: chain, token, payer, payee, value and nonce. A transfer on the chain with the
/// same key is this payment, whoever submitted it; so a used nonce is only an error when it moved something else. To be
/// kept until the window has ended and that is final.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[allow(missing_docs)]
pub struct PaymentKey {
    pub chain: ChainId,
    pub token: EvmAddress,
    pub from: EvmAddress,
    pub to: EvmAddress,
    pub value: Amount,
    pub nonce: Word,
}

impl Authorization {
    /// What the payment of this authorization is known by.
    #[must_use]
    pub fn key(&self, chain: ChainId, token: EvmAddress) -> PaymentKey {
        PaymentKey { chain, token, from: self.from, to: self.to, value: self.value, nonce: self.nonce }
    }

    /// What is signed for `transferWithAuthorization`, which anyone may submit.
    #[must_use]
    pub fn transfer_digest(&self, domain: &TokenDomain) -> B256 {
        let message = eip3009::TransferWithAuthorization {
            from: self.from.into(),
            to: self.to.into(),
            value: self.value.0,
            validAfter: self.valid_after.0,
            validBefore: self.valid_before.0,
            nonce: self.nonce.0,
        };
        message.eip712_signing_hash(&domain.eip712())
    }

    /// What is signed for `receiveWithAuthorization`, which only the receiver may submit.
    #[must_use]
    pub fn receive_digest(&self, domain: &TokenDomain) -> B256 {
        let message = eip3009::ReceiveWithAuthorization {
            from: self.from.into(),
            to: self.to.into(),
            value: self.value.0,
            validAfter: self.valid_after.0,
            validBefore: self.valid_before.0,
            nonce: self.nonce.0,
        };
        message.eip712_signing_hash(&domain.eip712())
    }
}

/// The EIP-712 domain of a token.
///
/// ```
/// use tgp_protocol::exact::TokenDomain;
///
/// let usdc = TokenDomain {
///     name: "USDC".to_owned(),
///     version: "2".to_owned(),
///     chain: "base-sepolia".parse()?,
///     token: "0x036CbD53842c5426634e7929541eC2318f3dCF7e".parse()?,
/// };
/// assert_eq!(usdc.eip712().name.as_deref(), Some("USDC"));
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TokenDomain {
    /// As the token's contract has it; not always its symbol.
    pub name: String,
    /// As the token's contract has it.
    pub version: String,
    /// Where the token is.
    pub chain: ChainId,
    /// The token.
    pub token: EvmAddress,
}

impl TokenDomain {
    /// The domain in which its messages are signed.
    #[must_use]
    pub fn eip712(&self) -> Eip712Domain {
        Eip712Domain::new(
            Some(Cow::Owned(self.name.clone())),
            Some(Cow::Owned(self.version.clone())),
            Some(alloy_primitives::U256::from(self.chain.number())),
            Some(self.token.into()),
            None,
        )
    }
}

/// The payload of an `exact` payment on an EVM chain.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ExactPayload {
    /// Over the authorization.
    pub signature: WalletSignature,
    /// What is paid.
    pub authorization: Authorization,
}

impl ExactPayload {
    /// Checks that the payer signed a transfer.
    ///
    /// # Errors
    /// With `SIG_INVALID` at `signature`; with [`Reason::ContractSignature`] where only the chain can say.
    pub fn check_transfer_signature(&self, domain: &TokenDomain) -> Result<()> {
        self.check_signer(self.authorization.transfer_digest(domain))
    }

    /// Checks that the payer signed a transfer that only the receiver may submit.
    ///
    /// # Errors
    /// With `SIG_INVALID` at `signature`.
    pub fn check_receive_signature(&self, domain: &TokenDomain) -> Result<()> {
        self.check_signer(self.authorization.receive_digest(domain))
    }

    fn check_signer(&self, digest: B256) -> Result<()> {
        let at = |reason: Reason| Error::from(reason).within("signature");
        let signer = self.signature.token_signer(digest).map_err(at)?;
        if signer == self.authorization.from { Ok(()) } else { Err(at(Reason::OtherSigner)) }
    }
}
