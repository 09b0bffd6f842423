//! The same data as [`crate::json`] in CBOR: deterministic by RFC 8949 section 4.2.1, and lossless both ways.
//!
//! | JSON | CBOR |
//! |---|---|
//! | `null`, `true`, `false` | the simple values |
//! | an integer | major type 0 or 1 |
//! | a fraction | tag 4, `[exponent, mantissa]` in lowest terms: never a float |
//! | a string | text |
//! | an array | array |
//! | an object | map with text keys in the bytewise order of their encoded form |
//!
//! There is one encoding of every value, and [`decode`] accepts that one alone: what it accepts, [`encode`] gives back
//! byte for byte.
//!
//! The heads are read here and not by a library: determinism is a property of the heads (how many bytes a length
//! takes, whether it is definite, the order of keys), which libraries resolve before the caller sees them.
//!
//! ```
//! use tgp_protocol::{cbor, json};
//!
//! let value = json::parse(br#"{"risk":0.05,"id":"q-1"}"#)?;
//! let bytes = cbor::encode(&value);
//! assert_eq!(cbor::decode(&bytes)?, value);
//! assert!(bytes.len() < value.canonical().len());
//! # Ok::<(), tgp_protocol::Error>(())
//! ```

mod decode;
mod encode;
mod head;

pub use decode::{decode, decode_within};
pub use encode::encode;
