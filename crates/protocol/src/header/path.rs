use super::Fields;
use crate::{
    Error, Reason, Result,
    value::{Id, PathId},
};
use std::fmt;

/// The header's name as it is written.
pub const TRANSACTION_PATH: &str = "transaction-path";
/// Names of earlier drafts, which are read as well.
const OLDER_NAMES: [&str; 2] = ["htlc-path", "value-path"];

const MOST_BYTES: usize = 1024;
const MOST_KEYS: usize = 8;

/// How far the payment is, as the sender of a request says.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PathStatus {
    /// A path is chosen.
    Selected,
    /// Value is locked.
    Locked,
    /// The service is being delivered.
    Serving,
    /// The secret is known.
    Proved,
    /// Value has moved.
    Settled,
    /// Value went back.
    Refunded,
}

impl PathStatus {
    /// Every status.
    pub const ALL: [Self; 6] =
        [Self::Selected, Self::Locked, Self::Serving, Self::Proved, Self::Settled, Self::Refunded];

    /// The word in the header.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Selected => "SELECTED",
            Self::Locked => "LOCKED",
            Self::Serving => "SERVING",
            Self::Proved => "PROVED",
            Self::Settled => "SETTLED",
            Self::Refunded => "REFUNDED",
        }
    }
}

/// Which payment a request belongs to. Whoever reads it looks the payment up: the header itself is nobody's word.
///
/// ```
/// use tgp_protocol::header::{Fields, PathStatus, TRANSACTION_PATH, TransactionPath};
///
/// let path = TransactionPath::parse("request_id=req-123; path_id=path-1; htlc_id=htlc-456; status=LOCKED")?;
/// assert_eq!(path.status, PathStatus::Locked);
/// assert_eq!(path.to_string(), "request_id=req-123; path_id=path-1; settlement_id=htlc-456; status=LOCKED");
///
/// // among the headers it has this name, or one of earlier drafts, and not both
/// let value = path.to_string();
/// assert_eq!(TransactionPath::read(Fields(&[("HTLC-Path", &value)]))?, Some(path));
/// assert!(TransactionPath::read(Fields(&[("HTLC-Path", &value), (TRANSACTION_PATH, &value)])).is_err());
/// assert_eq!(PathStatus::ALL.map(PathStatus::as_str)[1..3], ["LOCKED", "SERVING"]);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TransactionPath {
    /// The QUERY of plane G.
    pub request_id: Id,
    /// The path that was selected.
    pub path_id: PathId,
    /// The lock or settlement; `htlc_id` of earlier drafts.
    pub settlement_id: Id,
    /// How far it is.
    pub status: PathStatus,
}

impl TransactionPath {
    /// Finds the header under its name or an older one.
    ///
    /// # Errors
    /// With [`Reason::HeaderTwice`] when it is there under several names, or twice under one; otherwise as
    /// [`Self::parse`].
    pub fn read(fields: Fields<'_>) -> Result<Option<Self>> {
        let mut found = None;
        for name in std::iter::once(TRANSACTION_PATH).chain(OLDER_NAMES) {
            let Some(value) = fields.get(name)? else { continue };
            if found.is_some() {
                return Err(Error::from(Reason::HeaderTwice).within(name));
            }
            found = Some(Self::parse(value).map_err(|error| error.within(name))?);
        }
        Ok(found)
    }

    /// Reads the header's value: `key=value` pairs between semicolons, each key once, at most eight of them in 1 KiB.
    /// Keys that are not known are passed over.
    ///
    /// # Errors
    /// With the key that is missing, stands twice or does not hold what it should.
    pub fn parse(value: &str) -> Result<Self> {
        if value.len() > MOST_BYTES {
            return Err(Reason::HeaderTooLong.into());
        }
        let mut pairs: Vec<(&str, &str)> = Vec::with_capacity(MOST_KEYS);
        for part in value.split(';') {
            let (key, value) = part.trim_matches([' ', '\t']).split_once('=').ok_or(Reason::BadHeader)?;
            let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
            // one id under two keys is one key twice
            let key = if key == "htlc_id" { "settlement_id" } else { key };
            let twice = pairs.iter().any(|(other, _)| *other == key);
            if key.is_empty() || !key.bytes().all(plain) || twice || pairs.len() == MOST_KEYS {
                return Err(Reason::BadHeader.into());
            }
            pairs.push((key, value));
        }
        let text = |name: &'static str| {
            let found = pairs.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| *value).ok_or_else(|| Error::from(Reason::Missing).within(name))
        };
        let id = |name: &'static str| -> Result<Id> {
            text(name)?.parse().map_err(|reason: Reason| Error::from(reason).within(name))
        };
        let path_id = text("path_id")?.parse().map_err(|reason: Reason| Error::from(reason).within("path_id"))?;
        let status = text("status")?;
        let status = PathStatus::ALL.into_iter().find(|known| known.as_str() == status);
        let status = status.ok_or_else(|| Error::from(Reason::UnknownValue).within("status"))?;
        Ok(Self { request_id: id("request_id")?, path_id, settlement_id: id("settlement_id")?, status })
    }
}

impl fmt::Display for TransactionPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { request_id, path_id, settlement_id, status } = self;
        let status = status.as_str();
        write!(f, "request_id={request_id}; path_id={path_id}; settlement_id={settlement_id}; status={status}")
    }
}
