use super::{Entry, Tdr};
use crate::{
    Error, Reason, Result,
    json::Object,
    sign::{KeyId, PublicKey, SigningKey},
    value::Sha256Digest,
};
use serde::{Deserialize, Serialize};

/// The end of a chain of records: what the next one is linked to.
///
/// ```
/// use tgp_protocol::{
///     Reason,
///     json::{self, Value},
///     record::tdr::{self, Entry, Tdr, Tip},
///     sign::SigningKey,
/// };
///
/// let text = format!(
///     r#"{{
///         "tdr_id": "tdr-1", "request_id": "req-1", "trace_id": "sess-1", "service": "api", "verb": "SETTLE",
///         "ts_start": "2026-11-21T08:14:20Z", "timestamp": "2026-11-21T08:14:33Z", "status": "success",
///         "l8": {{ "family": "EVM", "chain_id": "base" }}, "asset": {{ "symbol": "USDC" }}, "amount": "10000",
///         "policy_hash": "sha256:{}", "sso_ids": []
///     }}"#,
///     "11".repeat(32)
/// );
/// let entry: Entry = json::from_value(&json::parse(text.as_bytes())?)?;
/// let key = SigningKey::from_seed(&[1; 32]);
/// let mut tip = Tip::default();
/// let first = tip.append(entry.clone(), &key)?;
/// let second = tip.append(entry, &key)?;
/// assert_eq!((first.seq(), second.prev_hash()), (1, first.hash()));
/// assert_eq!(tip, Tip::at(&second));
///
/// // whoever has the first record can verify what follows it
/// let known = |kid| Some(key.public_key()).filter(|key| key.id() == kid);
/// assert_eq!(tdr::verify(Tip::at(&first), [second.object()], known)?, tip);
///
/// // a record is read only with the hash that it was written with
/// let read = Tdr::from_object(second.object().clone())?;
/// assert_eq!((read.signature(), &read), (second.signature(), &second));
/// let mut changed = second.object().clone();
/// changed.insert("amount", Value::String("9999".to_owned()));
/// assert_eq!(Tdr::from_object(changed).unwrap_err().reason(), Reason::HashMismatch);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Tip {
    /// The number of the last record; 0 before the first.
    pub seq: u64,
    /// Its hash; zero before the first.
    pub hash: Sha256Digest,
}

impl Default for Tip {
    fn default() -> Self {
        Self { seq: 0, hash: [0; 32].into() }
    }
}

impl Tip {
    /// Numbers, links and signs what happened; the tip is then that record. Two writers with one tip would make two
    /// chains: whoever stores records does this inside the transaction that stores them.
    ///
    /// # Errors
    /// See [`Entry::check`]. The tip stays where it was.
    pub fn append(&mut self, entry: Entry, key: &SigningKey) -> Result<Tdr> {
        let seq = self.seq.checked_add(1).ok_or(Reason::OutOfRange)?;
        let record = Tdr::make(entry, seq, self.hash, key)?;
        *self = Self::at(&record);
        Ok(record)
    }

    /// The tip behind this record.
    #[must_use]
    pub fn at(record: &Tdr) -> Self {
        Self { seq: record.seq(), hash: record.hash() }
    }
}

/// Verifies that these records follow `from` without a gap, each unchanged and signed by a key that `key_of` knows, and
/// gives the tip behind them. Compare it with the tip or seal that you know: a chain cannot show that its end is missing.
///
/// # Errors
/// The field begins with the place of the first record that is wrong, as in `[3].hash`: [`Reason::BrokenChain`] for one
/// that is missing, doubled or moved, [`Reason::HashMismatch`] for one that was changed, `SIG_INVALID` for one that
/// nobody known signed.
pub fn verify<'r>(
    from: Tip,
    records: impl IntoIterator<Item = &'r Object>,
    key_of: impl Fn(KeyId) -> Option<PublicKey>,
) -> Result<Tip> {
    let mut tip = from;
    for (place, object) in records.into_iter().enumerate() {
        tip = follow(tip, object, &key_of).map_err(|error| error.within(place))?;
    }
    Ok(tip)
}

fn follow(tip: Tip, object: &Object, key_of: &impl Fn(KeyId) -> Option<PublicKey>) -> Result<Tip> {
    let record = Tdr::from_object(object.clone())?;
    if tip.seq.checked_add(1) != Some(record.seq()) {
        return Err(Error::from(Reason::BrokenChain).within("seq"));
    }
    if record.prev_hash() != tip.hash {
        return Err(Error::from(Reason::BrokenChain).within("prev_hash"));
    }
    let key = key_of(record.kid()).ok_or_else(|| Error::from(Reason::SignatureMismatch).within("kid"))?;
    record.verify(&key)?;
    Ok(Tip::at(&record))
}
