use crate::{Error, Reason, Result, chain_profile::Delays, value::Timestamp};
use std::time::Duration;

/// The longest that a client's money may be locked, where an operator names no other time.
pub const MAX_LOCK: Duration = Duration::from_secs(24 * 60 * 60);

fn seconds(parts: &[u32]) -> Duration {
    sum(parts.iter().map(|part| Duration::from_secs((*part).into())))
}

/// Never overflows: an endless time fails the checks that follow.
fn sum(times: impl IntoIterator<Item = Duration>) -> Duration {
    times.into_iter().fold(Duration::ZERO, Duration::saturating_add)
}

/// How much earlier a gateway's outgoing lock must end than its incoming one: `D`.
///
/// The last claim below can carry a block time just before the outgoing lock ends. The gateway sees it `observation`
/// and `clock` later, may be down for `outage`, and then must bring its own claim into the incoming chain (`inclusion`)
/// for good (`reorg`), by that chain's clock, even when it is kept out for `censorship`. Of the two chains' `outage` and
/// `slack` the larger one counts: there is one gateway.
#[must_use]
pub fn distance(incoming: &Delays, outgoing: &Delays) -> Duration {
    let (seen, claim) = (outgoing, incoming);
    let own = [seen.outage.max(claim.outage), seen.slack.max(claim.slack)];
    seconds(&[seen.observation, seen.clock])
        + seconds(&own)
        + seconds(&[claim.inclusion, claim.reorg, claim.clock, claim.censorship])
}

/// What the payee needs between its lock and its end: the service, and then its claim.
#[must_use]
pub fn payee_budget(service: Duration, chain: &Delays) -> Duration {
    service.saturating_add(seconds(&[chain.inclusion, chain.reorg, chain.clock, chain.censorship]))
}

/// The last time at which the payee may show its secret: later, the claim could come after the lock's end.
#[must_use]
pub fn last_reveal(timeout: Timestamp, chain: &Delays) -> Timestamp {
    before(timeout, payee_budget(Duration::ZERO, chain))
}

fn before(time: Timestamp, by: Duration) -> Timestamp {
    Timestamp::from_millis(time.millis().saturating_sub(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
}

/// What a gateway knows when it decides whether to lock.
///
/// ```
/// use std::time::Duration;
/// use tgp_protocol::{Code, chain_profile::Delays, gateway::{HopTimes, distance, payee_budget}};
///
/// let chain = Delays { observation: 1, clock: 0, outage: 25, slack: 3, inclusion: 1, reorg: 0, censorship: 0 };
/// assert_eq!(distance(&chain, &chain), Duration::from_secs(30));
/// let times = HopTimes {
///     now: "2025-12-01T10:00:06Z".parse()?,
///     timeout_in: "2025-12-01T10:05:00Z".parse()?,
///     timeout_out: "2025-12-01T10:04:30Z".parse()?,
///     incoming_final: true,
///     incoming: chain,
///     outgoing: chain,
///     outgoing_finality: Duration::ZERO,
///     below: payee_budget(Duration::from_secs(60), &chain),
/// };
/// assert_eq!(times.check()?, "2025-12-01T10:00:07Z".parse()?, "the lock must be in a block by then");
///
/// // no value goes out before what pays for it is there for good
/// let early = HopTimes { incoming_final: false, ..times };
/// assert_eq!(early.check().unwrap_err().code(), Code::NotFinal);
/// let late = HopTimes { now: "2025-12-01T10:04:00Z".parse()?, ..times };
/// assert_eq!(late.check().unwrap_err().code(), Code::InsufficientTimelock);
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HopTimes {
    /// Now, by the gateway's clock.
    pub now: Timestamp,
    /// When the incoming lock ends.
    pub timeout_in: Timestamp,
    /// When the outgoing lock shall end.
    pub timeout_out: Timestamp,
    /// Whether the incoming lock is final.
    pub incoming_final: bool,
    /// The chain of the incoming lock.
    pub incoming: Delays,
    /// The chain of the outgoing lock.
    pub outgoing: Delays,
    /// Until the outgoing lock is final, once it is in a block.
    pub outgoing_finality: Duration,
    /// What everybody below needs: the distances of the gateways, and the payee's budget.
    pub below: Duration,
}

impl HopTimes {
    /// Checks whether the outgoing lock is safe, and says until when it may enter its chain.
    ///
    /// # Errors
    /// With `INSUFFICIENT_TIMELOCK` at `timeout` when there is too little time between the locks or below, and
    /// `NOT_FINAL` at `lock_ref` while the incoming lock is not final: no value goes out before it.
    pub fn check(&self) -> Result<Timestamp> {
        let little = || Err(Error::from(Reason::TooLittleTime).within("timeout"));
        if self.timeout_out.after(distance(&self.incoming, &self.outgoing)) > self.timeout_in {
            return little();
        }
        if !self.incoming_final {
            return Err(Error::from(Reason::IncomingNotFinal).within("lock_ref"));
        }
        let inclusion = seconds(&[self.outgoing.inclusion]);
        if self.now.after(sum([inclusion, self.outgoing_finality, self.below])) > self.timeout_out {
            return little();
        }
        Ok(self.now.after(inclusion))
    }
}

/// One lock of a path, from the client down.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Plan {
    /// Its chain.
    pub chain: Delays,
    /// Until it is final, once it is in a block.
    pub finality: Duration,
}

impl Plan {
    /// The ends of all locks of a path, from the client's down, so that every gateway accepts them when each lock
    /// takes as long as its chain may take.
    ///
    /// # Errors
    /// With [`Reason::TooMuchTime`] at `timeout` when the client's money would be locked for longer than `most`.
    pub fn timeouts(now: Timestamp, locks: &[Self], service: Duration, most: Duration) -> Result<Vec<Timestamp>> {
        let Some(last) = locks.last() else { return Ok(Vec::new()) };
        let locking = sum(locks.iter().flat_map(|lock| [seconds(&[lock.chain.inclusion]), lock.finality]));
        let mut time = now.after(locking.saturating_add(payee_budget(service, &last.chain)));
        let mut times = vec![time];
        for pair in locks.windows(2).rev() {
            time = time.after(distance(&pair[0].chain, &pair[1].chain));
            times.push(time);
        }
        if now.after(most) < time {
            return Err(Error::from(Reason::TooMuchTime).within("timeout"));
        }
        times.reverse();
        Ok(times)
    }
}
