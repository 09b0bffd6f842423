use super::{Message, StreamQuery, listen};
use crate::serve::{
    Answered,
    ask::{Ask, Parameters},
    delivery::Delivery,
    refusal::Refusals,
};
use axum::{
    http::HeaderMap,
    response::{
        IntoResponse, Response,
        sse::{Event, Sse},
    },
};
use futures::stream;
use std::convert::Infallible;

/// Server-sent events: the feed as it grows. An event's `id` is its cursor, its `event` is `applied`, `rolled_back`,
/// `heartbeat` or `end`, its `data` the delivery. A browser goes on by itself behind the last `id`.
#[utoipa::path(get, path = "/v1/chains/{chain}/stream", params(
    ("chain" = u64, Path, description = "The chain's number."), StreamQuery,
    ("last-event-id" = Option<String>, Header, description = "As `after`, and before it.")),
    responses((status = 200, description = "Deliveries follow.", body = Delivery, content_type = "text/event-stream"), Refusals))]
pub(crate) async fn stream(
    ask: Ask,
    headers: HeaderMap,
    Parameters(query): Parameters<StreamQuery>,
) -> Answered<Response> {
    let last_id = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let subscription = listen(ask, &query, last_id).await?;
    let events = stream::unfold(subscription, |mut subscription| async {
        let message = subscription.next().await?;
        Some((Ok::<_, Infallible>(event(&message)), subscription))
    });
    // proxies must not keep it back
    Ok(([("x-accel-buffering", "no")], Sse::new(events)).into_response())
}

fn event(message: &Message) -> Event {
    let data = serde_json::to_string(message).unwrap_or_default();
    Event::default().id(message.cursor()).event(message.kind()).data(data)
}
