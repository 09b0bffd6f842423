use super::{
    Envelope, LockRef, Select,
    envelope::{bound, bound_builders, header},
};
use crate::{
    Error, Reason, Result,
    json::Kept,
    tib::{StateRef, Tib, Verb},
    value::{DomainName, Id, PathId, Sha256Digest, Timestamp},
    wire::{Kind, Message},
};
use serde::{Deserialize, Serialize};

/// LOCKED: your lock is verified, and everything below me is locked. The payee of a lock sends it to the payer; the
/// service begins when the client has it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Locked {
    /// That of the query.
    pub request_id: Id,
    /// When it was sent.
    pub timestamp: Timestamp,
    /// Who sent and signed it.
    pub sender: DomainName,
    /// The selected path.
    pub path_id: PathId,
    /// The sender's name for the lock.
    pub htlc_id: Id,
    /// Always `LOCKED`.
    pub status: LockedStatus,
    /// The lock, as SELECT named it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lock_ref: Option<LockRef>,
    /// Those of the quote.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sso_ids: Vec<Id>,
    /// That of the quote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_hash: Option<Sha256Digest>,
    /// Concrete blocks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub state_refs: Vec<StateRef>,
    /// Value, identity and policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tib: Option<Box<Kept<Tib>>>,
}

/// The only thing that LOCKED says.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum LockedStatus {
    /// Verified and final.
    #[default]
    Locked,
}

impl Locked {
    /// The answer to a selection; bound to what the selection is bound to.
    #[must_use]
    pub fn answering(select: &Select, timestamp: Timestamp, sender: DomainName, htlc_id: Id) -> Self {
        Self {
            request_id: select.request_id.clone(),
            timestamp,
            sender,
            path_id: select.path_id.clone(),
            htlc_id,
            status: LockedStatus::Locked,
            lock_ref: select.lock_ref,
            sso_ids: select.bound().summaries().into_iter().cloned().collect(),
            policy_hash: select.bound().policy_hash(),
            state_refs: Vec::new(),
            tib: None,
        }
    }

    /// Checks the answer to one's own selection: the same request, path, lock, summaries and policy.
    ///
    /// # Errors
    /// With the field that is another.
    pub fn check_against(&self, select: &Select) -> Result<()> {
        let other = |name: &'static str| Err(Error::from(Reason::OtherExchange).within(name));
        if self.request_id != select.request_id {
            return other("request_id");
        }
        if self.path_id != select.path_id {
            return other("path_id");
        }
        let same_lock = match (&self.lock_ref, &select.lock_ref) {
            (Some(mine), Some(theirs)) => mine.is(theirs),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        if !same_lock {
            return other("lock_ref");
        }
        self.bound().check_same(&select.bound())
    }
}

impl Message for Locked {
    const KIND: Kind = Kind::Locked;

    fn check(&self) -> Result<()> {
        if let Some(lock) = &self.lock_ref {
            lock.check().map_err(|error| error.within("lock_ref"))?;
        }
        self.bound().check_for(Verb::Locked)
    }
}

impl Envelope for Locked {
    header!();
    bound!();

    fn path_id(&self) -> Option<&PathId> {
        Some(&self.path_id)
    }
}

bound_builders!(Locked);
