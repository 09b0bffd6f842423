//! What other people's programs get of a store: questions and answers over HTTP.
//!
//! An [`Api`] stands on the tables alone: the follower that fills them writes how it goes into a
//! [`tokio::sync::watch`] channel of [`Status`], and may as well be another program.

mod ask;
mod chain;
mod delivery;
mod events;
mod export;
mod health;
mod metrics;
mod openapi;
mod outlet;
mod page;
mod reads;
mod refusal;
mod rows;
mod shown;
mod status;
mod stream;

pub use chain::{Bounds, ServedChain};
pub use delivery::Filter;
pub use export::{ExportError, export};
pub use outlet::{
    BadAddress, NotTaken, Outlet, OutletError, OutletStatus, Parcel, Patience, Sink, Unsigned, Webhook, verify,
};
#[cfg(feature = "nats")]
pub use outlet::{Nats, NatsError};
pub use status::Status;
pub use stream::Listeners;

use axum::{Json, Router, middleware, routing::get};
use coreprover_store::{ChainState, ChainStore};
use reads::Reads;
use refusal::{Answered, Refusal};
use std::{collections::BTreeMap, fmt, sync::Arc};
use tokio::sync::{Semaphore, watch};
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

/// A store and its chains, to be served.
///
/// ```
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// use coreprover_bindings::Contract;
/// use coreprover_indexer::serve::{Api, Bounds, Listeners, ServedChain, Status};
/// use coreprover_store::{BlockRef, ChainStart, ChainStore, Sqlite};
/// use tgp_protocol::value::{EvmAddress, Word};
/// use tokio::{net::TcpListener, sync::watch};
///
/// # let folder = std::env::temp_dir().join(format!("coreprover-api-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// let store = Sqlite::open(folder.join("chain.db"))?;
/// let base = BlockRef { number: 0, hash: Word::from([1; 32]) };
/// store.open_chain(ChainStart { chain: 8453, genesis: base.hash, base }).await?;
///
/// // the follower keeps the other end, and writes after each step
/// let follower = watch::Sender::new(Status { node_head: 7, connected: true, ..Status::default() });
/// let chain = ServedChain {
///     number: 8453,
///     contracts: [(EvmAddress([5; 20].into()), Contract::Escrow)].into(),
///     status: follower.subscribe(),
///     bounds: Bounds { blocks: 5, ..Bounds::default() },
/// };
/// let api = Api::new(store, [chain], [], Listeners::default());
/// let listener = TcpListener::bind("127.0.0.1:0").await?;
/// let address = listener.local_addr()?;
/// let served = api.router();
/// tokio::spawn(async move { axum::serve(listener, served).await });
///
/// # rustls::crypto::ring::default_provider().install_default().ok();
/// let ready = reqwest::get(format!("http://{address}/ready")).await?;
/// assert_eq!(ready.status(), 503);
/// assert!(ready.text().await?.contains("7 blocks are still to be read, more than 5"));
/// let session = Word::from([9; 32]);
/// let orders = reqwest::get(format!("http://{address}/v1/chains/8453/orders?session={session}")).await?.text().await?;
/// assert!(orders.starts_with(r#"{"as_of":{"chain":8453,"block":0,"#) && orders.ends_with(r#""items":[],"next":null}"#));
///
/// // before the program ends, listeners are told where to go on
/// api.close();
/// let stream = reqwest::get(format!("http://{address}/v1/chains/8453/stream")).await?.text().await?;
/// assert!(stream.contains("event: end") && stream.contains(r#""code":"closing""#));
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Api {
    shared: Arc<Shared>,
}

struct Shared {
    store: Arc<dyn Reads>,
    chains: BTreeMap<u64, Arc<ServedChain>>,
    outlets: Vec<watch::Receiver<OutletStatus>>,
    limits: Listeners,
    listeners: Arc<Semaphore>,
    /// Whether the server is going down.
    closing: watch::Sender<bool>,
    metrics: metrics::Metrics,
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api").field("chains", &self.shared.chains).finish_non_exhaustive()
    }
}

impl Shared {
    async fn state(&self, chain: u64) -> Answered<ChainState> {
        let states = self.store.chains().await?;
        states.into_iter().find(|state| state.chain == chain).ok_or_else(Refusal::unknown_chain)
    }
}

impl Api {
    /// Serves these chains of a store, and shows in the figures how these outlets go.
    #[must_use]
    pub fn new(
        store: impl ChainStore,
        chains: impl IntoIterator<Item = ServedChain>,
        outlets: impl IntoIterator<Item = watch::Receiver<OutletStatus>>,
        limits: Listeners,
    ) -> Self {
        let shared = Shared {
            store: Arc::new(store),
            chains: chains.into_iter().map(|chain| (chain.number, Arc::new(chain))).collect(),
            outlets: outlets.into_iter().collect(),
            limits,
            listeners: Arc::new(Semaphore::new(limits.most)),
            closing: watch::Sender::new(false),
            metrics: metrics::Metrics::new(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// The server goes down: whoever listens gets an `end` with the cursor to go on from, so that nothing keeps a
    /// connection open. Questions are still answered.
    pub fn close(&self) {
        self.shared.closing.send_replace(true);
    }

    /// The routes; `/openapi.json` describes them.
    pub fn router(&self) -> Router {
        let (router, description) = OpenApiRouter::with_openapi(openapi::Description::openapi())
            .routes(routes!(events::chains))
            .routes(routes!(rows::orders))
            .routes(routes!(rows::order))
            .routes(routes!(rows::receipts))
            .routes(routes!(rows::receipt))
            .routes(routes!(rows::locks))
            .routes(routes!(rows::lock))
            .routes(routes!(rows::routes))
            .routes(routes!(rows::route))
            .routes(routes!(rows::owed))
            .routes(routes!(rows::verifiers))
            .routes(routes!(rows::anchors))
            .routes(routes!(events::events))
            .routes(routes!(events::feed))
            .routes(routes!(stream::sse::stream))
            .routes(routes!(stream::socket::socket))
            .routes(routes!(health::health))
            .routes(routes!(health::ready))
            .routes(routes!(health::metrics))
            .split_for_parts();
        let described = move || {
            let description = description.clone();
            async { Json(description) }
        };
        router
            .route("/openapi.json", get(described))
            .fallback(Refusal::unknown_path)
            .method_not_allowed_fallback(Refusal::bad_method)
            .layer(middleware::from_fn_with_state(Arc::clone(&self.shared), metrics::count))
            .with_state(Arc::clone(&self.shared))
    }
}
