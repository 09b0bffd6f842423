use axum::{
    Json,
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use coreprover_store::StoreError;
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

/// Why a question was not answered. Nothing of the question is repeated.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub(super) struct Refusal {
    #[serde(skip)]
    pub(super) status: u16,
    /// For programs; it never changes.
    #[schema(value_type = String)]
    pub(super) code: &'static str,
    /// For people: what to do.
    pub(super) message: String,
    /// The part of the question that is wrong.
    #[schema(value_type = Option<String>)]
    pub(super) field: Option<&'static str>,
}

pub(super) type Answered<T> = Result<T, Refusal>;

impl Refusal {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>, field: Option<&'static str>) -> Self {
        Self { status: status.as_u16(), code, message: message.into(), field }
    }

    pub(super) fn bad(code: &'static str, field: &'static str, message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message, Some(field))
    }

    pub(super) fn bad_query() -> Self {
        let message = "a parameter is unknown, comes twice or is not well written; /openapi.json lists them";
        Self::new(StatusCode::BAD_REQUEST, "bad_query", message, None)
    }

    pub(super) fn unknown_chain() -> Self {
        let message = "this chain is not served here; /v1/chains lists those that are";
        Self::new(StatusCode::NOT_FOUND, "unknown_chain", message, Some("chain"))
    }

    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "no such row on this chain, as far as it was read", Some("id"))
    }

    pub(super) fn old_cursor() -> Self {
        let message =
            "the chain was read anew since this cursor: forget what you have of it, and begin without `after`";
        Self::new(StatusCode::GONE, "old_cursor", message, Some("after"))
    }

    pub(super) fn busy(message: &str) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", message, None)
    }

    pub(super) async fn unknown_path() -> Self {
        Self::new(StatusCode::NOT_FOUND, "unknown_path", "nothing is served here; /openapi.json lists what is", None)
    }

    pub(super) async fn bad_method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "bad_method", "everything here is read with GET", None)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::UnknownChain(_) => Self::unknown_chain(),
            StoreError::OldCursor { .. } => Self::old_cursor(),
            StoreError::TooLarge { .. } => Self::bad("bad_cursor", "after", "take `next` of an earlier answer"),
            error if error.is_transient() => {
                tracing::warn!(%error, "the store did not answer");
                Self::busy("the store does not answer now: try again")
            }
            error => {
                tracing::error!(%error, "the store failed");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "a fault of the server, which is logged", None)
            }
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// The refusals, for the description of the API.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "read by the macro alone")]
pub(super) enum Refusals {
    /// The question is wrong: `bad_id`, `bad_address`, `bad_cursor`, `bad_limit`, `bad_query`, `missing_parameter`.
    #[response(status = 400)]
    Bad(Refusal),
    /// Nothing of this name: `unknown_chain`, `not_found`.
    #[response(status = 404)]
    NotFound(Refusal),
    /// The chain was read anew: `old_cursor`.
    #[response(status = 410)]
    Gone(Refusal),
    /// The store does not answer, or too many listen: `busy`.
    #[response(status = 503)]
    Busy(Refusal),
}

/// The answer to `If-None-Match`, for the description of the API.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "read by the macro alone")]
pub(super) enum Same {
    /// The asker has it already.
    #[response(status = 304)]
    Known,
}
