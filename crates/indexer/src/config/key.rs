use serde::Deserialize;
use serde_json::{Value, json};
use std::{fmt, net::SocketAddr};
use tgp_protocol::value::{EvmAddress, Word};

/// One key of the configuration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Key {
    /// Its place: tables and name, by points; `*` stands for a name of the operator's choice.
    pub path: &'static str,
    /// What its value is.
    pub kind: Kind,
    /// What counts where nothing is said, as it would stand in the environment.
    pub default: Option<&'static str>,
    /// Whether something must be said.
    pub required: bool,
    /// What it is for: a sentence.
    pub about: &'static str,
}

impl Key {
    /// A key that nothing has to be said about.
    #[must_use]
    pub const fn new(path: &'static str, kind: Kind, default: Option<&'static str>, about: &'static str) -> Self {
        Self { path, kind, default, required: false, about }
    }

    /// A key without which its table makes no sense.
    #[must_use]
    pub const fn required(path: &'static str, kind: Kind, about: &'static str) -> Self {
        Self { path, kind, default: None, required: true, about }
    }
}

/// What a value is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Any text.
    Text,
    /// A text that no message shows.
    Hidden,
    /// A text that comes from the environment alone, and that no message shows.
    Secret,
    /// Yes or no.
    Truth,
    /// A whole number.
    Number {
        /// The least.
        least: u64,
        /// The most.
        most: u64,
    },
    /// One of these words.
    Word(&'static [&'static str]),
    /// A file; from the configuration's file it is looked for beside that.
    File,
    /// An address and port of this machine.
    Socket,
    /// Addresses that begin with one of these.
    Urls(&'static [&'static str]),
    /// An address of the chain.
    Address,
    /// 32 bytes.
    Bytes,
}

impl Kind {
    /// What its values are, for help texts and refusals.
    #[must_use]
    pub fn expected(self) -> String {
        match self {
            Self::Text | Self::Hidden | Self::Secret => "a text".into(),
            Self::Truth => "true or false".into(),
            Self::Number { least, most } => format!("a whole number from {least} to {most}"),
            Self::Word(words) => format!("one of {}", words.join(", ")),
            Self::File => "the path of a file".into(),
            Self::Socket => "an address to listen on, such as 127.0.0.1:8080".into(),
            Self::Urls(begins) => format!("a list of addresses that begin with {}", begins.join(" or ")),
            Self::Address => "an address: 0x and 40 hex digits".into(),
            Self::Bytes => "32 bytes: 0x and 64 hex digits".into(),
        }
    }

    /// Whether no message may show a value.
    #[must_use]
    pub fn is_secret(self) -> bool {
        matches!(self, Self::Hidden | Self::Secret | Self::Urls(_))
    }

    /// The value that a text of the environment or of a flag means; lists are by commas.
    ///
    /// # Errors
    /// With what was expected.
    pub fn read(self, text: &str) -> Result<Value, String> {
        let value = match self {
            Self::Truth => json!(text.parse::<bool>().map_err(|_| self.expected())?),
            Self::Number { .. } => json!(text.parse::<u64>().map_err(|_| self.expected())?),
            Self::Urls(_) => json!(text.split(',').map(str::trim).collect::<Vec<_>>()),
            _ => json!(text),
        };
        self.check(&value).map(|()| value)
    }

    /// Whether a value is one of its kind.
    ///
    /// # Errors
    /// With what was expected.
    pub fn check(self, value: &Value) -> Result<(), String> {
        let text = value.as_str();
        let fits = match self {
            Self::Text | Self::Hidden | Self::Secret | Self::File => text.is_some_and(|text| !text.is_empty()),
            Self::Truth => value.is_boolean(),
            Self::Number { least, most } => value.as_u64().is_some_and(|number| (least..=most).contains(&number)),
            Self::Word(words) => text.is_some_and(|text| words.contains(&text)),
            Self::Socket => text.is_some_and(|text| text.parse::<SocketAddr>().is_ok()),
            Self::Urls(begins) => value.as_array().is_some_and(|urls| {
                let sound = |url: &Value| url.as_str().is_some_and(|url| is_url(url, begins));
                !urls.is_empty() && urls.iter().all(sound)
            }),
            Self::Address => text.is_some_and(|text| text.parse::<EvmAddress>().is_ok()),
            Self::Bytes => text.is_some_and(|text| text.parse::<Word>().is_ok()),
        };
        if fits { Ok(()) } else { Err(self.expected()) }
    }
}

fn is_url(text: &str, begins: &[&str]) -> bool {
    begins.iter().any(|begin| text.starts_with(begin))
        && text.parse::<reqwest::Url>().is_ok_and(|url| url.host_str().is_some_and(|host| !host.is_empty()))
}

/// A text that may hold a secret: it is shown when somebody says so, and never by chance.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Hidden(String);

impl Hidden {
    /// The text.
    #[must_use]
    pub fn show(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("...")
    }
}
