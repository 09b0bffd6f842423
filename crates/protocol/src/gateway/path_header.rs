use crate::{
    Error, Reason, Result,
    value::{Id, PathId},
};
use std::fmt;

const MOST_BYTES: usize = 1024;
const MOST_KEYS: usize = 8;

/// The header that ties a request for a service to its payment: `transaction-path`. It tells which, and authorises
/// nothing.
///
/// ```
/// use tgp_protocol::gateway::PathHeader;
///
/// let header = PathHeader::parse("request_id=req-123; path_id=path-1; htlc_id=htlc-456; status=LOCKED")?;
/// assert_eq!(header.to_string(), "request_id=req-123; path_id=path-1; settlement_id=htlc-456; status=LOCKED");
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PathHeader {
    /// The request.
    pub request_id: Id,
    /// The selected path.
    pub path_id: PathId,
    /// The lock or payment; `htlc_id` is its former name.
    pub settlement_id: Id,
    /// The state of the path.
    pub status: Id,
}

impl PathHeader {
    /// The header's name.
    pub const NAME: &'static str = "transaction-path";

    /// Its name and its former ones, which are read too.
    pub const NAMES: [&'static str; 3] = [Self::NAME, "htlc-path", "value-path"];

    /// Reads the value of the header. Keys that this version does not know are passed over.
    ///
    /// # Errors
    /// With the key that is missing, twice there, or wrong; with [`Reason::BadPathHeader`] when it is no header.
    pub fn parse(text: &str) -> Result<Self> {
        if text.len() > MOST_BYTES || text.split(';').count() > MOST_KEYS {
            return Err(Reason::BadPathHeader.into());
        }
        let mut pairs: Vec<(&str, &str)> = Vec::with_capacity(MOST_KEYS);
        for pair in text.split(';') {
            let (key, value) = pair.trim().split_once('=').ok_or(Reason::BadPathHeader)?;
            if key.is_empty() || value.is_empty() || pairs.iter().any(|(other, _)| *other == key) {
                return Err(Reason::BadPathHeader.into());
            }
            pairs.push((key, value));
        }
        let of = |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
        let settlement = match (of("settlement_id"), of("htlc_id")) {
            (Some(now), Some(once)) if now != once => {
                return Err(Error::from(Reason::Contradiction).within("htlc_id"));
            }
            (Some(id), _) | (None, Some(id)) => Some(id),
            (None, None) => None,
        };
        Ok(Self {
            request_id: read("request_id", of("request_id"))?,
            path_id: read("path_id", of("path_id"))?,
            settlement_id: read("settlement_id", settlement)?,
            status: read("status", of("status"))?,
        })
    }
}

fn read<T: std::str::FromStr<Err = Reason>>(name: &'static str, text: Option<&str>) -> Result<T> {
    text.ok_or(Reason::Missing).and_then(str::parse).map_err(|reason| Error::from(reason).within(name))
}

impl fmt::Display for PathHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { request_id, path_id, settlement_id, status } = self;
        write!(f, "request_id={request_id}; path_id={path_id}; settlement_id={settlement_id}; status={status}")
    }
}
