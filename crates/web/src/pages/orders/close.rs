use app::orders::ClosingInput;
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::{DirectiveId, DirectiveOutcome};

use super::{must_be_fresh, view::title, words};
use crate::failure::{PageError, PageResult};
use crate::forms::{Choice, Choices, ErrorSummary, Form, FormErrors, RawForm, TextArea};
use crate::page::{Page, render, render_with};
use crate::pages::desks::form_errors;
use crate::pages::desks::once;
use crate::pages::filings::id_of;
use crate::session::{Posted, Signed};

#[derive(Template)]
#[template(path = "pages/orders/close.html")]
struct ClosePage {
    page: Page,
    summary: ErrorSummary,
    what: String,
    outcome: Choices,
    note: TextArea,
    once: String,
}

pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> PageResult {
    let raw = RawForm::from_pairs([("once", app.ids().next_uuid().to_string())]);
    let page = make(&app, &signed, id_of(&id)?, &raw, &FormErrors::new()).await?;
    must_be_fresh(&signed)?;
    Ok(render(&page))
}

async fn make(
    app: &App,
    signed: &Signed,
    id: DirectiveId,
    raw: &RawForm,
    errors: &FormErrors,
) -> Result<ClosePage, PageError> {
    let t = signed.here.t;
    let view = app.view_directive(signed.actor(), id).await?;
    if !view.allowed.close {
        let refusal = if view.file.is_open() {
            AppError::Forbidden
        } else {
            AppError::Conflict("directive_closed")
        };
        return Err(refusal.into());
    }
    let form = Form::new(t, raw, errors);
    let what = title(t, &view);
    let outcomes = DirectiveOutcome::ALL
        .iter()
        .map(|outcome| Choice::new(outcome.code(), words::outcome(t, *outcome)))
        .collect();
    Ok(ClosePage {
        page: signed
            .page("directive-close-title")
            .crumb("/directives", t.get("directives-title"))
            .crumb(format!("/directives/{id}"), what.as_str())
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        what,
        outcome: form
            .radios("outcome", "directive-close-outcome", outcomes)
            .required(),
        note: form
            .text_area("note", "directive-close-note")
            .hint("directive-close-note-hint")
            .max_chars(2000),
        once: raw.get("once").to_owned(),
    })
}

pub(crate) async fn post(
    State(app): State<App>,
    Path(id): Path<String>,
    posted: Posted,
) -> PageResult {
    let id: DirectiveId = id_of(&id)?;
    let Posted { signed, form } = posted;
    let mut errors = FormErrors::new();
    if let Ok(outcome) = form.get("outcome").parse() {
        let input = ClosingInput {
            outcome,
            note: form.get("note"),
        };
        match app
            .close_directive(signed.actor(), id, input, once(&form))
            .await
        {
            Ok(()) => return Ok(Redirect::to(&format!("/directives/{id}")).into_response()),
            Err(AppError::StepUpRequired) => {
                errors.add("note", "directive-close-note", "correction-step-up");
            }
            Err(error) => errors = form_errors(error, &[("note", "directive-close-note")])?,
        }
    } else {
        errors.add("outcome", "directive-close-outcome", "form-error-choose");
    }
    let page = make(&app, &signed, id, &form, &errors).await?;
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}
