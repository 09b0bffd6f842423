use super::{End, FinalBlock, table::names};
use crate::{
    Code,
    value::{Id, Timestamp, Word},
};
use serde::{Deserialize, Serialize};

/// What happens to a session. Money facts that end it need a [`FinalBlock`]; everything else is a message, a timer or a
/// first sight of a payment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum SessionEvent {
    /// The QUERY.
    Query {
        /// Its id.
        query_id: Id,
    },
    /// The OFFER.
    Offer {
        /// Its id.
        offer_id: Id,
        /// When the offer ends, where it says so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expires_at: Option<Timestamp>,
    },
    /// The buyer agrees.
    Accept {
        /// To what.
        offer_id: Id,
    },
    /// The controller refuses the QUERY, or the buyer the OFFER.
    Reject,
    /// A transaction that pays is out: our own, or one that a node of the chain has. What a peer says about his is a
    /// [`Self::Settle`].
    Broadcast {
        /// Its hash.
        tx: Word,
    },
    /// The chain shows the money locked, final or not.
    Locked {
        /// The last deadline of the order or lock: commitment and claim window.
        ends_at: Timestamp,
    },
    /// What the chain showed is not there any more.
    Reorged,
    /// A SETTLE message, whoever sent it.
    Settle,
    /// What the timer of a payment under way asked for is done.
    Retried,
    /// The state's time is over.
    TimedOut,
    /// An ERROR message, or a failure of our own. One whose code says that a payment is out and not final yet fails
    /// nothing: it only asks for a look at the chain, as a [`Self::Settle`] does.
    Failed {
        /// Which.
        code: Code,
    },
    /// A final fact of the chain, about a payment that was [`Self::Broadcast`] or [`Self::Locked`] before.
    Final {
        /// How it ended.
        end: End,
        /// Where.
        block: FinalBlock,
    },
}

names! {
    /// The events of the table of sessions.
    SessionEventKind {
        /// [`SessionEvent::Query`]
        Query = "QUERY",
        /// [`SessionEvent::Offer`]
        Offer = "OFFER",
        /// [`SessionEvent::Accept`]
        Accept = "ACCEPT",
        /// [`SessionEvent::Reject`]
        Reject = "rejected",
        /// [`SessionEvent::Broadcast`]
        Broadcast = "broadcast",
        /// [`SessionEvent::Locked`]
        Locked = "locked on chain",
        /// [`SessionEvent::Reorged`]
        Reorged = "reorged",
        /// [`SessionEvent::Settle`]
        Settle = "SETTLE",
        /// [`SessionEvent::Retried`]
        Retried = "retried",
        /// [`SessionEvent::TimedOut`]
        TimedOut = "timed out",
        /// [`SessionEvent::Failed`]
        Failed = "ERROR",
        /// [`End::Paid`]
        Paid = "paid, final",
        /// [`End::Split`]
        Split = "split, final",
        /// [`End::Refunded`]
        Refunded = "refunded, final",
        /// [`End::Dead`]
        Dead = "dead, final",
    }
}

impl SessionEvent {
    /// Its row in the table.
    ///
    /// ```
    /// use tgp_protocol::{
    ///     Code,
    ///     session::{SessionEvent, SessionEventKind},
    /// };
    ///
    /// let kind = |code| SessionEvent::Failed { code }.kind();
    /// assert_eq!(kind(Code::Internal), SessionEventKind::Failed);
    /// // it says that a payment is out: a reason to look at the chain, no failure
    /// assert_eq!(kind(Code::SettlementPending), SessionEventKind::Settle);
    /// ```
    #[must_use]
    pub fn kind(&self) -> SessionEventKind {
        use SessionEventKind as Kind;
        match self {
            Self::Query { .. } => Kind::Query,
            Self::Offer { .. } => Kind::Offer,
            Self::Accept { .. } => Kind::Accept,
            Self::Reject => Kind::Reject,
            Self::Broadcast { .. } => Kind::Broadcast,
            Self::Locked { .. } => Kind::Locked,
            Self::Reorged => Kind::Reorged,
            Self::Settle | Self::Failed { code: Code::SettlementPending | Code::NotFinal } => Kind::Settle,
            Self::Retried => Kind::Retried,
            Self::TimedOut => Kind::TimedOut,
            Self::Failed { .. } => Kind::Failed,
            Self::Final { end: End::Paid, .. } => Kind::Paid,
            Self::Final { end: End::Split, .. } => Kind::Split,
            Self::Final { end: End::Refunded, .. } => Kind::Refunded,
            Self::Final { end: End::Dead, .. } => Kind::Dead,
        }
    }
}

/// An event and when it was applied: what the journal keeps of a session.
///
/// ```
/// use tgp_protocol::{
///     json,
///     session::{Dated, SessionEvent},
/// };
///
/// let text = br#"{"at":"2026-11-21T10:00:00Z","event":"query","query_id":"q-1"}"#;
/// let dated: Dated = json::from_value(&json::parse(text)?)?;
/// assert_eq!(dated.event, SessionEvent::Query { query_id: "q-1".parse()? });
/// assert_eq!(json::to_value(&dated)?.canonical(), text);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Dated {
    /// When.
    pub at: Timestamp,
    /// What.
    #[serde(flatten)]
    pub event: SessionEvent,
}
