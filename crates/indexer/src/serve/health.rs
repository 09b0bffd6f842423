//! Whether the program lives, whether its answers are good, and its figures.

use super::{Shared, status::now};
use axum::{
    Json,
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;
use utoipa::ToSchema;

/// How long the store has to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether the program lives.
#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    /// `ok`.
    #[schema(value_type = String)]
    status: &'static str,
}

/// Whether the program lives: it says nothing of the chains.
#[utoipa::path(get, path = "/health", responses((status = 200, description = "It lives.", body = Health)))]
pub(super) async fn health() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// Whether the answers are good.
#[derive(Serialize, ToSchema)]
pub(super) struct Ready {
    /// Whether nothing is wrong.
    ready: bool,
    /// What is wrong.
    problems: Vec<Problem>,
}

/// Something that is wrong.
#[derive(Serialize, ToSchema)]
pub(super) struct Problem {
    /// With which chain; none for the store.
    chain: Option<u64>,
    /// `store`, `not_opened`, `stopped`, `disconnected`, `silent`, `behind` or `late`.
    #[schema(value_type = String)]
    code: &'static str,
    /// What it is.
    message: String,
}

/// Whether the store answers and every chain is within its bounds.
#[utoipa::path(get, path = "/ready", responses(
    (status = 200, description = "The answers are good.", body = Ready),
    (status = 503, description = "They are not, and this is why.", body = Ready)))]
pub(super) async fn ready(State(shared): State<Arc<Shared>>) -> Response {
    let mut problems = Vec::new();
    let mut wrong = |chain, code, message| problems.push(Problem { chain, code, message });
    let known: Vec<u64> = match timeout(PATIENCE, shared.store.chains()).await {
        Ok(Ok(states)) => states.into_iter().map(|state| state.chain).collect(),
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready");
            wrong(None, "store", "the store refuses to answer".into());
            Vec::new()
        }
        Err(_) => {
            wrong(None, "store", format!("the store has not answered for {} seconds", PATIENCE.as_secs()));
            Vec::new()
        }
    };
    for (number, chain) in &shared.chains {
        let (status, bounds, now) = (chain.status.borrow().clone(), chain.bounds, now());
        let chain = Some(*number);
        if !known.contains(number) {
            wrong(chain, "not_opened", "the store does not know the chain yet".into());
        }
        if let Some(reason) = &status.stopped {
            wrong(chain, "stopped", format!("the follower has stopped: {reason}"));
        }
        if !status.connected {
            wrong(chain, "disconnected", "no node answers".into());
        }
        let silence = now.saturating_sub(status.heard_at);
        if status.heard_at == 0 {
            wrong(chain, "silent", "no node has answered so far".into());
        } else if silence > bounds.silence {
            wrong(chain, "silent", format!("no node has answered for {silence} seconds, more than {}", bounds.silence));
        }
        let (behind, lag) = (status.behind(), status.lag(now));
        if behind > bounds.blocks {
            wrong(chain, "behind", format!("{behind} blocks are still to be read, more than {}", bounds.blocks));
        }
        if lag > bounds.seconds {
            wrong(chain, "late", format!("the last block is {lag} seconds old, more than {}", bounds.seconds));
        }
    }
    let ready = problems.is_empty();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Ready { ready, problems })).into_response()
}

/// Figures for Prometheus.
#[utoipa::path(get, path = "/metrics", responses(
    (status = 200, description = "In the text format.", body = String, content_type = "text/plain")))]
pub(super) async fn metrics(State(shared): State<Arc<Shared>>) -> Response {
    let states = timeout(PATIENCE, shared.store.chains()).await.ok().and_then(Result::ok);
    let text = shared.metrics.text(&shared, states.as_deref());
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}
