use app::App;
use app::incidents::Finding;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use statute::{EventCode, ReportGroup};
use utoipa::ToSchema;

use super::answers::SheetBody;
use super::wire::Addressee;
use crate::api::allowed::{Allowed, EditCase};
use crate::api::wire::{Name, optional_day};
use crate::api::{ApiError, ApiResult, Caller, IdempotencyKey};

/// A question of the wizard, put to the rule book.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NeedBody {
    /// What is known.
    #[serde(default)]
    sheet: SheetBody,
    /// Day of awareness, `YYYY-MM-DD`; today where absent.
    #[serde(default)]
    #[schema(format = Date)]
    aware_on: Option<String>,
}

/// What the rule book says of the answers.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NeedView {
    /// Outcome, codes, exclusions, confidence and reasons with their articles.
    #[schema(value_type = Object)]
    finding: serde_json::Value,
    /// The code that a report would be written under.
    event: Option<&'static str>,
    /// The question to ask next.
    next: Option<String>,
    /// All questions for the group.
    questions: Vec<Question>,
    /// To whom a report would go.
    addressees: Vec<Addressee>,
}

/// A plain question.
#[derive(Debug, Serialize, ToSchema)]
struct Question {
    /// Stable code.
    code: String,
    /// The question.
    text: Name,
    /// Help.
    help: Name,
    /// Article.
    basis: Name,
    /// Asked only of computers in this report group.
    group: Option<&'static str>,
    /// The answer so far.
    answer: Option<&'static str>,
    /// Whether the answer could still change the result.
    open: bool,
}

/// Says whether an event must be reported (Order Art. 4(1), (2)); nothing is stored.
#[utoipa::path(post, path = "/api/v1/need-to-report", tag = "incidents", request_body = NeedBody, security(("token" = [])),
    responses((status = 200, body = NeedView),
        (status = 409, description = "the duty is not in force on that day")))]
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller,
    Json(body): Json<NeedBody>,
) -> ApiResult<Json<NeedView>> {
    let words = |error| ApiError::worded(error, caller.t);
    let aware_on = optional_day("aware_on", body.aware_on.as_deref()).map_err(words)?;
    let sheet = body.sheet.sheet(&app, aware_on).map_err(words)?;
    let found = app
        .judge_event(caller.actor(), &sheet)
        .await
        .map_err(words)?;
    Ok(Json(view(found)))
}

fn view(found: Finding) -> NeedView {
    let name = |ja: String, en: String| Name { ja, en };
    NeedView {
        finding: statute::json::event_finding(&found.finding),
        event: found.event.map(EventCode::code),
        next: found.next,
        addressees: found.addressees.iter().map(Addressee::from).collect(),
        questions: found
            .questions
            .into_iter()
            .map(|asked| Question {
                code: asked.code,
                text: name(asked.text_ja, asked.text_en),
                help: name(asked.help_ja, asked.help_en),
                basis: name(asked.basis_ja, asked.basis),
                group: asked.group.map(ReportGroup::code),
                answer: asked.answer.map(statute::Answer::code),
                open: asked.open,
            })
            .collect(),
    }
}

/// The judgement of a case.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct JudgementBody {
    /// Answers to the wizard.
    #[serde(default)]
    sheet: SheetBody,
    /// The code, where a person chose it, such as `cause_i`; else the gravest that the answers give.
    #[serde(default)]
    event: Option<String>,
}

/// A case that was judged.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Judged {
    /// The code.
    event: &'static str,
}

impl JudgementBody {
    pub(super) fn read(&self) -> Result<app::incidents::JudgementInput, app::AppError> {
        self.sheet.judgement(self.event.as_deref())
    }
}

/// Notes under which code the event of a case falls; earlier judgements stay visible.
#[utoipa::path(post, path = "/api/v1/cases/{id}/judgements", tag = "incidents", request_body = JudgementBody, security(("token" = [])),
    params(("id" = uuid::Uuid, Path), ("Idempotency-Key" = Option<String>, Header, description = "the same key gives the same outcome")),
    responses((status = 200, body = Judged), (status = 409, description = "neither answers nor caller name a code")))]
pub(super) async fn keep(
    State(app): State<App>,
    Allowed { caller, id }: Allowed<EditCase>,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<JudgementBody>,
) -> ApiResult<Json<Judged>> {
    let words = |error| ApiError::worded(error, caller.t);
    let input = body.read().map_err(words)?;
    let event = app
        .judge_case(caller.actor(), id, &input, key.as_deref())
        .await
        .map_err(words)?;
    Ok(Json(Judged {
        event: event.code(),
    }))
}
