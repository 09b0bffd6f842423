use super::Bound;
use crate::value::{DomainName, Id, PathId, Timestamp};

/// What every message between gateways says, whichever it is.
pub trait Envelope {
    /// The request that it belongs to; opaque, and kept by every hop that does not hide its topology.
    fn request_id(&self) -> &Id;

    /// When it was sent.
    fn timestamp(&self) -> Timestamp;

    /// Who sent and signed it.
    fn sender(&self) -> &DomainName;

    /// The path that it names, if it names one.
    fn path_id(&self) -> Option<&PathId> {
        None
    }

    /// The ledger state and policy that it is bound to.
    fn bound(&self) -> Bound<'_> {
        Bound::default()
    }
}

/// Implements the three members of the common header.
macro_rules! header {
    () => {
        fn request_id(&self) -> &crate::value::Id {
            &self.request_id
        }

        fn timestamp(&self) -> crate::value::Timestamp {
            self.timestamp
        }

        fn sender(&self) -> &crate::value::DomainName {
            &self.sender
        }
    };
}

/// Implements [`Envelope::bound`] for messages with all four members.
macro_rules! bound {
    () => {
        fn bound(&self) -> crate::gateway::Bound<'_> {
            crate::gateway::Bound {
                sso_ids: &self.sso_ids,
                policy_hash: self.policy_hash,
                state_refs: &self.state_refs,
                tib: self.tib.as_deref(),
            }
        }
    };
}

/// Declares the builders of messages with these members.
macro_rules! bound_builders {
    ($($message:ty),+) => {$(
        impl $message {
            /// Bound to these ledger summaries.
            #[must_use]
            pub fn with_summaries(mut self, ids: Vec<crate::value::Id>) -> Self {
                self.sso_ids = ids;
                self
            }

            /// Under the policy of this hash.
            #[must_use]
            pub fn with_policy_hash(mut self, hash: crate::value::Sha256Digest) -> Self {
                self.policy_hash = Some(hash);
                self
            }

            /// With concrete blocks.
            #[must_use]
            pub fn with_state_refs(mut self, refs: Vec<crate::tib::StateRef>) -> Self {
                self.state_refs = refs;
                self
            }

            /// With the info block.
            #[must_use]
            pub fn with_tib(mut self, tib: crate::json::Kept<crate::tib::Tib>) -> Self {
                self.tib = Some(Box::new(tib));
                self
            }
        }
    )+};
}

pub(super) use {bound, bound_builders, header};
