//! JSON as the protocol reads and writes it: strict on the way in, RFC 8785 on the way out.
//!
//! [`parse`] refuses what two readers could understand differently: duplicate names, lone surrogates, numbers that a
//! double does not hold exactly, nesting and sizes beyond the [`Limits`]. What it accepts has one canonical form, so a
//! signature over [`Value::canonical`] covers every member, known or not.
//!
//! ```
//! use tgp_protocol::json;
//!
//! let value = json::parse(br#"{ "b": [1, true], "a": "\u00e9" }"#)?;
//! assert_eq!(value.canonical(), r#"{"a":"é","b":[1,true]}"#.as_bytes());
//! # Ok::<(), tgp_protocol::Error>(())
//! ```

mod canonical;
mod kept;
mod number;
mod parse;
mod read;
mod value;
mod write;

pub use kept::Kept;
pub use number::Number;
pub use parse::{Limits, parse, parse_within};
pub use read::from_value;
pub(crate) use read::{TEXT_OR_OBJECT, from_rules, members_of, present};
pub use value::{Object, Value};
pub use write::to_value;
pub(crate) use write::to_value_within;
