use super::table::names;
use crate::value::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

names! {
    /// What a session waits for.
    TimerKind {
        /// The OFFER.
        QuerySent = "QuerySent",
        /// The buyer's decision.
        OfferReceived = "OfferReceived",
        /// The payment.
        AcceptSent = "AcceptSent",
        /// A payment that is out, to be on the chain.
        TxPending = "tx_pending",
        /// An order or lock on the chain, to end.
        EscrowOpen = "escrow_open",
    }
}

names! {
    /// What is to be done when a timer is over.
    TimerAction {
        /// The session ends: apply `TimedOut`.
        Fail = "fail",
        /// Look whether the chain shows a payment. If it does, apply that; if it surely does not, apply `TimedOut`.
        AskChainThenFail = "ask chain, then fail",
        /// Call a human and send the very same bytes again, then apply `Retried`. The session goes on.
        AlarmAndRebroadcast = "alarm and broadcast again",
        /// Look at the chain for the end, claim or refund what is due, then apply `Retried`. The session goes on.
        AskChainAndCollect = "ask chain, collect what is due",
    }
}

/// How long a state may last, and what happens then.
///
/// ```
/// use std::time::Duration;
/// use tgp_protocol::session::{ESCROW_MARGIN, TIMERS, TimerAction, TimerKind, TimerRule};
///
/// let rule: &TimerRule = TimerKind::TxPending.rule();
/// assert_eq!((rule.after, rule.action), (Duration::from_mins(10), TimerAction::AlarmAndRebroadcast));
/// assert_eq!(TimerKind::EscrowOpen.rule().after, ESCROW_MARGIN);
/// // every timer has a row
/// assert_eq!(TIMERS.map(|rule| rule.kind), *TimerKind::ALL);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TimerRule {
    /// Which timer.
    pub kind: TimerKind,
    /// How long at most, counted from the event that starts it, or from the escrow's last deadline.
    pub after: Duration,
    /// What is to be done when it is over.
    pub action: TimerAction,
    /// Where this comes from.
    pub note: &'static str,
}

/// What an escrow gets beyond its last deadline before its session asks what became of it.
pub const ESCROW_MARGIN: Duration = Duration::from_mins(10);

/// Every timer of a session.
pub const TIMERS: [TimerRule; 5] = [
    rule(TimerKind::QuerySent, 30, TimerAction::Fail, "R-464"),
    rule(TimerKind::OfferReceived, 300, TimerAction::AskChainThenFail, "R-465, C-46: or at the offer's expiry"),
    rule(TimerKind::AcceptSent, 300, TimerAction::AskChainThenFail, "C-46"),
    rule(TimerKind::TxPending, 600, TimerAction::AlarmAndRebroadcast, "R-466 by C-46, C-40"),
    rule(
        TimerKind::EscrowOpen,
        ESCROW_MARGIN.as_secs(),
        TimerAction::AskChainAndCollect,
        "C-46: after the last deadline",
    ),
];

const fn rule(kind: TimerKind, seconds: u64, action: TimerAction, note: &'static str) -> TimerRule {
    TimerRule { kind, after: Duration::from_secs(seconds), action, note }
}

impl TimerKind {
    /// Its row.
    #[must_use]
    pub const fn rule(self) -> &'static TimerRule {
        // the rules stand in the order of the kinds
        &TIMERS[self as usize]
    }
}

/// A timer that runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Timer {
    /// Which.
    pub kind: TimerKind,
    /// The last instant in time.
    pub at: Timestamp,
}

impl Timer {
    /// A timer that starts now.
    pub(super) fn from_now(kind: TimerKind, now: Timestamp) -> Self {
        Self { kind, at: now.after(kind.rule().after) }
    }

    /// A timer of an offer: the protocol's time, or the offer's own if that is sooner.
    pub(super) fn of_offer(expires_at: Option<Timestamp>, now: Timestamp) -> Self {
        let full = Self::from_now(TimerKind::OfferReceived, now);
        Self { at: expires_at.map_or(full.at, |expiry| expiry.min(full.at)), ..full }
    }

    /// Whether its time is over: an action is still good at that instant, its fallback after it.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        now > self.at
    }
}

/// A timer that is over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Due {
    /// Which, and since when.
    pub timer: Timer,
    /// What is to be done.
    pub action: TimerAction,
}
