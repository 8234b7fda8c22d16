use app::entries::EntryAnswerInput;
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::FilingId;
use model::entries::EntryVerdict;

use super::words::{self, EntryPart, part};
use crate::failure::{PageError, PageResult};
use crate::forms::{Choice, Choices, ErrorSummary, Form, FormErrors, RawForm, TextArea};
use crate::page::{Page, render, render_with};
use crate::pages::desks::form_errors;
use crate::pages::filings::id_of;
use crate::session::{Posted, Signed};

const LABELS: &[(&str, &str)] = &[("note", "entry-answer-note")];

#[derive(Template)]
#[template(path = "pages/entries/answer.html")]
struct AnswerPage {
    page: Page,
    summary: ErrorSummary,
    id: FilingId,
    entry: EntryPart,
    verdict: Choices,
    note: TextArea,
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> PageResult {
    let id = id_of(&id)?;
    let raw = RawForm::empty();
    Ok(render(
        &view(&app, &signed, id, &raw, &FormErrors::new()).await?,
    ))
}

pub(super) async fn post(
    State(app): State<App>,
    Path(id): Path<String>,
    posted: Posted,
) -> PageResult {
    let id: FilingId = id_of(&id)?;
    let Posted { signed, form: raw } = posted;
    let Ok(verdict) = raw.get("verdict").parse::<EntryVerdict>() else {
        let mut errors = FormErrors::new();
        errors.add("verdict", "entry-answer", "form-error-choose");
        let page = view(&app, &signed, id, &raw, &errors).await?;
        return Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page));
    };
    let input = EntryAnswerInput {
        verdict,
        note: raw.get("note"),
    };
    match app.answer_entry(signed.actor(), id, input).await {
        Ok(()) => Ok(Redirect::to(&format!("/filings/{id}#entry")).into_response()),
        Err(error @ AppError::Invalid(_)) => {
            let errors = form_errors(error, LABELS)?;
            let page = view(&app, &signed, id, &raw, &errors).await?;
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(PageError::from(error).back_to(format!("/filings/{id}"))),
    }
}

async fn view(
    app: &App,
    signed: &Signed,
    id: FilingId,
    raw: &RawForm,
    errors: &FormErrors,
) -> Result<AnswerPage, PageError> {
    let t = signed.here.t;
    let filing = app.view_filing(signed.actor(), id).await?;
    let shown = filing
        .entry
        .as_ref()
        .filter(|entry| entry.may_answer)
        .ok_or(AppError::NotFound)?;
    let form = Form::new(t, raw, errors);
    let choices = EntryVerdict::ALL
        .iter()
        .map(|verdict| {
            let hint = match verdict {
                EntryVerdict::Recognised => "entry-verdict-recognised-hint",
                EntryVerdict::ToCorrect => "entry-verdict-to-correct-hint",
                EntryVerdict::NotOurs => "entry-verdict-not-ours-hint",
            };
            Choice::new(verdict.code(), words::verdict_text(t, *verdict)).hint(t.get(hint))
        })
        .collect();
    Ok(AnswerPage {
        page: signed
            .page("entry-answer-title")
            .crumb("/filings", t.get("filings-title"))
            .crumb(format!("/filings/{id}"), filing.filing.number.as_str())
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        id,
        entry: part(t, id, shown),
        verdict: form.radios("verdict", "entry-answer", choices).required(),
        note: form
            .text_area("note", "entry-answer-note")
            .hint("entry-answer-note-hint")
            .rows(3)
            .max_chars(2000),
    })
}
