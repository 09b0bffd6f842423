use crate::{Class, Code, Error, Reason, value::Id};
use std::fmt;

/// The longest text of an error on the wire.
const MOST_BYTES: usize = 256;

/// A text as errors on the wire carry it, on every plane: printable ASCII, 1 to 256 bytes.
///
/// Our own texts come from the fixed list of [`Reason`]s. A peer's text may hold anything: what is not printable ASCII
/// is read as `?`, and what is beyond 256 bytes is cut off, so that it can be logged and shown as it is.
///
/// ```
/// use tgp_protocol::{ErrorText, Reason};
///
/// let error = tgp_protocol::Error::from(Reason::ZeroAmount).within("amount");
/// assert_eq!(ErrorText::of(&error).as_str(), "amount: must be above zero");
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ErrorText(String);

impl ErrorText {
    /// What an error says: the field, and how to mend it.
    #[must_use]
    pub fn of(error: &Error) -> Self {
        let field = error.field();
        let reason = error.reason();
        let text = if field.is_empty() { reason.to_string() } else { format!("{field}: {reason}") };
        Self::cleaned(&text)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn cleaned(text: &str) -> Self {
        let printable = |sign: char| if sign == ' ' || sign.is_ascii_graphic() { sign } else { '?' };
        Self(text.chars().take(MOST_BYTES).map(printable).collect())
    }
}

impl From<Reason> for ErrorText {
    /// The reason's name, which stays the same from version to version: `ZeroAmount`.
    fn from(reason: Reason) -> Self {
        Self::cleaned(reason.name())
    }
}

impl fmt::Display for ErrorText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl serde::Serialize for ErrorText {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for ErrorText {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        if text.is_empty() { Err(serde::de::Error::custom(Reason::WrongLength)) } else { Ok(Self::cleaned(&text)) }
    }
}

/// What an error on planes B and S tells: what went wrong, who refused, and why. Each of the two renders it under its own
/// names. A report of plane G needs no `hop`: it is signed by who refused, unless it names another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// The registry's code.
    pub code: Code,
    /// The tag of the hop that refused; opaque to everybody else.
    pub hop: Id,
    /// The name of the reason, for programs.
    pub reason: ErrorText,
    /// The field and how to mend it, for people.
    pub text: ErrorText,
}

impl Failure {
    /// An error as the hop with this tag reports it.
    #[must_use]
    pub fn new(error: &Error, hop: Id) -> Self {
        Self { code: error.code(), hop, reason: error.reason().into(), text: ErrorText::of(error) }
    }

    /// Whether to give up, to wait, or to change something.
    #[must_use]
    pub fn class(&self) -> Class {
        self.code.class()
    }
}

impl serde::Serialize for Class {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.letter())
    }
}

impl<'de> serde::Deserialize<'de> for Class {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match std::borrow::Cow::<str>::deserialize(deserializer)?.as_ref() {
            "F" => Ok(Self::Final),
            "T" => Ok(Self::Temporary),
            "R" => Ok(Self::Retry),
            _ => Err(serde::de::Error::custom(Reason::UnknownValue)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ErrorText, Failure};
    use crate::{Class, Code, Error, Reason};

    #[test]
    fn a_peers_text_is_cleaned_and_cut() {
        let read = |text: &str| serde_json::from_str::<ErrorText>(text).map(|text| text.to_string());
        assert_eq!(read(r#""plain text""#).unwrap(), "plain text");
        assert_eq!(read("\"<b>\\n\u{2019}\\u0007x\"").unwrap(), "<b>???x");
        assert_eq!(read(&format!("\"{}\"", "a".repeat(300))).unwrap().len(), 256);
        assert!(read(r#""""#).is_err());
    }

    #[test]
    fn every_reason_makes_a_text_that_fits() {
        for reason in Reason::ALL {
            let error = Error::from(*reason).within(3).within("order");
            let failure = Failure::new(&error, "gw-b".parse().unwrap());
            assert_eq!(failure.text.as_str(), format!("order[3]: {reason}"));
            assert_eq!(failure.reason.as_str(), format!("{reason:?}"));
            assert_eq!((failure.code, failure.class()), (reason.code(), reason.code().class()));
        }
    }

    #[test]
    fn classes_are_letters() {
        for code in Code::ALL {
            let letter = serde_json::to_string(&code.class()).unwrap();
            assert_eq!(serde_json::from_str::<Class>(&letter).unwrap(), code.class());
        }
        assert!(serde_json::from_str::<Class>("\"X\"").is_err());
    }
}
