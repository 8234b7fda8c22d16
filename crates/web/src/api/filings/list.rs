use app::desks::{DeskFilter, DeskState, ListCursor};
use app::{App, AppError};
use axum::Json;
use axum::extract::{Query, State};
use ids::{FilingKind, Id, OrganisationKind};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::wire::{FilingItem, FilingList};
use crate::api::wire::{Name, USUAL_LIMIT};
use crate::api::{ApiError, ApiResult, Caller};

/// Which filings, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FilingQuery {
    /// Only this kind, such as `incident_full`.
    kind: Option<String>,
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
    /// Most entries wanted; the settings have a maximum.
    #[param(minimum = 1)]
    limit: Option<u32>,
}

/// What to search for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SearchQuery {
    /// Words in any writing: operator, product, summary, number.
    #[param(max_length = 200)]
    q: String,
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
    /// Most entries wanted; the settings have a maximum.
    #[param(minimum = 1)]
    limit: Option<u32>,
}

/// A filing that was found.
#[derive(Debug, Serialize, ToSchema)]
struct FoundFiling {
    /// The filing.
    id: Uuid,
    /// 受付番号.
    number: String,
    /// Such as `incident_prompt`.
    kind: &'static str,
    /// Who filed it.
    operator: Name,
    /// The incident case of a report.
    case: Option<Uuid>,
    /// When it arrived.
    #[schema(format = DateTime)]
    filed_at: String,
}

/// A page of what was found.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FoundList {
    /// Newest first.
    items: Vec<FoundFiling>,
    /// Where the next page begins: send it as `cursor`.
    next: Option<String>,
}

/// Lists the filings that the caller may see, newest first: an operator's own, or those addressed to the own desk.
///
/// For an authority this is an act of reading.
#[utoipa::path(get, path = "/api/v1/filings", tag = "filings", params(FilingQuery), security(("token" = [])),
    responses((status = 200, body = FilingList), (status = 422, description = "no such kind, or a cursor that was not given")))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<FilingQuery>,
) -> ApiResult<Json<FilingList>> {
    let words = |error| ApiError::worded(error, caller.t);
    let kind = kind(query.kind.as_deref()).map_err(words)?;
    let after = cursor(query.cursor.as_deref()).map_err(words)?;
    let limit = query.limit.unwrap_or(USUAL_LIMIT);
    let actor = caller.actor();
    let (items, next) = if actor.organisation_kind == OrganisationKind::Operator {
        app.own_filings(actor, kind, after, limit)
            .await
            .map_err(words)?
    } else {
        let filter = DeskFilter {
            state: DeskState::All,
            kind,
            ..DeskFilter::default()
        };
        let queue = app
            .desk_queue(actor, &filter, after, limit)
            .await
            .map_err(words)?;
        (queue.items, queue.next)
    };
    Ok(Json(FilingList {
        items: items.iter().map(FilingItem::from).collect(),
        next: next.map(|cursor| cursor.to_string()),
    }))
}

/// Searches the filings that the caller may see. For an authority this is an act of reading.
#[utoipa::path(get, path = "/api/v1/filings/search", tag = "filings", params(SearchQuery), security(("token" = [])),
    responses((status = 200, body = FoundList), (status = 422, description = "nothing to search for, or a cursor that was not given")))]
pub(super) async fn search(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<SearchQuery>,
) -> ApiResult<Json<FoundList>> {
    let words = |error| ApiError::worded(error, caller.t);
    let after = cursor(query.cursor.as_deref()).map_err(words)?;
    let limit = query.limit.unwrap_or(USUAL_LIMIT);
    let found = app
        .search_filings(caller.actor(), &query.q, after, limit)
        .await
        .map_err(words)?;
    Ok(Json(FoundList {
        items: found
            .items
            .iter()
            .map(|(head, operator)| FoundFiling {
                id: head.id.uuid(),
                number: head.number.as_str().to_owned(),
                kind: head.kind.code(),
                operator: Name::from(operator),
                case: head.case.map(Id::uuid),
                filed_at: head.filed_at.to_string(),
            })
            .collect(),
        next: found.next.map(|cursor| cursor.to_string()),
    }))
}

/// The kind of document asked for.
pub(crate) fn kind(code: Option<&str>) -> Result<Option<FilingKind>, AppError> {
    code.map(str::parse)
        .transpose()
        .map_err(|_| AppError::field("kind", "code_unknown"))
}

/// Where a page begins.
pub(crate) fn cursor(text: Option<&str>) -> Result<Option<ListCursor>, AppError> {
    text.map(str::parse).transpose()
}
