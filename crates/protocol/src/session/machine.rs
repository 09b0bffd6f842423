use super::{Dated, Due, End, Role, SESSIONS, SessionEvent, SessionState, Timer, TimerKind, Transition, table::step};
use crate::{
    Code, Error, Reason, Result,
    value::{Id, Timestamp},
};
use alloy_primitives::hex;

/// How a session ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The chain says how.
    Final(End),
    /// Somebody said no.
    Rejected,
    /// Somebody said nothing.
    TimedOut,
    /// Something failed before any payment was under way.
    Failed(Code),
}

/// One negotiation and its settlement, as one of the two sides sees it.
///
/// It changes by [`Session::apply`] alone. The events with their times are what a journal keeps: [`Session::replay`]
/// gives the same session again.
///
/// ```
/// use tgp_protocol::session::{Dated, Due, Role, Session, SessionEvent, SessionState, Timer, TimerAction, TimerKind};
/// use tgp_protocol::value::Timestamp;
///
/// let at = |time: &str| format!("2026-11-21T{time}Z").parse::<Timestamp>();
/// let journal = [
///     Dated { at: at("10:00:00")?, event: SessionEvent::Query { query_id: "q-1".parse()? } },
///     Dated { at: at("10:00:02")?, event: SessionEvent::Offer { offer_id: "offer-1".parse()?, expires_at: None } },
/// ];
/// let session = Session::replay("sess-1".parse()?, Role::Buyer, at("10:00:00")?, &journal)?;
/// assert_eq!((session.role(), session.state()), (Role::Buyer, SessionState::OfferReceived));
/// assert_eq!((session.created_at(), session.updated_at()), (at("10:00:00")?, at("10:00:02")?));
///
/// // the buyer has five minutes, to the last instant
/// let timer = Timer { kind: TimerKind::OfferReceived, at: at("10:05:02")? };
/// assert_eq!((session.timer(), session.timeout_at()), (Some(timer), Some(timer.at)));
/// assert!(!session.is_timed_out(timer.at));
/// let late = at("10:05:03")?;
/// assert!(session.is_timed_out(late) && timer.is_over(late));
/// assert_eq!(session.due(late), Some(Due { timer, action: TimerAction::AskChainThenFail }));
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Session {
    session_id: Id,
    role: Role,
    state: SessionState,
    query_id: Option<Id>,
    offer_id: Option<Id>,
    created_at: Timestamp,
    updated_at: Timestamp,
    timer: Option<Timer>,
    outcome: Option<Outcome>,
}

impl Session {
    /// A session of which nothing has happened yet.
    #[must_use]
    pub fn open(session_id: Id, role: Role, now: Timestamp) -> Self {
        Self {
            session_id,
            role,
            state: SessionState::Idle,
            query_id: None,
            offer_id: None,
            created_at: now,
            updated_at: now,
            timer: None,
            outcome: None,
        }
    }

    /// The session that these events made.
    ///
    /// # Errors
    /// As [`Self::apply`], for events that are not of one session's journal.
    pub fn replay<'e>(
        session_id: Id,
        role: Role,
        created_at: Timestamp,
        events: impl IntoIterator<Item = &'e Dated>,
    ) -> Result<Self> {
        let mut session = Self::open(session_id, role, created_at);
        for Dated { at, event } in events {
            session.apply(event.clone(), *at)?;
        }
        Ok(session)
    }

    /// Lets something happen, as the table [`SESSIONS`] says. Nothing changes when it is refused.
    ///
    /// # Errors
    /// With `INVALID_STATE` for what the table does not have, for a timeout before its time, and for another offer;
    /// with `TIMEOUT` or `QUOTE_EXPIRED` for a message after its deadline. Facts of the chain are never late.
    pub fn apply(&mut self, event: SessionEvent, now: Timestamp) -> Result<Transition<SessionState>> {
        let row = step(SESSIONS, &self.state, &event.kind())?;
        self.check(&event, now)?;
        let passes = row.from == SessionState::OfferReceived && row.to == SessionState::Finalizing;
        self.state = row.to;
        // a clock that was set back does not make a session older than its last event
        self.updated_at = self.updated_at.max(now);
        self.follow(event, now);
        let through = passes.then_some(SessionState::AcceptSent);
        Ok(Transition { from: row.from, through, to: row.to, duties: row.duties })
    }

    /// Refuses what comes too late, too early, or for another offer.
    fn check(&self, event: &SessionEvent, now: Timestamp) -> Result<()> {
        let over = self.is_timed_out(now);
        match event {
            SessionEvent::TimedOut if !over => Err(Reason::NotDue.into()),
            SessionEvent::Offer { .. } if over => Err(Reason::TooLate.into()),
            SessionEvent::Offer { expires_at: Some(expiry), .. } if *expiry <= now => {
                Err(Error::from(Reason::InThePast).within("expires_at"))
            }
            SessionEvent::Accept { offer_id } if self.offer_id.as_ref() != Some(offer_id) => {
                Err(Error::from(Reason::OtherOffer).within("offer_id"))
            }
            // behind its payment an ACCEPT may come at any time
            SessionEvent::Accept { .. } if over && self.state == SessionState::OfferReceived => {
                Err(Reason::InThePast.into())
            }
            _ => Ok(()),
        }
    }

    /// What the event brings along: ids, timers, the outcome.
    fn follow(&mut self, event: SessionEvent, now: Timestamp) {
        let escrow_is_open = self.timer.is_some_and(|timer| timer.kind == TimerKind::EscrowOpen);
        let start = |kind| Some(Timer::from_now(kind, now));
        match event {
            SessionEvent::Query { query_id } => {
                self.query_id = Some(query_id);
                self.timer = start(TimerKind::QuerySent);
            }
            SessionEvent::Offer { offer_id, expires_at } => {
                self.offer_id = Some(offer_id);
                self.timer = Some(Timer::of_offer(expires_at, now));
            }
            SessionEvent::Accept { .. } if self.state == SessionState::AcceptSent => {
                self.timer = start(TimerKind::AcceptSent);
            }
            // money that is locked does not become pending again by another broadcast
            SessionEvent::Broadcast { .. } if !escrow_is_open => self.timer = start(TimerKind::TxPending),
            SessionEvent::Locked { ends_at } => self.timer = Some(Timer::from_now(TimerKind::EscrowOpen, ends_at)),
            SessionEvent::Reorged => self.timer = start(TimerKind::TxPending),
            SessionEvent::Retried => {
                self.timer = self.timer.map(|timer| Timer::from_now(timer.kind, now));
            }
            SessionEvent::Reject => self.end(Outcome::Rejected),
            SessionEvent::TimedOut => self.end(Outcome::TimedOut),
            SessionEvent::Final { end, .. } => self.end(Outcome::Final(end)),
            // once a payment may be under way, an ERROR is only a reason to look at the chain
            SessionEvent::Failed { code } if self.state.is_end() => self.end(Outcome::Failed(code)),
            SessionEvent::Accept { .. }
            | SessionEvent::Broadcast { .. }
            | SessionEvent::Failed { .. }
            | SessionEvent::Settle => {}
        }
    }

    fn end(&mut self, outcome: Outcome) {
        self.timer = None;
        self.outcome = Some(outcome);
    }

    /// What the session's timer asks for, once it is over.
    #[must_use]
    pub fn due(&self, now: Timestamp) -> Option<Due> {
        let timer = self.timer.filter(|timer| timer.is_over(now))?;
        Some(Due { timer, action: timer.kind.rule().action })
    }

    /// Whether what the session waits for is overdue.
    #[must_use]
    pub fn is_timed_out(&self, now: Timestamp) -> bool {
        self.timer.is_some_and(|timer| timer.is_over(now))
    }

    /// Its id, which the OFFER names.
    #[must_use]
    pub fn session_id(&self) -> &Id {
        &self.session_id
    }

    /// Whose view this is.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> SessionState {
        self.state
    }

    /// The QUERY's id.
    #[must_use]
    pub fn query_id(&self) -> Option<&Id> {
        self.query_id.as_ref()
    }

    /// The OFFER's id.
    #[must_use]
    pub fn offer_id(&self) -> Option<&Id> {
        self.offer_id.as_ref()
    }

    /// When it began.
    #[must_use]
    pub fn created_at(&self) -> Timestamp {
        self.created_at
    }

    /// When something last happened.
    #[must_use]
    pub fn updated_at(&self) -> Timestamp {
        self.updated_at
    }

    /// The timer that runs.
    #[must_use]
    pub fn timer(&self) -> Option<Timer> {
        self.timer
    }

    /// The last instant in time for what it waits for.
    #[must_use]
    pub fn timeout_at(&self) -> Option<Timestamp> {
        self.timer.map(|timer| timer.at)
    }

    /// How it ended.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        self.outcome
    }
}

/// A session id as the documents write it: `sess-` and a UUID of version 4, made of 16 random bytes.
///
/// # Errors
/// Never: every 16 bytes make a valid id.
///
/// ```
/// use tgp_protocol::session::session_id;
///
/// assert_eq!(session_id([0xff; 16])?.as_str(), "sess-ffffffff-ffff-4fff-bfff-ffffffffffff");
/// # Ok::<(), tgp_protocol::Reason>(())
/// ```
pub fn session_id(mut random: [u8; 16]) -> Result<Id, Reason> {
    random[6] = random[6] & 0x0f | 0x40;
    random[8] = random[8] & 0x3f | 0x80;
    let digits = hex::encode(random);
    let (a, b, c, d, e) = (&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]);
    format!("sess-{a}-{b}-{c}-{d}-{e}").parse()
}
