use crate::{
    Error, Reason, Result,
    json::{self, Object, Value, from_value},
    sign::{self, PublicKey, Signature, SigningKey},
    tagged_hash,
    value::{Amount, ChainId, EvmAddress, Id, Party, Sha256Digest, Word},
};
use serde::{Deserialize, Serialize};

/// Where an order was settled, and the hash of what it left there: the proof of layer 8.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SettlementProof {
    /// The chain.
    pub chain: ChainId,
    /// The escrow.
    pub minter: EvmAddress,
    /// The order.
    pub order_id: Word,
    /// Hash of the receipt on the chain.
    pub receipt_hash: Word,
    /// The transaction that settled it.
    pub tx: Word,
    /// The block.
    pub block_hash: Word,
    /// The place of the receipt's log in the block.
    pub log_index: u64,
}

/// What a receipt is bound to: the request that was paid, by whom to whom, how much, and for which delivery.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Bindings {
    /// The digest of the request, as it was received.
    pub request: Sha256Digest,
    /// The session in which it was settled.
    pub session_id: Id,
    /// Who paid: an endpoint handle where others may read it.
    pub payer: Party,
    /// Who was paid.
    pub payee: Party,
    /// In what.
    pub token: EvmAddress,
    /// How much was asked for, in the smallest unit.
    pub amount: Amount,
    /// The evidence of delivery that the settlement names, where there is any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Word>,
}

/// A receipt of the protocol: settlement (layer 8), bindings (layer 9) and policy (layer 10). Without one of the three
/// there is none, which is why it cannot be made by parts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receipt {
    settlement_proofs: Vec<SettlementProof>,
    bindings: Bindings,
    policy_hash: Sha256Digest,
}

const PARTS: [&str; 3] = ["settlement_proofs", "bindings", "policy_hash"];
const HASH: &str = "tdr_receipt_hash";
const PURPOSE: &str = "receipt";

impl Receipt {
    /// A receipt of a settlement.
    ///
    /// # Errors
    /// With [`Reason::NoTriplet`] without a settlement proof, and for a policy that is no hash of anything.
    pub fn new(settlement_proofs: Vec<SettlementProof>, bindings: Bindings, policy_hash: Sha256Digest) -> Result<Self> {
        let missing = |name: &'static str| Err(Error::from(Reason::NoTriplet).within(name));
        if settlement_proofs.is_empty() {
            return missing("settlement_proofs");
        }
        if policy_hash.0.is_zero() {
            return missing("policy_hash");
        }
        Ok(Self { settlement_proofs, bindings, policy_hash })
    }

    /// Where it was settled.
    #[must_use]
    pub fn settlement_proofs(&self) -> &[SettlementProof] {
        &self.settlement_proofs
    }

    /// To what it is bound.
    #[must_use]
    pub fn bindings(&self) -> &Bindings {
        &self.bindings
    }

    /// The policy that was frozen in the quote.
    #[must_use]
    pub fn policy_hash(&self) -> Sha256Digest {
        self.policy_hash
    }

    /// The `tdr_receipt_hash`: the tagged hash of the three parts, the first two in canonical form, the policy's hash as
    /// its 32 bytes.
    ///
    /// # Errors
    /// When a number of the parts has no exact JSON form.
    pub fn hash(&self) -> Result<Sha256Digest> {
        let proofs = json::to_value(&self.settlement_proofs)?.canonical();
        let bindings = json::to_value(&self.bindings)?.canonical();
        let parts = [proofs.as_slice(), bindings.as_slice(), self.policy_hash.0.as_slice()];
        Ok(tagged_hash("TGP/0.1/receipt", parts).into())
    }

    /// The object on the wire.
    ///
    /// # Errors
    /// As [`Self::hash`].
    pub fn to_object(&self) -> Result<Object> {
        let mut object = Object::default();
        object.insert("settlement_proofs", json::to_value(&self.settlement_proofs)?);
        object.insert("bindings", json::to_value(&self.bindings)?);
        object.insert("policy_hash", Value::String(self.policy_hash.to_string()));
        object.insert(HASH, Value::String(self.hash()?.to_string()));
        Ok(object)
    }

    /// Reads a receipt whose three parts are there and whose hash is theirs.
    ///
    /// # Errors
    /// With [`Reason::NoTriplet`] when a part is missing, [`Reason::HashMismatch`] when the hash is of other parts, and
    /// with the field that is wrong.
    pub fn from_object(object: &Object) -> Result<Self> {
        let part = |name: &'static str| {
            let value = object.get(name).filter(|value| **value != Value::Null);
            value.ok_or_else(|| Error::from(Reason::NoTriplet).within(name))
        };
        for name in PARTS {
            part(name)?;
        }
        let receipt = Self::new(
            from_value(part("settlement_proofs")?).map_err(|error| error.within("settlement_proofs"))?,
            from_value(part("bindings")?).map_err(|error| error.within("bindings"))?,
            from_value(part("policy_hash")?).map_err(|error| error.within("policy_hash"))?,
        )?;
        let claimed = object.get(HASH).ok_or_else(|| Error::from(Reason::Missing).within(HASH))?;
        let claimed: Sha256Digest = from_value(claimed).map_err(|error| error.within(HASH))?;
        // computed over what was received: members that are unknown here count
        let proofs = part("settlement_proofs")?.canonical();
        let bindings = part("bindings")?.canonical();
        let parts = [proofs.as_slice(), bindings.as_slice(), receipt.policy_hash.0.as_slice()];
        if claimed == tagged_hash("TGP/0.1/receipt", parts).into() {
            Ok(receipt)
        } else {
            Err(Error::from(Reason::HashMismatch).within(HASH))
        }
    }
}

/// Signs a receipt's hash: the `prover_signature`, by the indexer that watched the chain. A contract cannot sign.
///
/// ```
/// use tgp_protocol::{receipt, sign::SigningKey, value::Sha256Digest};
///
/// let key = SigningKey::from_seed(&[1; 32]);
/// let hash = Sha256Digest::from([2; 32]);
/// let signature = receipt::attest(hash, &key);
/// receipt::verify_attestation(hash, &signature, &key.public_key())?;
/// assert!(receipt::verify_attestation([3; 32].into(), &signature, &key.public_key()).is_err());
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[must_use]
pub fn attest(hash: Sha256Digest, key: &SigningKey) -> Signature {
    sign::sign_detached(PURPOSE, &attested(hash), key)
}

/// Verifies a `prover_signature`.
///
/// # Errors
/// With [`Reason::SignatureMismatch`].
pub fn verify_attestation(hash: Sha256Digest, signature: &Signature, key: &PublicKey) -> Result<()> {
    sign::verify_detached(PURPOSE, &attested(hash), signature, key)
}

fn attested(hash: Sha256Digest) -> Object {
    let mut object = Object::default();
    object.insert(HASH, Value::String(hash.to_string()));
    object
}
