//! Which states of the three machines belong to each other.

use super::{LegState, PathEnd, PathState, SessionState};

/// ```
/// use tgp_protocol::session::{LegState, PathState, SessionState};
///
/// // the secret is known to the leg: the path must have it too, and the session waits for the chain
/// assert!(LegState::SecretKnown.agrees_with(PathState::Proved));
/// assert!(PathState::Proved.agrees_with(SessionState::Finalizing));
/// // these cannot be one payment: look at the chain
/// assert!(!LegState::SecretKnown.agrees_with(PathState::Locked));
/// assert!(!PathState::ALL.iter().any(|path| path.agrees_with(SessionState::Idle)));
/// ```
impl PathState {
    /// Whether a path in this state and a session in that one can be the same payment.
    ///
    /// They are the ones of [`Self::session_state`]; besides, a session sees the first lock of a path as soon as it is
    /// made, while the path is `SELECTED` until all are; and a secret may be known before the session sees a lock.
    #[must_use]
    pub fn agrees_with(self, session: SessionState) -> bool {
        session == self.session_state()
            || (self, session) == (Self::Selected, SessionState::Finalizing)
            || (self, session) == (Self::Proved, SessionState::AcceptSent)
    }
}

impl LegState {
    /// Whether a leg in this state and a path in that one can be the same payment.
    #[must_use]
    pub fn agrees_with(self, path: PathState) -> bool {
        match self {
            Self::Quoted => path == PathState::Quoted,
            Self::InLockPending | Self::InLockFinal | Self::OutReserved | Self::OutBroadcast | Self::OutLockFinal => {
                path == PathState::Selected
            }
            Self::Locked => matches!(path, PathState::Locked | PathState::Serving),
            // a refund on its way changes no path
            Self::OutRefunding | Self::OutDead => {
                matches!(path, PathState::Selected | PathState::Locked | PathState::Serving)
            }
            // nor does a secret that comes too late to be used
            Self::InReleased | Self::InGone => {
                matches!(path, PathState::Selected | PathState::Locked | PathState::Serving | PathState::Proved)
            }
            Self::SecretKnown | Self::InClaimed | Self::OutClaimed | Self::OutReturned => path == PathState::Proved,
            Self::Settled => matches!(path, PathState::Settled | PathState::Closed(PathEnd::Settled)),
            Self::Refunded => matches!(path, PathState::Refunded | PathState::Closed(PathEnd::Refunded)),
            Self::Dead => path == PathState::Closed(PathEnd::Abandoned),
            Self::ClaimMissed => path == PathState::Closed(PathEnd::ClaimMissed),
        }
    }
}
