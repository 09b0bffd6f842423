//! What a call that is refused says, and which error on the wire that is.

#[rustfmt::skip]
mod table;

use crate::{enums::Fault, fields::Field};
use alloy::{
    primitives::hex,
    sol_types::{Panic, Revert as Message, SolError},
};
use serde::{
    Deserialize,
    de::value::{Error as TextError, StrDeserializer},
};
use serde_json::Value;
use std::fmt;
use tgp_protocol::{Class, Code, ErrorText, Failure, value::Id};

/// Why a call was refused.
///
/// ```
/// use alloy::{primitives::U256, sol_types::SolError};
/// use coreprover_bindings::{CoreProverEscrow, Revert};
/// use tgp_protocol::{Class, Code};
///
/// // the data of a reverted call, as a node gives it
/// let data = CoreProverEscrow::TooEarly { opensAt: U256::from(1_790_027_985) }.abi_encode();
///
/// let revert = Revert::decode(&data);
/// assert_eq!(revert.to_string(), "TooEarly(opensAt: 1790027985)");
/// assert_eq!(revert.field("opensAt"), Some("1790027985"));
/// assert_eq!((revert.code(), revert.class()), (Code::SettlementPending, Class::Temporary));
///
/// // not everything that refuses is ours
/// assert_eq!(Revert::decode(&[0xde, 0xad, 0xbe, 0xef]).name(), Revert::UNKNOWN);
/// assert_eq!(Revert::decode(&[]).name(), Revert::EMPTY);
///
/// // what a service answers
/// let failure = revert.failure("escrow".parse()?);
/// assert_eq!(failure.reason.as_str(), "TooEarly");
/// assert_eq!(failure.text.as_str(), "TooEarly(opensAt: 1790027985)");
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Revert {
    name: &'static str,
    fields: Vec<(&'static str, String)>,
    code: Code,
}

impl Revert {
    /// What an error of none of our contracts is called: one of a token, of Permit2, or of another contract.
    pub const UNKNOWN: &'static str = "Unknown";

    /// What a revert without data is called.
    pub const EMPTY: &'static str = "Empty";

    /// Reads the data of a reverted call. Data that is no error of ours has the code of a failed simulation: nothing is
    /// known of why, and another call may succeed.
    #[must_use]
    pub fn decode(data: &[u8]) -> Self {
        let Some((selector, rest)) = data.split_first_chunk::<4>() else {
            return Self::foreign(if data.is_empty() { Self::EMPTY } else { Self::UNKNOWN }, data);
        };
        if let Some((name, fields, code)) = table::decode(*selector, rest) {
            return Self { name, fields: fields.into_iter().map(named).collect(), code };
        }
        if let Ok(message) = Message::abi_decode_validate(data) {
            return Self::with("Error", "message", message.reason);
        }
        if let Ok(panic) = Panic::abi_decode_validate(data) {
            return Self::with("Panic", "code", format!("{:#04x}", panic.code));
        }
        Self::foreign(Self::UNKNOWN, data)
    }

    /// The error's name in the ABI; `Error` and `Panic` are Solidity's own.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The values in the error with their names in the ABI, as [`crate::Event::fields`] writes them. The fault of
    /// `InvalidTerms` is the name of a [`Fault`].
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.fields.iter().map(|(name, text)| (*name, text.as_str()))
    }

    /// One of the values.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields().find(|(one, _)| *one == name).map(|(_, text)| text)
    }

    /// The code of the error on the wire.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    /// Whether to give up, to wait, or to change something.
    #[must_use]
    pub fn class(&self) -> Class {
        self.code.class()
    }

    /// The error as the hop with this tag reports it, on any plane.
    #[must_use]
    pub fn failure(&self, hop: Id) -> Failure {
        Failure { code: self.code, hop, reason: printable(self.name), text: printable(&self.to_string()) }
    }

    fn with(name: &'static str, field: &'static str, text: String) -> Self {
        Self { name, fields: vec![(field, text)], code: Code::SimulationFail }
    }

    fn foreign(name: &'static str, data: &[u8]) -> Self {
        Self::with(name, "data", hex::encode_prefixed(data))
    }
}

impl fmt::Display for Revert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields: Vec<String> = self.fields().map(|(name, text)| format!("{name}: {text}")).collect();
        write!(f, "{}({})", self.name, fields.join(", "))
    }
}

/// A number that stands for a fault, by its name.
fn named((name, text): (&'static str, String)) -> (&'static str, String) {
    let fault = (name == "fault").then(|| text.parse().ok().and_then(|number: u8| Fault::try_from(number).ok()));
    (name, fault.flatten().map_or(text, |fault| format!("{fault:?}")))
}

/// A value as text.
fn text(value: &impl Field) -> String {
    match value.to_json() {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// A peer's texts are cleaned when they are read, and what a token says is no better known.
fn printable(text: &str) -> ErrorText {
    ErrorText::deserialize(StrDeserializer::<TextError>::new(text))
        .unwrap_or_else(|_| ErrorText::from(tgp_protocol::Reason::Malformed))
}

/// What the table makes of its rows: an error of an ABI, or of a library by its selector, with the code on the wire.
macro_rules! errors {
    (
        $($module:ident::$error:ident { $($field:ident),* } => $code:ident;)+
        $($selector:literal $library:ident => $library_code:ident;)*
    ) => {
        type Row = (&'static str, Vec<(&'static str, String)>, Code);

        /// The error of this selector and these values; nothing where none is written so.
        pub(super) fn decode(selector: [u8; 4], values: &[u8]) -> Option<Row> {
            match selector {
                $($module::$error::SELECTOR => {
                    let $module::$error { $($field),* } = $module::$error::abi_decode_raw_validate(values).ok()?;
                    Some((stringify!($error), vec![$((plain(stringify!($field)), text(&$field))),*], Code::$code))
                })+
                _ => match (u32::from_be_bytes(selector), values) {
                    $(($selector, []) => Some((stringify!($library), Vec::new(), Code::$library_code)),)*
                    _ => None,
                },
            }
        }
    };
}

use errors;
