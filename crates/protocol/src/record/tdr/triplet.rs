use super::Reference;
use crate::{
    Error, Reason, Result,
    json::{self, Object, Value, from_value},
    receipt,
    sign::{self, PublicKey, Signature, SigningKey},
    tagged_hash,
    value::{Id, Sha256Digest, Timestamp, Word},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// What was agreed, without its signature.
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

/// What was paid, without its signature.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Settlement {
    /// The transaction.
    pub layer8_tx: Word,
    /// Its block.
    pub block_number: u64,
    /// How many blocks were on top when this was written.
    pub confirmation_count: u32,
}

/// What was delivered, without its signature.
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

/// The three receipts of a settled session, each signed by whom it concerns.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Triplet {
    /// The session.
    pub session_id: Id,
    /// What was agreed.
    pub control_plane: ControlPlane,
    /// By the gateway or controller, over `control_plane` in this session.
    pub gateway_signature: Signature,
    /// What was paid.
    pub settlement: Settlement,
    /// By the indexer, over the receipt's hash: see [`receipt::attest`].
    pub prover_signature: Signature,
    /// What was delivered.
    pub application: Application,
    /// By the seller, over `application` in this session; none where only the chain's evidence speaks for him.
    pub seller_signature: Option<Signature>,
}

const CONTROL_PLANE: &str = "control_plane_receipt";
const SETTLEMENT: &str = "settlement_receipt";
const APPLICATION: &str = "application_receipt";

impl ControlPlane {
    /// The gateway's signature.
    ///
    /// # Errors
    /// When the receipt has no JSON form.
    pub fn sign(&self, session_id: &Id, key: &SigningKey) -> Result<Signature> {
        Ok(sign::sign_detached("tdr-control-plane", &in_session(self, session_id)?, key))
    }
}

impl Application {
    /// The seller's signature.
    ///
    /// # Errors
    /// When the receipt has no JSON form.
    pub fn sign(&self, session_id: &Id, key: &SigningKey) -> Result<Signature> {
        Ok(sign::sign_detached("tdr-application", &in_session(self, session_id)?, key))
    }
}

impl Triplet {
    /// The hash of the three receipts without their signatures, and of the receipt that they are about.
    ///
    /// # Errors
    /// When a number has no exact JSON form.
    pub fn hash(&self) -> Result<Sha256Digest> {
        let control_plane = object(&self.control_plane)?.canonical();
        let settlement = object(&self.settlement)?.canonical();
        let application = object(&self.application)?.canonical();
        let receipt_hash = self.control_plane.tdr_receipt_hash;
        let parts = [control_plane.as_slice(), &settlement, &application, receipt_hash.0.as_slice()];
        Ok(tagged_hash("TGP/0.1/tdr-triplet", parts).into())
    }

    /// Verifies the three signatures. `seller` is needed where the seller signed.
    ///
    /// # Errors
    /// With `SIG_INVALID` and the receipt whose signature is wrong, or whose key is missing.
    pub fn verify(&self, gateway: &PublicKey, prover: &PublicKey, seller: Option<&PublicKey>) -> Result<()> {
        let control_plane = in_session(&self.control_plane, &self.session_id)?;
        sign::verify_detached("tdr-control-plane", &control_plane, &self.gateway_signature, gateway)
            .map_err(|error| error.within(CONTROL_PLANE))?;
        receipt::verify_attestation(self.control_plane.tdr_receipt_hash, &self.prover_signature, prover)
            .map_err(|error| error.within(SETTLEMENT))?;
        let Some(signature) = &self.seller_signature else { return Ok(()) };
        let seller = seller.ok_or_else(|| Error::from(Reason::Unsigned).within(APPLICATION))?;
        let application = in_session(&self.application, &self.session_id)?;
        sign::verify_detached("tdr-application", &application, signature, seller)
            .map_err(|error| error.within(APPLICATION))
    }

    /// The rendering of 004.
    ///
    /// # Errors
    /// When a number has no exact JSON form.
    pub fn to_object(&self) -> Result<Object> {
        let mut control_plane = object(&self.control_plane)?;
        control_plane.insert("gateway_signature", Value::String(self.gateway_signature.to_string()));
        let mut settlement = object(&self.settlement)?;
        settlement.insert("prover_signature", Value::String(self.prover_signature.to_string()));
        let mut application = object(&self.application)?;
        if let Some(signature) = &self.seller_signature {
            application.insert("seller_signature", Value::String(signature.to_string()));
        }
        let mut triplet = Object::default();
        triplet.insert("session_id", Value::String(self.session_id.to_string()));
        triplet.insert(CONTROL_PLANE, Value::Object(control_plane));
        triplet.insert(SETTLEMENT, Value::Object(settlement));
        triplet.insert(APPLICATION, Value::Object(application));
        Ok(triplet)
    }

    /// Reads a triplet. The signatures are checked by [`Self::verify`].
    ///
    /// # Errors
    /// With the field that is missing or wrong.
    pub fn from_object(object: &Object) -> Result<Self> {
        Ok(Self {
            session_id: member(object, "session_id")?,
            control_plane: member(object, CONTROL_PLANE)?,
            gateway_signature: inner(object, CONTROL_PLANE, "gateway_signature")?
                .ok_or_else(unsigned(CONTROL_PLANE))?,
            settlement: member(object, SETTLEMENT)?,
            prover_signature: inner(object, SETTLEMENT, "prover_signature")?.ok_or_else(unsigned(SETTLEMENT))?,
            application: member(object, APPLICATION)?,
            seller_signature: inner(object, APPLICATION, "seller_signature")?,
        })
    }
}

fn unsigned(receipt: &'static str) -> impl Fn() -> Error {
    move || Error::from(Reason::Unsigned).within(receipt)
}

fn member<T: DeserializeOwned>(object: &Object, name: &'static str) -> Result<T> {
    let value = object.get(name).ok_or_else(|| Error::from(Reason::Missing).within(name))?;
    from_value(value).map_err(|error| error.within(name))
}

fn inner<T: DeserializeOwned>(object: &Object, receipt: &'static str, name: &'static str) -> Result<Option<T>> {
    let value = object.get(receipt).and_then(Value::as_object).and_then(|receipt| receipt.get(name));
    let read = |value| from_value(value).map_err(|error| error.within(name).within(receipt));
    value.map(read).transpose()
}

fn object<T: Serialize>(receipt: &T) -> Result<Object> {
    match json::to_value(receipt)? {
        Value::Object(object) => Ok(object),
        _ => Err(Reason::NotAnObject.into()),
    }
}

/// What a signature covers: the receipt, and the session, so that it stands for no other.
fn in_session<T: Serialize>(receipt: &T, session_id: &Id) -> Result<Object> {
    let mut object = object(receipt)?;
    object.insert("session_id", Value::String(session_id.to_string()));
    Ok(object)
}
