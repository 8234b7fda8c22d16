use app::incidents::AwarenessInput;
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use http::StatusCode;
use ids::{AwarenessId, CaseId};
use jiff::Timestamp;
use model::incidents::AwarenessKind;

use super::new::{page_token, precision, take_moment};
use super::words;
use crate::components::{Banner, Tone};
use crate::failure::{PageError, PageResult};
use crate::fmt;
use crate::forms::{
    Choice, Choices, DateTimeInput, ErrorSummary, FieldError, Form, FormErrors, RawForm, TextArea,
};
use crate::page::{Page, render, render_with};
use crate::session::{Posted, Signed};

#[derive(Template)]
#[template(path = "pages/incidents/awareness.html")]
struct AwarenessPage {
    page: Page,
    summary: ErrorSummary,
    action: String,
    kind: Option<Choices>,
    aware_at: DateTimeInput,
    source: TextArea,
    reason: Option<TextArea>,
    key: String,
    id: CaseId,
    button: String,
}

/// What the form is for.
#[derive(Clone, Copy)]
enum Task {
    Add,
    Correct(AwarenessId),
}

pub(super) async fn show_new(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<CaseId>,
) -> PageResult {
    let raw = RawForm::from_pairs([("kind", AwarenessKind::Incident.code())]);
    let view = view(&app, &signed, id, Task::Add, &raw, &FormErrors::new()).await?;
    Ok(render(&view))
}

pub(super) async fn show_correction(
    State(app): State<App>,
    signed: Signed,
    Path((id, of)): Path<(CaseId, AwarenessId)>,
) -> PageResult {
    let case = app.view_case(signed.actor(), id).await?;
    let record = case.case.awareness().get(of).ok_or(AppError::NotFound)?;
    let local = fmt::jst(record.aware_at);
    let mut raw = RawForm::from_pairs([
        ("aware_at.year", local.year().to_string()),
        ("aware_at.month", local.month().to_string()),
        ("aware_at.day", local.day().to_string()),
        ("aware_at.hour", local.hour().to_string()),
        ("aware_at.minute", local.minute().to_string()),
        ("source", record.source.as_str().to_owned()),
    ]);
    if record.precision == model::incidents::Precision::Approximate {
        raw.push("aware_at.approximate", "yes");
    }
    let task = Task::Correct(of);
    let view = view(&app, &signed, id, task, &raw, &FormErrors::new()).await?;
    Ok(render(&view))
}

pub(super) async fn add(
    State(app): State<App>,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> PageResult {
    save(&app, posted, id, Task::Add).await
}

pub(super) async fn correct(
    State(app): State<App>,
    Path((id, of)): Path<(CaseId, AwarenessId)>,
    posted: Posted,
) -> PageResult {
    save(&app, posted, id, Task::Correct(of)).await
}

async fn save(app: &App, posted: Posted, id: CaseId, task: Task) -> PageResult {
    let Posted { signed, form: raw } = posted;
    let t = signed.here.t;
    let mut errors = FormErrors::new();
    let aware_at = take_moment(app, t, &raw, "aware_at", "cases-aware-at", &mut errors);
    for (field, label) in [
        ("source", "cases-source"),
        ("reason", "cases-correction-reason"),
    ] {
        let asked = field != "reason" || matches!(task, Task::Correct(_));
        if asked && aware_at.is_none() && raw.get(field).trim().is_empty() {
            errors.add(field, label, "form-error-missing");
        }
    }
    let Some(aware_at) = aware_at else {
        return again(app, &signed, id, task, &raw, &errors).await;
    };
    let done = record(app, &signed, id, task, &raw, aware_at).await;
    match done {
        Ok(_) => Ok(Redirect::to(&format!("/cases/{id}#awareness")).into_response()),
        Err(AppError::Invalid(problems)) => {
            for problem in &problems {
                let label = match problem.field.as_str() {
                    "source" => "cases-source",
                    "reason" => "cases-correction-reason",
                    _ => "cases-aware-at",
                };
                let error =
                    FieldError::new(&problem.field, label, words::error_key(t, problem.code));
                errors.push(match problem.field.as_str() {
                    "aware_at" => error.part("year"),
                    _ => error,
                });
            }
            again(app, &signed, id, task, &raw, &errors).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn record(
    app: &App,
    signed: &Signed,
    id: CaseId,
    task: Task,
    raw: &RawForm,
    aware_at: Timestamp,
) -> Result<AwarenessId, AppError> {
    let input = AwarenessInput {
        aware_at,
        precision: precision(raw),
        source: raw.get("source").to_owned(),
    };
    let key = Some(raw.get("key")).filter(|key| !key.is_empty());
    match task {
        Task::Add => {
            let kind = raw.get("kind").parse().unwrap_or(AwarenessKind::Incident);
            app.add_awareness(signed.actor(), id, kind, &input, key)
                .await
        }
        Task::Correct(of) => {
            app.correct_awareness(signed.actor(), id, of, raw.get("reason"), &input, key)
                .await
        }
    }
}

async fn again(
    app: &App,
    signed: &Signed,
    id: CaseId,
    task: Task,
    raw: &RawForm,
    errors: &FormErrors,
) -> Result<Response, PageError> {
    let view = view(app, signed, id, task, raw, errors).await?;
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &view))
}

async fn view(
    app: &App,
    signed: &Signed,
    id: CaseId,
    task: Task,
    raw: &RawForm,
    errors: &FormErrors,
) -> Result<AwarenessPage, PageError> {
    let t = signed.here.t;
    let case = app.view_case(signed.actor(), id).await?;
    if !case.may_edit {
        return Err(AppError::Forbidden.into());
    }
    let form = Form::new(t, raw, errors);
    let kinds = AwarenessKind::ALL
        .iter()
        .map(|kind| Choice::new(kind.code(), words::awareness_kind(t, *kind)))
        .collect();
    let (title, note, button, action) = match task {
        Task::Add => (
            "cases-add-awareness",
            "cases-add-awareness-note",
            "cases-add-awareness-save",
            format!("/cases/{id}/awareness/new"),
        ),
        Task::Correct(of) => (
            "cases-correct-awareness",
            "cases-correct-awareness-note",
            "cases-correct-awareness-save",
            format!("/cases/{id}/awareness/{of}"),
        ),
    };
    let key = match raw.get("key") {
        "" => page_token(app),
        key => key.to_owned(),
    };
    Ok(AwarenessPage {
        page: signed
            .page(title)
            .crumb("/cases", t.get("cases-title"))
            .crumb(format!("/cases/{id}"), case.case.parts().title.as_str())
            .notice(Banner::new(t, Tone::Info, t.get(note)))
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        action,
        kind: match task {
            Task::Add => Some(form.radios("kind", "cases-kind", kinds).required()),
            Task::Correct(_) => None,
        },
        aware_at: form
            .date_time("aware_at", "cases-aware-at")
            .hint("cases-aware-at-hint")
            .required()
            .may_be_approximate(),
        source: form
            .text_area("source", "cases-source")
            .hint("cases-source-hint")
            .rows(3)
            .max_chars(2000)
            .required(),
        reason: match task {
            Task::Add => None,
            Task::Correct(_) => Some(
                form.text_area("reason", "cases-correction-reason")
                    .rows(3)
                    .max_chars(1000)
                    .required(),
            ),
        },
        key,
        id,
        button: t.get(button).into_owned(),
    })
}
