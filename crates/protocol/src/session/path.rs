use super::{
    Duty, FinalBlock, Row, SessionState, Transition,
    table::{names, row, step},
};
use crate::Result;
use std::fmt;

/// Where a path through gateways stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PathState {
    /// Asked for.
    Discover,
    /// Offered, with a price.
    Quoted,
    /// Chosen; locks may be under way.
    Selected,
    /// Locked from the payer to the payee.
    Locked,
    /// The service runs.
    Serving,
    /// The secret is known: whoever is owed can take.
    Proved,
    /// Every lock was taken.
    Settled,
    /// Every lock went back.
    Refunded,
    /// Over.
    Closed(PathEnd),
}

names! {
    /// How a path ended.
    PathEnd {
        /// Paid from end to end.
        Settled = "settled",
        /// Paid back from end to end.
        Refunded = "refunded",
        /// Nothing was ever locked.
        Abandoned = "abandoned",
        /// The alarm: the secret was known, and a lock that was owed went back.
        ClaimMissed = "claim missed",
    }
}

impl PathState {
    /// All of them, in the order of the documents.
    pub const ALL: &'static [Self] = &[
        Self::Discover,
        Self::Quoted,
        Self::Selected,
        Self::Locked,
        Self::Serving,
        Self::Proved,
        Self::Settled,
        Self::Refunded,
        Self::Closed(PathEnd::Settled),
        Self::Closed(PathEnd::Refunded),
        Self::Closed(PathEnd::Abandoned),
        Self::Closed(PathEnd::ClaimMissed),
    ];

    /// The name in documents and headers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Discover => "DISCOVER",
            Self::Quoted => "QUOTED",
            Self::Selected => "SELECTED",
            Self::Locked => "LOCKED",
            Self::Serving => "SERVING",
            Self::Proved => "PROVED",
            Self::Settled => "SETTLED",
            Self::Refunded => "REFUNDED",
            Self::Closed(_) => "CLOSED",
        }
    }
}

impl fmt::Display for PathState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed(end) => write!(f, "CLOSED ({end})"),
            other => f.write_str(other.as_str()),
        }
    }
}

names! {
    /// What messages and the journal do to a path.
    PathStep {
        /// A priced ADVERT.
        Advert = "ADVERT",
        /// SELECT.
        Select = "SELECT",
        /// LOCKED: everything below is locked.
        Locked = "LOCKED",
        /// The service began.
        Serve = "service begins",
        /// The secret, from PROOF or anywhere else.
        Proof = "PROOF",
        /// No quote was taken in time, or somebody refused.
        Abandon = "abandoned",
        /// The books are closed.
        Close = "closed",
    }
}

names! {
    /// Final facts about the locks of a path.
    PathFact {
        /// Every lock was taken.
        Settled = "settled, final",
        /// Every lock went back.
        Refunded = "refunded, final",
        /// No lock was made, and none can be made any more.
        NeverLocked = "never locked, final",
        /// A lock that was owed went back, although it was paid for or served.
        ClaimMissed = "claim missed, final",
    }
}

/// An event of the table of paths.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PathEvent {
    /// A message or a record.
    Step(PathStep),
    /// A fact in a final block.
    Fact(PathFact),
}

impl fmt::Display for PathEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Step(step) => fmt::Display::fmt(step, f),
            Self::Fact(fact) => fmt::Display::fmt(fact, f),
        }
    }
}

const fn by(from: PathState, event: PathStep, to: PathState, note: &'static str) -> Row<PathState, PathEvent> {
    row(from, PathEvent::Step(event), to, &[], note)
}

const fn final_fact(
    from: PathState,
    fact: PathFact,
    to: PathState,
    duties: &'static [Duty],
    note: &'static str,
) -> Row<PathState, PathEvent> {
    row(from, PathEvent::Fact(fact), to, duties, note)
}

/// Every transition of a path.
pub const PATHS: &[Row<PathState, PathEvent>] = {
    use PathState::{Closed, Discover, Locked, Proved, Quoted, Refunded, Selected, Serving, Settled};
    const REFUND: &str = "R-027, C-14: every lock is back";
    &[
        by(Discover, PathStep::Advert, Quoted, "R-026"),
        by(Discover, PathStep::Abandon, Closed(PathEnd::Abandoned), "nothing was locked"),
        by(Quoted, PathStep::Select, Selected, "R-026"),
        by(Quoted, PathStep::Abandon, Closed(PathEnd::Abandoned), "nothing was locked"),
        by(Selected, PathStep::Locked, Locked, "R-026: everything below is locked"),
        by(Selected, PathStep::Proof, Proved, "a secret that is known counts, wherever it came from"),
        final_fact(Selected, PathFact::Refunded, Refunded, &[], "C-14: the lock that was placed is back"),
        final_fact(
            Selected,
            PathFact::NeverLocked,
            Closed(PathEnd::Abandoned),
            &[],
            "nothing was locked, and nothing can be",
        ),
        by(Locked, PathStep::Serve, Serving, "R-026"),
        by(Locked, PathStep::Proof, Proved, "R-150: the arrow of 002"),
        final_fact(Locked, PathFact::Refunded, Refunded, &[], REFUND),
        by(Serving, PathStep::Proof, Proved, "R-026"),
        final_fact(Serving, PathFact::Refunded, Refunded, &[], REFUND),
        final_fact(Proved, PathFact::Settled, Settled, &[Duty::Record], "R-026, C-43"),
        final_fact(Proved, PathFact::Refunded, Refunded, &[], "C-14: nobody took a lock, so nothing is lost"),
        final_fact(
            Proved,
            PathFact::NeverLocked,
            Closed(PathEnd::Abandoned),
            &[],
            "the secret was shown elsewhere: nothing was locked, and nothing can be",
        ),
        final_fact(
            Proved,
            PathFact::ClaimMissed,
            Closed(PathEnd::ClaimMissed),
            &[Duty::Alarm, Duty::Record],
            "C-14: a loss is never called REFUNDED",
        ),
        by(Settled, PathStep::Close, Closed(PathEnd::Settled), "R-097"),
        by(Refunded, PathStep::Close, Closed(PathEnd::Refunded), "R-027"),
    ]
};

/// A path and where it stands.
///
/// ```
/// use tgp_protocol::{
///     Reason,
///     session::{FinalBlock, Path, PathEnd, PathFact, PathState, PathStep, SessionState, Transition},
/// };
///
/// let mut path = Path::discover();
/// for step in [PathStep::Advert, PathStep::Select, PathStep::Locked, PathStep::Serve, PathStep::Proof] {
///     path.apply(step)?;
/// }
/// assert_eq!((path.state(), path.state().as_str()), (PathState::Proved, "PROVED"));
/// assert_eq!(path.state().session_state(), SessionState::Finalizing);
///
/// // a message settles nothing: that takes every lock, taken in a final block
/// assert_eq!(path.apply(PathStep::Close).unwrap_err().reason(), Reason::WrongState);
/// let block = FinalBlock::check(900, 964)?;
/// let Transition { from, to, .. } = path.observe(PathFact::Settled, block)?;
/// assert_eq!((from, to), (PathState::Proved, PathState::Settled));
/// path.apply(PathStep::Close)?;
/// assert_eq!(path.state(), PathState::Closed(PathEnd::Settled));
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Path {
    state: PathState,
}

impl Path {
    /// A path that was asked for.
    #[must_use]
    pub const fn discover() -> Self {
        Self { state: PathState::Discover }
    }

    /// Where it stands.
    #[must_use]
    pub const fn state(self) -> PathState {
        self.state
    }

    /// A message or a record.
    ///
    /// # Errors
    /// With `INVALID_STATE` for what the table [`PATHS`] does not have.
    pub fn apply(&mut self, event: PathStep) -> Result<Transition<PathState>> {
        self.go(PathEvent::Step(event))
    }

    /// A fact of the chain, in a block that is final.
    ///
    /// # Errors
    /// As [`Self::apply`].
    pub fn observe(&mut self, fact: PathFact, _: FinalBlock) -> Result<Transition<PathState>> {
        self.go(PathEvent::Fact(fact))
    }

    fn go(&mut self, event: PathEvent) -> Result<Transition<PathState>> {
        let row = step(PATHS, &self.state, &event)?;
        self.state = row.to;
        Ok(Transition { from: row.from, through: None, to: row.to, duties: row.duties })
    }
}

impl PathState {
    /// The session's state that this one is, seen from plane B.
    #[must_use]
    pub fn session_state(self) -> SessionState {
        match self {
            Self::Discover => SessionState::QuerySent,
            Self::Quoted => SessionState::OfferReceived,
            Self::Selected => SessionState::AcceptSent,
            Self::Locked | Self::Serving | Self::Proved => SessionState::Finalizing,
            Self::Settled | Self::Closed(PathEnd::Settled) => SessionState::Settled,
            Self::Refunded | Self::Closed(PathEnd::Refunded | PathEnd::Abandoned | PathEnd::ClaimMissed) => {
                SessionState::Errored
            }
        }
    }
}
