use app::App;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use ids::FilingId;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::{ApiError, ApiResult, Caller, IdempotencyKey};

/// A notification that was passed on.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PassedOn {
    /// Identifies the passing on.
    forwarding: Uuid,
    /// What was passed on.
    filing: Uuid,
}

/// Passes a notification on to the Prime Minister (Act Art. 4(2); for changes Art. 4(4)).
#[utoipa::path(post, path = "/api/v1/filings/{id}/forwarding", tag = "desks", security(("token" = [])),
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header, description = "the same key gives the same outcome")),
    responses((status = 201, body = PassedOn), (status = 409, description = "passed on before, or not in force"),
        (status = 422, description = "the key cannot be used")))]
pub(super) async fn pass_on(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<FilingId>,
    IdempotencyKey(key): IdempotencyKey,
) -> ApiResult<Response> {
    let done = app
        .forward_to_prime_minister(caller.actor(), id, key.as_deref())
        .await
        .map_err(|error| ApiError::worded(error, caller.t))?;
    let view = PassedOn {
        forwarding: done.id.uuid(),
        filing: done.filing.uuid(),
    };
    Ok((StatusCode::CREATED, Json(view)).into_response())
}
