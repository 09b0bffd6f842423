use crate::{
    Error, Reason, Result,
    json::{self, Object, Value, from_value},
    sign::{self, PublicKey, Signature, SigningKey},
    tagged_hash,
    value::{Amount, ChainId, EvmAddress, Id, Party, Sha256Digest, Word},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

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
/// there is none, which is why it cannot be made by parts. Members that this version does not know stay in it.
///
/// ```
/// use tgp_protocol::{
///     Reason,
///     json::Value,
///     receipt::{Bindings, Receipt, SettlementProof},
///     value::{Amount, ChainId, EvmAddress, Sha256Digest},
/// };
///
/// let proof = SettlementProof {
///     chain: ChainId::eip155(8453), minter: EvmAddress([5; 20].into()), order_id: [6; 32].into(),
///     receipt_hash: [7; 32].into(), tx: [0xe1; 32].into(), block_hash: [0xb1; 32].into(), log_index: 3,
/// };
/// let bindings = Bindings {
///     request: [0x11; 32].into(), session_id: "sess-1".parse()?, payer: "eh:buyer:7f3a".parse()?,
///     payee: "eh:seller:9c21".parse()?, token: EvmAddress([3; 20].into()), amount: Amount::from(25_000_000),
///     delivery: None,
/// };
/// let policy_hash = Sha256Digest::from([0x99; 32]);
/// let receipt = Receipt::new(vec![proof], bindings, policy_hash)?;
/// assert_eq!(receipt.settlement_proofs(), [proof]);
/// assert_eq!((receipt.bindings().amount, receipt.policy_hash()), (Amount::from(25_000_000), policy_hash));
///
/// // on the wire it carries its hash, which is computed anew when it is read
/// let mut object = receipt.object().clone();
/// assert_eq!(Receipt::from_object(object.clone())?.hash(), receipt.hash());
/// object.insert("policy_hash", Value::String(Sha256Digest::from([0x98; 32]).to_string()));
/// assert_eq!(Receipt::from_object(object).unwrap_err().reason(), Reason::HashMismatch);
///
/// // nobody can leave a layer out
/// assert_eq!(Receipt::new(vec![], receipt.bindings().clone(), policy_hash).unwrap_err().reason(), Reason::NoTriplet);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receipt {
    settlement_proofs: Vec<SettlementProof>,
    bindings: Bindings,
    policy_hash: Sha256Digest,
    hash: Sha256Digest,
    object: Object,
}

const PROOFS: &str = "settlement_proofs";
const BINDINGS: &str = "bindings";
const POLICY_HASH: &str = "policy_hash";
const HASH: &str = "tdr_receipt_hash";
const PURPOSE: &str = "receipt";

impl Receipt {
    /// A receipt of a settlement.
    ///
    /// # Errors
    /// With [`Reason::NoTriplet`] without a settlement proof, and for a policy that is no hash of anything.
    pub fn new(settlement_proofs: Vec<SettlementProof>, bindings: Bindings, policy_hash: Sha256Digest) -> Result<Self> {
        let mut object = Object::default();
        object.insert(PROOFS, json::to_value(&settlement_proofs)?);
        object.insert(BINDINGS, json::to_value(&bindings)?);
        object.insert(POLICY_HASH, Value::String(policy_hash.to_string()));
        let hash = hash(&object, policy_hash)?;
        object.insert(HASH, Value::String(hash.to_string()));
        Self { settlement_proofs, bindings, policy_hash, hash, object }.checked()
    }

    /// Reads a receipt whose three parts are there and whose hash is theirs.
    ///
    /// # Errors
    /// With [`Reason::NoTriplet`] when a part is missing, [`Reason::HashMismatch`] when the hash is of other parts, and
    /// with the field that is wrong.
    pub fn from_object(object: Object) -> Result<Self> {
        for name in [PROOFS, BINDINGS, POLICY_HASH] {
            part(&object, name)?;
        }
        let policy_hash = read(part(&object, POLICY_HASH)?, POLICY_HASH)?;
        let claimed = object.given(HASH).ok_or_else(|| Error::from(Reason::Missing).within(HASH))?;
        let receipt = Self {
            settlement_proofs: read(part(&object, PROOFS)?, PROOFS)?,
            bindings: read(part(&object, BINDINGS)?, BINDINGS)?,
            policy_hash,
            hash: read(claimed, HASH)?,
            object,
        };
        let receipt = receipt.checked()?;
        // over what was received: members that are unknown here count
        if receipt.hash == hash(&receipt.object, policy_hash)? {
            Ok(receipt)
        } else {
            Err(Error::from(Reason::HashMismatch).within(HASH))
        }
    }

    /// Refuses parts that commit to nothing.
    fn checked(self) -> Result<Self> {
        let missing = |name: &'static str| Err(Error::from(Reason::NoTriplet).within(name));
        if self.settlement_proofs.is_empty() {
            return missing(PROOFS);
        }
        if self.policy_hash.0.is_zero() {
            return missing(POLICY_HASH);
        }
        Ok(self)
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
    #[must_use]
    pub fn hash(&self) -> Sha256Digest {
        self.hash
    }

    /// The object on the wire, with members that this version does not know.
    #[must_use]
    pub fn object(&self) -> &Object {
        &self.object
    }
}

fn part<'o>(object: &'o Object, name: &'static str) -> Result<&'o Value> {
    object.given(name).ok_or_else(|| Error::from(Reason::NoTriplet).within(name))
}

fn read<T: DeserializeOwned>(value: &Value, name: &'static str) -> Result<T> {
    from_value(value).map_err(|error| error.within(name))
}

fn hash(object: &Object, policy_hash: Sha256Digest) -> Result<Sha256Digest> {
    let (proofs, bindings) = (part(object, PROOFS)?.canonical(), part(object, BINDINGS)?.canonical());
    let parts = [proofs.as_slice(), bindings.as_slice(), policy_hash.0.as_slice()];
    Ok(tagged_hash("TGP/0.1/receipt", parts).into())
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
