use crate::{
    Error, Reason, Result,
    json::{self, Kept, Object, Value, from_value},
    session::{Session, SessionState},
    tagged_hash,
    value::{Id, Party, Sha256Digest, Timestamp},
};
use serde::{Deserialize, Serialize};

/// Who takes part in a session.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Participants {
    /// The buyer.
    pub buyer: Party,
    /// The seller.
    pub seller: Party,
    /// The controller between them.
    pub controller: Party,
}

/// Where a session stood at one moment: written when the QUERY came, when the OFFER went, and when it settled.
///
/// The documents call this and another object by one name. This one is about a session and is no ledger summary: there
/// is no way from the one to the other.
///
/// ```
/// use tgp_protocol::record::{Participants, SessionSnapshot};
/// use tgp_protocol::session::{Role, Session};
///
/// let session = Session::open("sess-1".parse()?, Role::Controller, "2026-11-21T10:00:00Z".parse()?);
/// let participants = Participants {
///     buyer: "buyer://alice.wallet".parse()?,
///     seller: "seller://store.example".parse()?,
///     controller: "controller://gateway.tbc".parse()?,
/// };
/// let snapshot = SessionSnapshot::of(&session, participants, "coreprover".parse()?, 1);
/// assert_eq!(*SessionSnapshot::from_object(snapshot.to_object()?)?.fields(), snapshot);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SessionSnapshot {
    /// The session.
    pub session_id: Id,
    /// Where it stood.
    pub state: SessionState,
    /// Its QUERY.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query_id: Option<Id>,
    /// Its OFFER.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer_id: Option<Id>,
    /// When it came there.
    pub timestamp: Timestamp,
    /// Who takes part.
    pub participants: Participants,
    /// By which way it is settled: `coreprover`, `x402`, `htlc`.
    pub settlement_path: Id,
    /// Counts a session's snapshots, from 1 on.
    pub version: u32,
}

const CHECKSUM: &str = "checksum";

impl SessionSnapshot {
    /// A snapshot of a session as it stands.
    #[must_use]
    pub fn of(session: &Session, participants: Participants, settlement_path: Id, version: u32) -> Self {
        Self {
            session_id: session.session_id().clone(),
            state: session.state(),
            query_id: session.query_id().cloned(),
            offer_id: session.offer_id().cloned(),
            timestamp: session.updated_at(),
            participants,
            settlement_path,
            version,
        }
    }

    /// The object with its checksum.
    ///
    /// # Errors
    /// With [`Reason::OutOfRange`] for version 0.
    pub fn to_object(&self) -> Result<Object> {
        self.check()?;
        let Value::Object(mut object) = json::to_value(self)? else { return Err(Reason::NotAnObject.into()) };
        let checksum = checksum(&object);
        object.insert(CHECKSUM, Value::String(checksum.to_string()));
        Ok(object)
    }

    /// Reads a snapshot whose checksum is right, over every member that it has, and keeps it as it came.
    ///
    /// # Errors
    /// With [`Reason::HashMismatch`] for another checksum, with [`Reason::Contradiction`] for a ledger summary, and with
    /// the field that is wrong.
    pub fn from_object(object: Object) -> Result<Kept<Self>> {
        if object.get("sso_id").is_some() {
            return Err(Error::from(Reason::Contradiction).within("sso_id"));
        }
        let snapshot = Kept::<Self>::from_object(object)?;
        snapshot.fields().check()?;
        let object = snapshot.object();
        let claimed = object.given(CHECKSUM).ok_or_else(|| Error::from(Reason::Missing).within(CHECKSUM))?;
        let claimed: Sha256Digest = from_value(claimed).map_err(|error| error.within(CHECKSUM))?;
        if claimed == checksum(object) { Ok(snapshot) } else { Err(Error::from(Reason::HashMismatch).within(CHECKSUM)) }
    }

    fn check(&self) -> Result<()> {
        if self.version == 0 { Err(Error::from(Reason::OutOfRange).within("version")) } else { Ok(()) }
    }
}

fn checksum(object: &Object) -> Sha256Digest {
    tagged_hash("TGP/0.1/snapshot", [object.canonical_without(&[CHECKSUM]).as_slice()]).into()
}
