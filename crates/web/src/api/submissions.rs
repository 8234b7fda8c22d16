//! What is handed to the addressees of a case, and what became of it.

mod wire;

use app::App;
use app::submissions::{Papers, SubmissionInput};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use ids::{CaseId, Digest, SubmissionId};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::wire::{Overview, Recorded, SubmissionView};
use crate::api::allowed::{Allowed, RecordSubmission};
use crate::api::wire::instant;
use crate::api::{ApiError, ApiResult, Caller, IdempotencyKey};
use crate::print::submission::papers;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, record))
        .routes(routes!(get))
        .routes(routes!(download))
}

/// Something that a person handed over.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SubmissionBody {
    /// Code of the addressee, as listed.
    addressee: String,
    /// `prompt` or `full`.
    stage: String,
    /// The concrete desk: whom one spoke to, which counter.
    #[schema(max_length = 200)]
    desk: String,
    /// When.
    #[schema(format = DateTime)]
    happened_at: String,
    /// The number that the addressee gave.
    #[serde(default)]
    #[schema(max_length = 200)]
    number: String,
    /// How it was handed over.
    #[serde(default)]
    #[schema(max_length = 1000)]
    note: String,
}

/// Every addressee of a case: whether it is told and why, until when, what was handed over and what became of it.
#[utoipa::path(get, path = "/api/v1/cases/{id}/submissions", tag = "submissions", params(("id" = uuid::Uuid, Path)), security(("token" = [])),
    responses((status = 200, body = Overview)))]
async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CaseId>,
) -> ApiResult<Json<Overview>> {
    let overview = app
        .submission_overview(caller.actor(), id)
        .await
        .map_err(|error| ApiError::worded(error, caller.t))?;
    Ok(Json(Overview::from(&overview)))
}

/// Freezes what a person handed to an addressee by telephone, at a counter or in another portal.
#[utoipa::path(post, path = "/api/v1/cases/{id}/submissions", tag = "submissions", request_body = SubmissionBody, security(("token" = [])),
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header, description = "the same key gives the same outcome")),
    responses((status = 201, body = Recorded), (status = 409, description = "the addressee is reached by filing the report")))]
async fn record(
    State(app): State<App>,
    Allowed { caller, id }: Allowed<RecordSubmission>,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<SubmissionBody>,
) -> ApiResult<Response> {
    let words = |error| ApiError::worded(error, caller.t);
    let unknown = |_| words(app::AppError::field("stage", "submission_stage"));
    let input = SubmissionInput {
        stage: body.stage.parse().map_err(unknown)?,
        happened_at: Some(instant("happened_at", &body.happened_at).map_err(words)?),
        addressee: body.addressee,
        desk: body.desk,
        number: body.number,
        note: body.note,
        copy: None,
    };
    let content = app
        .submission_content(caller.actor(), id, &input.addressee)
        .await
        .map_err(words)?;
    let papers: Papers = papers(&app, caller.t, &content);
    let submission = app
        .record_submission(caller.actor(), id, input, papers, key.as_deref())
        .await
        .map_err(words)?;
    let location = format!("/api/v1/submissions/{submission}");
    let location = [(http::header::LOCATION, location)];
    let view = Recorded {
        submission: submission.uuid(),
    };
    Ok((StatusCode::CREATED, location, Json(view)).into_response())
}

/// What was handed to an addressee, with its frozen files and what became of it.
#[utoipa::path(get, path = "/api/v1/submissions/{id}", tag = "submissions", params(("id" = uuid::Uuid, Path)), security(("token" = [])),
    responses((status = 200, body = SubmissionView)))]
async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<SubmissionId>,
) -> ApiResult<Json<SubmissionView>> {
    let shown = app
        .view_submission(caller.actor(), id)
        .await
        .map_err(|error| ApiError::worded(error, caller.t))?;
    Ok(Json(SubmissionView::from(&shown)))
}

/// A frozen file, as it was handed over.
#[utoipa::path(get, path = "/api/v1/submissions/{id}/files/{digest}", tag = "submissions", security(("token" = [])),
    params(("id" = uuid::Uuid, Path), ("digest" = String, Path, description = "SHA-256 over the content, in hexadecimal", pattern = "^[0-9a-f]{64}$")),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
async fn download(
    State(app): State<App>,
    caller: Caller,
    Path((id, digest)): Path<(SubmissionId, String)>,
) -> ApiResult<Response> {
    let words = |error| ApiError::worded(error, caller.t);
    let digest: Digest = digest.parse().map_err(|_| words(app::AppError::NotFound))?;
    let (_, content) = app
        .submission_paper(caller.actor(), id, digest)
        .await
        .map_err(words)?;
    let headers = [
        (http::header::CONTENT_TYPE, "application/octet-stream"),
        (http::header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, content).into_response())
}
