use app::incidents::{CorrectionInput, Filing, ReportKind, WithdrawalInput};
use app::{App, AppError, FieldProblem};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use ids::Id;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::answers::in_draft;
use crate::api::allowed::{Allowed, FileAny, Withdraw};
use crate::api::wire::{Filed, filing_address};
use crate::api::{ApiError, ApiResult, IdempotencyKey};

/// A report to be filed from the draft.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReportBody {
    /// `prompt` (速報), `update` (続報), `full` (詳報) or `correction` (訂正).
    #[schema(pattern = "^(prompt|update|full|correction)$")]
    kind: String,
    /// The version of the draft that was checked; a draft that changed since is not filed.
    #[serde(default)]
    draft_version: Option<i64>,
    /// What was wrong; of a correction only.
    #[serde(default)]
    #[schema(max_length = 2000)]
    explanation: Option<String>,
    /// The request for correction that this answers; of a correction only.
    #[serde(default)]
    request: Option<Uuid>,
}

impl ReportBody {
    fn read(self) -> Result<ReportKind, AppError> {
        let correcting = [
            ("explanation", self.explanation.is_some()),
            ("request", self.request.is_some()),
        ];
        let kind = match self.kind.as_str() {
            "prompt" => ReportKind::Prompt,
            "update" => ReportKind::Update,
            "full" => ReportKind::Full,
            "correction" => {
                return Ok(ReportKind::Correction(CorrectionInput {
                    explanation: self.explanation.unwrap_or_default(),
                    request: self.request.map(Id::from_uuid),
                }));
            }
            _ => return Err(AppError::field("kind", "code_unknown")),
        };
        let problems: Vec<FieldProblem> = correcting
            .into_iter()
            .filter(|(_, sent)| *sent)
            .map(|(field, _)| FieldProblem::new(format!("/{field}"), "correction_only"))
            .collect();
        if problems.is_empty() {
            Ok(kind)
        } else {
            Err(AppError::Invalid(problems))
        }
    }
}

/// Files a report of a case from its draft, to the Minister and the Prime Minister at once (Act Art. 5).
///
/// What is missing or wrong is named by its place in the draft, such as `/fields/contact_name`.
#[utoipa::path(post, path = "/api/v1/cases/{id}/reports", tag = "incidents", request_body = ReportBody, security(("token" = [])),
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header, description = "the same key gives the same filing, not a second one")),
    responses((status = 201, body = Filed),
        (status = 409, description = "the phase does not allow it, the draft changed, nobody judged the event, or the law is not in force"),
        (status = 422, description = "the draft lacks what this stage needs")))]
pub(super) async fn file(
    State(app): State<App>,
    Allowed { caller, id }: Allowed<FileAny>,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<ReportBody>,
) -> ApiResult<Response> {
    let words = |error| ApiError::worded(error, caller.t);
    let checked = body.draft_version;
    let kind = body.read().map_err(words)?;
    let filed = app
        .file_report(caller.actor(), id, &kind, checked, key.as_deref())
        .await
        .map_err(|error| words(in_draft(error)))?;
    created(&filed).map_err(words)
}

/// A withdrawal (取下げ).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WithdrawalBody {
    /// `not_reportable`, `duplicate` or `mistake`.
    #[schema(pattern = "^(not_reportable|duplicate|mistake)$")]
    reason: String,
    /// Why, in words.
    #[schema(max_length = 2000)]
    explanation: String,
}

/// Withdraws the report of a case; everything filed stays as it was filed.
#[utoipa::path(post, path = "/api/v1/cases/{id}/withdrawal", tag = "incidents", request_body = WithdrawalBody, security(("token" = [])),
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header, description = "the same key gives the same filing, not a second one")),
    responses((status = 201, body = Filed), (status = 409, description = "nothing was filed, or it was withdrawn before")))]
pub(super) async fn withdraw(
    State(app): State<App>,
    Allowed { caller, id }: Allowed<Withdraw>,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<WithdrawalBody>,
) -> ApiResult<Response> {
    let words = |error| ApiError::worded(error, caller.t);
    let reason = body
        .reason
        .parse()
        .map_err(|_| words(AppError::field("reason", "code_unknown")))?;
    let input = WithdrawalInput {
        reason,
        explanation: body.explanation,
    };
    let filed = app
        .withdraw_report(caller.actor(), id, &input, key.as_deref())
        .await
        .map_err(words)?;
    created(&filed).map_err(words)
}

fn created(filed: &Filing) -> Result<Response, AppError> {
    let arrived_at = filed
        .arrived_at()
        .ok_or(AppError::Bug("a filing without a time"))?;
    let view = Filed {
        filing: filed.filing.uuid(),
        number: filed.number.clone(),
        arrived_at: arrived_at.to_string(),
    };
    let location = [(http::header::LOCATION, filing_address(filed.filing))];
    Ok((StatusCode::CREATED, location, Json(view)).into_response())
}
