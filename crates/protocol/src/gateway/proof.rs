use super::{
    Envelope, Invoice,
    envelope::{bound, bound_builders, header},
};
use crate::{
    Error, Reason, Result,
    json::Kept,
    sign::{PublicKey, SigningKey, require_signature, sign_kept, verify_member},
    tib::{StateRef, Tib, Verb},
    value::{DomainName, HashLock, Id, Secret, Sha256Digest, Timestamp, Word},
    wire::{Kind, Message},
};
use serde::{Deserialize, Serialize};

const PURPOSE: &str = "proof-data";
const SIGNATURE: &str = "signature";

/// PROOF: here is the secret. The payee claims on the chain first and sends it then; each gateway passes it up with the
/// payee's own word unchanged and its own signature around it.
///
/// It proves payment. That something was delivered is the payee's word alone, in `proof_data`.
///
/// ```
/// use tgp_protocol::{
///     Reason,
///     gateway::{Envelope, Proof, ProofData},
///     tib::StateRef,
///     wire::Message,
/// };
///
/// # use tgp_protocol::{gateway::Invoice, sign::SigningKey, value::Secret};
/// # let (c, secret) = (SigningKey::from_seed(&[3; 32]), Secret::from(std::array::from_fn(|place| place as u8)));
/// # let expiry = "2025-12-01T10:01:00Z".parse()?;
/// # let payee = "eh:tbcz:8Qk".parse()?;
/// # let invoice = Invoice::new("req-1".parse()?, secret.hash_lock(), "9.50".parse()?, expiry, payee).sign(&c)?;
/// let time = "2025-12-01T10:00:31Z".parse()?;
/// let block = |height: u64| vec![StateRef::block_header(height, [0xb1; 32].into())];
/// let word = ProofData::new([9; 32].into(), secret.hash_lock()).sign(&c)?;
/// let proof = Proof::new("req-1".parse()?, time, "c.example".parse()?, secret, word)
///     .with_settlement_txids(vec![[0xe2; 32].into()])
///     .with_state_refs(block(120));
/// proof.to_signed(&c)?;
///
/// // the gateway above: this secret opens what it has locked, and is the one that the client was promised
/// proof.check_against(&secret.hash_lock())?;
/// proof.check_invoice(invoice.fields())?;
/// assert_eq!(proof.check_against(&Secret::from([8; 32]).hash_lock()).unwrap_err().reason(), Reason::WrongSecret);
///
/// // it goes on under the gateway's name, with the payee's word as it was
/// let onward = proof.forwarded("req-1".parse()?, "b.example".parse()?, time, block(121));
/// assert_eq!((onward.sender().as_str(), &onward.proof_data), ("b.example", &proof.proof_data));
/// onward.proof_data.verify(&c.public_key())?;
/// assert!(onward.settlement_txids.is_empty(), "its own claim is still to come");
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Proof {
    /// That of the query.
    pub request_id: Id,
    /// When it was sent.
    pub timestamp: Timestamp,
    /// Who sent and signed it.
    pub sender: DomainName,
    /// Exactly 32 bytes.
    pub htlc_secret: Secret,
    /// The payee's word on the service.
    pub proof_data: Box<Kept<ProofData>>,
    /// The claim's transactions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settlement_txids: Vec<Word>,
    /// Those of the quote.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sso_ids: Vec<Id>,
    /// That of the quote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_hash: Option<Sha256Digest>,
    /// Concrete blocks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub state_refs: Vec<StateRef>,
    /// Value, identity and policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tib: Option<Box<Kept<Tib>>>,
}

/// The payee's word on the service, with a signature of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProofData {
    /// The payee's record of the service.
    pub tdr_hash: Sha256Digest,
    /// The payment that it was for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hashlock: Option<HashLock>,
}

impl ProofData {
    /// The record of a service that was paid under this lock.
    #[must_use]
    pub fn new(tdr_hash: Sha256Digest, hashlock: HashLock) -> Self {
        Self { tdr_hash, hashlock: Some(hashlock) }
    }

    /// Signs as the payee.
    ///
    /// # Errors
    /// When the word has no JSON form.
    pub fn sign(self, key: &SigningKey) -> Result<Kept<Self>> {
        sign_kept(self, PURPOSE, SIGNATURE, key)
    }
}

impl Kept<ProofData> {
    /// Verifies the payee's signature.
    ///
    /// # Errors
    /// See [`crate::sign::verify`].
    pub fn verify(&self, payee: &PublicKey) -> Result<()> {
        verify_member(PURPOSE, self.object(), SIGNATURE, payee)
    }
}

impl Proof {
    /// A proof; concrete blocks are still to be named.
    #[must_use]
    pub fn new(
        request_id: Id,
        timestamp: Timestamp,
        sender: DomainName,
        htlc_secret: Secret,
        proof_data: Kept<ProofData>,
    ) -> Self {
        Self {
            request_id,
            timestamp,
            sender,
            htlc_secret,
            proof_data: Box::new(proof_data),
            settlement_txids: Vec::new(),
            sso_ids: Vec::new(),
            policy_hash: None,
            state_refs: Vec::new(),
            tib: None,
        }
    }

    /// The proof that a gateway sends up: the payee's word stays, the sender, the time and the chain are its own.
    #[must_use]
    pub fn forwarded(&self, request_id: Id, sender: DomainName, timestamp: Timestamp, refs: Vec<StateRef>) -> Self {
        let settlement_txids = Vec::new();
        Self { request_id, sender, timestamp, state_refs: refs, settlement_txids, tib: None, ..self.clone() }
    }

    /// With the claim's transactions.
    #[must_use]
    pub fn with_settlement_txids(mut self, txids: Vec<Word>) -> Self {
        self.settlement_txids = txids;
        self
    }

    /// Checks that the secret is the one that was paid for.
    ///
    /// # Errors
    /// With [`Reason::WrongSecret`] at `htlc_secret`.
    pub fn check_against(&self, lock: &HashLock) -> Result<()> {
        let opens = self.htlc_secret.opens(lock);
        if opens { Ok(()) } else { Err(Error::from(Reason::WrongSecret).within("htlc_secret")) }
    }

    /// Checks that the secret is the invoice's.
    ///
    /// # Errors
    /// As [`Self::check_against`].
    pub fn check_invoice(&self, invoice: &Invoice) -> Result<()> {
        self.check_against(&invoice.hashlock)
    }
}

impl Message for Proof {
    const KIND: Kind = Kind::Proof;

    fn check(&self) -> Result<()> {
        let lock = self.htlc_secret.hash_lock();
        lock.check().map_err(|reason| Error::from(reason).within("htlc_secret"))?;
        let data = self.proof_data.as_ref();
        if data.fields().hashlock.is_some_and(|theirs| theirs != lock) {
            return Err(Error::from(Reason::WrongSecret).within("hashlock").within("proof_data"));
        }
        require_signature(data, SIGNATURE).map_err(|error| error.within("proof_data"))?;
        self.bound().check_for(Verb::Proof)
    }
}

impl Envelope for Proof {
    header!();
    bound!();
}

bound_builders!(Proof);
