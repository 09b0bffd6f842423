use super::{
    FinalBlock, GATEWAY, PAYEE, PAYER, Row, Transition,
    table::{names, step},
};
use crate::{
    Reason, Result,
    value::{HashLock, Secret},
};
use std::fmt;

names! {
    /// Whose leg it is: what he is owed, the incoming lock, and what he locked himself, the outgoing one.
    LegRole {
        /// Locks, and is owed a service: only an outgoing lock.
        Payer = "payer",
        /// Is owed what he locks for the next, and a fee.
        Gateway = "gateway",
        /// Serves and is owed: only an incoming lock.
        Payee = "payee",
    }
}

names! {
    /// Where a leg stands. What is called final is so by the chain's own rule.
    LegState {
        /// A price was named; nothing is locked.
        Quoted = "Quoted",
        /// The incoming lock was announced.
        InLockPending = "InLockPending",
        /// The incoming lock is final.
        InLockFinal = "InLockFinal",
        /// The outgoing lock is signed and in the journal; nobody knows whether it is out.
        OutReserved = "OutReserved",
        /// The outgoing lock is out.
        OutBroadcast = "OutBroadcast",
        /// The outgoing lock is final.
        OutLockFinal = "OutLockFinal",
        /// Everything below is locked, and the one above knows.
        Locked = "Locked",
        /// The secret is known: claiming comes before everything else.
        SecretKnown = "SecretKnown",
        /// What was owed has come, final; the outgoing lock has not ended yet.
        InClaimed = "InClaimed",
        /// The outgoing lock was taken, final; what is owed has not come yet.
        OutClaimed = "OutClaimed",
        /// The secret is known, and the outgoing lock is back or will never be made; what is owed has not come yet.
        OutReturned = "OutReturned",
        /// The outgoing lock's time is over and no secret is known: its refund is out.
        OutRefunding = "OutRefunding",
        /// The outgoing lock is dead: refunded, or never made and impossible. Now the incoming one may be given back.
        OutDead = "OutDead",
        /// The payee of the incoming lock has agreed to give it back.
        InReleased = "InReleased",
        /// The incoming lock went back while the outgoing one may still be taken, whether the secret is known or not.
        InGone = "InGone",
        /// The end: paid, as agreed.
        Settled = "Settled",
        /// The end: nobody paid.
        Refunded = "Refunded",
        /// The end: nothing was ever locked.
        Dead = "Dead",
        /// The end with a loss: what was owed went back, although it was paid for or served.
        ClaimMissed = "ClaimMissed",
    }
}

impl LegState {
    /// Whether nothing leads out of it.
    #[must_use]
    pub fn is_end(self) -> bool {
        matches!(self, Self::Settled | Self::Refunded | Self::Dead | Self::ClaimMissed)
    }
}

names! {
    /// What messages and the journal do to a leg.
    LegStep {
        /// SELECT: the incoming lock is announced.
        Select = "SELECT",
        /// The quote was not taken.
        Expire = "quote expired",
        /// The incoming lock will not be forwarded: policy, price or time changed.
        Refuse = "not forwarded",
        /// The outgoing lock is signed and stored, its money reserved.
        Reserve = "lock signed",
        /// The outgoing lock was sent.
        Broadcast = "lock broadcast",
        /// LOCKED came from below, or goes out to above.
        Locked = "LOCKED",
        /// The outgoing lock's time is over: its refund is stored.
        RefundOut = "refund signed",
        /// The consent to give the incoming lock back is stored.
        Release = "release signed",
    }
}

names! {
    /// Final facts about a leg's two locks.
    LegFact {
        /// The incoming lock stands, with every parameter as agreed.
        InLocked = "in locked",
        /// The incoming lock was not made, and cannot be made any more.
        InNeverLocked = "in never locked",
        /// The incoming lock was taken: what was owed has come, whoever sent the claim.
        InClaimed = "in claimed",
        /// The incoming lock went back.
        InRefunded = "in refunded",
        /// The outgoing lock stands.
        OutLocked = "out locked",
        /// The outgoing lock was not made, and cannot be made any more.
        OutNeverLocked = "out never locked",
        /// The outgoing lock was taken.
        OutClaimed = "out claimed",
        /// The outgoing lock came back.
        OutRefunded = "out refunded",
    }
}

/// An event of a table of legs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LegEvent {
    /// A message or a record.
    Step(LegStep),
    /// A fact in a final block.
    Fact(LegFact),
    /// The secret of the lock, from a message or from the chain, stored with the claim that uses it.
    Secret,
}

impl fmt::Display for LegEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Step(step) => fmt::Display::fmt(step, f),
            Self::Fact(fact) => write!(f, "{fact}, final"),
            Self::Secret => f.write_str("secret known"),
        }
    }
}

/// What one party locked and is owed on one path.
///
/// The order of a leg's records is what keeps its money whole: nothing goes out before what comes in is final, nothing
/// is given back before what went out is dead, and a secret that is known is used before anything else.
///
/// ```
/// use tgp_protocol::session::{Duty, FinalBlock, Leg, LegFact, LegRole, LegState, LegStep};
/// use tgp_protocol::value::Secret;
///
/// let secret = Secret::from([7; 32]);
/// let mut leg = Leg::quoted(LegRole::Payee, secret.hash_lock());
/// leg.apply(LegStep::Select)?;
/// leg.observe(LegFact::InLocked, FinalBlock::check(100, 132)?)?;
/// leg.apply(LegStep::Locked)?;
/// assert!(leg.learn(&Secret::from([8; 32])).is_err());
/// assert_eq!(leg.learn(&secret)?.duties, [Duty::Claim]);
/// leg.observe(LegFact::InClaimed, FinalBlock::check(140, 172)?)?;
/// assert_eq!(leg.state(), LegState::Settled);
/// assert!(leg.state().is_end());
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Leg {
    role: LegRole,
    hash_lock: HashLock,
    state: LegState,
}

impl Leg {
    /// A leg for which a price was named, and the hash under which both its locks are made.
    #[must_use]
    pub const fn quoted(role: LegRole, hash_lock: HashLock) -> Self {
        Self { role, hash_lock, state: LegState::Quoted }
    }

    /// The hash under which both locks are made.
    #[must_use]
    pub const fn hash_lock(self) -> HashLock {
        self.hash_lock
    }

    /// Whose it is.
    #[must_use]
    pub const fn role(self) -> LegRole {
        self.role
    }

    /// Where it stands.
    #[must_use]
    pub const fn state(self) -> LegState {
        self.state
    }

    /// A message or a record.
    ///
    /// # Errors
    /// With `INVALID_STATE` for what the role's table does not have.
    pub fn apply(&mut self, event: LegStep) -> Result<Transition<LegState>> {
        self.go(LegEvent::Step(event))
    }

    /// A fact of the chain, in a block that is final.
    ///
    /// # Errors
    /// As [`Self::apply`].
    pub fn observe(&mut self, fact: LegFact, _: FinalBlock) -> Result<Transition<LegState>> {
        self.go(LegEvent::Fact(fact))
    }

    /// The secret of the lock, wherever it came from.
    ///
    /// # Errors
    /// With [`Reason::WrongSecret`] for one that does not open the lock, else as [`Self::apply`].
    pub fn learn(&mut self, secret: &Secret) -> Result<Transition<LegState>> {
        if !secret.opens(&self.hash_lock) {
            return Err(Reason::WrongSecret.into());
        }
        self.go(LegEvent::Secret)
    }

    fn go(&mut self, event: LegEvent) -> Result<Transition<LegState>> {
        let row = step(self.role.table(), &self.state, &event)?;
        self.state = row.to;
        Ok(Transition { from: row.from, through: None, to: row.to, duties: row.duties })
    }
}

impl LegRole {
    /// Every transition of a leg of this role.
    ///
    /// ```
    /// use tgp_protocol::session::{Leg, LegEvent, LegRole, LegState, LegStep, Row};
    /// use tgp_protocol::value::Secret;
    ///
    /// // what may happen next to a leg, and where it leads
    /// let leg = Leg::quoted(LegRole::Gateway, Secret::from([7; 32]).hash_lock());
    /// let rows: &[Row<LegState, LegEvent>] = leg.role().table();
    /// let next: Vec<_> = rows.iter().filter(|row| row.from == leg.state()).map(|row| (row.event, row.to)).collect();
    /// let (select, expire) = (LegEvent::Step(LegStep::Select), LegEvent::Step(LegStep::Expire));
    /// assert_eq!(next, [(select, LegState::InLockPending), (expire, LegState::Dead)]);
    /// ```
    #[must_use]
    pub const fn table(self) -> &'static [Row<LegState, LegEvent>] {
        match self {
            Self::Payer => PAYER,
            Self::Gateway => GATEWAY,
            Self::Payee => PAYEE,
        }
    }
}
