use app::desks::{DeskFilter, DeskState};
use app::{App, AppError};
use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::filings::{FilingItem, FilingList, cursor, kind};
use crate::api::wire::USUAL_LIMIT;
use crate::api::{ApiError, ApiResult, Caller};

/// Which entries of the queue, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct QueueQuery {
    /// `open` (the default), `unopened`, `unchecked`, `requests`, `to_forward` or `all`.
    #[param(pattern = "^(open|unopened|unchecked|requests|to_forward|all)$")]
    state: Option<String>,
    /// Only this kind, such as `incident_full`.
    kind: Option<String>,
    /// Whose entries: `mine`, `nobody`, or the id of a person at the desk. All of them when it is not said.
    whose: Option<String>,
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
    /// Most entries wanted; the settings have a maximum.
    #[param(minimum = 1)]
    limit: Option<u32>,
}

/// Lists what waits at the own desk: open entries by the legal time that remains, `all` newest first.
///
/// For the Cabinet Office these are the reports and the notifications that were passed on. It is an act of reading.
#[utoipa::path(get, path = "/api/v1/queue", tag = "desks", params(QueueQuery), security(("token" = [])),
    responses((status = 200, body = FilingList), (status = 422, description = "no such state or kind, or a cursor that was not given")))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<QueueQuery>,
) -> ApiResult<Json<FilingList>> {
    let words = |error| ApiError::worded(error, caller.t);
    let state = match query.state.as_deref() {
        None => DeskState::Open,
        Some(code) => code
            .parse()
            .map_err(|_| words(AppError::field("state", "code_unknown")))?,
    };
    let filter = DeskFilter {
        state,
        kind: kind(query.kind.as_deref()).map_err(words)?,
        whose: query
            .whose
            .as_deref()
            .unwrap_or_default()
            .parse()
            .map_err(words)?,
    };
    let after = cursor(query.cursor.as_deref()).map_err(words)?;
    let limit = query.limit.unwrap_or(USUAL_LIMIT);
    let queue = app
        .desk_queue(caller.actor(), &filter, after, limit)
        .await
        .map_err(words)?;
    Ok(Json(FilingList {
        items: queue.items.iter().map(FilingItem::from).collect(),
        next: queue.next.map(|cursor| cursor.to_string()),
    }))
}
