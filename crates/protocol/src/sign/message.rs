use super::{KeyId, PublicKey, Signature, SigningKey};
use crate::{
    Error, Reason, Result,
    json::{Kept, Object, Value},
};
use serde::Serialize;

/// The member that holds the signature, and is the only one that it does not cover.
const SIGNATURE: &str = "signature";
const KID: &str = "kid";

/// What a signature covers: the purpose, a zero byte, and the canonical form of everything but the signature.
fn signed_bytes(purpose: &str, object: &Object, without: &[&str]) -> Vec<u8> {
    let mut bytes = format!("TGP/0.1/sig/{purpose}\0").into_bytes();
    bytes.extend(object.canonical_without(without));
    bytes
}

/// Signs an object in place: sets `kid` and `signature`. The signature covers every other member, known or not.
///
/// `purpose` is the plane and type, such as `B/QUERY`, so that no message can stand for another.
///
/// ```
/// use tgp_protocol::{Reason, json::{self, Value}, sign::{self, SigningKey}};
///
/// let key = SigningKey::from_seed(&[1; 32]);
/// let Value::Object(mut object) = json::parse(br#"{"phase":"QUERY","amount":"10"}"#)? else { panic!("an object") };
/// sign::sign("B/QUERY", &mut object, &key);
/// sign::verify("B/QUERY", &object, &key.public_key())?;
///
/// let otherwise = sign::verify("B/OFFER", &object, &key.public_key());
/// assert_eq!(otherwise.unwrap_err().reason(), Reason::SignatureMismatch);
/// object.insert("amount", Value::String("99".to_owned()));
/// assert!(sign::verify("B/QUERY", &object, &key.public_key()).is_err());
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
pub fn sign(purpose: &str, object: &mut Object, key: &SigningKey) {
    sign_member(purpose, object, SIGNATURE, key);
}

/// The same for objects whose signature has another name: `sig` on plane S and in ledger summaries.
///
/// ```
/// use tgp_protocol::{json::{self, Value}, sign::{self, SigningKey}};
///
/// let key = SigningKey::from_seed(&[1; 32]);
/// let Value::Object(mut quote) = json::parse(br#"{"vpqVersion":1}"#)? else { panic!("an object") };
/// sign::sign_member("S/VPQ", &mut quote, "sig", &key);
/// assert!(quote.get("sig").is_some() && quote.get("kid").is_some());
/// sign::verify_member("S/VPQ", &quote, "sig", &key.public_key())?;
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
pub fn sign_member(purpose: &str, object: &mut Object, member: &'static str, key: &SigningKey) {
    sign_without(purpose, object, member, &[], key);
}

/// The same for objects of which the signature leaves out more than itself.
pub(crate) fn sign_without(
    purpose: &str,
    object: &mut Object,
    member: &'static str,
    others: &[&'static str],
    key: &SigningKey,
) {
    object.insert(KID, Value::String(key.public_key().id().to_string()));
    let signature = key.sign(&signed_bytes(purpose, object, &[&[member], others].concat()));
    object.insert(member, Value::String(signature.to_string()));
}

/// Signs a part that goes into a message and is passed on as it is.
///
/// # Errors
/// As [`Kept::new`].
pub(crate) fn sign_kept<T: Serialize>(
    fields: T,
    purpose: &str,
    member: &'static str,
    key: &SigningKey,
) -> Result<Kept<T>> {
    let mut kept = Kept::new(fields)?;
    sign_member(purpose, kept.object_mut(), member, key);
    Ok(kept)
}

/// Verifies an object's `signature` with the key that its `kid` names.
///
/// # Errors
/// With `SIG_INVALID` when there is no signature, when `kid` names another key, or when it does not verify.
pub fn verify(purpose: &str, object: &Object, key: &PublicKey) -> Result<()> {
    verify_member(purpose, object, SIGNATURE, key)
}

/// The same for objects whose signature has another name.
///
/// # Errors
/// As [`verify`].
pub fn verify_member(purpose: &str, object: &Object, member: &'static str, key: &PublicKey) -> Result<()> {
    verify_without(purpose, object, member, &[], key)
}

/// The same for objects of which the signature leaves out more than itself.
pub(crate) fn verify_without(
    purpose: &str,
    object: &Object,
    member: &'static str,
    others: &[&'static str],
    key: &PublicKey,
) -> Result<()> {
    let signature: Signature = text_of(object, member)?;
    if object.given(KID).is_some() {
        let kid: KeyId = text_of(object, KID)?;
        if kid != key.id() {
            return Err(Error::from(Reason::SignatureMismatch).within(KID));
        }
    }
    let bytes = signed_bytes(purpose, object, &[&[member], others].concat());
    key.verify(&bytes, &signature).map_err(|reason| Error::from(reason).within(member))
}

/// Signs an object and gives the signature by itself, for where it stands beside the object or under another name. It
/// covers every member and the key's id: an object whose `kid` is another one does not verify.
///
/// ```
/// use tgp_protocol::{json::{self, Value}, sign::{self, SigningKey}};
///
/// let (key, other) = (SigningKey::from_seed(&[1; 32]), SigningKey::from_seed(&[2; 32]));
/// let Value::Object(part) = json::parse(br#"{"delivered":true}"#)? else { panic!("an object") };
/// let signature = sign::sign_detached("delivery", &part, &key);
/// assert!(part.get("signature").is_none());
/// sign::verify_detached("delivery", &part, &signature, &key.public_key())?;
/// assert!(sign::verify_detached("delivery", &part, &signature, &other.public_key()).is_err());
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[must_use]
pub fn sign_detached(purpose: &str, object: &Object, key: &SigningKey) -> Signature {
    key.sign(&detached_bytes(purpose, object, key.public_key()))
}

/// Verifies a signature that [`sign_detached`] made.
///
/// # Errors
/// With [`Reason::SignatureMismatch`].
pub fn verify_detached(purpose: &str, object: &Object, signature: &Signature, key: &PublicKey) -> Result<()> {
    // the key's id would stand in its place in what is covered
    if object.get(KID).is_some_and(|kid| kid.as_str() != Some(&key.id().to_string())) {
        return Err(Error::from(Reason::SignatureMismatch).within(KID));
    }
    key.verify(&detached_bytes(purpose, object, *key), signature).map_err(Error::from)
}

fn detached_bytes(purpose: &str, object: &Object, key: PublicKey) -> Vec<u8> {
    let mut object = object.clone();
    object.insert(KID, Value::String(key.id().to_string()));
    // no member is the signature: it stands elsewhere
    signed_bytes(purpose, &object, &[])
}

fn text_of<T: std::str::FromStr<Err = Reason>>(object: &Object, name: &'static str) -> Result<T> {
    let missing = || Error::from(Reason::Unsigned).within(name);
    let text = object.given(name).ok_or_else(missing)?.as_str().ok_or(Reason::WrongType);
    text.and_then(str::parse).map_err(|reason| Error::from(reason).within(name))
}

/// Refuses a part that nobody signed; whether the signature verifies is asked with the signer's key.
pub(crate) fn require_signature<T>(kept: &Kept<T>, member: &'static str) -> Result<()> {
    text_of::<Signature>(kept.object(), member).map(|_| ())
}
