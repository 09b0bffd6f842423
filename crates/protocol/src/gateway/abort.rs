use super::{Envelope, LockRef, envelope::header};
use crate::{
    Error, Reason, Result,
    order::{messages::EarlyRefund, timelock_domain},
    sign::WalletSignature,
    value::{ChainId, DomainName, EvmAddress, Id, PathId, Timestamp, Word},
    wire::{Kind, Message},
};
use alloy_sol_types::SolStruct;
use serde::{Deserialize, Serialize};

/// ABORT: let us end this before its time. The payer of a lock asks; the payee answers with a release, which it signs
/// only when everything below it is provably dead.
///
/// ```
/// use alloy_primitives::Address;
/// use tgp_protocol::{
///     Reason,
///     gateway::{Abort, LockRef, Release},
///     value::{ChainId, EvmAddress},
///     wire::Message,
/// };
///
/// # let wallet = k256::ecdsa::SigningKey::from_slice(&[7; 32]).expect("a key");
/// # let sign = |digest: alloy_primitives::B256| -> tgp_protocol::sign::WalletSignature {
/// #     let (signature, parity) = wallet.sign_prehash_recoverable(digest.as_slice()).expect("signs");
/// #     let mut bytes = [27 + parity.to_byte(); 65];
/// #     bytes[..64].copy_from_slice(&signature.to_bytes());
/// #     bytes.into()
/// # };
/// let (chain, contract, lock_id) = (ChainId::eip155(369), EvmAddress([0xcc; 20].into()), [1; 32].into());
/// let lock = LockRef { chain, contract, lock_id, tx_hash: [2; 32].into(), block: 100 };
/// let [asked_at, answered_at] = ["2025-12-01T10:00:09Z".parse()?, "2025-12-01T10:00:10Z".parse()?];
///
/// // the payer asks
/// let request = Abort::request("req-1".parse()?, asked_at, "a.example".parse()?, "path-1".parse()?, Some(lock));
///
/// // the payee consents: its wallet signs the contract's own message, which is good for this lock alone
/// let signature = sign(Release::digest(chain, contract, lock_id).0);
/// let release = Release { chain, contract, lock_id, signature };
/// release.verify(Address::from_private_key(&wallet).into())?;
/// assert_eq!(release.verify(contract).unwrap_err().reason(), Reason::WrongWallet);
/// request.answer(answered_at, "b.example".parse()?, release.clone()).to_object()?;
///
/// // consent to another lock answers nothing
/// let other = Release { lock_id: [9; 32].into(), ..release };
/// let answer = request.answer(answered_at, "b.example".parse()?, other);
/// assert_eq!(answer.to_object().unwrap_err().reason(), Reason::Contradiction);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Abort {
    /// That of the query.
    pub request_id: Id,
    /// When it was sent.
    pub timestamp: Timestamp,
    /// Who sent and signed it.
    pub sender: DomainName,
    /// The selected path.
    pub path_id: PathId,
    /// The lock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lock_ref: Option<LockRef>,
    /// The payee's consent. Without it the message is the payer's request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
}

/// The payee's consent that the payer takes a lock back before its time: its signature of the contract's message
/// `EarlyRefund(lockId)`. It is good for that lock, on that chain, in that contract.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Release {
    /// The chain.
    pub chain: ChainId,
    /// The contract.
    pub contract: EvmAddress,
    /// The contract's id.
    pub lock_id: Word,
    /// By the lock's receiver.
    pub signature: WalletSignature,
}

impl Release {
    /// What the receiver of a lock signs.
    #[must_use]
    pub fn digest(chain: ChainId, contract: EvmAddress, lock_id: Word) -> Word {
        let message = EarlyRefund { lockId: lock_id.0 };
        Word(message.eip712_signing_hash(&timelock_domain(chain.number(), contract.into())))
    }

    /// Checks that the lock's receiver signed.
    ///
    /// # Errors
    /// With `SIG_INVALID` at `signature`.
    pub fn verify(&self, receiver: EvmAddress) -> Result<()> {
        let digest = Self::digest(self.chain, self.contract, self.lock_id);
        self.signature.check(digest.0, receiver).map_err(|reason| Error::from(reason).within("signature"))
    }
}

impl Abort {
    /// The payer's request.
    #[must_use]
    pub fn request(
        request_id: Id,
        timestamp: Timestamp,
        sender: DomainName,
        path_id: PathId,
        lock_ref: Option<LockRef>,
    ) -> Self {
        Self { request_id, timestamp, sender, path_id, lock_ref, release: None }
    }

    /// The payee's answer to this request.
    #[must_use]
    pub fn answer(&self, timestamp: Timestamp, sender: DomainName, release: Release) -> Self {
        Self { timestamp, sender, release: Some(release), ..self.clone() }
    }
}

impl Message for Abort {
    const KIND: Kind = Kind::Abort;

    fn check(&self) -> Result<()> {
        if let Some(lock) = &self.lock_ref {
            lock.check().map_err(|error| error.within("lock_ref"))?;
        }
        if let (Some(lock), Some(release)) = (&self.lock_ref, &self.release)
            && (lock.chain, lock.contract, lock.lock_id) != (release.chain, release.contract, release.lock_id)
        {
            return Err(Error::from(Reason::Contradiction).within("release"));
        }
        Ok(())
    }
}

impl Envelope for Abort {
    header!();

    fn path_id(&self) -> Option<&PathId> {
        Some(&self.path_id)
    }
}
