use app::incidents::AwarenessInput;
use app::{App, AppError, FieldProblem};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use ids::{AwarenessId, CaseId};
use model::incidents::{AwarenessKind, Precision};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::allowed::{Allowed, EditCase};
use crate::api::wire::instant;
use crate::api::{ApiError, ApiResult, IdempotencyKey};

/// A moment of becoming aware (認知).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AwarenessBody {
    /// `near_miss` or `incident`.
    #[schema(pattern = "^(near_miss|incident)$")]
    kind: String,
    /// When, with its offset (RFC 3339).
    #[schema(format = DateTime)]
    aware_at: String,
    /// Whether it is an estimate (推定).
    #[serde(default)]
    approximate: bool,
    /// Who noticed what, and from where it is known.
    #[schema(max_length = 2000)]
    source: String,
}

/// A correction of a moment of awareness.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AwarenessCorrectionBody {
    /// Why the earlier record is wrong.
    #[schema(max_length = 1000)]
    reason: String,
    /// When, with its offset (RFC 3339).
    #[schema(format = DateTime)]
    aware_at: String,
    /// Whether it is an estimate (推定).
    #[serde(default)]
    approximate: bool,
    /// Who noticed what, and from where it is known.
    #[schema(max_length = 2000)]
    source: String,
}

/// A moment of awareness that was recorded.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RecordedAwareness {
    /// The record.
    awareness: Uuid,
}

impl AwarenessBody {
    pub(super) fn read(self) -> Result<(AwarenessKind, AwarenessInput), AppError> {
        let mut problems = Vec::new();
        let kind = self
            .kind
            .parse()
            .map_err(|_| problems.push(FieldProblem::new("kind", "code_unknown")));
        let input = input(&self.aware_at, self.approximate, self.source);
        match (kind, input) {
            (Ok(kind), Ok(input)) => Ok((kind, input)),
            (_, Err(AppError::Invalid(more))) => {
                problems.extend(more);
                Err(AppError::Invalid(problems))
            }
            (_, Err(other)) => Err(other),
            (Err(()), Ok(_)) => Err(AppError::Invalid(problems)),
        }
    }
}

fn input(aware_at: &str, approximate: bool, source: String) -> Result<AwarenessInput, AppError> {
    Ok(AwarenessInput {
        aware_at: instant("aware_at", aware_at)?,
        precision: if approximate {
            Precision::Approximate
        } else {
            Precision::Exact
        },
        source,
    })
}

/// Records a further moment of awareness: so a near miss becomes an incident, with nothing typed again.
#[utoipa::path(post, path = "/api/v1/cases/{id}/awareness", tag = "incidents", request_body = AwarenessBody, security(("token" = [])),
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header, description = "the same key gives the same outcome")),
    responses((status = 201, body = RecordedAwareness), (status = 409, description = "the phase of the case does not allow it")))]
pub(super) async fn add(
    State(app): State<App>,
    Allowed { caller, id }: Allowed<EditCase>,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<AwarenessBody>,
) -> ApiResult<Response> {
    let words = |error| ApiError::worded(error, caller.t);
    let (kind, input) = body.read().map_err(words)?;
    let recorded = app
        .add_awareness(caller.actor(), id, kind, &input, key.as_deref())
        .await
        .map_err(words)?;
    Ok(created(recorded))
}

/// Corrects a moment of awareness by a new record with a reason; the earlier one stays visible.
#[utoipa::path(post, path = "/api/v1/cases/{id}/awareness/{awareness}/corrections", tag = "incidents", request_body = AwarenessCorrectionBody, security(("token" = [])),
    params(("id" = Uuid, Path), ("awareness" = Uuid, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "the same key gives the same outcome")),
    responses((status = 201, body = RecordedAwareness), (status = 409, description = "corrected before")))]
pub(super) async fn correct(
    State(app): State<App>,
    Allowed { caller, id }: Allowed<EditCase>,
    Path((_, of)): Path<(CaseId, AwarenessId)>,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<AwarenessCorrectionBody>,
) -> ApiResult<Response> {
    let words = |error| ApiError::worded(error, caller.t);
    let input = input(&body.aware_at, body.approximate, body.source).map_err(words)?;
    let actor = caller.actor();
    let recorded = app
        .correct_awareness(actor, id, of, &body.reason, &input, key.as_deref())
        .await
        .map_err(words)?;
    Ok(created(recorded))
}

fn created(awareness: AwarenessId) -> Response {
    let view = RecordedAwareness {
        awareness: awareness.uuid(),
    };
    (StatusCode::CREATED, Json(view)).into_response()
}
