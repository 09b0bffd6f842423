use crate::value::Timestamp;
use std::time::Duration;

/// The least time between two adverts for one destination to one peer.
pub const MIN_READVERTISE: Duration = Duration::from_secs(30);

const HALF_LIFE_MS: u64 = 15 * 60 * 1000;
/// What one flap adds.
const FLAP: u64 = 1000;
/// A path is suppressed from here on.
const SUPPRESS: u64 = 6000;
/// A suppressed path comes back below this.
const REUSE: u64 = 750;
/// The penalty never grows beyond this: four half-lives after its last flap, in an hour, every path is back.
const MOST: u64 = REUSE * 16 - 1;

/// How much a path that comes and goes is distrusted. The penalty halves every 15 minutes; only many flaps in a short
/// time suppress a path, as RFC 7196 advises.
///
/// ```
/// use std::time::Duration;
/// use tgp_protocol::{gateway::{Damping, MIN_READVERTISE}, value::Timestamp};
///
/// let start: Timestamp = "2025-12-01T10:00:00Z".parse()?;
/// let flap = |times: u32| {
///     let mut now = start;
///     let mut path = Damping::new(now);
///     for _ in 0..times {
///         now = now.after(MIN_READVERTISE);
///         path = path.flapped(now);
///     }
///     (path, now)
/// };
/// let (path, now) = flap(6);
/// assert!(!path.is_suppressed(now), "it may come and go six times");
/// let (path, now) = flap(7);
/// assert!(path.is_suppressed(now));
/// assert!(!path.is_suppressed(now.after(Duration::from_secs(3600))), "an hour of quiet, and it is back");
/// # Ok::<(), tgp_protocol::Reason>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Damping {
    penalty: u64,
    at: Timestamp,
    suppressed: bool,
}

impl Damping {
    /// A path that has not flapped.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self { penalty: 0, at: now, suppressed: false }
    }

    /// The path was withdrawn, or came with other attributes.
    #[must_use]
    pub fn flapped(self, now: Timestamp) -> Self {
        let penalty = (self.penalty_at(now) + FLAP).min(MOST);
        Self { penalty, at: now, suppressed: self.is_suppressed(now) || penalty >= SUPPRESS }
    }

    /// Whether the path must not be used or passed on now.
    #[must_use]
    pub fn is_suppressed(self, now: Timestamp) -> bool {
        self.suppressed && self.penalty_at(now) >= REUSE
    }

    /// Within a half-life the curve is a straight line: close enough, and the same on every machine.
    fn penalty_at(self, now: Timestamp) -> u64 {
        let passed = u64::try_from(now.millis().saturating_sub(self.at.millis())).unwrap_or(0);
        let halvings = u32::try_from(passed / HALF_LIFE_MS).unwrap_or(u32::MAX);
        let whole = self.penalty.checked_shr(halvings).unwrap_or(0);
        whole - whole * (passed % HALF_LIFE_MS) / (2 * HALF_LIFE_MS)
    }
}
