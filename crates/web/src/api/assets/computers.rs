use app::assets::{ComputerFilter, Registered, RevisionInput};
use app::{App, AppError};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use ids::{ComputerId, Id};
use model::assets::ComputerPhase;
use serde::Deserialize;
use uuid::Uuid;

use super::wire::{
    ComputerBody, ComputerChangeBody, ComputerDetail, ComputerItem, ComputerList, EndBody,
    RegisteredView,
};
use crate::api::allowed::{Allowed, EditComputer};
use crate::api::wire::{day, optional_day};
use crate::api::{ApiError, ApiResult, Caller, IdempotencyKey, entity_tag, version_wanted};

/// Which computers, and which page of them.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// Code of a phase, such as `draft` or `exempt`.
    phase: Option<String>,
    /// One facility.
    facility: Option<Uuid>,
    /// Part of a product or maker, in any writing.
    q: Option<String>,
    /// Where the page begins, as `next` of the page before.
    cursor: Option<Uuid>,
    /// Most entries wanted.
    limit: Option<u32>,
}

/// Lists the computers of the own register, newest first.
#[utoipa::path(get, path = "/api/v1/computers", tag = "assets", params(ListQuery), security(("token" = [])),
    responses((status = 200, body = ComputerList), (status = 401, description = "no valid token"),
        (status = 422, description = "no such phase")))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> ApiResult<Json<ComputerList>> {
    let words = |error| ApiError::worded(error, caller.t);
    let phase = match query.phase.as_deref() {
        None => None,
        Some(wanted) => Some(
            ComputerPhase::CODES
                .into_iter()
                .find(|code| *code == wanted)
                .ok_or_else(|| words(AppError::field("phase", "code_unknown")))?,
        ),
    };
    let filter = ComputerFilter {
        phase,
        facility: query.facility.map(Id::from_uuid),
        search: query.q.filter(|text| !text.trim().is_empty()),
    };
    let before = query.cursor.map(Id::from_uuid);
    let page = app
        .computers(caller.actor(), &filter, before, query.limit.unwrap_or(50))
        .await
        .map_err(words)?;
    Ok(Json(ComputerList {
        items: page.computers.iter().map(ComputerItem::from).collect(),
        next: page.next.map(Id::uuid),
        total: page.total,
    }))
}

/// Enters a computer.
#[utoipa::path(post, path = "/api/v1/computers", tag = "assets", request_body = ComputerBody, security(("token" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "the same key gives the same outcome")),
    responses((status = 201, body = RegisteredView), (status = 401, description = "no valid token"),
        (status = 403, description = "not allowed"), (status = 409, description = "key used for something else"),
        (status = 422, description = "fields are missing or wrong")))]
pub(super) async fn add(
    State(app): State<App>,
    caller: Caller,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<ComputerBody>,
) -> ApiResult<Response> {
    let words = |error| ApiError::worded(error, caller.t);
    let input = body.read().map_err(words)?;
    let done = app
        .add_computer(caller.actor(), &input, key.as_deref())
        .await
        .map_err(words)?;
    let location = format!("/api/v1/computers/{}", done.computer);
    let location = [(http::header::LOCATION, location)];
    Ok((StatusCode::CREATED, location, registered(done)).into_response())
}

/// Shows a computer with what is due and why.
#[utoipa::path(get, path = "/api/v1/computers/{id}", tag = "assets", params(("id" = Uuid, Path)), security(("token" = [])),
    responses((status = 200, body = ComputerDetail), (status = 401, description = "no valid token"),
        (status = 404, description = "absent, or not yours")))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ComputerId>,
) -> ApiResult<Response> {
    let words = |error| ApiError::worded(error, caller.t);
    let view = app.view_computer(caller.actor(), id).await.map_err(words)?;
    let revision = view
        .computer
        .current()
        .map_err(|_| words(AppError::Bug("a computer without revisions")))?;
    let detail = ComputerDetail::new(&view, revision);
    let tag = [(http::header::ETAG, entity_tag(detail.version))];
    Ok((tag, Json(detail)).into_response())
}

/// Writes a new revision of a computer.
#[utoipa::path(put, path = "/api/v1/computers/{id}", tag = "assets", request_body = ComputerChangeBody, security(("token" = [])),
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "entity tag of the computer as read")),
    responses((status = 200, body = RegisteredView), (status = 401, description = "no valid token"),
        (status = 403, description = "not allowed"), (status = 404, description = "absent, or not yours"),
        (status = 409, description = "changed meanwhile, or out of use"),
        (status = 422, description = "fields are missing or wrong"), (status = 428, description = "If-Match is missing")))]
pub(super) async fn change(
    State(app): State<App>,
    Allowed { caller, id }: Allowed<EditComputer>,
    headers: HeaderMap,
    Json(body): Json<ComputerChangeBody>,
) -> ApiResult<Response> {
    let words = |error| ApiError::worded(error, caller.t);
    let version = version_wanted(&headers)?;
    let input = RevisionInput {
        computer: body.computer.read().map_err(words)?,
        changed_on: optional_day("changed_on", body.changed_on.as_deref()).map_err(words)?,
        reason: body.reason,
    };
    let done = app
        .change_computer(caller.actor(), id, version, &input)
        .await
        .map_err(words)?;
    Ok(registered(done))
}

/// Records that a computer is no longer in use.
#[utoipa::path(post, path = "/api/v1/computers/{id}/end", tag = "assets", request_body = EndBody, security(("token" = [])),
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "entity tag of the computer as read")),
    responses((status = 200, body = RegisteredView), (status = 401, description = "no valid token"),
        (status = 403, description = "not allowed"), (status = 404, description = "absent, or not yours"),
        (status = 409, description = "changed meanwhile, or out of use"),
        (status = 422, description = "the day is wrong"), (status = 428, description = "If-Match is missing")))]
pub(super) async fn end_use(
    State(app): State<App>,
    Allowed { caller, id }: Allowed<EditComputer>,
    headers: HeaderMap,
    Json(body): Json<EndBody>,
) -> ApiResult<Response> {
    let words = |error| ApiError::worded(error, caller.t);
    let version = version_wanted(&headers)?;
    let on = day("ended_on", &body.ended_on).map_err(words)?;
    let done = app
        .end_computer_use(caller.actor(), id, version, on)
        .await
        .map_err(words)?;
    Ok(registered(done))
}

fn registered(done: Registered) -> Response {
    let tag = [(http::header::ETAG, entity_tag(done.version))];
    let view = RegisteredView {
        id: done.computer.uuid(),
        version: done.version,
    };
    (tag, Json(view)).into_response()
}
