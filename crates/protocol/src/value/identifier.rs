use super::serde_by_text;
use crate::Reason;
use std::{fmt, str::FromStr};

/// Declares a text whose bytes must pass a check.
macro_rules! identifiers {
    ($($(#[$about:meta])* $name:ident = $check:expr, $reason:ident;)+) => {$(
        $(#[$about])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = Reason;

            fn from_str(text: &str) -> Result<Self, Reason> {
                let check: fn(&str) -> bool = $check;
                if check(text) { Ok(Self(text.to_owned())) } else { Err(Reason::$reason) }
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        serde_by_text!($name);
    )+};
}

identifiers! {
    /// An opaque id that a party made: 1 to 64 of `A-Z a-z 0-9 . _ : -`.
    Id = |text| of_alphabet(text, 64, b"._:-"), BadId;
    /// The name of a path, opaque to everybody but its maker: as [`Id`], longer, and with `>` as the documents write it.
    PathId = |text| of_alphabet(text, 256, b"._:->"), BadPathId;
    /// A domain: the identity of a gateway, client or provider on planes G and S.
    DomainName = is_domain, BadDomain;
    /// An endpoint handle: stands for a wallet where the wallet must not be seen.
    EndpointHandle = is_handle, BadHandle;
    /// An asset's symbol: a label, never an identity.
    Symbol = |text| of_alphabet(text, 16, b".-"), BadSymbol;
    /// A UUID in lower-case hex.
    Uuid = is_uuid, BadUuid;
}

fn of_alphabet(text: &str, most: usize, signs: &[u8]) -> bool {
    !text.is_empty()
        && text.len() <= most
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || signs.contains(&byte))
}

/// Labels of letters, digits and dashes, by RFC 1123, in lower case: two spellings of one domain would be two peers.
fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    text.len() <= 253 && text.split('.').all(label)
}

fn is_handle(text: &str) -> bool {
    let Some((relation, random)) = text.strip_prefix("eh:").and_then(|rest| rest.split_once(':')) else { return false };
    of_alphabet(relation, 32, b"-") && of_alphabet(random, 64, b"._-") && !holds_address(text)
}

/// Whether a text shows an EVM address: `0x` and 40 hex digits anywhere in it.
pub(crate) fn holds_address(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(42).any(|window| {
        window[0] == b'0' && matches!(window[1], b'x' | b'X') && window[2..].iter().all(u8::is_ascii_hexdigit)
    })
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
        })
}
