//! Following one chain until somebody says stop, and saying how it goes.

use super::{
    chain::Known,
    connect::{NotHere, connect},
    signal::Stop,
    watched::{Noted, Watched},
};
use coreprover_indexer::{
    Chain, Follower, IndexError, Step,
    node::{Endpoints, Heads},
};
use coreprover_store::{ChainStore, StoreError};
use std::{future::ready, sync::Arc, time::Duration};
use tokio::{sync::Notify, time::sleep};

/// No pause after failures is longer.
const LONGEST: Duration = Duration::from_secs(30);

/// One chain on its way into a store.
pub(super) struct Following<S> {
    pub(super) store: S,
    pub(super) known: Known,
    pub(super) noted: Arc<Noted>,
    pub(super) stop: Stop,
}

impl<S: ChainStore> Following<S> {
    /// Follows until stop is said.
    ///
    /// # Errors
    /// With what does not pass by itself, which `/ready` says from then on.
    pub(super) async fn run(self) -> Result<(), String> {
        let number = self.known.chain.number;
        let ended = loop {
            let opened = tokio::select! {
                biased;
                () = self.stop.said() => break Ok(()),
                opened = self.open() => opened,
            };
            let mut follower = match opened {
                Ok(follower) => follower,
                Err(why) => break Err(why),
            };
            match self.follow(&mut follower).await {
                // somebody has it begun anew right now
                Err(IndexError::Store(StoreError::UnknownChain(_))) => {
                    tracing::warn!(chain = number, "the chain was reset: it is opened again");
                }
                ended => break ended.map_err(|error| told(number, &error)),
            }
        };
        if let Err(why) = &ended {
            tracing::error!(chain = number, why, "this chain is followed no more");
            self.noted.status.send_modify(|status| status.stopped = Some(why.clone()));
        }
        ended
    }

    /// Checks the nodes and opens the chain, and waits for what may come by itself.
    async fn open(&self) -> Result<Follower<S, Watched>, String> {
        let Chain { number, ref limits, .. } = self.known.chain;
        let mut failures = 0;
        loop {
            let why = match connect(&self.known).await {
                Ok(()) => match Follower::open(self.store.clone(), self.nodes(), self.known.chain.clone()).await {
                    Ok(follower) => return Ok(follower),
                    Err(error) if error.is_passing() => error.to_string(),
                    Err(error) => return Err(told(number, &error)),
                },
                Err(NotHere::Other(why)) => return Err(why),
                Err(silent) => silent.to_string(),
            };
            failures += 1;
            let wait = pause(limits.poll, failures);
            tracing::warn!(chain = number, why, failures, ?wait, "the chain cannot be opened yet");
            sleep(wait).await;
        }
    }

    fn nodes(&self) -> Endpoints<Watched> {
        let nodes = self.known.nodes.iter().enumerate();
        let nodes =
            nodes.map(|(place, (node, _))| Watched { node: node.clone(), place, noted: Arc::clone(&self.noted) });
        Endpoints::new(nodes, self.known.config.policy())
    }

    async fn follow(&self, follower: &mut Follower<S, Watched>) -> Result<(), IndexError> {
        let Chain { number, ref limits, .. } = self.known.chain;
        let state = *follower.state();
        tracing::info!(chain = number, from = state.head.number, last_final = state.last_final, "following");
        let news = Arc::new(Notify::new());
        let _heads = self.known.config.ws.iter().map(|url| Listening::to(url.show(), &news)).collect::<Vec<_>>();
        let mut failures = 0;
        let mut behind = true;
        self.note(follower, None);
        loop {
            let done = tokio::select! {
                biased;
                () = self.stop.said() => break,
                done = follower.step() => done,
            };
            let wait = match done {
                Ok(step) => {
                    failures = 0;
                    tracing::debug!(chain = number, ?step, "a step");
                    self.note(follower, Some(step));
                    if step == Step::Waiting && std::mem::take(&mut behind) {
                        tracing::info!(chain = number, head = follower.state().head.number, "caught up");
                    }
                    match step {
                        Step::Applied { behind: 1.., .. } | Step::RolledBack { .. } => continue,
                        Step::Applied { .. } | Step::Waiting => limits.poll,
                    }
                }
                Err(error) if error.is_passing() => {
                    failures += 1;
                    let wait = pause(limits.poll, failures);
                    tracing::warn!(chain = number, %error, failures, ?wait, "a step failed, and is tried again");
                    wait
                }
                Err(error) => return Err(error),
            };
            tokio::select! {
                () = self.stop.said() => break,
                () = sleep(wait) => {}
                () = news.notified(), if failures == 0 => {}
            }
        }
        // what is on its way into the store is written
        follower.run(&Notify::new(), ready(())).await
    }

    fn note(&self, follower: &Follower<S, Watched>, step: Option<Step>) {
        let state = follower.state();
        let time = self.noted.time(state.head.number);
        self.noted.status.send_if_modified(|status| {
            let before = status.clone();
            (status.head, status.last_final) = (state.head.number, state.last_final);
            status.head_time = time.unwrap_or(status.head_time);
            match step {
                Some(Step::Applied { events, behind, .. }) => {
                    status.events += events;
                    status.node_head = status.node_head.max(state.head.number + behind);
                }
                Some(Step::RolledBack { blocks, .. }) => {
                    status.reorgs += 1;
                    status.deepest_reorg = status.deepest_reorg.max(blocks);
                }
                // the node may have gone back to fewer blocks
                Some(Step::Waiting) => status.node_head = state.head.number,
                None => {}
            }
            *status != before
        });
    }
}

/// After so many failures: twice as long each time.
fn pause(first: Duration, failures: u32) -> Duration {
    first.saturating_mul(1 << failures.min(8)).min(LONGEST)
}

/// An error with what helps against it.
fn told(chain: u64, error: &IndexError) -> String {
    match error {
        IndexError::Store(StoreError::OtherGenesis { .. }) => {
            format!("{error}: run `tbc index reset --chain {chain}` with the same options")
        }
        _ => error.to_string(),
    }
}

/// A node that tells of new blocks, heard by whoever waits for any of them.
struct Listening(tokio::task::JoinHandle<()>);

impl Listening {
    fn to(url: &str, news: &Arc<Notify>) -> Self {
        let (url, news) = (url.to_owned(), Arc::clone(news));
        Self(tokio::spawn(async move {
            let heads = Heads::listen(&url);
            loop {
                heads.news().notified().await;
                news.notify_one();
            }
        }))
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.abort();
    }
}
