use std::collections::BTreeMap;

use app::App;
use app::incidents::{DraftAttachment, DraftView, FormStanding, Seen};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, StatusCode};
use ids::CaseId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::answers::{FieldBody, in_draft, place, read_fields, show_fields};
use crate::api::allowed::{Allowed, EditDraft};
use crate::api::{ApiError, ApiResult, Caller, entity_tag, version_wanted};
use crate::failure::field_text;
use crate::problem::{FieldProblem, WebError};

/// Fields to be saved; only those that changed need be sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DraftBody {
    /// Key of the field to what stands in it; an empty object empties it.
    fields: BTreeMap<String, FieldBody>,
}

/// A draft that was saved.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DraftSaved {
    /// The version now; also the entity tag.
    version: i64,
    /// When it was saved last.
    #[schema(format = DateTime)]
    saved_at: String,
}

/// A file that will be filed with the report.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DraftFile {
    /// SHA-256 over the content.
    digest: String,
    /// Name as given.
    file_name: String,
    /// Octets.
    size: u64,
    /// What the content is, found by looking at it.
    media_type: String,
}

impl From<&DraftAttachment> for DraftFile {
    fn from(file: &DraftAttachment) -> Self {
        Self {
            digest: file.digest.to_string(),
            file_name: file.file_name.clone(),
            size: file.size,
            media_type: file.media_type.clone(),
        }
    }
}

/// A draft of the report of a case.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DraftDetail {
    /// The case.
    case: Uuid,
    /// Grows with each save, 0 while nothing was saved; also the entity tag.
    version: i64,
    /// The version of the form that it is written on.
    form_version: String,
    /// `current`, `superseded` (there is a newer form) or `gone` (the draft must be moved).
    standing: &'static str,
    /// The chosen sheet.
    form: &'static str,
    /// Key of the field to what stands in it.
    fields: BTreeMap<String, FieldBody>,
    /// Files.
    attachments: Vec<DraftFile>,
    /// What had no place on the form that the draft moved to.
    left: BTreeMap<String, FieldBody>,
    /// When it was saved last.
    #[schema(format = DateTime)]
    saved_at: Option<String>,
}

impl From<&DraftView> for DraftDetail {
    fn from(draft: &DraftView) -> Self {
        Self {
            case: draft.case.uuid(),
            version: draft.version,
            form_version: draft.form_version.clone(),
            standing: match draft.standing {
                FormStanding::Current => "current",
                FormStanding::Superseded => "superseded",
                FormStanding::Gone => "gone",
            },
            form: draft.sheet.code(),
            fields: show_fields(&draft.typed),
            attachments: draft.attachments.iter().map(DraftFile::from).collect(),
            left: show_fields(&draft.left),
            saved_at: draft.saved_at.map(|(at, _)| at.to_string()),
        }
    }
}

/// Shows the draft of the next report, begun from the last one.
#[utoipa::path(get, path = "/api/v1/cases/{id}/draft", tag = "incidents", params(("id" = Uuid, Path)), security(("token" = [])),
    responses((status = 200, body = DraftDetail), (status = 409, description = "nothing is filed in this phase")))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CaseId>,
) -> ApiResult<Response> {
    let draft = app
        .view_draft(caller.actor(), id)
        .await
        .map_err(|error| ApiError::worded(error, caller.t))?;
    Ok(shown(&draft))
}

/// Saves fields of the draft, one by one.
///
/// A field that someone else changed after the version in `If-Match` is not saved: the answer is then 409 and names
/// it, and all other fields are saved. Read the draft again to see both.
#[utoipa::path(patch, path = "/api/v1/cases/{id}/draft", tag = "incidents", request_body = DraftBody, security(("token" = [])),
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "entity tag of the draft as read")),
    responses((status = 200, body = DraftSaved), (status = 409, description = "the named fields were changed meanwhile")))]
pub(super) async fn save(
    State(app): State<App>,
    Allowed { caller, id }: Allowed<EditDraft>,
    headers: HeaderMap,
    Json(body): Json<DraftBody>,
) -> ApiResult<Response> {
    let words = |error| ApiError::worded(error, caller.t);
    let seen = Seen::Version(version_wanted(&headers)?);
    let fields = read_fields(body.fields).map_err(words)?;
    let saved = app
        .save_draft(caller.actor(), id, &fields, &seen)
        .await
        .map_err(|error| words(in_draft(error)))?;
    if !saved.conflicts.is_empty() {
        let code = "changed_meanwhile";
        let named = saved.conflicts.iter().map(|conflict| FieldProblem {
            pointer: place(&conflict.field),
            code: code.to_owned(),
            detail: field_text(caller.t, code),
        });
        let error = WebError::new(StatusCode::CONFLICT, "draft_conflict");
        return Err(error.naming(named.collect()).into());
    }
    let tag = [(http::header::ETAG, entity_tag(saved.version))];
    let view = DraftSaved {
        version: saved.version,
        saved_at: saved.saved_at.to_string(),
    };
    Ok((tag, Json(view)).into_response())
}

/// Moves the draft to the newest version of the form; what has no place there is kept apart.
#[utoipa::path(post, path = "/api/v1/cases/{id}/draft/migration", tag = "incidents", params(("id" = Uuid, Path)), security(("token" = [])),
    responses((status = 200, body = DraftDetail), (status = 409, description = "nothing is filed in this phase")))]
pub(super) async fn migrate(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CaseId>,
) -> ApiResult<Response> {
    let draft = app
        .migrate_draft(caller.actor(), id)
        .await
        .map_err(|error| ApiError::worded(error, caller.t))?;
    Ok(shown(&draft))
}

fn shown(draft: &DraftView) -> Response {
    let tag = [(http::header::ETAG, entity_tag(draft.version))];
    (tag, Json(DraftDetail::from(draft))).into_response()
}
