use std::collections::BTreeMap;

use app::App;
use app::incidents::{DecisionView, NewDecision};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use ids::{DecisionId, Id};
use model::incidents::RecheckState;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::answers::SheetBody;
use crate::api::wire::{ListQuery, USUAL_LIMIT, day};
use crate::api::{ApiError, ApiResult, Caller, IdempotencyKey};

/// A decision not to report.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DecisionBody {
    /// The case; without one a case is opened for it.
    #[serde(default)]
    case: Option<Uuid>,
    /// What happened, in a few words.
    #[schema(max_length = 200)]
    summary: String,
    /// Answers to 「これは報告が必要か」.
    #[serde(default)]
    sheet: SheetBody,
    /// Why the event need not be reported.
    #[schema(max_length = 2000)]
    reason: String,
    /// The day on which the question is asked again, `YYYY-MM-DD`.
    #[schema(format = Date)]
    recheck_on: String,
}

/// A decision that was recorded.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DecisionRecorded {
    /// The decision.
    decision: Uuid,
    /// Number in the register.
    number: String,
    /// The case it belongs to.
    case: Uuid,
}

/// A decision of the register.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Decision {
    id: Uuid,
    /// Number in the register.
    number: String,
    /// The case.
    case: Option<Uuid>,
    /// What happened.
    summary: String,
    /// Code of the question to the answer it rests on.
    answers: BTreeMap<String, &'static str>,
    /// What the rule book said.
    outcome: String,
    /// Why nothing is reported.
    reason: String,
    /// The day to look again.
    #[schema(format = Date)]
    recheck_on: String,
    /// Whether that day has come.
    recheck_due: bool,
    /// Whether it stands, or was taken back or renewed.
    standing: bool,
    /// Who decided.
    decided_by: String,
    /// When.
    #[schema(format = DateTime)]
    decided_at: String,
}

/// The register of decisions.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DecisionList {
    /// What stands first, the nearest day to look again first.
    items: Vec<Decision>,
    /// Where the next page begins: send it as `cursor`.
    next: Option<String>,
}

impl From<DecisionView> for Decision {
    fn from(view: DecisionView) -> Self {
        Self {
            id: view.id.uuid(),
            number: view.number.as_str().to_owned(),
            case: view.case.map(Id::uuid),
            summary: view.summary,
            answers: view
                .answers
                .iter()
                .map(|(code, answer)| (code.to_owned(), answer.code()))
                .collect(),
            outcome: view.outcome,
            reason: view.reason.as_str().to_owned(),
            recheck_on: view.recheck_on.to_string(),
            recheck_due: view.recheck == RecheckState::Due,
            standing: view.standing,
            decided_by: view.decided_by_name,
            decided_at: view.decided_at.to_string(),
        }
    }
}

/// Lists the decisions not to report.
#[utoipa::path(get, path = "/api/v1/decisions", tag = "incidents", params(ListQuery), security(("token" = [])),
    responses((status = 200, body = DecisionList), (status = 422, description = "a cursor that was not given")))]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> ApiResult<Json<DecisionList>> {
    let limit = query.limit.unwrap_or(USUAL_LIMIT);
    let found = app
        .list_decisions(caller.actor(), query.cursor.as_deref(), limit)
        .await
        .map_err(|error| ApiError::worded(error, caller.t))?;
    Ok(Json(DecisionList {
        items: found.decisions.into_iter().map(Decision::from).collect(),
        next: found.next,
    }))
}

/// Shows a decision.
#[utoipa::path(get, path = "/api/v1/decisions/{id}", tag = "incidents", params(("id" = Uuid, Path)), security(("token" = [])),
    responses((status = 200, body = Decision)))]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<DecisionId>,
) -> ApiResult<Json<Decision>> {
    let view = app
        .view_decision(caller.actor(), id)
        .await
        .map_err(|error| ApiError::worded(error, caller.t))?;
    Ok(Json(Decision::from(view)))
}

/// Records a decision not to report: who, why, on which answers, and when to look again (Order Art. 4(2)).
#[utoipa::path(post, path = "/api/v1/decisions", tag = "incidents", request_body = DecisionBody, security(("token" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "the same key gives the same outcome")),
    responses((status = 201, body = DecisionRecorded), (status = 409, description = "the phase of the case does not allow it")))]
pub(super) async fn record(
    State(app): State<App>,
    caller: Caller,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<DecisionBody>,
) -> ApiResult<Response> {
    let words = |error| ApiError::worded(error, caller.t);
    let (group, answers) = body.sheet.read().map_err(words)?;
    let new = NewDecision {
        case: body.case.map(Id::from_uuid),
        summary: body.summary,
        group,
        answers,
        reason: body.reason,
        recheck_on: day("recheck_on", &body.recheck_on).map_err(words)?,
    };
    let recorded = app
        .decide_not_to_report(caller.actor(), &new, key.as_deref())
        .await
        .map_err(words)?;
    let location = format!("/api/v1/decisions/{}", recorded.decision);
    let location = [(http::header::LOCATION, location)];
    let view = DecisionRecorded {
        decision: recorded.decision.uuid(),
        number: recorded.number,
        case: recorded.case.uuid(),
    };
    Ok((StatusCode::CREATED, location, Json(view)).into_response())
}
