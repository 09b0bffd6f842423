use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use tgp_protocol::sign::{PublicKey, Signature, SigningKey};

/// What stands before a signature by Ed25519 in Standard Webhooks.
const SCHEME: &str = "v1a,";

/// A webhook that may come from anybody.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Unsigned {
    /// No signature of it is this key's: another key, or another id, time or body.
    #[error("no signature of the webhook is by this key over this id, time and body")]
    Signature,
    /// It was signed too long ago, or in the future: perhaps somebody repeats it.
    #[error("the webhook was signed at another time: check the clock, and refuse it")]
    Time,
}

fn signed(id: &str, time: u64, body: &[u8]) -> Vec<u8> {
    [format!("{id}.{time}.").as_bytes(), body].concat()
}

pub(super) fn sign(key: &SigningKey, id: &str, time: u64, body: &[u8]) -> String {
    format!("{SCHEME}{}", BASE64_STANDARD.encode(key.sign(&signed(id, time, body)).to_bytes()))
}

/// Verifies a webhook by its three headers and the bytes of its body, before anything of it is read.
///
/// The key is the indexer's, from its operator. `now` is the receiver's clock, `tolerance` how many seconds the two clocks
/// may differ: 300 is usual. What was verified may still come twice: its `webhook-id` tells.
///
/// ```
/// use base64::{Engine, prelude::BASE64_STANDARD};
/// use coreprover_indexer::serve::{Unsigned, verify};
/// use tgp_protocol::sign::SigningKey;
///
/// // what the receiver gets, made here as the indexer makes it
/// let key = SigningKey::from_seed(&[1; 32]);
/// let (id, timestamp, body) = ("8453-0-12-3", "1795260600", br#"{"type":"applied"}"#);
/// let signed = [b"8453-0-12-3.1795260600.".as_slice(), body].concat();
/// let signature = format!("v1a,{}", BASE64_STANDARD.encode(key.sign(&signed).to_bytes()));
///
/// let key = key.public_key();
/// verify(&key, id, timestamp, &signature, body, 1_795_260_610, 300)?;
/// let other = verify(&key, id, timestamp, &signature, b"{}", 1_795_260_610, 300);
/// assert_eq!(other, Err(Unsigned::Signature));
/// let late = verify(&key, id, timestamp, &signature, body, 1_795_269_999, 300);
/// assert_eq!(late, Err(Unsigned::Time));
/// # Ok::<(), Unsigned>(())
/// ```
///
/// # Errors
/// With why it must be refused.
pub fn verify(
    key: &PublicKey,
    id: &str,
    timestamp: &str,
    signatures: &str,
    body: &[u8],
    now: u64,
    tolerance: u64,
) -> Result<(), Unsigned> {
    let time: u64 = timestamp.parse().map_err(|_| Unsigned::Time)?;
    let message = signed(id, time, body);
    // several, by spaces, while a key is being changed
    let ours = signatures.split(' ').filter_map(|signature| signature.strip_prefix(SCHEME)).any(|text| {
        let bytes = BASE64_STANDARD.decode(text).unwrap_or_default();
        let signature = format!("ed25519:{}", BASE64_URL_SAFE_NO_PAD.encode(bytes)).parse::<Signature>();
        signature.is_ok_and(|signature| key.verify(&message, &signature).is_ok())
    });
    if !ours {
        return Err(Unsigned::Signature);
    }
    if now.abs_diff(time) > tolerance { Err(Unsigned::Time) } else { Ok(()) }
}
