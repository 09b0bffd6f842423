use super::{Message, StreamQuery, Subscription, listen};
use crate::serve::{
    Answered, Refusal,
    ask::{Ask, Parameters},
    refusal::Refusals,
};
use axum::{
    extract::{
        WebSocketUpgrade,
        ws::{CloseFrame, Message as Frame, WebSocket, close_code, rejection::WebSocketUpgradeRejection},
    },
    response::Response,
};
use std::time::Duration;
use tokio::time::timeout;

/// What a listener may say is a few bytes: pings and good-byes.
const HEARD: usize = 4096;

/// The same over a WebSocket: each text is one delivery, with its `type` and `cursor`.
#[utoipa::path(get, path = "/v1/chains/{chain}/ws", params(
    ("chain" = u64, Path, description = "The chain's number."), StreamQuery),
    responses((status = 101, description = "Deliveries follow."), Refusals))]
pub(crate) async fn socket(
    ask: Ask,
    Parameters(query): Parameters<StreamQuery>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Answered<Response> {
    let upgrade = upgrade
        .map_err(|_| Refusal::bad("bad_upgrade", "upgrade", "a WebSocket is opened here; /stream is plain HTTP"))?;
    let patience = ask.shared.limits.patience;
    let subscription = listen(ask, &query, None).await?;
    Ok(upgrade
        .max_message_size(HEARD)
        .max_frame_size(HEARD)
        .on_upgrade(move |socket| serve(socket, subscription, patience)))
}

async fn serve(mut socket: WebSocket, mut subscription: Subscription, patience: Duration) {
    loop {
        tokio::select! {
            message = subscription.next() => {
                let Some(message) = message else { break };
                let text = serde_json::to_string(&message).unwrap_or_default();
                // a listener who takes nothing loses the connection too
                if !matches!(timeout(patience, socket.send(Frame::Text(text.into()))).await, Ok(Ok(()))) {
                    return;
                }
                if matches!(message, Message::End(_)) {
                    break;
                }
            }
            heard = socket.recv() => match heard {
                Some(Ok(Frame::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => {}
            },
        }
    }
    let end = CloseFrame { code: close_code::AGAIN, reason: "".into() };
    drop(timeout(patience, socket.send(Frame::Close(Some(end)))).await);
}
