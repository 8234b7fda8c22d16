use app::App;
use app::desks::{CorrectionReply, CorrectionThread, NewCorrectionRequest, OpenCorrection};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use ids::{CorrectionId, Id};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::allowed::{Allowed, AnswerCorrection, RequestCorrection};
use crate::api::filings::{RequestView, VersionHead};
use crate::api::wire::{ListQuery, Name, USUAL_LIMIT, optional_day};
use crate::api::{ApiError, ApiResult, Caller, IdempotencyKey};

/// A request for correction (補正依頼).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CorrectionAsked {
    /// JSON Pointer to the field of the body, such as `/answers/summary`; empty for the whole.
    #[serde(default)]
    #[schema(max_length = 300)]
    field: String,
    /// What should be put right.
    #[schema(max_length = 2000)]
    text: String,
    /// The day by which an answer is asked for; not a legal limit.
    #[serde(default)]
    #[schema(format = Date)]
    wanted_by: Option<String>,
}

/// A request that was sent.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CorrectionSent {
    /// The request.
    correction: Uuid,
}

/// Requests for correction that wait for an answer.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CorrectionList {
    /// Oldest first.
    items: Vec<CorrectionItem>,
    /// Where the next page begins: send it as `cursor`.
    next: Option<String>,
}

/// A request that waits for its answer.
#[derive(Debug, Serialize, ToSchema)]
struct CorrectionItem {
    /// The request.
    request: RequestView,
    /// The filing that it is about.
    filing: VersionHead,
    /// The desk that asks.
    desk: Name,
}

/// A request with what is needed to answer it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CorrectionDetail {
    /// The request, with its answer if there is one.
    request: RequestView,
    /// The filing that it is about.
    filing: VersionHead,
    /// The newest version: a correction begins from it. Name its `id` as `seen`.
    latest: VersionHead,
    /// What stands in the field now.
    present: Option<Value>,
    /// The desk that asks.
    desk: Name,
    /// Whether the caller may answer.
    may_answer: bool,
}

/// An answer to a request for correction.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReplyBody {
    /// Explanation to the desk.
    #[schema(max_length = 2000)]
    text: String,
    /// What the field should read, as it stands in the body; null empties it. Absent where nothing is corrected.
    #[serde(default, deserialize_with = "sent")]
    value: Option<Value>,
    /// The newest version that the caller read; a newer one makes the answer stale.
    #[serde(default)]
    seen: Option<Uuid>,
}

/// What came of an answer.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Answered {
    /// The request.
    correction: Uuid,
    /// The corrected version, if something was corrected.
    filing: Option<Uuid>,
}

/// Tells null, which was sent, from nothing.
fn sent<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(value).map(Some)
}

impl From<&OpenCorrection> for CorrectionItem {
    fn from(open: &OpenCorrection) -> Self {
        Self {
            request: RequestView::from(&open.request),
            filing: VersionHead::from(&open.filing),
            desk: Name::from(&open.desk),
        }
    }
}

impl From<&CorrectionThread> for CorrectionDetail {
    fn from(thread: &CorrectionThread) -> Self {
        Self {
            request: RequestView::from(&thread.request),
            filing: VersionHead::from(&thread.filing),
            latest: VersionHead::from(&thread.latest),
            present: thread.present(),
            desk: Name::from(&thread.desk),
            may_answer: thread.may_answer,
        }
    }
}

/// Asks the filer to correct a field.
#[utoipa::path(post, path = "/api/v1/filings/{id}/corrections", tag = "desks", request_body = CorrectionAsked, security(("token" = [])),
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header, description = "the same key gives the same outcome")),
    responses((status = 201, body = CorrectionSent)))]
pub(super) async fn ask(
    State(app): State<App>,
    Allowed { caller, id }: Allowed<RequestCorrection>,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<CorrectionAsked>,
) -> ApiResult<Response> {
    let words = |error| ApiError::worded(error, caller.t);
    let request = NewCorrectionRequest {
        field: &body.field,
        text: &body.text,
        wanted_by: optional_day("wanted_by", body.wanted_by.as_deref()).map_err(words)?,
    };
    let asked = app
        .request_correction(caller.actor(), id, request, key.as_deref())
        .await
        .map_err(words)?;
    let location = [(
        http::header::LOCATION,
        format!("/api/v1/corrections/{asked}"),
    )];
    let view = CorrectionSent {
        correction: asked.uuid(),
    };
    Ok((StatusCode::CREATED, location, Json(view)).into_response())
}

/// Lists the requests for correction of own filings that wait for an answer.
#[utoipa::path(get, path = "/api/v1/corrections", tag = "desks", params(ListQuery), security(("token" = [])),
    responses((status = 200, body = CorrectionList), (status = 422, description = "a cursor that was not given")))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> ApiResult<Json<CorrectionList>> {
    let limit = query.limit.unwrap_or(USUAL_LIMIT);
    let open = app
        .open_corrections(caller.actor(), query.cursor.as_deref(), limit)
        .await
        .map_err(|error| ApiError::worded(error, caller.t))?;
    Ok(Json(CorrectionList {
        items: open.items.iter().map(CorrectionItem::from).collect(),
        next: open.next,
    }))
}

/// Shows a request for correction of an own filing; desks see theirs with the filing.
#[utoipa::path(get, path = "/api/v1/corrections/{id}", tag = "desks", params(("id" = Uuid, Path)), security(("token" = [])),
    responses((status = 200, body = CorrectionDetail)))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CorrectionId>,
) -> ApiResult<Json<CorrectionDetail>> {
    let thread = app
        .view_correction(caller.actor(), id)
        .await
        .map_err(|error| ApiError::worded(error, caller.t))?;
    Ok(Json(CorrectionDetail::from(&thread)))
}

/// Answers a request for correction, with or without a corrected value.
#[utoipa::path(post, path = "/api/v1/corrections/{id}/answer", tag = "desks", request_body = ReplyBody, security(("token" = [])),
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header, description = "the same key gives the same outcome")),
    responses((status = 201, body = Answered), (status = 409, description = "answered before, withdrawn, or a newer version exists")))]
pub(super) async fn answer(
    State(app): State<App>,
    Allowed { caller, id }: Allowed<AnswerCorrection>,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<ReplyBody>,
) -> ApiResult<Response> {
    let reply = CorrectionReply {
        text: &body.text,
        value: body.value,
        seen: body.seen.map(Id::from_uuid),
    };
    let done = app
        .answer_correction(caller.actor(), id, reply, key.as_deref())
        .await
        .map_err(|error| ApiError::worded(error, caller.t))?;
    let view = Answered {
        correction: done.request.uuid(),
        filing: done.filing.map(Id::uuid),
    };
    Ok((StatusCode::CREATED, Json(view)).into_response())
}
