//! Subscriptions: the feed as it grows, to whoever listens. What waits for a listener is bounded.

pub(super) mod socket;
pub(super) mod sse;

use super::{
    Answered, Refusal, Shared,
    ask::{AsOf, Ask, address, word},
    chain::ServedChain,
    delivery::{Delivery, Filter},
    events::{cursor, end},
};
use coreprover_store::{Cursor, StoreError};
use serde::{Deserialize, Serialize};
use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};
use tokio::{
    sync::{OwnedSemaphorePermit, mpsc},
    time::{Instant, sleep_until},
};
use utoipa::IntoParams;

/// How many events are read at once, and how many wait for a listener.
const PAGE: usize = 64;

/// How much is given to listeners.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Listeners {
    /// How many may listen at once.
    pub most: usize,
    /// How long a listener may take nothing while something waits for him.
    pub patience: Duration,
    /// How long to wait for news when nothing wakes earlier.
    pub poll: Duration,
    /// How often a listener without news hears that all is well.
    pub heartbeat: Duration,
}

impl Default for Listeners {
    fn default() -> Self {
        let [patience, poll, heartbeat] = [30, 2, 15].map(Duration::from_secs);
        Self { most: 256, patience, poll, heartbeat }
    }
}

/// From where on, and what.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StreamQuery {
    /// The last cursor that was dealt with; without one only what comes from now on.
    after: Option<String>,
    /// Only events of this contract.
    contract: Option<String>,
    /// Only events of this name.
    event: Option<String>,
    /// Only events that name this address in a topic or a field.
    party: Option<String>,
    /// Only events about this subject: 32 bytes in hex.
    subject: Option<String>,
}

impl StreamQuery {
    fn filter(&self) -> Answered<Filter> {
        Ok(Filter {
            contract: self.contract.as_deref().map(|text| address(text, "contract")).transpose()?,
            event: self.event.clone(),
            party: self.party.as_deref().map(|text| address(text, "party")).transpose()?,
            subject: self.subject.as_deref().map(|text| word(text, "subject")).transpose()?,
        })
    }
}

/// What a listener is told.
#[derive(Serialize)]
#[serde(untagged)]
enum Message {
    Event(Box<Delivery>),
    Heartbeat {
        r#type: &'static str,
        /// Behind everything that was looked at, sent or not.
        cursor: String,
        as_of: AsOf,
    },
    End(End),
}

/// The last that a listener hears.
#[derive(Clone, Debug, Serialize)]
struct End {
    r#type: &'static str,
    code: &'static str,
    message: &'static str,
    /// Where to go on.
    cursor: String,
}

impl Message {
    fn kind(&self) -> &'static str {
        match self {
            Self::Event(delivery) => match delivery.r#type {
                coreprover_store::Change::Applied => "applied",
                coreprover_store::Change::RolledBack => "rolled_back",
            },
            Self::Heartbeat { r#type, .. } | Self::End(End { r#type, .. }) => r#type,
        }
    }

    fn cursor(&self) -> &str {
        match self {
            Self::Event(delivery) => &delivery.cursor,
            Self::Heartbeat { cursor, .. } | Self::End(End { cursor, .. }) => cursor,
        }
    }
}

/// One listener's end.
struct Subscription {
    waiting: mpsc::Receiver<Message>,
    end: Option<Arc<OnceLock<End>>>,
}

impl Subscription {
    /// The next message; after an end, nothing.
    async fn next(&mut self) -> Option<Message> {
        if let Some(message) = self.waiting.recv().await {
            return Some(message);
        }
        self.end.take()?.get().cloned().map(Message::End)
    }
}

/// The other end: reads the feed for one listener.
struct Reader {
    shared: Arc<Shared>,
    chain: Arc<ServedChain>,
    filter: Filter,
    cursor: Cursor,
    out: mpsc::Sender<Message>,
    // given back when this reader ends
    _permit: OwnedSemaphorePermit,
}

/// Begins to listen, or says why not: a cursor is looked at before the first answer.
async fn listen(ask: Ask, query: &StreamQuery, last_id: Option<&str>) -> Answered<Subscription> {
    let after = last_id.or(query.after.as_deref()).map(|text| cursor(text, ask.chain.number)).transpose()?;
    let filter = query.filter()?;
    let cursor = after.unwrap_or_else(|| end(&ask.state));
    ask.shared.store.feed(cursor, 1).await?;
    let permit = Arc::clone(&ask.shared.listeners).try_acquire_owned();
    let permit =
        permit.map_err(|_| Refusal::busy("too many listen already: try again, or ask for pages of the feed"))?;
    let (out, waiting) = mpsc::channel(PAGE);
    let reader = Reader { shared: ask.shared, chain: ask.chain, filter, cursor, out, _permit: permit };
    let end = Arc::new(OnceLock::new());
    let note = Arc::clone(&end);
    tokio::spawn(async move {
        if let Some((code, message, cursor)) = reader.run().await {
            // set before the channel closes with the reader: whoever sees the channel's end sees this
            drop(note.set(End { r#type: "end", code, message, cursor: cursor.to_string() }));
        }
    });
    Ok(Subscription { waiting, end: Some(end) })
}

type Ended = Option<(&'static str, &'static str, Cursor)>;

impl Reader {
    /// Reads until the listener goes, or gives why he is left.
    async fn run(mut self) -> Ended {
        let limits = self.shared.limits;
        let mut news = self.chain.status.clone();
        let mut heartbeat = Instant::now() + limits.heartbeat;
        let mut closing = self.shared.closing.subscribe();
        loop {
            if *closing.borrow() {
                return Some(("closing", "the server goes down: go on from the cursor", self.cursor));
            }
            // marked before the look: news in between wakes at once
            news.borrow_and_update();
            let more = match self.page().await {
                Ok(more) => more,
                Err(ended) => return ended.map(|(code, message)| (code, message, self.cursor)),
            };
            if more {
                continue;
            }
            if Instant::now() >= heartbeat {
                self.heartbeat().await;
                heartbeat = Instant::now() + limits.heartbeat;
            }
            let poll = heartbeat.min(Instant::now() + limits.poll);
            let changed = async {
                if news.changed().await.is_err() {
                    // the follower is gone; the store may still be written by another program
                    std::future::pending::<()>().await;
                }
            };
            tokio::select! {
                () = changed => {}
                () = sleep_until(poll) => {}
                () = self.out.closed() => return None,
                _ = closing.changed() => {}
            }
        }
    }

    /// Reads and sends a page; whether there may be more.
    async fn page(&mut self) -> Result<bool, Option<(&'static str, &'static str)>> {
        let found = match self.shared.store.feed(self.cursor, PAGE).await {
            Ok(found) => found,
            Err(StoreError::OldCursor { .. }) => {
                return Err(Some((
                    "old_cursor",
                    "the chain was read anew: forget what you have of it, and begin again",
                )));
            }
            // while a chain is being reset it is not there; it comes back in a new epoch
            Err(StoreError::UnknownChain(_)) => return Ok(false),
            Err(error) if error.is_transient() => return Ok(false),
            Err(error) => {
                tracing::error!(%error, "a listener was left");
                return Err(Some(("internal", "a fault of the server, which is logged")));
            }
        };
        if found.is_empty() {
            return Ok(false);
        }
        let Ok(state) = self.shared.state(self.chain.number).await else { return Ok(false) };
        let more = found.len() == PAGE;
        for event in found {
            let cursor = event.cursor;
            let delivery = Delivery::new(&self.chain, state.last_final, event);
            if self.filter.takes(&delivery) {
                self.send(Message::Event(Box::new(delivery))).await?;
            }
            self.cursor = cursor;
        }
        Ok(more)
    }

    async fn send(&self, message: Message) -> Result<(), Option<(&'static str, &'static str)>> {
        use mpsc::error::SendTimeoutError;
        self.out.send_timeout(message, self.shared.limits.patience).await.map_err(|error| match error {
            SendTimeoutError::Timeout(_) => Some(("slow", "you took nothing for too long: go on from the cursor")),
            SendTimeoutError::Closed(_) => None,
        })
    }

    /// For a listener who has something to take it is no news.
    async fn heartbeat(&self) {
        if let Ok(state) = self.shared.state(self.chain.number).await {
            let (cursor, as_of) = (self.cursor.to_string(), AsOf::from(&state));
            drop(self.out.try_send(Message::Heartbeat { r#type: "heartbeat", cursor, as_of }));
        }
    }
}
