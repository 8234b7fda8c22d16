//! What programs receive about cases.

use std::collections::BTreeMap;

use app::filing::PlannedAddressee;
use app::incidents::{CaseEntry, CaseView};
use model::incidents::{Awareness, Clock, ClockState, Filed};
use serde::Serialize;
use statute::EventCode;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::wire::Name;

/// An authority to which something goes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Addressee {
    /// The desk.
    organisation: Uuid,
    /// Its name.
    name: Name,
    /// `minister`, `regional_head`, `prime_minister` or `prime_minister_forwarded`.
    role: &'static str,
    /// Article.
    basis: String,
}

impl From<&PlannedAddressee> for Addressee {
    fn from(planned: &PlannedAddressee) -> Self {
        Self {
            organisation: planned.organisation.id.uuid(),
            name: Name::from(&planned.organisation),
            role: planned.role.code(),
            basis: planned.basis.clone(),
        }
    }
}

/// A document that answered a duty.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FiledRef {
    /// The filing.
    filing: Uuid,
    /// When it arrived.
    #[schema(format = DateTime)]
    at: String,
}

impl From<Filed> for FiledRef {
    fn from(filed: Filed) -> Self {
        Self {
            filing: filed.filing.uuid(),
            at: filed.at.to_string(),
        }
    }
}

/// The clocks of one moment of awareness (Order Art. 4(2)).
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ClockView {
    /// The record from which they run.
    awareness: Uuid,
    /// `near_miss` or `incident`.
    kind: &'static str,
    /// The instant from which they run.
    #[schema(format = DateTime)]
    aware_at: String,
    /// `running`, `answered`, `superseded` or `stopped`.
    state: &'static str,
    /// 速報: the limit with its reasons; the law fixes no number.
    #[schema(value_type = Object)]
    prompt: serde_json::Value,
    /// What answered it.
    prompt_filed: Option<FiledRef>,
    /// 詳報: the limit with its reasons.
    #[schema(value_type = Object)]
    full: serde_json::Value,
    /// What answered it.
    full_filed: Option<FiledRef>,
}

impl From<&Clock> for ClockView {
    fn from(clock: &Clock) -> Self {
        Self {
            awareness: clock.awareness.uuid(),
            kind: clock.kind.code(),
            aware_at: clock.aware_at.to_string(),
            state: match clock.state {
                ClockState::Running => "running",
                ClockState::Answered => "answered",
                ClockState::Superseded => "superseded",
                ClockState::Stopped => "stopped",
            },
            prompt: statute::json::due(&clock.prompt),
            prompt_filed: clock.prompt_filed.map(FiledRef::from),
            full: statute::json::due(&clock.full),
            full_filed: clock.full_filed.map(FiledRef::from),
        }
    }
}

/// A moment of becoming aware (認知); it never changes.
#[derive(Debug, Serialize, ToSchema)]
struct AwarenessView {
    id: Uuid,
    /// `near_miss` or `incident`.
    kind: &'static str,
    /// The instant.
    #[schema(format = DateTime)]
    aware_at: String,
    /// Whether it is an estimate.
    approximate: bool,
    /// Who noticed what, and from where it is known.
    source: String,
    /// When it was written down.
    #[schema(format = DateTime)]
    recorded_at: String,
    /// By whom.
    recorded_by: String,
    /// The record that this one corrects.
    corrects: Option<Uuid>,
    /// Why.
    reason: Option<String>,
    /// Whether a later record corrects this one.
    superseded: bool,
}

/// A document of a case.
#[derive(Debug, Serialize, ToSchema)]
struct CaseFiling {
    id: Uuid,
    /// 受付番号.
    number: String,
    /// Such as `incident_prompt`.
    kind: &'static str,
    /// When it arrived.
    #[schema(format = DateTime)]
    filed_at: String,
}

/// How a case was judged last.
#[derive(Debug, Serialize, ToSchema)]
struct LastJudgement {
    /// `A` or `B`.
    group: &'static str,
    /// Code of the question to the answer.
    answers: BTreeMap<String, &'static str>,
}

/// A case in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseItem {
    id: Uuid,
    /// What it is called in the house; not filed.
    title: String,
    /// Where it stands, such as `open` or `prompt_filed`.
    phase: &'static str,
    /// The code it is judged under.
    event: Option<&'static str>,
    /// When it was opened.
    #[schema(format = DateTime)]
    created_at: String,
    /// The clock that leads.
    clock: Option<ClockView>,
    /// Grows with each change.
    version: i64,
}

/// A page of cases.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseList {
    /// Cases, opened last first.
    pub items: Vec<CaseItem>,
    /// Where the next page begins: send it as `cursor`.
    pub next: Option<String>,
}

impl From<&CaseEntry> for CaseItem {
    fn from(entry: &CaseEntry) -> Self {
        Self {
            id: entry.case.id().uuid(),
            title: entry.case.parts().title.as_str().to_owned(),
            phase: entry.case.phase().code(),
            event: entry.case.event().map(EventCode::code),
            created_at: entry.created_at.to_string(),
            clock: entry.clock.as_ref().map(ClockView::from),
            version: entry.case.parts().version,
        }
    }
}

/// A case with its clocks.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseDetail {
    id: Uuid,
    /// What it is called in the house; not filed.
    title: String,
    /// Where it stands.
    phase: &'static str,
    /// The code it is judged under.
    event: Option<&'static str>,
    /// The chosen sheet: `form1_ddos`, `form2_ransomware` or `form3_other`.
    form: &'static str,
    /// Grows with each change; also the entity tag.
    pub version: i64,
    /// When it was opened.
    #[schema(format = DateTime)]
    created_at: String,
    /// Moments of awareness, in the order in which they were written down.
    awareness: Vec<AwarenessView>,
    /// One clock for each; empty where the law of that day knows no duty.
    clocks: Vec<ClockView>,
    /// The record whose clock leads.
    leading: Option<Uuid>,
    /// How it was judged last.
    judged: Option<LastJudgement>,
    /// What was filed, in order.
    filings: Vec<CaseFiling>,
    /// What phase and policies allow the caller, such as `file_prompt`.
    steps: Vec<&'static str>,
    /// Whether the caller may change the case and its draft.
    may_edit: bool,
}

impl From<&CaseView> for CaseDetail {
    fn from(view: &CaseView) -> Self {
        let case = &view.case;
        Self {
            id: case.id().uuid(),
            title: case.parts().title.as_str().to_owned(),
            phase: case.phase().code(),
            event: case.event().map(EventCode::code),
            form: view.sheet.code(),
            version: case.parts().version,
            created_at: view.created_at.to_string(),
            awareness: case
                .awareness()
                .records()
                .iter()
                .map(|record| awareness(view, record))
                .collect(),
            clocks: view.clocks.iter().map(ClockView::from).collect(),
            leading: view.leading.as_ref().map(|clock| clock.awareness.uuid()),
            judged: view.judged.as_ref().map(|(group, answers)| LastJudgement {
                group: group.code(),
                answers: answers
                    .iter()
                    .map(|(code, answer)| (code.to_owned(), answer.code()))
                    .collect(),
            }),
            filings: view
                .filings
                .iter()
                .map(|filing| CaseFiling {
                    id: filing.id.uuid(),
                    number: filing.number.as_str().to_owned(),
                    kind: filing.kind.code(),
                    filed_at: filing.filed_at.to_string(),
                })
                .collect(),
            steps: view.steps.iter().map(|step| step.code()).collect(),
            may_edit: view.may_edit,
        }
    }
}

fn awareness(view: &CaseView, record: &Awareness) -> AwarenessView {
    AwarenessView {
        id: record.id.uuid(),
        kind: record.kind.code(),
        aware_at: record.aware_at.to_string(),
        approximate: record.precision == model::incidents::Precision::Approximate,
        source: record.source.as_str().to_owned(),
        recorded_at: record.recorded_at.to_string(),
        recorded_by: view
            .names
            .get(&record.recorded_by)
            .cloned()
            .unwrap_or_default(),
        corrects: record.amends.as_ref().map(|amends| amends.of.uuid()),
        reason: record
            .amends
            .as_ref()
            .map(|amends| amends.reason.as_str().to_owned()),
        superseded: view.case.awareness().corrected_by(record.id).is_some(),
    }
}
