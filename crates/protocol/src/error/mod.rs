//! What is wrong with an input: a code of the registry, the field, and how to mend it.

mod code;
mod field;
mod reason;

pub use code::{Class, Code};
pub use field::{Field, Segment};
pub use reason::Reason;

use std::fmt;

/// Why an input was refused.
///
/// An error holds nothing of the input: the field path is made of names that the protocol knows and of positions, and
/// the reason is one of a fixed list. It can be logged and sent back as it is.
///
/// ```
/// use tgp_protocol::{Code, json};
///
/// let error = json::parse(br#"{"id":"q-1","id":"q-2"}"#).unwrap_err();
/// assert_eq!(error.code(), Code::InvalidQuery);
/// assert_eq!(error.to_string(), "INVALID_QUERY: a member name stands twice in an object: keep one");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Error(Box<Inner>);

#[derive(Clone, PartialEq, Eq, Hash)]
struct Inner {
    code: Code,
    field: Field,
    reason: Reason,
}

/// `Result` with the protocol's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error about the message as a whole.
    #[must_use]
    pub fn new(code: Code, reason: Reason) -> Self {
        Self(Box::new(Inner { code, field: Field::default(), reason }))
    }

    /// The code that goes on the wire.
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// Whether the same can succeed later, with other parameters, or never.
    #[must_use]
    pub fn class(&self) -> Class {
        self.0.code.class()
    }

    /// Where in the message: empty for the message as a whole.
    #[must_use]
    pub fn field(&self) -> &Field {
        &self.0.field
    }

    /// What is wrong and how to mend it.
    #[must_use]
    pub fn reason(&self) -> Reason {
        self.0.reason
    }

    /// The same error, one level further out: `name` is the field that the faulty part stands in.
    #[must_use]
    pub fn within(mut self, segment: impl Into<Segment>) -> Self {
        self.0.field.push_outer(segment.into());
        self
    }

    /// The same error under another code.
    ///
    /// ```
    /// use tgp_protocol::{Class, Code, Error, Reason};
    ///
    /// // a hash that is wrong is a bad message; in a chain of hop quotes it is a bad path
    /// let error = Error::from(Reason::HashMismatch).within("previous");
    /// assert_eq!(error.code(), Code::InvalidQuery);
    /// let on_path = error.with_code(Code::HopVerificationFail);
    /// assert_eq!((on_path.code(), on_path.class()), (Code::HopVerificationFail, Class::Final));
    /// assert_eq!(on_path.reason(), Reason::HashMismatch, "what to mend is the same");
    /// ```
    #[must_use]
    pub fn with_code(mut self, code: Code) -> Self {
        self.0.code = code;
        self
    }
}

impl From<Reason> for Error {
    /// Under the code that this reason has where nothing more special is known.
    fn from(reason: Reason) -> Self {
        Self::new(reason.code(), reason)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.field.is_empty() {
            write!(f, "{}: {}", self.0.code, self.0.reason)
        } else {
            write!(f, "{}: {}: {}", self.0.code, self.0.field, self.0.reason)
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}

impl serde::de::Error for Error {
    /// Types of this crate report a [`Reason`]; its text is how it gets through `serde`. Any other text could hold a
    /// part of the input and is dropped.
    fn custom<T: fmt::Display>(message: T) -> Self {
        Reason::from_text(&message.to_string()).unwrap_or(Reason::Malformed).into()
    }

    fn invalid_type(_: serde::de::Unexpected<'_>, _: &dyn serde::de::Expected) -> Self {
        Reason::WrongType.into()
    }

    fn invalid_value(_: serde::de::Unexpected<'_>, _: &dyn serde::de::Expected) -> Self {
        Reason::OutOfRange.into()
    }

    fn invalid_length(_: usize, _: &dyn serde::de::Expected) -> Self {
        Reason::WrongLength.into()
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Reason::UnknownValue.into()
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Reason::UnknownField.into()
    }

    fn missing_field(field: &'static str) -> Self {
        Self::from(Reason::Missing).within(field)
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::from(Reason::DuplicateName).within(field)
    }
}
