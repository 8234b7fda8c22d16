use app::incidents::NewCase;
use app::{App, AppError};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use formats::forms::IncidentForm;
use http::{HeaderMap, StatusCode};
use ids::CaseId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::awareness::AwarenessBody;
use super::judge::JudgementBody;
use super::wire::{CaseDetail, CaseItem, CaseList};
use crate::api::allowed::{Allowed, EditCase};
use crate::api::wire::{ListQuery, USUAL_LIMIT};
use crate::api::{ApiError, ApiResult, Caller, IdempotencyKey, entity_tag, version_wanted};

/// A case to be opened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseBody {
    /// What it is called in the house; not filed.
    #[schema(max_length = 200)]
    title: String,
    /// The first moment of awareness.
    awareness: AwarenessBody,
    /// `form1_ddos`, `form2_ransomware` or `form3_other`, which is the default.
    #[serde(default)]
    form: Option<String>,
    /// Answers to 「これは報告が必要か」, or a code.
    #[serde(default)]
    judgement: Option<JudgementBody>,
}

/// A change of a case; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ArrangeBody {
    /// What it is called in the house.
    #[serde(default)]
    #[schema(max_length = 200)]
    title: Option<String>,
    /// Another sheet. What was typed on the earlier one stays in the draft.
    #[serde(default)]
    form: Option<String>,
}

/// A case that was opened.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseOpened {
    /// The case.
    case: Uuid,
}

/// Lists the cases of the own organisation, opened last first.
#[utoipa::path(get, path = "/api/v1/cases", tag = "incidents", params(ListQuery), security(("token" = [])),
    responses((status = 200, body = CaseList), (status = 422, description = "a cursor that was not given")))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> ApiResult<Json<CaseList>> {
    let words = |error| ApiError::worded(error, caller.t);
    let limit = query.limit.unwrap_or(USUAL_LIMIT);
    let page = app
        .list_cases(caller.actor(), query.cursor.as_deref(), limit)
        .await
        .map_err(words)?;
    Ok(Json(CaseList {
        items: page.cases.iter().map(CaseItem::from).collect(),
        next: page.next,
    }))
}

/// Opens a case with its first moment of awareness (Act Art. 5).
#[utoipa::path(post, path = "/api/v1/cases", tag = "incidents", request_body = CaseBody, security(("token" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "the same key gives the same outcome")),
    responses((status = 201, body = CaseOpened)))]
pub(super) async fn open(
    State(app): State<App>,
    caller: Caller,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<CaseBody>,
) -> ApiResult<Response> {
    let words = |error| ApiError::worded(error, caller.t);
    let (kind, awareness) = body.awareness.read().map_err(words)?;
    let new = NewCase {
        title: body.title,
        kind,
        awareness,
        form: form(body.form.as_deref()).map_err(words)?,
        judgement: body
            .judgement
            .map(|judgement| judgement.read())
            .transpose()
            .map_err(words)?,
    };
    let opened = app
        .open_case(caller.actor(), &new, key.as_deref())
        .await
        .map_err(words)?;
    let location = format!("/api/v1/cases/{}", opened.case);
    let view = CaseOpened {
        case: opened.case.uuid(),
    };
    let location = [(http::header::LOCATION, location)];
    Ok((StatusCode::CREATED, location, Json(view)).into_response())
}

/// Shows a case with its clocks and what may be done.
#[utoipa::path(get, path = "/api/v1/cases/{id}", tag = "incidents", params(("id" = Uuid, Path)), security(("token" = [])),
    responses((status = 200, body = CaseDetail)))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CaseId>,
) -> ApiResult<Response> {
    shown(&app, &caller, id).await
}

/// Renames a case in the house, or chooses another sheet.
#[utoipa::path(patch, path = "/api/v1/cases/{id}", tag = "incidents", request_body = ArrangeBody, security(("token" = [])),
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "entity tag of the case as read")),
    responses((status = 200, body = CaseDetail), (status = 409, description = "changed meanwhile")))]
pub(super) async fn arrange(
    State(app): State<App>,
    Allowed { caller, id }: Allowed<EditCase>,
    headers: HeaderMap,
    Json(body): Json<ArrangeBody>,
) -> ApiResult<Response> {
    let words = |error| ApiError::worded(error, caller.t);
    let version = version_wanted(&headers)?;
    let form = form(body.form.as_deref()).map_err(words)?;
    app.arrange_case(
        caller.actor(),
        id,
        body.title.as_deref(),
        form,
        Some(version),
    )
    .await
    .map_err(words)?;
    shown(&app, &caller, id).await
}

/// Takes a decision not to report back: the case is open again, the decision stays in the register.
#[utoipa::path(post, path = "/api/v1/cases/{id}/reopen", tag = "incidents", params(("id" = Uuid, Path)), security(("token" = [])),
    responses((status = 200, body = CaseDetail), (status = 409, description = "no such decision stands")))]
pub(super) async fn reopen(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CaseId>,
) -> ApiResult<Response> {
    app.reopen_case(caller.actor(), id)
        .await
        .map_err(|error| ApiError::worded(error, caller.t))?;
    shown(&app, &caller, id).await
}

async fn shown(app: &App, caller: &Caller, id: CaseId) -> ApiResult<Response> {
    let view = app
        .view_case(caller.actor(), id)
        .await
        .map_err(|error| ApiError::worded(error, caller.t))?;
    let detail = CaseDetail::from(&view);
    let tag = [(http::header::ETAG, entity_tag(detail.version))];
    Ok((tag, Json(detail)).into_response())
}

fn form(code: Option<&str>) -> Result<Option<IncidentForm>, AppError> {
    code.map(str::parse)
        .transpose()
        .map_err(|_| AppError::field("form", "code_unknown"))
}
