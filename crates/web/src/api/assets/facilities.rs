use app::App;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use ids::{FacilityId, Id};
use model::assets::Facility;
use serde::Deserialize;
use uuid::Uuid;

use super::wire::{FacilityBody, FacilityChangeBody, FacilityList, FacilityView};
use crate::api::allowed::{Allowed, EditFacility};
use crate::api::wire::optional_day;
use crate::api::{ApiError, ApiResult, Caller, IdempotencyKey, entity_tag, version_wanted};

/// Which page of a list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PageQuery {
    /// Where the page begins, as `next` of the page before.
    cursor: Option<Uuid>,
    /// Most entries wanted.
    limit: Option<u32>,
}

/// Lists the facilities of the own register.
#[utoipa::path(get, path = "/api/v1/facilities", tag = "assets", params(PageQuery), security(("token" = [])),
    responses((status = 200, body = FacilityList), (status = 401, description = "no valid token")))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<PageQuery>,
) -> ApiResult<Json<FacilityList>> {
    let most = app.config().limits.page_entries;
    let limit = query.limit.unwrap_or(50).clamp(1, most);
    let after = query.cursor.map(Id::from_uuid);
    let found = app
        .facilities(caller.actor(), after, limit)
        .await
        .map_err(|error| ApiError::worded(error, caller.t))?;
    let full = usize::try_from(limit) == Ok(found.len());
    let last = found.last().filter(|_| full);
    Ok(Json(FacilityList {
        next: last.map(|entry| entry.facility.id.uuid()),
        items: found
            .iter()
            .map(|entry| FacilityView::from(&entry.facility))
            .collect(),
    }))
}

/// Enters a facility.
#[utoipa::path(post, path = "/api/v1/facilities", tag = "assets", request_body = FacilityBody, security(("token" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "the same key gives the same outcome")),
    responses((status = 201, body = FacilityView), (status = 401, description = "no valid token"),
        (status = 403, description = "not allowed"), (status = 409, description = "key used for something else"),
        (status = 422, description = "fields are missing or wrong")))]
pub(super) async fn add(
    State(app): State<App>,
    caller: Caller,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<FacilityBody>,
) -> ApiResult<Response> {
    let words = |error| ApiError::worded(error, caller.t);
    let input = body.read().map_err(words)?;
    let id = app
        .add_facility(caller.actor(), &input, key.as_deref())
        .await
        .map_err(words)?;
    let facility = app.facility(caller.actor(), id).await.map_err(words)?;
    let location = [(http::header::LOCATION, format!("/api/v1/facilities/{id}"))];
    Ok((StatusCode::CREATED, location, shown(&facility)).into_response())
}

/// Shows a facility.
#[utoipa::path(get, path = "/api/v1/facilities/{id}", tag = "assets", params(("id" = Uuid, Path)), security(("token" = [])),
    responses((status = 200, body = FacilityView), (status = 401, description = "no valid token"),
        (status = 404, description = "absent, or not yours")))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<FacilityId>,
) -> ApiResult<Response> {
    let facility = app
        .facility(caller.actor(), id)
        .await
        .map_err(|error| ApiError::worded(error, caller.t))?;
    Ok(shown(&facility))
}

/// Changes a facility; another category writes a revision of each of its computers.
#[utoipa::path(put, path = "/api/v1/facilities/{id}", tag = "assets", request_body = FacilityChangeBody, security(("token" = [])),
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "entity tag of the facility as read")),
    responses((status = 200, body = FacilityView), (status = 401, description = "no valid token"),
        (status = 403, description = "not allowed"), (status = 404, description = "absent, or not yours"),
        (status = 409, description = "changed meanwhile"),
        (status = 422, description = "fields are missing or wrong"), (status = 428, description = "If-Match is missing")))]
pub(super) async fn change(
    State(app): State<App>,
    Allowed { caller, id }: Allowed<EditFacility>,
    headers: HeaderMap,
    Json(body): Json<FacilityChangeBody>,
) -> ApiResult<Response> {
    let words = |error| ApiError::worded(error, caller.t);
    let version = version_wanted(&headers)?;
    let changed_on = optional_day("changed_on", body.changed_on.as_deref()).map_err(words)?;
    let input = body.facility.read().map_err(words)?;
    app.change_facility(caller.actor(), id, version, &input, changed_on)
        .await
        .map_err(words)?;
    let facility = app.facility(caller.actor(), id).await.map_err(words)?;
    Ok(shown(&facility))
}

fn shown(facility: &Facility) -> Response {
    let tag = [(http::header::ETAG, entity_tag(facility.version))];
    (tag, Json(FacilityView::from(facility))).into_response()
}
