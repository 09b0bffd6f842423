use super::Reference;
use crate::{
    Error, Reason, Result,
    json::{Kept, Object, Value, from_value},
    receipt::{self, Receipt},
    sign::{self, PublicKey, Signature, SigningKey},
    tagged_hash,
    value::{Id, Sha256Digest, Timestamp, Word},
};
use serde::{Deserialize, Serialize};

/// What was agreed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ControlPlane {
    /// The QUERY.
    pub query_id: Id,
    /// The OFFER.
    pub offer_id: Id,
    /// The SETTLE.
    pub settle_id: Id,
    /// When it was settled.
    pub timestamp: Timestamp,
    /// The policy of the offer.
    pub policy_hash: Sha256Digest,
    /// The receipt that commits to settlement, bindings and policy.
    pub tdr_receipt_hash: Sha256Digest,
}

/// What was paid.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Settlement {
    /// The transaction.
    pub layer8_tx: Word,
    /// Its block.
    pub block_number: u64,
    /// How many blocks were on top when this was written.
    pub confirmation_count: u32,
}

/// What was delivered.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Application {
    /// The evidence: a tracking number, a digest.
    pub fulfillment_proof: Reference,
    /// When.
    pub delivery_timestamp: Timestamp,
    /// Where more stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata_uri: Option<Reference>,
}

/// The three receipts of a settled session, each signed by whom it concerns: the rendering of 004. Each is kept as it was
/// received, so that the hash and its signature cover members that this version does not know.
///
/// ```
/// use tgp_protocol::{
///     Reason,
///     json::{self, Kept},
///     receipt::{Bindings, Receipt, SettlementProof},
///     record::tdr::{Application, ControlPlane, Settlement, Triplet},
///     sign::SigningKey,
///     value::{Amount, ChainId, EvmAddress, Id},
/// };
///
/// let [gateway, indexer, seller] = [1, 2, 3].map(|byte| SigningKey::from_seed(&[byte; 32]));
/// let session_id: Id = "sess-1".parse()?;
/// let proof = SettlementProof {
///     chain: ChainId::eip155(8453), minter: EvmAddress([5; 20].into()), order_id: [6; 32].into(),
///     receipt_hash: [7; 32].into(), tx: [0xe1; 32].into(), block_hash: [0xb1; 32].into(), log_index: 3,
/// };
/// let bindings = Bindings {
///     request: [0x11; 32].into(), session_id: session_id.clone(), payer: "eh:buyer:7f3a".parse()?,
///     payee: "eh:seller:9c21".parse()?, token: EvmAddress([3; 20].into()), amount: Amount::from(25_000_000),
///     delivery: None,
/// };
/// let receipt = Receipt::new(vec![proof], bindings, [0x99; 32].into())?;
///
/// let agreed = ControlPlane {
///     query_id: "q-1".parse()?, offer_id: "offer-1".parse()?, settle_id: "settle-1".parse()?,
///     timestamp: "2026-11-21T11:30:30Z".parse()?, policy_hash: receipt.policy_hash(),
///     tdr_receipt_hash: receipt.hash(),
/// };
/// let paid = Settlement { layer8_tx: proof.tx, block_number: 900, confirmation_count: 64 };
/// let delivered = Application {
///     fulfillment_proof: "tracking:PIZZA-4521".parse()?, delivery_timestamp: "2026-11-21T10:40:00Z".parse()?,
///     metadata_uri: None,
/// };
/// let triplet = Triplet {
///     control_plane: agreed.sign(&session_id, &gateway)?,
///     settlement: paid.attest(&receipt, &indexer)?,
///     application: delivered.sign(&session_id, &seller)?,
///     session_id,
/// };
/// let verify = |triplet: &Triplet| {
///     triplet.verify(&receipt, &gateway.public_key(), &indexer.public_key(), Some(&seller.public_key()))
/// };
/// verify(&triplet)?;
///
/// // as JSON and back; the hash goes into the detail record
/// let value = json::to_value(&triplet)?;
/// assert_eq!(json::from_value::<Triplet>(&value)?.hash(), triplet.hash());
///
/// // the indexer's word is for the receipt's own transactions
/// let elsewhere = Settlement { layer8_tx: [9; 32].into(), ..paid }.attest(&receipt, &indexer)?;
/// let error = verify(&Triplet { settlement: elsewhere, ..triplet }).unwrap_err();
/// assert_eq!((error.reason(), error.field().to_string().as_str()), (Reason::OtherSettlement, "settlement_receipt.layer8_tx"));
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Triplet {
    /// The session.
    pub session_id: Id,
    /// What was agreed, with the `gateway_signature` of the gateway or controller over it in this session.
    #[serde(rename = "control_plane_receipt")]
    pub control_plane: Kept<ControlPlane>,
    /// What was paid, with the `prover_signature` of the indexer over the receipt's hash: see [`receipt::attest`]. What
    /// stands beside it is the indexer's word only so far as the receipt says the same.
    #[serde(rename = "settlement_receipt")]
    pub settlement: Kept<Settlement>,
    /// What was delivered, with the `seller_signature` over it in this session; without one where only the chain's
    /// evidence speaks for the seller.
    #[serde(rename = "application_receipt")]
    pub application: Kept<Application>,
}

const CONTROL_PLANE: &str = "control_plane_receipt";
const SETTLEMENT: &str = "settlement_receipt";
const APPLICATION: &str = "application_receipt";

const GATEWAY_SIGNATURE: &str = "gateway_signature";
const PROVER_SIGNATURE: &str = "prover_signature";
const SELLER_SIGNATURE: &str = "seller_signature";

const SESSION_ID: &str = "session_id";

impl ControlPlane {
    /// Signs it as the gateway of this session.
    ///
    /// # Errors
    /// When the receipt has no JSON form.
    pub fn sign(self, session_id: &Id, key: &SigningKey) -> Result<Kept<Self>> {
        let kept = Kept::new(self)?;
        let signature = sign::sign_detached("tdr-control-plane", &in_session(kept.object(), session_id)?, key);
        Ok(with(kept, GATEWAY_SIGNATURE, signature))
    }
}

impl Settlement {
    /// Attests the receipt of this settlement as the indexer that watched the chain.
    ///
    /// # Errors
    /// When the settlement has no JSON form.
    pub fn attest(self, receipt: &Receipt, key: &SigningKey) -> Result<Kept<Self>> {
        Ok(with(Kept::new(self)?, PROVER_SIGNATURE, receipt::attest(receipt.hash(), key)))
    }
}

impl Application {
    /// Signs it as the seller of this session. Where he does not sign, [`Kept::new`] takes it as it is.
    ///
    /// # Errors
    /// When the receipt has no JSON form.
    pub fn sign(self, session_id: &Id, key: &SigningKey) -> Result<Kept<Self>> {
        let kept = Kept::new(self)?;
        let signature = sign::sign_detached("tdr-application", &in_session(kept.object(), session_id)?, key);
        Ok(with(kept, SELLER_SIGNATURE, signature))
    }
}

impl Triplet {
    /// The hash of the three receipts without their signatures, and of the receipt that they are about.
    #[must_use]
    pub fn hash(&self) -> Sha256Digest {
        let control_plane = self.control_plane.object().canonical_without(&[GATEWAY_SIGNATURE]);
        let settlement = self.settlement.object().canonical_without(&[PROVER_SIGNATURE]);
        let application = self.application.object().canonical_without(&[SELLER_SIGNATURE]);
        let receipt_hash = self.control_plane.fields().tdr_receipt_hash;
        let parts = [control_plane.as_slice(), &settlement, &application, receipt_hash.0.as_slice()];
        tagged_hash("TGP/0.1/tdr-triplet", parts).into()
    }

    /// Verifies the three signatures, and that what they say is about this receipt and its session. `seller` is needed
    /// where the seller signed.
    ///
    /// Which block the transaction is in, and how many are on top, is nothing that a receipt knows: ask the chain.
    ///
    /// # Errors
    /// With `SIG_INVALID` and the receipt whose signature is wrong, or whose key is missing; with
    /// [`Reason::OtherRequest`], [`Reason::HashMismatch`] or [`Reason::OtherSettlement`] at what is of another receipt.
    pub fn verify(
        &self,
        receipt: &Receipt,
        gateway: &PublicKey,
        prover: &PublicKey,
        seller: Option<&PublicKey>,
    ) -> Result<()> {
        self.verify_gateway(gateway).map_err(|error| error.within(CONTROL_PLANE))?;
        self.verify_prover(prover).map_err(|error| error.within(SETTLEMENT))?;
        self.verify_seller(seller).map_err(|error| error.within(APPLICATION))?;
        self.check_receipt(receipt)
    }

    fn verify_gateway(&self, key: &PublicKey) -> Result<()> {
        let object = self.control_plane.object();
        let signature = signature(object, GATEWAY_SIGNATURE)?.ok_or(Reason::Unsigned)?;
        let covered = in_session(&without(object, GATEWAY_SIGNATURE), &self.session_id)?;
        sign::verify_detached("tdr-control-plane", &covered, &signature, key)
    }

    fn verify_prover(&self, key: &PublicKey) -> Result<()> {
        let signature = signature(self.settlement.object(), PROVER_SIGNATURE)?.ok_or(Reason::Unsigned)?;
        receipt::verify_attestation(self.control_plane.fields().tdr_receipt_hash, &signature, key)
    }

    fn verify_seller(&self, key: Option<&PublicKey>) -> Result<()> {
        let object = self.application.object();
        let Some(signature) = signature(object, SELLER_SIGNATURE)? else { return Ok(()) };
        let key = key.ok_or(Reason::Unsigned)?;
        let covered = in_session(&without(object, SELLER_SIGNATURE), &self.session_id)?;
        sign::verify_detached("tdr-application", &covered, &signature, key)
    }

    fn check_receipt(&self, receipt: &Receipt) -> Result<()> {
        let at =
            |reason: Reason, name: &'static str, part: &'static str| Err(Error::from(reason).within(name).within(part));
        let agreed = self.control_plane.fields();
        if agreed.tdr_receipt_hash != receipt.hash() {
            return at(Reason::HashMismatch, "tdr_receipt_hash", CONTROL_PLANE);
        }
        if agreed.policy_hash != receipt.policy_hash() {
            return at(Reason::HashMismatch, "policy_hash", CONTROL_PLANE);
        }
        if self.session_id != receipt.bindings().session_id {
            return Err(Error::from(Reason::OtherRequest).within(SESSION_ID));
        }
        let tx = self.settlement.fields().layer8_tx;
        if receipt.settlement_proofs().iter().any(|proof| proof.tx == tx) {
            Ok(())
        } else {
            at(Reason::OtherSettlement, "layer8_tx", SETTLEMENT)
        }
    }
}

fn with<T: Serialize>(mut kept: Kept<T>, name: &'static str, signature: Signature) -> Kept<T> {
    kept.object_mut().insert(name, Value::String(signature.to_string()));
    kept
}

fn without(object: &Object, name: &str) -> Object {
    let mut object = object.clone();
    object.remove(name);
    object
}

fn signature(object: &Object, name: &'static str) -> Result<Option<Signature>> {
    object.given(name).map(|value| from_value(value).map_err(|error| error.within(name))).transpose()
}

/// What a signature covers: the receipt, and the session, so that it stands for no other. A receipt that has members of
/// the names that are added here would say something that nobody signed.
fn in_session(receipt: &Object, session_id: &Id) -> Result<Object> {
    for name in [SESSION_ID, "kid"] {
        if receipt.get(name).is_some() {
            return Err(Error::from(Reason::UnknownField).within(name));
        }
    }
    let mut object = receipt.clone();
    object.insert(SESSION_ID, Value::String(session_id.to_string()));
    Ok(object)
}
