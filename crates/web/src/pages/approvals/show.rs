use app::approvals::{ApprovalView, Currency, Since, StepView, Verdict};
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use formats::filing::{Body, Change};
use http::StatusCode;
use ids::ApprovalId;
use model::approvals::{ApprovalPhase, ApprovalStepKind, Purpose};

use super::words;
use crate::components::{
    Banner, Moment, StatusBadge, StepState, Steps, SummaryList, SummaryRow, Timeline, Tone,
};
use crate::failure::{PageError, PageResult, form_urlencoded};
use crate::fmt::{self, Time};
use crate::forms::{ErrorSummary, Form, FormErrors, RawForm, TextArea};
use crate::page::{Page, render, render_with};
use crate::pages::desks::form_errors;
use crate::pages::filings::document::{self, Section};
use crate::session::{Posted, Signed};
use crate::texts::Texts;

/// Most computers that the address of the check page holds.
const IN_ADDRESS: usize = 60;

struct ChangeRow {
    label: String,
    before: Vec<String>,
    after: Vec<String>,
}

struct FileForm {
    action: String,
    hidden: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "pages/approvals/show.html")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each shows or hides one part of the page"
)]
struct ApprovalPage {
    page: Page,
    summary: ErrorSummary,
    id: ApprovalId,
    phase: StatusBadge,
    steps: Steps,
    facts: SummaryList,
    since: String,
    changes: Vec<ChangeRow>,
    all_new: bool,
    sections: Vec<Section>,
    course: Option<Timeline>,
    decides: bool,
    ratifies: bool,
    stage: usize,
    comment: TextArea,
    may_comment: bool,
    may_pull_back: bool,
    again: Option<String>,
    file: Option<FileForm>,
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<ApprovalId>,
) -> PageResult {
    let view = app.view_approval(signed.actor(), id).await?;
    let page = page(&app, &signed, &view, &RawForm::empty(), &FormErrors::new());
    Ok(render(&page))
}

/// The page by the address of one of its forms, after a reload or the second factor.
pub(super) async fn back(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<ApprovalId>,
) -> PageResult {
    drop(app.view_approval(signed.actor(), id).await?);
    Ok(to(id))
}

pub(super) async fn decide(
    State(app): State<App>,
    Path(id): Path<ApprovalId>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form } = posted;
    // Whoever is not asked learns it before what was sent is looked at.
    let view = app.view_approval(signed.actor(), id).await?;
    if !view.may_decide && view.phase.code() == "waiting" {
        return Err(AppError::Forbidden.into());
    }
    let verdict = match form.get("verdict") {
        "return" => Verdict::Return,
        _ => Verdict::Approve,
    };
    let stage = form.get("stage").parse().unwrap_or(usize::MAX);
    let done = app
        .decide_approval(signed.actor(), id, stage, verdict, form.get("comment"))
        .await;
    after(&app, &signed, id, &form, done).await
}

pub(super) async fn comment(
    State(app): State<App>,
    Path(id): Path<ApprovalId>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form } = posted;
    let done = app
        .comment_approval(signed.actor(), id, form.get("comment"))
        .await;
    after(&app, &signed, id, &form, done).await
}

pub(super) async fn pull_back(
    State(app): State<App>,
    Path(id): Path<ApprovalId>,
    posted: Posted,
) -> PageResult {
    app.pull_back_approval(posted.signed.actor(), id).await?;
    Ok(to(id))
}

async fn after(
    app: &App,
    signed: &Signed,
    id: ApprovalId,
    raw: &RawForm,
    done: Result<(), AppError>,
) -> PageResult {
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    let errors = match done {
        Ok(()) => return Ok(to(id)),
        Err(AppError::StepUpRequired) => {
            return Err(
                PageError::from(AppError::StepUpRequired).back_to(format!("/approvals/{id}"))
            );
        }
        Err(AppError::Stale) => {
            status = StatusCode::CONFLICT;
            let mut errors = FormErrors::new();
            errors.add("comment", "approval-comment", "approval-stale");
            errors
        }
        Err(error) => form_errors(error, &[("comment", "approval-comment")])?,
    };
    let view = app.view_approval(signed.actor(), id).await?;
    Ok(render_with(status, &page(app, signed, &view, raw, &errors)))
}

fn to(id: ApprovalId) -> Response {
    Redirect::to(&format!("/approvals/{id}")).into_response()
}

fn page(
    app: &App,
    signed: &Signed,
    view: &ApprovalView,
    raw: &RawForm,
    errors: &FormErrors,
) -> ApprovalPage {
    let t = signed.here.t;
    let form = Form::new(t, raw, errors);
    let kind = words::kind(t, view.body.head().kind);
    let ratifies = view.purpose == Purpose::Ratification;
    let title = if ratifies {
        t.with("approval-ratify-heading", "kind", kind)
    } else {
        t.with("approval-heading", "kind", kind)
    };
    let mut page = signed
        .page_titled(title)
        .crumb("/approvals", t.get("approvals-title"))
        .with_errors(!errors.is_empty());
    if view.currency == Currency::Changed {
        page = page.notice(
            Banner::new(t, Tone::Warning, t.get("approval-changed-title"))
                .text(t.get("approval-changed-text")),
        );
    }
    ApprovalPage {
        summary: form.summary(),
        id: view.id,
        phase: words::phase(t, view.purpose, view.phase),
        steps: stages(t, view),
        facts: facts(t, view),
        since: since(t, view.since),
        changes: view
            .changes
            .iter()
            .filter_map(|change| row(t, view, change))
            .collect(),
        all_new: view.since == Since::Nothing,
        sections: document::sections(t, &view.body),
        course: (!view.steps.is_empty()).then(|| {
            Timeline::new(
                view.steps
                    .iter()
                    .map(|step| moment(t, view, step))
                    .collect(),
            )
        }),
        decides: view.may_decide,
        ratifies,
        stage: match view.phase {
            ApprovalPhase::Waiting { stage } => stage,
            ApprovalPhase::Approved
            | ApprovalPhase::Returned
            | ApprovalPhase::PulledBack
            | ApprovalPhase::Replaced
            | ApprovalPhase::Filed { .. } => 0,
        },
        comment: form
            .text_area("comment", "approval-comment")
            .hint(if view.may_decide {
                "approval-comment-hint"
            } else {
                "approval-comment-only-hint"
            })
            .rows(3)
            .max_chars(2000),
        may_comment: view.may_comment && !view.may_decide,
        may_pull_back: view.may_pull_back,
        again: again(view),
        file: view.may_file.then(|| file_form(app, view)).flatten(),
        page,
    }
}

fn stages(t: Texts, view: &ApprovalView) -> Steps {
    let current = match view.phase {
        ApprovalPhase::Waiting { stage } => stage,
        ApprovalPhase::Approved | ApprovalPhase::Filed { .. } => usize::MAX,
        ApprovalPhase::Returned | ApprovalPhase::PulledBack | ApprovalPhase::Replaced => 0,
    };
    let mut steps = Steps::new(t).step(t.get("approval-stage-draft"), StepState::Done);
    for (place, stage) in view.route.stages().iter().enumerate() {
        let state = match place.cmp(&current) {
            std::cmp::Ordering::Less => StepState::Done,
            std::cmp::Ordering::Equal => StepState::Current,
            std::cmp::Ordering::Greater => StepState::Ahead,
        };
        steps = steps.step(stage.name.as_str(), state);
    }
    if view.purpose == Purpose::Ratification {
        return steps;
    }
    let filed = match view.phase {
        ApprovalPhase::Filed { .. } => StepState::Done,
        ApprovalPhase::Approved => StepState::Current,
        ApprovalPhase::Waiting { .. }
        | ApprovalPhase::Returned
        | ApprovalPhase::PulledBack
        | ApprovalPhase::Replaced => StepState::Ahead,
    };
    steps.step(t.get("approval-stage-file"), filed)
}

/// One look, fit for a phone: what, of which case, by whom, since when, who is waited for.
fn facts(t: Texts, view: &ApprovalView) -> SummaryList {
    let mut rows = Vec::new();
    if let Some((_, title)) = &view.case {
        rows.push(SummaryRow::new(t.get("approval-case"), title));
    }
    let by = t.with2(
        "approval-card-line",
        "name",
        view.by.as_str(),
        "time",
        fmt::date_time(t, view.at),
    );
    rows.push(SummaryRow::new(t.get("approval-by"), &by));
    if !view.note.is_empty() {
        let key = match view.purpose {
            Purpose::Filing => "approval-note",
            Purpose::Ratification => "approval-reason",
        };
        rows.push(SummaryRow::new(t.get(key), &view.note));
    }
    if matches!(view.phase, ApprovalPhase::Waiting { .. }) {
        let names = words::names(t, &view.waiting_for);
        rows.push(SummaryRow::new(t.get("approval-waiting-for"), &names));
    }
    if let Some(report) = view.body.report()
        && let Some(answer) = report.answers.get("summary")
        && let Some(formats::answers::AnswerValue::Text(text)) = answer.value()
    {
        rows.push(SummaryRow::new(t.get("approval-outline"), text));
    }
    if let Body::Notification(notification) = &view.body {
        let count = notification.rows.computers().len();
        let count = t.with("notify-count", "count", count);
        rows.push(SummaryRow::new(t.get("approval-outline"), &count));
    }
    SummaryList::new(t, rows)
}

fn since(t: Texts, since: Since) -> String {
    match since {
        Since::OwnLook(at) => t
            .with("approval-since-look", "time", fmt::date_time(t, at))
            .into_owned(),
        Since::LastFiled => t.get("approval-since-filed").into_owned(),
        Since::Nothing => t.get("approval-since-nothing").into_owned(),
    }
}

fn row(t: Texts, view: &ApprovalView, change: &Change) -> Option<ChangeRow> {
    // What the stage itself changes is no news.
    if ["/kind", "/stage", "/update_number", "/corrects"].contains(&change.path.as_str()) {
        return None;
    }
    // The outline repeats what the answers of a report say.
    if view.body.report().is_some() && change.path.starts_with("/operator/") {
        return None;
    }
    let field = document::form_of(&view.body).and_then(|form| form.field_at(&change.path));
    let shown = |value: Option<&serde_json::Value>| {
        value.map_or_else(
            || vec![t.get("approval-empty").into_owned()],
            |value| document::change_lines(t, field, value),
        )
    };
    Some(ChangeRow {
        label: document::place(t, &view.body, &change.path),
        before: shown(change.before.as_ref()),
        after: shown(change.after.as_ref()),
    })
}

fn moment(t: Texts, view: &ApprovalView, step: &StepView) -> Moment {
    let ratifies = view.purpose == Purpose::Ratification;
    let (tone, key) = match step.kind {
        ApprovalStepKind::Approved if ratifies => (Tone::Success, "approval-step-ratified"),
        ApprovalStepKind::Approved => (Tone::Success, "approval-step-approved"),
        ApprovalStepKind::Returned if ratifies => (Tone::Error, "approval-step-not-ratified"),
        ApprovalStepKind::Returned => (Tone::Warning, "approval-step-returned"),
        ApprovalStepKind::PulledBack => (Tone::Neutral, "approval-step-pulled-back"),
        ApprovalStepKind::Replaced => (Tone::Neutral, "approval-step-replaced"),
        ApprovalStepKind::Filed => (Tone::Success, "approval-step-filed"),
        ApprovalStepKind::Commented => (Tone::Info, "approval-step-commented"),
    };
    let title = t.with("approval-step-title", "stage", step.stage.as_str());
    let title = match step.kind {
        ApprovalStepKind::Approved | ApprovalStepKind::Returned => {
            format!("{title} {}", t.get(key))
        }
        ApprovalStepKind::PulledBack
        | ApprovalStepKind::Replaced
        | ApprovalStepKind::Filed
        | ApprovalStepKind::Commented => t.get(key).into_owned(),
    };
    let by = match &step.on_behalf_of {
        Some(away) => t
            .with2(
                "approval-by-deputy",
                "name",
                step.by.as_str(),
                "away",
                away.as_str(),
            )
            .into_owned(),
        None => step.by.clone(),
    };
    let mut moment = Moment::new(Time::at(t, step.at), tone, title).line(by);
    if let Some(comment) = &step.comment {
        moment = moment.line(comment.as_str());
    }
    moment
}

/// Where to ask again for what was sent back, taken back or changed.
fn again(view: &ApprovalView) -> Option<String> {
    let over = matches!(
        view.phase,
        ApprovalPhase::Returned | ApprovalPhase::PulledBack
    );
    if !over && view.currency != Currency::Changed {
        return None;
    }
    if let (Some(kind), Some((case, _))) = (&view.report, &view.case) {
        return Some(format!("/cases/{case}/report/{}", report_code(kind)));
    }
    let wanted = view.notification.as_ref()?;
    let duty = wanted.duty.code();
    if IN_ADDRESS < wanted.picks.len() {
        return Some(format!("/notifications/{duty}"));
    }
    let mut pairs: Vec<String> = wanted
        .picks
        .iter()
        .map(|pick| format!("computer={}", pick.computer))
        .collect();
    for (name, text) in contact(&wanted.contact) {
        pairs.push(format!("{name}={}", form_urlencoded(text)));
    }
    pairs.push(format!("replaces={}", view.id));
    Some(format!("/notifications/{duty}/check?{}", pairs.join("&")))
}

/// What is approved is filed from here, with exactly what was frozen.
fn file_form(app: &App, view: &ApprovalView) -> Option<FileForm> {
    let key = ("key".to_owned(), app.ids().next_uuid().to_string());
    if let (Some(kind), Some((case, _))) = (&view.report, &view.case) {
        let mut hidden = vec![key];
        if let app::incidents::ReportKind::Correction(input) = kind {
            hidden.push(("explanation".to_owned(), input.explanation.clone()));
            if let Some(request) = input.request {
                hidden.push(("request".to_owned(), request.to_string()));
            }
        }
        return Some(FileForm {
            action: format!("/cases/{case}/report/{}", report_code(kind)),
            hidden,
        });
    }
    let wanted = view.notification.as_ref()?;
    let mut hidden = vec![key];
    for pick in &wanted.picks {
        let version = pick
            .version
            .map_or_else(String::new, |version| version.to_string());
        hidden.push((
            "computer".to_owned(),
            format!("{}:{version}", pick.computer),
        ));
    }
    for (name, text) in contact(&wanted.contact) {
        hidden.push((name.to_owned(), text.to_owned()));
    }
    Some(FileForm {
        action: format!("/notifications/{}/file", wanted.duty.code()),
        hidden,
    })
}

fn contact(contact: &app::assets::ContactInput) -> [(&'static str, &str); 4] {
    [
        ("contact_department", &contact.department),
        ("contact_name", &contact.name),
        ("contact_phone", &contact.phone),
        ("contact_mail", &contact.mail),
    ]
}

const fn report_code(kind: &app::incidents::ReportKind) -> &'static str {
    use app::incidents::ReportKind;
    match kind {
        ReportKind::Prompt => "prompt",
        ReportKind::Update => "update",
        ReportKind::Full => "full",
        ReportKind::Correction(_) => "correction",
    }
}
