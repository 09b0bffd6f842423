use crate::Reason;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;

/// A key that two peers share. Its debug form shows nothing.
///
/// ```
/// use tgp_protocol::{Reason, json, tlv::{self, MacKey}};
///
/// let block = json::parse(br#"{"meta":{"v":1}}"#)?;
/// let block = block.as_object().expect("an object");
/// let key = MacKey::from_bytes(&[7; 32]);
/// let frame = tlv::encode_with_mac(block, &key)?;
/// assert_eq!(&tlv::decode_with_mac(&frame, &key)?, block);
///
/// // another key does not open it, and who shares none refuses it
/// let other = MacKey::from_bytes(&[8; 32]);
/// assert_eq!(tlv::decode_with_mac(&frame, &other).unwrap_err().reason(), Reason::MacMismatch);
/// assert_eq!(tlv::decode(&frame).unwrap_err().reason(), Reason::UnexpectedMac);
/// assert_eq!(format!("{key:?}"), "MacKey(..)");
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
pub struct MacKey(Hmac<Sha256>);

impl MacKey {
    /// The key of these bytes, which must come from the system's source of randomness or from a key agreement.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        // HMAC pads a shorter key with zeros to the hash's block
        let mut block = [0; 64];
        block[..32].copy_from_slice(bytes);
        Self(Hmac::new(&block.into()))
    }

    /// The MAC of a frame, taken over all of its bytes up to the MAC's own element.
    pub(super) fn of(&self, frame: &[u8]) -> [u8; 32] {
        self.0.clone().chain_update(frame).finalize().into_bytes().into()
    }

    /// Checks a MAC in constant time.
    pub(super) fn verify(&self, frame: &[u8], mac: &[u8]) -> Result<(), Reason> {
        self.0.clone().chain_update(frame).verify_slice(mac).map_err(|_| Reason::MacMismatch)
    }
}

impl fmt::Debug for MacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MacKey(..)")
    }
}
