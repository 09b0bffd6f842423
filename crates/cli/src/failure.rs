use std::fmt::{self, Display};

/// Why the command ends otherwise than it should.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What it was told makes no sense: nothing was begun.
    Told(Vec<Wrong>),
    /// Something on its way.
    Run(String),
    /// What was asked for is not so; it was said already.
    Found,
}

/// One thing that somebody said, and that is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Wrong {
    /// Where: a file and a line, a variable, or a flag.
    pub(crate) place: String,
    /// The key.
    pub(crate) key: String,
    /// What is wrong, and what to do. No value of a secret.
    pub(crate) what: String,
}

pub(crate) type Result<T, E = Failure> = std::result::Result<T, E>;

impl Failure {
    pub(crate) fn run(at: impl Display, error: impl Display) -> Self {
        Self::Run(format!("{at}: {error}"))
    }

    pub(crate) fn told(place: impl Into<String>, key: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Told(vec![Wrong { place: place.into(), key: key.into(), what: what.into() }])
    }

    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::Told(_) => 2,
            Self::Run(_) | Self::Found => 1,
        }
    }
}

impl Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [&self.place, &self.key, &self.what];
        let parts: Vec<&str> = parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        f.write_str(&parts.join(": "))
    }
}
