use app::filing::SeenBy;
use app::{App, AppError};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use formats::filing::Change;
use http::header;
use ids::FilingId;
use serde::Serialize;
use utoipa::ToSchema;

use super::wire::{FilingDetail, VersionHead};
use crate::api::wire::Name;
use crate::api::{ApiError, ApiResult, Caller};
use crate::problem::WebError;

/// The versions of a document.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FilingVersions {
    /// Oldest first.
    versions: Vec<FilingVersion>,
}

/// A version and what is new in it.
#[derive(Debug, Serialize, ToSchema)]
struct FilingVersion {
    /// The version.
    filing: VersionHead,
    /// Differences from the version before.
    changes: Vec<ChangeView>,
}

/// A difference.
#[derive(Debug, Serialize, ToSchema)]
struct ChangeView {
    /// JSON Pointer into the body.
    path: String,
    /// What stood there.
    before: Option<serde_json::Value>,
    /// What stands there.
    after: Option<serde_json::Value>,
}

/// Who read a filing.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReadList {
    /// Oldest first.
    items: Vec<ReadView>,
}

/// One reading.
#[derive(Debug, Serialize, ToSchema)]
struct ReadView {
    /// The reader's organisation.
    organisation: Name,
    /// When.
    #[schema(format = DateTime)]
    at: String,
}

impl From<&Change> for ChangeView {
    fn from(change: &Change) -> Self {
        Self {
            path: change.path.clone(),
            before: change.before.clone(),
            after: change.after.clone(),
        }
    }
}

impl From<&SeenBy> for ReadView {
    fn from(seen: &SeenBy) -> Self {
        Self {
            organisation: Name::from(&seen.organisation),
            at: seen.at.to_string(),
        }
    }
}

/// Shows a filing as it was filed. For an authority this is an act of reading with its own leaf.
#[utoipa::path(get, path = "/api/v1/filings/{id}", tag = "filings", params(("id" = uuid::Uuid, Path)), security(("token" = [])),
    responses((status = 200, body = FilingDetail)))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<FilingId>,
) -> ApiResult<Json<FilingDetail>> {
    let view = app
        .view_filing(caller.actor(), id)
        .await
        .map_err(|error| ApiError::worded(error, caller.t))?;
    let body = serde_json::from_str(&view.filing.body)
        .map_err(|error| WebError::internal().caused_by(error))?;
    Ok(Json(FilingDetail::new(&view, body)))
}

/// Shows the versions of a document with their differences. For an authority this is an act of reading.
#[utoipa::path(get, path = "/api/v1/filings/{id}/history", tag = "filings", params(("id" = uuid::Uuid, Path)), security(("token" = [])),
    responses((status = 200, body = FilingVersions)))]
pub(super) async fn history(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<FilingId>,
) -> ApiResult<Json<FilingVersions>> {
    let history = app
        .filing_history(caller.actor(), id)
        .await
        .map_err(|error| ApiError::worded(error, caller.t))?;
    Ok(Json(FilingVersions {
        versions: history
            .versions
            .iter()
            .map(|version| FilingVersion {
                filing: VersionHead::from(&version.filing),
                changes: version.changes.iter().map(ChangeView::from).collect(),
            })
            .collect(),
    }))
}

/// Lists who outside the own organisation has read a filing.
#[utoipa::path(get, path = "/api/v1/filings/{id}/reads", tag = "filings", params(("id" = uuid::Uuid, Path)), security(("token" = [])),
    responses((status = 200, body = ReadList)))]
pub(super) async fn reads(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<FilingId>,
) -> ApiResult<Json<ReadList>> {
    let seen = app
        .read_by(caller.actor(), id)
        .await
        .map_err(|error| ApiError::worded(error, caller.t))?;
    Ok(Json(ReadList {
        items: seen.iter().map(ReadView::from).collect(),
    }))
}

/// The content of a file of a filing. For an authority this is an act of reading.
#[utoipa::path(get, path = "/api/v1/filings/{id}/attachments/{digest}", tag = "filings", security(("token" = [])),
    params(("id" = uuid::Uuid, Path), ("digest" = String, Path, description = "SHA-256 over the content", pattern = "^[0-9a-f]{64}$")),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
pub(super) async fn attachment(
    State(app): State<App>,
    caller: Caller,
    Path((id, digest)): Path<(FilingId, String)>,
) -> ApiResult<Response> {
    let words = |error| ApiError::worded(error, caller.t);
    let digest = digest.parse().map_err(|_| words(AppError::NotFound))?;
    let (_, content) = app
        .view_attachment(caller.actor(), id, digest)
        .await
        .map_err(words)?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CONTENT_DISPOSITION, "attachment"),
    ];
    Ok((headers, content).into_response())
}
