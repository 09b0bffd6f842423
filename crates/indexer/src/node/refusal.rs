//! What a node's refusal means. Each operator has texts of his own, and numbers that mean several things.

use super::NodeError;
use alloy::transports::{RpcError, TransportErrorKind};
use std::time::Duration;

const TOO_LARGE: &[&str] = &[
    "more than 10000",
    "range is too",
    "range too",
    "too wide",
    "block range",
    "too many blocks",
    "response size",
    "size exceeded",
    "too large",
    "exceeds limit",
    "exceeds the limit",
    "exceed max",
    "exceeds max",
    "limit exceeded",
    "query timeout",
    "too many results",
    "batch",
];
const TOO_OFTEN: &[&str] =
    &["rate limit", "rate exceeded", "too many requests", "compute units", "throttl", "capacity"];
const MISSING: &[&str] = &[
    "unknown block",
    "block not found",
    "header not found",
    "not found",
    "cannot query unfinalized",
    "beyond head",
    "beyond current head",
    "missing trie node",
    "state not available",
];

pub(super) fn classify(error: RpcError<TransportErrorKind>) -> NodeError {
    match error {
        RpcError::ErrorResp(payload) => said(payload.code, &payload.message),
        RpcError::NullResp => NodeError::Missing,
        RpcError::Transport(TransportErrorKind::HttpError(error)) => status(error.status, &error.body, None),
        RpcError::Transport(TransportErrorKind::HttpErrorWithRetryAfter { error, retry_after }) => {
            status(error.status, &error.body, Some(retry_after))
        }
        RpcError::Transport(TransportErrorKind::Custom(error)) => {
            NodeError::Transient(short(&match error.downcast::<reqwest::Error>() {
                // an operator's address may hold a key
                Ok(error) => causes(&error.without_url()),
                Err(error) => error.to_string(),
            }))
        }
        RpcError::DeserError { err, .. } => NodeError::Wrong(err.to_string()),
        other => NodeError::Transient(short(&other.to_string())),
    }
}

fn status(status: u16, body: &str, wait: Option<Duration>) -> NodeError {
    match status {
        429 => NodeError::RateLimited { wait },
        413 => NodeError::TooLarge("413".into()),
        _ if wait.is_some() => NodeError::RateLimited { wait },
        // some put the answer to a call into the status
        400 | 403 => said(0, body),
        _ => NodeError::Transient(format!("status {status}")),
    }
}

pub(super) fn said(code: i64, message: &str) -> NodeError {
    let text = message.to_ascii_lowercase();
    let any = |known: &[&str]| known.iter().any(|part| text.contains(part));
    if any(TOO_OFTEN) {
        NodeError::RateLimited { wait: None }
    } else if code == -32601 || text.contains("does not exist") || text.contains("not supported") {
        NodeError::Unsupported(short(message))
    } else if any(TOO_LARGE) {
        NodeError::TooLarge(short(message))
    } else if any(MISSING) {
        NodeError::Missing
    } else if code == -32005 {
        NodeError::RateLimited { wait: None }
    } else {
        NodeError::Transient(short(message))
    }
}

/// An error with what is behind it.
pub(crate) fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut behind = error.source();
    while let Some(error) = behind {
        text = format!("{text}: {error}");
        behind = error.source();
    }
    text
}

/// Whatever a stranger writes, in a line of a log.
fn short(text: &str) -> String {
    text.chars().filter(|sign| !sign.is_control()).take(160).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_of_operators_are_told_apart() {
        let large = [
            (-32005, "query returned more than 10000 results. Try with this block range [0x1, 0x2]."),
            (-32602, "Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range"),
            (-32000, "exceed maximum block range: 5000"),
            (-32614, "eth_getLogs is limited to a 10,000 block range"),
            (-32600, "batch too large"),
        ];
        for (code, text) in large {
            assert!(matches!(said(code, text), NodeError::TooLarge(_)), "{text}");
        }
        let often = [
            (-32005, "daily request count exceeded, request rate limited"),
            (429, "Your app has exceeded its compute units per second capacity."),
            (-32005, "something of its own"),
        ];
        for (code, text) in often {
            assert_eq!(said(code, text), NodeError::RateLimited { wait: None }, "{text}");
        }
        assert_eq!(said(-32000, "header not found"), NodeError::Missing);
        assert!(matches!(said(-32601, "the method eth_getBlockReceipts does not exist"), NodeError::Unsupported(_)));
        assert!(matches!(said(-32603, "internal error"), NodeError::Transient(_)));
    }

    #[test]
    fn a_status_is_a_refusal_too() {
        let wait = Some(Duration::from_secs(7));
        assert_eq!(status(429, "", wait), NodeError::RateLimited { wait });
        assert_eq!(status(503, "", wait), NodeError::RateLimited { wait });
        assert!(matches!(status(502, "", None), NodeError::Transient(_)));
        assert!(matches!(status(400, "block range is too wide", None), NodeError::TooLarge(_)));
    }
}
