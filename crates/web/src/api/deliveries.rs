//! `/api/v1/deliveries`: what is on its way, for the monitoring of whoever runs the instance.

use app::{App, AppError, OutboxEntry, OutboxList};
use axum::Json;
use axum::extract::{Path, Query, State};
use http::StatusCode;
use ids::{DeliveryId, Id};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::api::{ApiError, ApiResult, Caller};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_deliveries))
        .routes(routes!(retry_delivery))
}

/// Which list, and which page of it.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeliveriesQuery {
    /// `pending`, `delivered` or `given_up` (the default).
    state: Option<String>,
    /// Where the page begins, as `next` of the page before.
    cursor: Option<Uuid>,
    /// Most entries wanted.
    limit: Option<u32>,
}

/// A delivery: to whom and how far, never what or of whom.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeliveryItem {
    id: Uuid,
    /// Name of the addressee in Japanese.
    addressee: String,
    /// Name of the addressee in English.
    addressee_en: String,
    /// When the filing arrived here (RFC 3339).
    filed_at: String,
    /// `pending`, `delivered`, `opened` or `dead`.
    state: String,
    /// How often it was tried.
    attempts: u32,
    /// When it will be tried next (RFC 3339).
    next_attempt_at: Option<String>,
    /// When it lay in the addressee's queue (RFC 3339).
    delivered_at: Option<String>,
    /// `unreachable` or `refused`.
    reason: Option<String>,
}

/// Deliveries, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeliveryList {
    items: Vec<DeliveryItem>,
    /// Cursor of the older ones.
    next: Option<Uuid>,
    /// How many are on their way.
    pending: u64,
    /// How many arrived.
    delivered: u64,
    /// How many were given up.
    given_up: u64,
}

/// Lists the deliveries of the instance.
#[utoipa::path(get, path = "/api/v1/deliveries", tag = "deliveries", params(DeliveriesQuery), security(("token" = [])),
    responses((status = 200, body = DeliveryList), (status = 401, description = "no valid token"),
        (status = 404, description = "not for you"), (status = 422, description = "no such state")))]
async fn list_deliveries(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<DeliveriesQuery>,
) -> ApiResult<Json<DeliveryList>> {
    let words = |error| ApiError::worded(error, caller.t);
    let list = match query.state.as_deref() {
        None => OutboxList::GivenUp,
        Some(code) => code
            .parse()
            .map_err(|_| words(AppError::field("state", "code_unknown")))?,
    };
    let before = query.cursor.map(Id::from_uuid);
    let page = app
        .outbox(caller.actor(), list, before, query.limit.unwrap_or(50))
        .await
        .map_err(words)?;
    Ok(Json(DeliveryList {
        items: page.entries.into_iter().map(Into::into).collect(),
        next: page.next.map(Id::uuid),
        pending: page.counts.pending,
        delivered: page.counts.delivered,
        given_up: page.counts.given_up,
    }))
}

/// Starts a delivery again that was given up.
#[utoipa::path(post, path = "/api/v1/deliveries/{id}/retry", tag = "deliveries", params(("id" = Uuid, Path)), security(("token" = [])),
    responses((status = 202, description = "on its way again"), (status = 401, description = "no valid token"),
        (status = 403, description = "not allowed"), (status = 404, description = "absent, or not for you"),
        (status = 409, description = "it was not given up")))]
async fn retry_delivery(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<DeliveryId>,
) -> ApiResult<StatusCode> {
    app.retry_delivery(caller.actor(), id)
        .await
        .map_err(|error| ApiError::worded(error, caller.t))?;
    Ok(StatusCode::ACCEPTED)
}

impl From<OutboxEntry> for DeliveryItem {
    fn from(entry: OutboxEntry) -> Self {
        Self {
            id: entry.id.uuid(),
            addressee: entry.addressee.0,
            addressee_en: entry.addressee.1,
            filed_at: entry.filed_at.to_string(),
            state: entry.state.code().to_owned(),
            attempts: entry.attempts,
            next_attempt_at: entry.next_attempt_at.map(|at| at.to_string()),
            delivered_at: entry.delivered_at.map(|at| at.to_string()),
            reason: entry.last_error,
        }
    }
}
