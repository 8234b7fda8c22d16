use app::filing::AttachmentUpload;
use app::{App, AppError};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Path, Query, Request, State};
use http::StatusCode;
use ids::{CaseId, Digest};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use utoipa::IntoParams;

use super::draft::DraftFile;
use crate::api::{ApiError, ApiResult, Caller};
use crate::problem::WebError;

/// Names a file.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FileQuery {
    /// Name under which it is filed; never used as a path.
    #[param(max_length = 255)]
    name: String,
}

/// Keeps a file and names it in the draft. The content is named by its digest, so the same request may come twice.
#[utoipa::path(put, path = "/api/v1/cases/{id}/attachments/{digest}", tag = "incidents", security(("token" = [])),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "the content"),
    params(("id" = uuid::Uuid, Path), ("digest" = String, Path, description = "SHA-256 over the content, in hexadecimal", pattern = "^[0-9a-f]{64}$"), FileQuery),
    responses((status = 200, body = DraftFile), (status = 409, description = "nothing is filed in this phase"),
        (status = 413, description = "too large, or too many files"),
        (status = 422, description = "empty, not of this digest, or not what it says")))]
pub(super) async fn attach(
    State(app): State<App>,
    caller: Caller,
    Path((id, digest)): Path<(CaseId, String)>,
    Query(query): Query<FileQuery>,
    mut request: Request,
) -> ApiResult<Json<DraftFile>> {
    let words = |error| ApiError::worded(error, caller.t);
    let digest = read_digest(&digest).map_err(words)?;
    let claimed_type = request
        .headers()
        .get(http::header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let limit = app.config().limits.attachment_bytes;
    DefaultBodyLimit::max(usize::try_from(limit).unwrap_or(usize::MAX)).apply(&mut request);
    let content = Bytes::from_request(request, &app)
        .await
        .map_err(|rejection| WebError::of_status(rejection.status()))?;
    let (content, found) = digest_of(content).await?;
    if found != digest {
        return Err(words(AppError::field("digest", "digest_differs")));
    }
    let upload = AttachmentUpload {
        content,
        claimed_type,
    };
    let attached = app
        .attach_to_draft(caller.actor(), id, &query.name, upload)
        .await
        .map_err(words)?;
    Ok(Json(DraftFile::from(&attached)))
}

/// Takes a file out of the draft; what was filed with it stays as it was filed.
#[utoipa::path(delete, path = "/api/v1/cases/{id}/attachments/{digest}", tag = "incidents", security(("token" = [])),
    params(("id" = uuid::Uuid, Path), ("digest" = String, Path, pattern = "^[0-9a-f]{64}$")),
    responses((status = 204, description = "it is not in the draft"), (status = 409, description = "nothing is filed in this phase")))]
pub(super) async fn detach(
    State(app): State<App>,
    caller: Caller,
    Path((id, digest)): Path<(CaseId, String)>,
) -> ApiResult<StatusCode> {
    let words = |error| ApiError::worded(error, caller.t);
    let digest = read_digest(&digest).map_err(words)?;
    app.detach_from_draft(caller.actor(), id, digest)
        .await
        .map_err(words)?;
    Ok(StatusCode::NO_CONTENT)
}

fn read_digest(text: &str) -> Result<Digest, AppError> {
    text.parse()
        .map_err(|_| AppError::field("digest", "digest_form"))
}

/// Twenty megabytes take longer than a request may hold up others.
async fn digest_of(content: Bytes) -> Result<(Vec<u8>, Digest), WebError> {
    tokio::task::spawn_blocking(move || {
        let found = Digest::from_bytes(Sha256::digest(&content).into());
        (content.to_vec(), found)
    })
    .await
    .map_err(|error| WebError::internal().caused_by(error))
}
