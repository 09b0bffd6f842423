use alloy::{
    primitives::B256,
    rpc::client::ClientBuilder,
    transports::{TransportError, ws::WsConnect},
};
use std::{sync::Arc, time::Duration};
use tokio::{sync::Notify, task::JoinHandle};

/// A reason to look: a node that says over a WebSocket when there is a new block.
///
/// Nothing that it says is read, and what it does not say is found by polling: such subscriptions lose items without a
/// word, and lose the time in which they were broken.
///
/// ```
/// # tokio::runtime::Runtime::new().map_err(|error| error.to_string()).and_then(|runtime| runtime.block_on(async {
/// use coreprover_indexer::node::Heads;
/// use std::time::Duration;
///
/// // nobody answers there: no news, and no harm
/// let heads = Heads::listen("ws://127.0.0.1:1");
/// let news = tokio::time::timeout(Duration::from_millis(10), heads.news().notified()).await;
/// assert!(news.is_err());
/// # Ok(())
/// # })).unwrap();
/// ```
#[derive(Debug)]
pub struct Heads {
    news: Arc<Notify>,
    task: JoinHandle<()>,
}

/// How long until a connection that broke is made again: at first, and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(30));
/// How long a connection may take.
const PATIENCE: Duration = Duration::from_secs(10);

impl Heads {
    /// Listens to the node at a `ws:` or `wss:` address, for as long as this lives.
    #[must_use]
    pub fn listen(url: &str) -> Self {
        let news = Arc::new(Notify::new());
        let (url, told) = (url.to_owned(), Arc::clone(&news));
        let task = tokio::spawn(async move {
            let mut pause = PAUSES.0;
            loop {
                match hear(&url, &told).await {
                    Ok(()) => pause = PAUSES.0,
                    Err(error) => tracing::debug!(%error, "no news over the WebSocket"),
                }
                tokio::time::sleep(pause).await;
                pause = pause.saturating_mul(2).min(PAUSES.1);
            }
        });
        Self { news, task }
    }

    /// What is notified.
    #[must_use]
    pub fn news(&self) -> &Notify {
        &self.news
    }
}

impl Drop for Heads {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Until the subscription ends.
async fn hear(url: &str, news: &Notify) -> Result<(), TransportError> {
    // the first of a process decides; another that is there already does as well
    drop(rustls::crypto::ring::default_provider().install_default());
    let late = |_| TransportError::local_usage_str("the connection took too long");
    let connecting = ClientBuilder::default().ws(WsConnect::new(url));
    let client = tokio::time::timeout(PATIENCE, connecting).await.map_err(late)??;
    let subscribing = client.request::<_, B256>("eth_subscribe", ("newHeads",));
    let id = tokio::time::timeout(PATIENCE, subscribing).await.map_err(late)??;
    let mut heads = client.get_raw_subscription(id).await;
    loop {
        match heads.recv().await {
            // what was missed while nobody listened is news as well
            Ok(_) | Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => news.notify_one(),
            Err(tokio::sync::broadcast::error::RecvError::Closed) => return Ok(()),
        }
    }
}
