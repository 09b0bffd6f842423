use super::{
    Duty, Row, SessionEventKind as E,
    table::{names, row},
};
use SessionState::{AcceptSent, Errored, Finalizing, Idle, OfferReceived, QuerySent, Settled};

names! {
    /// Where a session stands. Buyer and controller use the same names: what one of them sent, the other received.
    SessionState {
        /// Nothing was said.
        Idle = "Idle",
        /// The QUERY is out; an OFFER is due.
        QuerySent = "QuerySent",
        /// The OFFER is out; the buyer decides.
        OfferReceived = "OfferReceived",
        /// The buyer agreed; his payment is due.
        AcceptSent = "AcceptSent",
        /// Money is on its way or in escrow: only the chain ends this.
        Finalizing = "Finalizing",
        /// Paid, or split. For good.
        Settled = "Settled",
        /// Not paid, or paid back. For good; a retry is a new session.
        Errored = "Errored",
    }
}

impl SessionState {
    /// Whether nothing leads out of it.
    #[must_use]
    pub fn is_end(self) -> bool {
        matches!(self, Settled | Errored)
    }
}

names! {
    /// Whose session it is.
    Role {
        /// The buyer or his agent.
        Buyer = "buyer",
        /// The controller.
        Controller = "controller",
    }
}

impl Role {
    /// What a state means to this role.
    ///
    /// ```
    /// use tgp_protocol::session::{Role, SessionState};
    ///
    /// let state = SessionState::OfferReceived;
    /// assert_eq!(Role::Buyer.meaning(state), "OFFER received");
    /// assert_eq!(Role::Controller.meaning(state), "OFFER sent");
    /// ```
    #[must_use]
    pub fn meaning(self, state: SessionState) -> &'static str {
        match (self, state) {
            (Self::Buyer, QuerySent) => "QUERY sent",
            (Self::Controller, QuerySent) => "QUERY received",
            (Self::Buyer, OfferReceived) => "OFFER received",
            (Self::Controller, OfferReceived) => "OFFER sent",
            (Self::Buyer, AcceptSent) => "ACCEPT sent",
            (Self::Controller, AcceptSent) => "ACCEPT received",
            (_, Idle) => "nothing said",
            (_, Finalizing) => "payment seen",
            (_, Settled) => "settlement final",
            (_, Errored) => "ended without settlement",
        }
    }
}

const SAME: &str = "R-454, R-459: no payment is under way";
const PENDING: &str = "C-40: a payment may be under way, so the chain decides";

/// Every transition of a session.
///
/// ```
/// use tgp_protocol::session::{SESSIONS, SessionEventKind, SessionState};
///
/// // ends are never left, and no time ends a payment that may be under way
/// assert!(SESSIONS.iter().all(|row| !row.from.is_end()));
/// let timeouts = SESSIONS.iter().filter(|row| row.event == SessionEventKind::TimedOut);
/// assert!(timeouts.into_iter().all(|row| row.from != SessionState::Finalizing));
/// ```
pub const SESSIONS: &[Row<SessionState, E>] = &[
    row(Idle, E::Query, QuerySent, &[Duty::Snapshot], "R-450, R-546"),
    row(Idle, E::Failed, Errored, &[Duty::Record], "R-459"),
    row(QuerySent, E::Offer, OfferReceived, &[Duty::Snapshot], "R-451, R-546"),
    row(QuerySent, E::Reject, Errored, &[Duty::SendError, Duty::Record], "R-452"),
    row(QuerySent, E::TimedOut, Errored, &[Duty::SendError, Duty::Record], "R-452, R-464"),
    row(QuerySent, E::Failed, Errored, &[Duty::Record], "R-452, R-459"),
    row(OfferReceived, E::Accept, AcceptSent, &[], "R-453, C-11"),
    row(OfferReceived, E::Reject, Errored, &[Duty::SendError, Duty::Record], "R-454"),
    row(OfferReceived, E::TimedOut, Errored, &[Duty::Record], "R-465, C-46"),
    row(OfferReceived, E::Failed, Errored, &[Duty::Record], SAME),
    row(OfferReceived, E::Broadcast, Finalizing, &[], "C-11: through AcceptSent in one record"),
    row(OfferReceived, E::Locked, Finalizing, &[], "C-11: through AcceptSent in one record"),
    row(OfferReceived, E::Settle, OfferReceived, &[Duty::AskChain], "C-43: a SETTLE only asks for a look"),
    row(AcceptSent, E::Broadcast, Finalizing, &[], "R-455"),
    row(AcceptSent, E::Locked, Finalizing, &[], "R-455"),
    row(AcceptSent, E::Settle, AcceptSent, &[Duty::AskChain], "C-43"),
    row(AcceptSent, E::TimedOut, Errored, &[Duty::Record], "R-456, C-46"),
    row(AcceptSent, E::Failed, Errored, &[Duty::Record], "R-456, R-459"),
    row(Finalizing, E::Accept, Finalizing, &[], "C-11: an ACCEPT behind its payment changes nothing"),
    row(Finalizing, E::Broadcast, Finalizing, &[], "a replacement of the same payment"),
    row(Finalizing, E::Locked, Finalizing, &[], "C-46: tx_pending becomes escrow_open"),
    row(Finalizing, E::Reorged, Finalizing, &[Duty::AskChain], "what was seen is gone: tx_pending again"),
    row(Finalizing, E::Settle, Finalizing, &[Duty::AskChain], "R-457 by C-43"),
    row(Finalizing, E::Failed, Finalizing, &[Duty::AskChain], PENDING),
    row(Finalizing, E::Retried, Finalizing, &[], "R-466, R-458 by C-40: the timer runs again"),
    row(Finalizing, E::Paid, Settled, &[Duty::Snapshot, Duty::Record], "R-457, R-463 by C-43: final"),
    row(Finalizing, E::Split, Settled, &[Duty::Snapshot, Duty::Record], "order state 10: final"),
    row(Finalizing, E::Refunded, Errored, &[Duty::Record], "order state 8: final"),
    row(Finalizing, E::Dead, Errored, &[Duty::Record], "C-40: final, it can never be mined"),
];
