use super::NodeError;
use std::time::Duration;
use tokio::time::Instant;

/// How a node did lately.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Health {
    failures: u32,
    rests_until: Option<Instant>,
}

impl Health {
    /// When it may be asked again; nothing: now.
    pub(super) fn rests_until(&self, now: Instant) -> Option<Instant> {
        self.rests_until.filter(|until| *until > now)
    }

    pub(super) fn failures(&self) -> u32 {
        self.failures
    }

    pub(super) fn did_well(&mut self) {
        *self = Self::default();
    }

    /// Rests after a failure, twice as long each time. Asking for too much, or for a block that is not there yet, is no
    /// failure of the node.
    pub(super) fn failed(&mut self, error: &NodeError, first: Duration, longest: Duration, now: Instant) {
        let asked = match error {
            NodeError::TooLarge(_) | NodeError::Missing | NodeError::Unsupported(_) => return,
            NodeError::RateLimited { wait } => wait.unwrap_or_default(),
            NodeError::Transient(_) | NodeError::Wrong(_) => Duration::ZERO,
        };
        let doubled = first.saturating_mul(1_u32 << self.failures.min(16));
        self.failures = self.failures.saturating_add(1);
        self.rests_until = Some(now + doubled.max(asked).min(longest));
    }
}
