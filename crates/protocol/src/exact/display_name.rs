use crate::{Reason, value::serde_by_text};
use std::{fmt, str::FromStr};

/// A name for people: 1 to 128 characters, none of them a control character.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct DisplayName(String);

impl DisplayName {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DisplayName {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        let length = text.chars().count();
        let good = (1..=128).contains(&length) && !text.chars().any(char::is_control);
        if good { Ok(Self(text.to_owned())) } else { Err(Reason::BadDisplayName) }
    }
}

impl fmt::Display for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

serde_by_text!(DisplayName);
