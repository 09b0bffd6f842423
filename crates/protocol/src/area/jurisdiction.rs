use crate::{Reason, value::serde_by_text};
use std::{fmt, str::FromStr};

/// A country by ISO 3166-1 alpha-2, or a part of it by ISO 3166-2: `US`, `US-CA`.
///
/// Only the form is checked, not the list of countries: it changes, and the documents use reserved codes (`EU-DE`).
///
/// ```
/// use tgp_protocol::area::Jurisdiction;
///
/// let california: Jurisdiction = "US-CA".parse()?;
/// assert!("US".parse::<Jurisdiction>()?.covers(california));
/// assert!(!california.covers("US".parse()?));
/// # Ok::<(), tgp_protocol::Reason>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Jurisdiction {
    /// Capitals and digits, zeros behind.
    country: [u8; 2],
    part: [u8; 3],
}

impl Jurisdiction {
    /// The country alone.
    #[must_use]
    pub(crate) fn country(self) -> Self {
        Self { part: [0; 3], ..self }
    }

    /// Whether it is a part of a country.
    #[must_use]
    pub(super) fn is_part(self) -> bool {
        self.part != [0; 3]
    }

    /// Whether what holds here holds in `other`: a country covers its parts.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self == other || self == other.country()
    }

    /// The levels of an area: `us`, `us/ca`.
    pub(super) fn path(self) -> String {
        self.to_string().to_ascii_lowercase().replace('-', "/")
    }
}

impl FromStr for Jurisdiction {
    type Err = Reason;

    fn from_str(text: &str) -> Result<Self, Reason> {
        let (country, part) = text.split_once('-').map_or((text, None), |(country, part)| (country, Some(part)));
        let country: [u8; 2] = country.as_bytes().try_into().map_err(|_| Reason::BadJurisdiction)?;
        let mut inside = [0; 3];
        if let Some(part) = part {
            let room = inside.get_mut(..part.len()).filter(|room| !room.is_empty()).ok_or(Reason::BadJurisdiction)?;
            room.copy_from_slice(part.as_bytes());
            if !part.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
                return Err(Reason::BadJurisdiction);
            }
        }
        if !country.iter().all(u8::is_ascii_uppercase) {
            return Err(Reason::BadJurisdiction);
        }
        Ok(Self { country, part: inside })
    }
}

impl fmt::Display for Jurisdiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |bytes: &[u8]| bytes.iter().take_while(|byte| **byte != 0).map(|byte| char::from(*byte)).collect();
        let (country, part): (String, String) = (text(&self.country), text(&self.part));
        if part.is_empty() { f.write_str(&country) } else { write!(f, "{country}-{part}") }
    }
}

impl fmt::Debug for Jurisdiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

serde_by_text!(Jurisdiction);

#[cfg(test)]
mod tests {
    use super::Jurisdiction;

    #[test]
    fn one_form_for_each() {
        for text in ["US", "US-CA", "EU-DE", "GB-ENG", "FR-75", "DE-1"] {
            assert_eq!(text.parse::<Jurisdiction>().unwrap().to_string(), text);
        }
        for text in
            ["", "U", "us", "Us", "USA", "US-", "US-ca", "US-CALI", "US_CA", "US-C A", "1S", "US-CA-1", "\u{e9}"]
        {
            assert!(text.parse::<Jurisdiction>().is_err(), "{text}");
        }
    }
}
