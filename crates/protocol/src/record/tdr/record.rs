use super::Entry;
use crate::{
    Error, Reason, Result,
    json::{self, Object, Value, from_value},
    sign::{self, KeyId, PublicKey, Signature, SigningKey},
    tagged_hash,
    value::Sha256Digest,
};
use serde::Deserialize;

const HASH: &str = "hash";
const SIGNATURE: &str = "signature";
const PURPOSE: &str = "tdr";

/// The members of the rendering for whoever asked for the service.
const SUMMARY: [&str; 7] = ["tdr_id", "request_id", "timestamp", "service", "status", "kid", HASH];

/// What numbers, links and signs an entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
struct Link {
    seq: u64,
    prev_hash: Sha256Digest,
    kid: KeyId,
    hash: Sha256Digest,
    signature: Signature,
}

/// A transaction detail record: an entry with its number, the hash of the record before it, its own hash and the
/// signature of whoever keeps the records.
///
/// The hash covers every member but itself and the signature. The signature covers the summary with that hash, so it can
/// be checked with the summary alone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tdr {
    entry: Entry,
    link: Link,
    object: Object,
}

impl Tdr {
    /// The next record: only a tip knows its number and the hash before it.
    pub(super) fn make(entry: Entry, seq: u64, prev_hash: Sha256Digest, key: &SigningKey) -> Result<Self> {
        entry.check()?;
        let kid = key.public_key().id();
        let Value::Object(mut object) = json::to_value(&entry)? else { return Err(Reason::NotAnObject.into()) };
        object.insert("seq", json::to_value(&seq)?);
        object.insert("prev_hash", Value::String(prev_hash.to_string()));
        object.insert("kid", Value::String(kid.to_string()));
        let hash = hash(&object);
        object.insert(HASH, Value::String(hash.to_string()));
        let mut summary = summary(&object);
        sign::sign(PURPOSE, &mut summary, key);
        let signature = summary.remove(SIGNATURE).ok_or_else(|| Error::from(Reason::Unsigned))?;
        let link = Link { seq, prev_hash, kid, hash, signature: from_value(&signature)? };
        object.insert(SIGNATURE, signature);
        Ok(Self { entry, link, object })
    }

    /// Reads a record whose hash is its own. Its signature is checked by [`Self::verify`], its place by
    /// [`super::verify`].
    ///
    /// # Errors
    /// With [`Reason::HashMismatch`] when a member was changed, and with the field that is wrong.
    pub fn from_object(object: Object) -> Result<Self> {
        let value = Value::Object(object);
        let (entry, link): (Entry, Link) = (from_value(&value)?, from_value(&value)?);
        let Value::Object(object) = value else { return Err(Reason::NotAnObject.into()) };
        entry.check()?;
        if link.hash != hash(&object) {
            return Err(Error::from(Reason::HashMismatch).within(HASH));
        }
        Ok(Self { entry, link, object })
    }

    /// Verifies the signature.
    ///
    /// # Errors
    /// With `SIG_INVALID`.
    pub fn verify(&self, key: &PublicKey) -> Result<()> {
        sign::verify(PURPOSE, &self.summary(), key)
    }

    /// What happened.
    #[must_use]
    pub fn entry(&self) -> &Entry {
        &self.entry
    }

    /// Its number, from 1 on.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.link.seq
    }

    /// The hash of the record before it; zero for the first.
    #[must_use]
    pub fn prev_hash(&self) -> Sha256Digest {
        self.link.prev_hash
    }

    /// Its own hash: the `tdr_hash` of PROOF.
    #[must_use]
    pub fn hash(&self) -> Sha256Digest {
        self.link.hash
    }

    /// The key that signed it.
    #[must_use]
    pub fn kid(&self) -> KeyId {
        self.link.kid
    }

    /// The signature.
    #[must_use]
    pub fn signature(&self) -> Signature {
        self.link.signature
    }

    /// The whole record, with members that this version does not know.
    #[must_use]
    pub fn object(&self) -> &Object {
        &self.object
    }

    /// The rendering of 001: id, request, time, service, status, hash and signature.
    #[must_use]
    pub fn summary(&self) -> Object {
        let mut summary = summary(&self.object);
        summary.insert(SIGNATURE, Value::String(self.link.signature.to_string()));
        summary
    }

    /// The rendering of 002: the keys that a gateway logs at least.
    ///
    /// # Errors
    /// Never for a record: its members have been JSON before.
    pub fn keys(&self) -> Result<Object> {
        let entry = &self.entry;
        let mut keys = Object::default();
        keys.insert("ts", json::to_value(&entry.timestamp)?);
        keys.insert("trace_id", json::to_value(&entry.trace_id)?);
        keys.insert("verb", json::to_value(&entry.verb)?);
        keys.insert("result", json::to_value(&entry.status)?);
        keys.insert("l8", json::to_value(&entry.l8)?);
        keys.insert("asset", json::to_value(&entry.asset)?);
        keys.insert("amount", json::to_value(&entry.amount)?);
        keys.insert("policy_hash", json::to_value(&entry.policy_hash)?);
        keys.insert("sso_ids", json::to_value(&entry.sso_ids)?);
        if let Some(txid) = entry.txid {
            keys.insert("txid", json::to_value(&txid)?);
        }
        if let Some(route_asn) = entry.route_asn {
            keys.insert("route_asn", json::to_value(&route_asn)?);
        }
        if let Some(error_code) = entry.error_code {
            keys.insert("error_code", json::to_value(&error_code)?);
        }
        Ok(keys)
    }
}

/// The hash of a record: everything but the hash itself and the signature.
fn hash(object: &Object) -> Sha256Digest {
    tagged_hash("TGP/0.1/tdr", [object.canonical_without(&[HASH, SIGNATURE]).as_slice()]).into()
}

fn summary(object: &Object) -> Object {
    let mut summary = Object::default();
    for name in SUMMARY {
        if let Some(value) = object.get(name) {
            summary.insert(name, value.clone());
        }
    }
    summary
}
