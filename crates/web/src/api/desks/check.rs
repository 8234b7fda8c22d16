use app::desks::NewCheck;
use app::{App, AppError};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::allowed::{Allowed, CheckForm};
use crate::api::{ApiError, ApiResult, IdempotencyKey};

/// What a desk found.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckBody {
    /// `meets` or `lacks`.
    #[schema(pattern = "^(meets|lacks)$")]
    result: String,
    /// Remark for the operator; needed where something lacks.
    #[serde(default)]
    #[schema(max_length = 2000)]
    note: String,
}

/// A check that was recorded.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CheckRecorded {
    /// The check.
    check: Uuid,
}

/// Records that the desk checked the formal requirements of a filing (行政手続法 Art. 37).
#[utoipa::path(post, path = "/api/v1/filings/{id}/checks", tag = "desks", request_body = CheckBody, security(("token" = [])),
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header, description = "the same key gives the same outcome")),
    responses((status = 201, body = CheckRecorded)))]
pub(super) async fn record(
    State(app): State<App>,
    Allowed { caller, id }: Allowed<CheckForm>,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<CheckBody>,
) -> ApiResult<Response> {
    let words = |error| ApiError::worded(error, caller.t);
    let result = body
        .result
        .parse()
        .map_err(|_| words(AppError::field("result", "code_unknown")))?;
    let check = NewCheck {
        result,
        note: &body.note,
    };
    let recorded = app
        .check_form(caller.actor(), id, check, key.as_deref())
        .await
        .map_err(words)?;
    let view = CheckRecorded {
        check: recorded.uuid(),
    };
    Ok((StatusCode::CREATED, Json(view)).into_response())
}
