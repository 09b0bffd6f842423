use std::time::{SystemTime, UNIX_EPOCH};

/// What the follower of a chain says of itself. It writes through a [`tokio::sync::watch`] channel, once for each step;
/// what serves reads, and takes every message as news of the store.
///
/// ```
/// use coreprover_indexer::serve::Status;
///
/// let status = Status { head: 90, head_time: 1_000, node_head: 100, ..Status::default() };
/// assert_eq!(status.behind(), 10);
/// assert_eq!(status.lag(1_020), 20);
/// // a chain without new blocks is no lag of ours
/// let done = Status { head: 100, ..status };
/// assert_eq!((done.behind(), done.lag(5_000)), (0, 0));
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Status {
    /// The last block in the store.
    pub head: u64,
    /// Its time, in seconds since 1970.
    pub head_time: u64,
    /// The last block that is final.
    pub last_final: u64,
    /// The newest block that a node showed.
    pub node_head: u64,
    /// Whether a node answers.
    pub connected: bool,
    /// When one last did, in seconds since 1970; 0: never.
    pub heard_at: u64,
    /// Why the follower has stopped for good.
    pub stopped: Option<String>,
    /// How many events were indexed since the program began.
    pub events: u64,
    /// How often blocks were taken back since then.
    pub reorgs: u64,
    /// The most blocks that were taken back at once.
    pub deepest_reorg: u64,
    /// How many questions to nodes failed.
    pub rpc_errors: u64,
}

impl Status {
    /// How many blocks the store lacks.
    #[must_use]
    pub fn behind(&self) -> u64 {
        self.node_head.saturating_sub(self.head)
    }

    /// How many seconds old the store's last block is, where it lacks any.
    #[must_use]
    pub fn lag(&self, now: u64) -> u64 {
        if self.behind() == 0 { 0 } else { now.saturating_sub(self.head_time) }
    }
}

/// Seconds since 1970.
pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
