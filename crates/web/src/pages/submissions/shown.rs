use app::submissions::{HappenedInput, Posting};
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::{Digest, SubmissionId};
use model::submissions::{
    SubmissionChannel, SubmissionEvent, SubmissionEventKind, SubmissionFile, SubmissionState,
};

use super::addressee::must_record;
use super::words;
use crate::components::{StatusBadge, SummaryList, SummaryRow};
use crate::failure::{PageError, PageResult, field_key};
use crate::fmt;
use crate::forms::{
    Choice, Choices, DateTimeInput, ErrorSummary, Form, FormErrors, RawForm, TextArea, TextInput,
    Width,
};
use crate::frame::named;
use crate::page::{Page, render, render_with};
use crate::pages::filings::attachment::file;
use crate::pages::filings::id_of;
use crate::pages::incidents::new::take_moment;
use crate::session::{Posted, Signed};
use crate::texts::Texts;

struct FileRow {
    name: String,
    href: String,
    size: u64,
    digest: String,
}

struct EventRow {
    what: String,
    at: String,
    recorded: String,
    number: String,
    note: String,
}

/// What a person may record afterwards.
struct Happened {
    kind: Choices,
    at: DateTimeInput,
    number: TextInput,
    note: TextArea,
}

#[derive(Template)]
#[template(path = "pages/submissions/shown.html")]
struct ShownPage {
    page: Page,
    summary: ErrorSummary,
    id: SubmissionId,
    state: StatusBadge,
    waits: Vec<String>,
    /// Where a letter that failed is written anew; nothing where none did.
    anew: Option<String>,
    facts: SummaryList,
    files: Vec<FileRow>,
    events: Vec<EventRow>,
    happened: Option<Happened>,
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> PageResult {
    let now = fmt::jst(app.now());
    let raw = RawForm::from_pairs([
        ("happened_at.year", now.year().to_string()),
        ("happened_at.month", now.month().to_string()),
        ("happened_at.day", now.day().to_string()),
    ]);
    Ok(render(
        &page(&app, &signed, id_of(&id)?, &raw, &FormErrors::new()).await?,
    ))
}

/// Records what became of it.
pub(super) async fn happened(
    State(app): State<App>,
    Path(id): Path<String>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form: raw } = posted;
    let id: SubmissionId = id_of(&id)?;
    let t = signed.here.t;
    let case = app
        .view_submission(signed.actor(), id)
        .await?
        .submission
        .case;
    must_record(&app, &signed, case).await?;
    let mut errors = FormErrors::new();
    let kind = raw.get("kind").parse::<SubmissionEventKind>().ok();
    if kind.is_none() {
        errors.add("kind", "submission-event-kind", "form-error-choose");
    }
    let happened_at = take_moment(
        &app,
        t,
        &raw,
        "happened_at",
        "submission-happened-at",
        &mut errors,
    );
    if let Some(kind) = kind.filter(|_| errors.is_empty()) {
        let input = HappenedInput {
            kind,
            happened_at,
            number: raw.get("number").to_owned(),
            note: raw.get("note").to_owned(),
        };
        match app
            .record_submission_event(signed.actor(), id, &input)
            .await
        {
            Ok(()) => {
                return Ok(Redirect::to(&format!("/submissions/{id}")).into_response());
            }
            Err(AppError::Invalid(problems)) => {
                for problem in &problems {
                    let label = match problem.field.as_str() {
                        "number" => "submission-number-label",
                        "note" => "submission-event-note",
                        "kind" => "submission-event-kind",
                        _ => "submission-happened-at",
                    };
                    errors.add(&problem.field, label, field_key(problem.code));
                }
            }
            Err(other) => {
                return Err(PageError::from(other).back_to(format!("/submissions/{id}")));
            }
        }
    }
    let page = page(&app, &signed, id, &raw, &errors).await?;
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

/// Sends a letter again that did not get through.
pub(super) async fn again(
    State(app): State<App>,
    Path(id): Path<String>,
    posted: Posted,
) -> PageResult {
    let id: SubmissionId = id_of(&id)?;
    let at = format!("/submissions/{id}");
    app.resend_submission(posted.signed.actor(), id)
        .await
        .map_err(|error| PageError::from(error).back_to(at.clone()))?;
    Ok(Redirect::to(&at).into_response())
}

/// A frozen file, as it was handed over.
pub(super) async fn download(
    State(app): State<App>,
    signed: Signed,
    Path((id, digest)): Path<(String, String)>,
) -> PageResult {
    let digest: Digest = digest.parse().map_err(|_| AppError::NotFound)?;
    let (paper, content) = app
        .submission_paper(signed.actor(), id_of(&id)?, digest)
        .await?;
    file(content, "application/octet-stream", &paper.file_name)
}

async fn page(
    app: &App,
    signed: &Signed,
    id: SubmissionId,
    raw: &RawForm,
    errors: &FormErrors,
) -> Result<ShownPage, PageError> {
    let t = signed.here.t;
    let shown = app.view_submission(signed.actor(), id).await?;
    let submission = &shown.submission;
    let case = submission.case;
    let overview = app.submission_overview(signed.actor(), case).await?;
    let entry = overview
        .rows
        .iter()
        .find(|row| row.entry.code() == submission.addressee)
        .map(|row| row.entry.clone());
    let name = entry.as_ref().map_or_else(
        || submission.addressee.clone(),
        |entry| named(t, &entry.label_ja, &entry.label_en),
    );
    let form = Form::new(t, raw, errors);
    let posting = app.submission_posting(signed.actor(), id).await?;
    let failed = submission.channel == SubmissionChannel::Mail
        && shown.state() == SubmissionState::Failed
        && overview.may_record
        && app.sends_mail();
    let anew = format!(
        "/cases/{case}/submissions/{}/mail",
        submission.addressee.as_str()
    );
    Ok(ShownPage {
        page: signed
            .page_titled(t.with("submission-shown-title", "name", name).into_owned())
            .crumb("/cases", t.get("cases-title"))
            .crumb(format!("/cases/{case}"), overview.title.as_str())
            .crumb(
                format!("/cases/{case}/submissions"),
                t.get("submissions-title"),
            )
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        id,
        state: words::state(t, shown.state()),
        waits: waits(t, &shown, posting.as_ref()),
        anew: failed.then_some(anew),
        facts: facts(t, &shown),
        files: shown
            .files
            .iter()
            .map(|file| FileRow {
                name: file.file_name.clone(),
                href: format!("/submissions/{id}/files/{}", file.digest),
                size: file.size,
                digest: file.digest.to_string(),
            })
            .collect(),
        events: shown
            .events
            .iter()
            .map(|event| event_row(t, event))
            .collect(),
        happened: overview
            .may_record
            .then(|| happened_form(t, form, submission.channel)),
    })
}

/// What is said of a letter that has not left.
fn waits(t: Texts, shown: &SubmissionFile, posting: Option<&Posting>) -> Vec<String> {
    if shown.state() != SubmissionState::Waiting {
        return Vec::new();
    }
    let Some(posting) = posting else {
        return vec![t.get("submission-waits-in-folder").into_owned()];
    };
    let mut lines = vec![t.get("submission-waits").into_owned()];
    if let Some(error) = &posting.last_error {
        lines.push(
            t.with2(
                "submission-tried",
                "count",
                posting.attempts,
                "time",
                fmt::date_time_seconds(t, posting.next_attempt_at),
            )
            .into_owned(),
        );
        lines.push(reason(t, error));
    }
    lines
}

/// Why a letter did not get through, in words; what a person wrote as it is.
fn reason(t: Texts, code: &str) -> String {
    t.find(&format!("submission-failure-{}", code.replace('_', "-")))
        .map_or_else(|| code.to_owned(), std::borrow::Cow::into_owned)
}

/// What is kept of it.
fn facts(t: Texts, shown: &SubmissionFile) -> SummaryList {
    let row = |key: &str, value: String| SummaryRow::new(t.get(key), &value);
    let submission = &shown.submission;
    let mut facts = vec![
        row("submission-desk", submission.desk.clone()),
        row(
            "submission-stage",
            t.get(&format!("submission-stage-{}", submission.stage.code()))
                .into_owned(),
        ),
        row("submission-channel", words::channel(t, submission.channel)),
        row(
            "submission-number-label",
            shown.number().unwrap_or_default().to_owned(),
        ),
        row(
            "submission-frozen-at",
            fmt::date_time_seconds(t, submission.recorded_at),
        ),
    ];
    if !submission.address.is_empty() {
        facts.push(row("submission-to", submission.address.clone()));
    }
    if !submission.note.is_empty() {
        facts.push(row("submission-how", submission.note.clone()));
    }
    SummaryList::new(t, facts)
}

fn event_row(t: Texts, event: &SubmissionEvent) -> EventRow {
    EventRow {
        what: words::event(t, event.kind),
        at: fmt::date_time(t, event.happened_at),
        recorded: t
            .with(
                "submission-recorded-at",
                "time",
                fmt::date_time_seconds(t, event.recorded_at),
            )
            .into_owned(),
        number: event.number.clone(),
        note: if event.recorded_by.is_none() {
            reason(t, &event.note)
        } else {
            event.note.clone()
        },
    }
}

/// What a person records afterwards.
fn happened_form(t: Texts, form: Form<'_>, channel: SubmissionChannel) -> Happened {
    // A mail may come back, or wait in a folder for somebody to send it.
    let before: &[SubmissionEventKind] = match channel {
        SubmissionChannel::Manual => &[],
        SubmissionChannel::Mail => &[SubmissionEventKind::Failed, SubmissionEventKind::Sent],
    };
    Happened {
        kind: form
            .radios(
                "kind",
                "submission-event-kind",
                [
                    SubmissionEventKind::Delivered,
                    SubmissionEventKind::Opened,
                    SubmissionEventKind::Checked,
                ]
                .iter()
                .chain(before)
                .map(|kind| Choice::new(kind.code(), words::event(t, *kind)))
                .collect(),
            )
            .required(),
        at: form
            .date_time("happened_at", "submission-happened-at")
            .required(),
        number: form
            .text("number", "submission-number-label")
            .width(Width::M),
        note: form
            .text_area("note", "submission-event-note")
            .rows(2)
            .max_chars(1000),
    }
}
