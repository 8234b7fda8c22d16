use app::App;
use app::desks::{CaseEvent, CaseMoment};
use app::incidents::{Event, EventKind};
use axum::Json;
use axum::extract::{Path, State};
use ids::{CaseId, Id, OrganisationKind};
use model::incidents::Precision;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::{ApiError, ApiResult, Caller};

/// What happened in a case.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Timeline {
    /// The case.
    case: Uuid,
    /// Oldest first.
    events: Vec<TimelineEvent>,
}

/// Something that happened.
#[derive(Debug, Default, Serialize, ToSchema)]
struct TimelineEvent {
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// `opened`, `aware`, `judged`, `decided_not_to_report`, `filed`, `delivered`, `read`, `checked`,
    /// `correction_requested` or `correction_answered`.
    event: &'static str,
    /// What exactly: the kind of awareness or document, the code of a judgement, the result of a check.
    detail: Option<&'static str>,
    /// Number of the document or decision.
    number: Option<String>,
    /// The filing that it is about.
    filing: Option<Uuid>,
    /// The request for correction that it is about.
    correction: Option<Uuid>,
    /// Whether the time is an estimate.
    approximate: bool,
    /// Whether a later record corrects it.
    superseded: bool,
    /// Name of who did it, where the caller may know.
    by: Option<String>,
    /// Name of the desk, in Japanese.
    desk: Option<String>,
}

impl From<Event> for TimelineEvent {
    fn from(event: Event) -> Self {
        let mut shown = Self {
            at: event.at.to_string(),
            by: Some(event.by).filter(|by| !by.is_empty()),
            ..Self::default()
        };
        match event.kind {
            EventKind::Opened => shown.event = "opened",
            EventKind::Aware {
                kind,
                precision,
                superseded,
            } => {
                shown.event = "aware";
                shown.detail = Some(kind.code());
                shown.approximate = precision == Precision::Approximate;
                shown.superseded = superseded;
            }
            EventKind::Judged(code) => {
                shown.event = "judged";
                shown.detail = Some(code.code());
            }
            EventKind::DecidedNotToReport(number) => {
                shown.event = "decided_not_to_report";
                shown.number = Some(number.as_str().to_owned());
            }
            EventKind::Filed {
                filing,
                kind,
                number,
            } => {
                shown.event = "filed";
                shown.detail = Some(kind.code());
                shown.number = Some(number.as_str().to_owned());
                shown.filing = Some(filing.uuid());
            }
            EventKind::Delivered(desk) => {
                shown.event = "delivered";
                shown.desk = Some(desk);
            }
            EventKind::Opening(desk) => {
                shown.event = "read";
                shown.desk = Some(desk);
            }
            EventKind::Checked(result, desk) => {
                shown.event = "checked";
                shown.detail = Some(result.code());
                shown.desk = Some(desk);
            }
            EventKind::CorrectionRequested(request, desk) => {
                shown.event = "correction_requested";
                shown.correction = Some(request.uuid());
                shown.desk = Some(desk);
            }
            EventKind::CorrectionAnswered(request) => {
                shown.event = "correction_answered";
                shown.correction = Some(request.uuid());
            }
        }
        shown
    }
}

impl From<CaseMoment> for TimelineEvent {
    fn from(moment: CaseMoment) -> Self {
        let mut shown = Self {
            at: moment.at.to_string(),
            ..Self::default()
        };
        match moment.event {
            CaseEvent::Aware { record, corrected } => {
                shown.event = "aware";
                shown.detail = Some(record.kind.code());
                shown.approximate = record.precision == Precision::Approximate;
                shown.superseded = corrected;
            }
            CaseEvent::Filed(filing) => {
                shown.event = "filed";
                shown.detail = Some(filing.kind.code());
                shown.number = Some(filing.number.as_str().to_owned());
                shown.filing = Some(filing.id.uuid());
            }
            CaseEvent::Checked { check, desk } => {
                shown.event = "checked";
                shown.detail = Some(check.result.code());
                shown.filing = Some(check.filing.uuid());
                shown.desk = Some(desk.0);
            }
            CaseEvent::Requested { request, desk } => {
                shown.event = "correction_requested";
                shown.filing = Some(request.filing.uuid());
                shown.correction = Some(request.id.uuid());
                shown.desk = Some(desk.0);
            }
            CaseEvent::Answered { request } => {
                shown.event = "correction_answered";
                shown.filing = request
                    .answer
                    .and_then(|answer| answer.filing)
                    .map(Id::uuid);
                shown.correction = Some(request.id.uuid());
            }
            CaseEvent::Opened { filing } => {
                shown.event = "read";
                shown.filing = Some(filing.uuid());
            }
        }
        shown
    }
}

/// Shows what happened in a case, oldest first. An authority sees what was filed and done about it, and its looking
/// is an act of reading; the case itself stays with the operator.
#[utoipa::path(get, path = "/api/v1/cases/{id}/timeline", tag = "desks", params(("id" = Uuid, Path)), security(("token" = [])),
    responses((status = 200, body = Timeline)))]
pub(super) async fn show(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CaseId>,
) -> ApiResult<Json<Timeline>> {
    let words = |error| ApiError::worded(error, caller.t);
    let actor = caller.actor();
    let events = if actor.organisation_kind == OrganisationKind::Operator {
        let events = app.case_timeline(actor, id).await.map_err(words)?;
        events.into_iter().map(TimelineEvent::from).collect()
    } else {
        let seen = app.desk_case(actor, id).await.map_err(words)?;
        seen.moments.into_iter().map(TimelineEvent::from).collect()
    };
    Ok(Json(Timeline {
        case: id.uuid(),
        events,
    }))
}
