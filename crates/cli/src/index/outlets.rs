//! Bringing deliveries to webhooks and to the queue.

use super::{key, signal::Stop};
use crate::{failure::Result, settings::Settings};
use coreprover_indexer::{
    config::NatsConfig,
    serve::{Filter, Nats, NotTaken, Outlet, OutletStatus, Parcel, ServedChain, Sink, Webhook},
};
use coreprover_store::{ChainStore, Cursor};
use std::sync::Arc;
use tgp_protocol::sign::SigningKey;
use tokio::{sync::watch, task::JoinSet};

/// The name under which the queue's cursor is kept.
const QUEUE: &str = "nats";

/// Every outlet, checked and not begun.
#[derive(Debug)]
pub(super) struct Outlets {
    hooks: Vec<(String, Webhook, Filter)>,
    queue: Option<NatsConfig>,
}

impl Outlets {
    pub(super) fn of(settings: &Settings) -> Result<Self> {
        let index = &settings.index;
        let mut hooks = Vec::new();
        if !index.webhooks.is_empty() {
            let key = Arc::new(key::webhooks(settings)?);
            tracing::info!(public_key = %public(&key), "webhooks are signed by this key");
            for (name, config) in &index.webhooks {
                let hook = Webhook::new(config.url.show(), Arc::clone(&key), config.private);
                let bad = |error| settings.refuse(&format!("index.webhooks.{name}.url"), format!("{error}"));
                hooks.push((name.clone(), hook.map_err(bad)?, config.filter()));
            }
        }
        if let Some(queue) = &index.nats {
            let word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
            if !queue.prefix.bytes().all(word) {
                return Err(settings.refuse("index.nats.prefix", "must be a word of a to z and 0 to 9"));
            }
        }
        Ok(Self { hooks, queue: index.nats.clone() })
    }

    /// Begins to bring the feed of every chain to every outlet. Gives what shows how they go.
    pub(super) fn start<S: ChainStore>(
        self,
        store: &S,
        chains: &[ServedChain],
        stop: &Stop,
        tasks: &mut JoinSet<()>,
    ) -> Vec<watch::Receiver<OutletStatus>> {
        let mut status = Vec::new();
        for chain in chains {
            for (name, hook, filter) in &self.hooks {
                let outlet = Outlet::new(store.clone(), chain.clone(), name, hook.clone());
                let outlet = outlet.only(filter.clone());
                status.push(outlet.status());
                spawn(outlet, name, chain.number, stop, tasks);
            }
            if let Some(config) = self.queue.clone() {
                let sink = Queue { config, nats: None };
                let outlet = Outlet::new(store.clone(), chain.clone(), QUEUE, sink);
                status.push(outlet.status());
                spawn(outlet, QUEUE, chain.number, stop, tasks);
            }
        }
        status
    }
}

fn spawn<S: ChainStore, K: Sink + Sync>(
    outlet: Outlet<S, K>,
    name: &str,
    chain: u64,
    stop: &Stop,
    tasks: &mut JoinSet<()>,
) {
    let (name, stop) = (name.to_owned(), stop.clone());
    tasks.spawn(async move {
        if let Err(error) = outlet.run(async move { stop.said().await }).await {
            tracing::error!(outlet = name, chain, %error, "nothing is delivered there any more");
        }
    });
}

fn public(key: &SigningKey) -> String {
    alloy::primitives::hex::encode(key.public_key().to_bytes())
}

/// The queue, which may come up later than this program.
#[derive(Debug)]
struct Queue {
    config: NatsConfig,
    nats: Option<Nats>,
}

impl Queue {
    async fn nats(&mut self) -> Result<&mut Nats, NotTaken> {
        let nats = match self.nats.take() {
            Some(nats) => nats,
            None => {
                let NatsConfig { servers, prefix, credentials } = &self.config;
                let connected = Nats::connect(servers.show(), prefix, credentials.as_deref()).await;
                // an address may hold a password
                connected.map_err(|error| NotTaken(error.to_string().replace(servers.show(), "the server")))?
            }
        };
        Ok(self.nats.insert(nats))
    }
}

impl Sink for Queue {
    const AT_ONCE: usize = Nats::AT_ONCE;

    async fn hand_over(&mut self, parcels: &[Parcel]) -> (usize, Result<(), NotTaken>) {
        match self.nats().await {
            Ok(nats) => nats.hand_over(parcels).await,
            Err(error) => (0, Err(error)),
        }
    }

    async fn kept(&mut self, chain: u64) -> Result<Option<Cursor>, NotTaken> {
        self.nats().await?.kept(chain).await
    }
}
