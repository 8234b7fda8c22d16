use app::App;
use app::incidents::{CaseView, DraftView, FormStanding};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use formats::forms::IncidentForm;
use ids::CaseId;
use model::incidents::{CasePhase, CaseStep, ClockState};
use statute::ReportStage;

use super::words::{self, ClockView};
use crate::components::{Banner, StatusBadge, SummaryList, SummaryRow, Task, TaskList, Tone};
use crate::failure::PageResult;
use crate::fmt;
use crate::forms::{Choice, Choices, Form, FormErrors, RawForm};
use crate::frame::named;
use crate::page::{Link, Page, render};
use crate::session::{Posted, Signed};
use crate::texts::Texts;

struct AwarenessRow {
    kind: String,
    at: String,
    approximate: bool,
    source: String,
    recorded: String,
    reason: Option<String>,
    superseded: bool,
    correct: Option<String>,
}

struct FiledRow {
    href: String,
    number: String,
    kind: String,
    at: String,
}

#[derive(Template)]
#[template(path = "pages/incidents/case.html")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each shows or hides one part of the page"
)]
struct CasePage {
    page: Page,
    id: CaseId,
    phase: StatusBadge,
    clocks: Vec<ClockView>,
    no_duty: bool,
    steps: Vec<Link>,
    other_steps: Vec<Link>,
    summary: SummaryList,
    tasks: Option<TaskList>,
    stage: String,
    sheets: Option<Choices>,
    files: usize,
    left: Vec<(String, String)>,
    moves: bool,
    awareness: Vec<AwarenessRow>,
    filings: Vec<FiledRow>,
    may_edit: bool,
    may_reopen: bool,
    may_record: bool,
}

/// The workspace of a case: what is due, the seven items, awareness, what was filed.
pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<CaseId>,
) -> PageResult {
    let t = signed.here.t;
    let view = app.view_case(signed.actor(), id).await?;
    let stage = next_stage(view.case.phase());
    let draft = match stage {
        None => None,
        Some(_) => Some(app.view_draft(signed.actor(), id).await?),
    };
    let mut page = signed
        .page_titled(view.case.parts().title.as_str())
        .crumb("/cases", t.get("cases-title"));
    if let Some(banner) = draft.as_ref().and_then(|draft| standing(t, draft)) {
        page = page.notice(banner);
    }
    let tasks = draft
        .as_ref()
        .zip(stage)
        .map(|(draft, stage)| tasks(&app, t, draft, stage));
    let (steps, other_steps) = steps(t, id, &view);
    let raw = RawForm::from_pairs([("form", view.sheet.code())]);
    let errors = FormErrors::new();
    let sheets = draft.as_ref().filter(|_| view.may_edit).map(|_| {
        let choices = IncidentForm::ALL
            .iter()
            .map(|sheet| Choice::new(sheet.code(), words::sheet(t, *sheet)))
            .collect();
        let form = Form::new(t, &raw, &errors);
        form.radios("form", "cases-sheet", choices)
            .hint("cases-sheet-change-hint")
    });
    Ok(render(&CasePage {
        id,
        phase: words::phase(t, view.case.phase().code()),
        no_duty: view.clocks.is_empty() && !view.case.awareness().records().is_empty(),
        clocks: clocks(&app, t, &view),
        steps,
        other_steps,
        summary: summary(t, id, &view),
        tasks,
        stage: stage.map(|stage| stage_words(t, stage)).unwrap_or_default(),
        sheets,
        files: draft.as_ref().map_or(0, |draft| draft.attachments.len()),
        left: draft
            .as_ref()
            .map(|draft| left(t, draft))
            .unwrap_or_default(),
        moves: draft
            .as_ref()
            .is_some_and(|draft| draft.standing != FormStanding::Current && view.may_edit),
        awareness: awareness(t, id, &view),
        filings: view
            .filings
            .iter()
            .rev()
            .map(|filing| FiledRow {
                href: format!("/filings/{}", filing.id),
                number: filing.number.as_str().to_owned(),
                kind: words::filing_kind(t, filing.kind),
                at: fmt::date_time_seconds(t, filing.filed_at),
            })
            .collect(),
        may_edit: view.may_edit,
        may_reopen: view.steps.contains(&CaseStep::Reopen),
        may_record: view.steps.contains(&CaseStep::RecordAwareness),
        page,
    }))
}

pub(super) async fn arrange(
    State(app): State<App>,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> PageResult {
    let form = posted.form.get("form").parse::<IncidentForm>().ok();
    app.arrange_case(posted.signed.actor(), id, None, form, None)
        .await?;
    Ok(back(id))
}

pub(super) async fn reopen(
    State(app): State<App>,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> PageResult {
    app.reopen_case(posted.signed.actor(), id).await?;
    Ok(back(id))
}

pub(super) async fn migrate(
    State(app): State<App>,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> PageResult {
    app.migrate_draft(posted.signed.actor(), id).await?;
    Ok(back(id))
}

fn back(id: CaseId) -> Response {
    Redirect::to(&format!("/cases/{id}")).into_response()
}

/// The stage that comes next; nothing where nothing is filed any more.
pub(crate) const fn next_stage(phase: &CasePhase) -> Option<ReportStage> {
    match phase {
        CasePhase::Open => Some(ReportStage::Prompt),
        CasePhase::PromptFiled { .. }
        | CasePhase::Extended { .. }
        | CasePhase::FullFiled { .. } => Some(ReportStage::Full),
        CasePhase::Withdrawn(_) | CasePhase::DecidedNotToReport { .. } => None,
    }
}

fn stage_words(t: Texts, stage: ReportStage) -> String {
    t.get(match stage {
        ReportStage::Prompt => "cases-tasks-prompt",
        ReportStage::Update | ReportStage::Full => "cases-tasks-full",
    })
    .into_owned()
}

/// What to tell when the form changed under the draft.
fn standing(t: Texts, draft: &DraftView) -> Option<Banner> {
    let (tone, key) = match draft.standing {
        FormStanding::Current => return None,
        FormStanding::Superseded => (Tone::Info, "cases-form-superseded"),
        FormStanding::Gone => (Tone::Warning, "cases-form-gone"),
    };
    let text = t.with2(
        "cases-form-versions",
        "old",
        &draft.form_version,
        "new",
        &draft.newest_version,
    );
    Some(Banner::new(t, tone, t.get(key)).text(text))
}

fn left(t: Texts, draft: &DraftView) -> Vec<(String, String)> {
    draft
        .left
        .iter()
        .map(|(key, typed)| {
            let name = draft
                .form
                .field(key)
                .map_or_else(|| key.clone(), |field| words::label(t, field));
            (name, typed.text.clone())
        })
        .collect()
}

fn tasks(app: &App, t: Texts, draft: &DraftView, stage: ReportStage) -> TaskList {
    let tasks = app
        .sections(draft, stage)
        .into_iter()
        .map(|section| {
            let title = named(t, &section.title_ja, &section.title_en);
            let label = t.with2("cases-item", "number", section.item, "title", title);
            let href = format!("/cases/{}/items/{}", draft.case, section.item);
            let task = Task::new(label, href, words::task_state(section.state));
            let need = match section.need {
                statute::ItemNeed::Complete => "cases-need-complete",
                statute::ItemNeed::AsKnown => "cases-need-as-known",
                statute::ItemNeed::Answered => "cases-need-answered",
            };
            task.note(t.get(need))
        })
        .collect();
    TaskList::new(t, tasks)
}

fn clocks(app: &App, t: Texts, view: &CaseView) -> Vec<ClockView> {
    let now = app.now();
    let mut clocks: Vec<_> = view
        .clocks
        .iter()
        .filter(|clock| clock.state != ClockState::Superseded)
        .collect();
    clocks.sort_by_key(|clock| (clock.state != ClockState::Running, clock.aware_at));
    clocks
        .into_iter()
        .map(|clock| words::clock(t, clock, view.targets, now))
        .collect()
}

/// The next step as the big button, the others beside.
fn steps(t: Texts, id: CaseId, view: &CaseView) -> (Vec<Link>, Vec<Link>) {
    let link = |kind: &str, key: &str| Link::new(format!("/cases/{id}/report/{kind}"), t.get(key));
    let has = |step: CaseStep| view.steps.contains(&step);
    let mut next = Vec::new();
    let mut others = Vec::new();
    if has(CaseStep::FilePrompt) {
        next.push(link("prompt", "cases-step-prompt"));
    }
    if has(CaseStep::FileFull) {
        let list = if next.is_empty() {
            &mut next
        } else {
            &mut others
        };
        list.push(link("full", "cases-step-full"));
    }
    if has(CaseStep::FileUpdate) {
        others.push(link("update", "cases-step-update"));
    }
    if has(CaseStep::FileCorrection) {
        others.push(link("correction", "cases-step-correction"));
    }
    if has(CaseStep::Withdraw) {
        let href = format!("/cases/{id}/withdrawal");
        others.push(Link::new(href, t.get("cases-step-withdraw")));
    }
    (next, others)
}

fn summary(t: Texts, id: CaseId, view: &CaseView) -> SummaryList {
    let judged = match view.case.event() {
        Some(event) => words::event(t, event),
        None => t.get("cases-not-judged").into_owned(),
    };
    let mut event = SummaryRow::new(t.get("cases-event"), &judged);
    if view.may_edit {
        event = event.change(format!("/need-to-report?case={id}"));
    }
    let opener = fmt::date_time(t, view.created_at);
    let rows = vec![
        event,
        SummaryRow::new(t.get("cases-sheet"), &words::sheet(t, view.sheet)),
        SummaryRow::new(t.get("cases-opened"), &opener),
    ];
    SummaryList::new(t, rows)
}

fn awareness(t: Texts, id: CaseId, view: &CaseView) -> Vec<AwarenessRow> {
    let log = view.case.awareness();
    log.records()
        .iter()
        .map(|record| {
            let superseded = log.corrected_by(record.id).is_some();
            let by = view
                .names
                .get(&record.recorded_by)
                .cloned()
                .unwrap_or_default();
            let at = fmt::date_time(t, record.recorded_at);
            AwarenessRow {
                kind: words::awareness_kind(t, record.kind),
                at: fmt::date_time(t, record.aware_at),
                approximate: record.precision == model::incidents::Precision::Approximate,
                source: record.source.as_str().to_owned(),
                recorded: t.with2("cases-recorded", "by", by, "at", at).into_owned(),
                reason: record
                    .amends
                    .as_ref()
                    .map(|amends| amends.reason.as_str().to_owned()),
                superseded,
                correct: (!superseded && view.may_edit)
                    .then(|| format!("/cases/{id}/awareness/{}", record.id)),
            }
        })
        .collect()
}
