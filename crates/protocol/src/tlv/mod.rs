//! The outer framing of document 002, section 11.4: an information block as a row of elements, each a code point, a
//! length of four bytes (big end first) and so many bytes.
//!
//! | Code point | Value |
//! |---|---|
//! | `0xA0` VERSION, `0xA1` NONCE, `0xA2` EXPIRY, `0xA3` TRACE_ID | `meta.v`, `meta.nonce`, `meta.exp`, `meta.trace_id` |
//! | `0xC8` L8-VALUE, `0xC9` L9-IDENTITY, `0xCA` L10-POLICY | `l8_value`, `l9_identity`, `l10_policy` |
//! | `0xF0` CRYPTO | `crypto` |
//! | `0x7E` | elements that a reader may pass over, whatever their code points |
//! | `0xFF` MAC | HMAC-SHA256 of all bytes before the element, by a key that the two peers share |
//!
//! Values are deterministic [`crate::cbor`]; a MAC is its 32 bytes. An unknown code point below `0x80` is passed over,
//! one from `0x80` on is refused. No code point stands twice, inside and outside the wrapper counted together. The MAC
//! is the last element; who shares no key with the sender refuses it, who does insists on it.
//!
//! ```
//! use tgp_protocol::{json, tlv};
//!
//! let tib = json::parse(br#"{"meta":{"v":1,"nonce":"00ff"},"l10_policy":{"compliance":[]}}"#)?;
//! let frame = tlv::encode(tib.as_object().unwrap())?;
//! assert_eq!(frame[..6], [0xa0, 0, 0, 0, 1, 1]);
//! assert_eq!(tlv::decode(&frame)?.canonical(), tib.canonical());
//! # Ok::<(), tgp_protocol::Error>(())
//! ```

mod decode;
mod element;
mod encode;
mod mac;

pub use decode::{decode, decode_with_mac};
pub use encode::{encode, encode_with_mac};
pub use mac::MacKey;
