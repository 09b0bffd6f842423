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
pub use delivery::{Delivery, Filter, Log};
pub use export::{ExportError, export};
pub use outlet::{
    BadAddress, Cursors, FileCursors, NotTaken, Outlet, OutletError, OutletStatus, Parcel, Patience, Sink, Unsigned,
    Webhook, verify,
};
#[cfg(feature = "nats")]
pub use outlet::{Nats, NatsError};
pub use status::Status;
pub use stream::Limits;

use axum::{Json, Router, middleware, routing::get};
use coreprover_store::{ChainState, ChainStore};
use reads::Reads;
use refusal::{Answered, Refusal};
use std::{collections::BTreeMap, fmt, sync::Arc};
use tokio::sync::{Semaphore, watch};
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

/// A store and its chains, to be served.
#[derive(Clone)]
pub struct Api {
    shared: Arc<Shared>,
}

struct Shared {
    store: Arc<dyn Reads>,
    chains: BTreeMap<u64, Arc<ServedChain>>,
    outlets: Vec<watch::Receiver<OutletStatus>>,
    limits: Limits,
    listeners: Arc<Semaphore>,
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
        limits: Limits,
    ) -> Self {
        let shared = Shared {
            store: Arc::new(store),
            chains: chains.into_iter().map(|chain| (chain.number, Arc::new(chain))).collect(),
            outlets: outlets.into_iter().collect(),
            limits,
            listeners: Arc::new(Semaphore::new(limits.listeners)),
            metrics: metrics::Metrics::new(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// The routes; `/openapi.json` describes them.
    #[must_use]
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
