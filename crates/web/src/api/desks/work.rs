use app::App;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use ids::PersonId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::allowed::{Allowed, AssignFiling, TransferFiling};
use crate::api::{ApiError, ApiResult, Caller, IdempotencyKey};

/// Who handles a filing from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AssignmentBody {
    /// Somebody who handles filings at the own desk; nobody when it is left out.
    person: Option<Uuid>,
}

/// Somebody who handles filings at the own desk.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HandlerView {
    /// The person.
    person: Uuid,
    /// Name shown to others.
    name: String,
}

/// To which desk a filing goes, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TransferBody {
    /// Another desk of the same Minister.
    to: Uuid,
    /// Why; the operator sees it too.
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
}

/// That a filing went to another desk.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TransferRecorded {
    /// Identifies it.
    transfer: Uuid,
}

/// Lists who at the own desk handles filings.
#[utoipa::path(get, path = "/api/v1/queue/handlers", tag = "desks", security(("token" = [])),
    responses((status = 200, body = Vec<HandlerView>)))]
pub(super) async fn handlers(
    State(app): State<App>,
    caller: Caller,
) -> ApiResult<Json<Vec<HandlerView>>> {
    let found = app
        .handlers(caller.actor())
        .await
        .map_err(|error| ApiError::worded(error, caller.t))?;
    let views = found.into_iter().map(|handler| HandlerView {
        person: handler.id.uuid(),
        name: handler.name,
    });
    Ok(Json(views.collect()))
}

/// Says who at the own desk handles a filing.
#[utoipa::path(put, path = "/api/v1/filings/{id}/assignment", tag = "desks", request_body = AssignmentBody,
    security(("token" = [])), params(("id" = Uuid, Path)),
    responses((status = 204, description = "recorded"), (status = 422, description = "nobody who handles filings here")))]
pub(super) async fn assign(
    State(app): State<App>,
    Allowed { caller, id }: Allowed<AssignFiling>,
    Json(body): Json<AssignmentBody>,
) -> ApiResult<Response> {
    let person = body.person.map(PersonId::from_uuid);
    app.assign_filings(caller.actor(), &[id], person)
        .await
        .map_err(|error| ApiError::worded(error, caller.t))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Gives a filing to another desk of the same Minister (Act Art. 74, Cabinet Order Art. 3).
#[utoipa::path(post, path = "/api/v1/filings/{id}/transfer", tag = "desks", request_body = TransferBody,
    security(("token" = [])),
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header, description = "the same key gives the same outcome")),
    responses((status = 201, body = TransferRecorded), (status = 409, description = "given away before"),
        (status = 422, description = "no desk of the same Minister, or no reason")))]
pub(super) async fn transfer(
    State(app): State<App>,
    Allowed { caller, id }: Allowed<TransferFiling>,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<TransferBody>,
) -> ApiResult<Response> {
    let to = body.to.to_string();
    let done = app
        .transfer_filing(caller.actor(), id, &to, &body.reason, key.as_deref())
        .await
        .map_err(|error| ApiError::worded(error, caller.t))?;
    let view = TransferRecorded {
        transfer: done.uuid(),
    };
    Ok((StatusCode::CREATED, Json(view)).into_response())
}
