use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::EntryId;

use super::report::{facts, title};
use crate::components::{ConfidenceBadge, SummaryList, SummaryRow};
use crate::failure::{PageError, PageResult};
use crate::forms::{ErrorSummary, FieldError, Form, FormErrors, RawForm};
use crate::frame::{basis_words, named};
use crate::page::{Page, render, render_with};
use crate::pages::incidents::new::page_token;
use crate::pages::incidents::words;
use crate::session::{Posted, Signed};

#[derive(Template)]
#[template(path = "pages/entries/check.html")]
struct CheckPage {
    page: Page,
    summary: ErrorSummary,
    id: EntryId,
    version: i64,
    key: String,
    problems: Vec<(String, String)>,
    addressees: Vec<(String, String)>,
    unsettled: Option<ConfidenceBadge>,
    facts: SummaryList,
    parts: Vec<(String, SummaryList)>,
    files: Vec<String>,
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<EntryId>,
) -> PageResult {
    Ok(render(&view(&app, &signed, id, &FormErrors::new()).await?))
}

pub(super) async fn file(
    State(app): State<App>,
    Path(id): Path<EntryId>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form: raw } = posted;
    let version = raw.get("version").parse().unwrap_or(0);
    let key = Some(raw.get("key")).filter(|key| !key.is_empty());
    match app.file_entry(signed.actor(), id, version, key).await {
        Ok(filed) => Ok(Redirect::to(&format!("/filings/{}", filed.filing)).into_response()),
        // What is missing stands on the page.
        Err(AppError::Invalid(_)) => {
            let page = view(&app, &signed, id, &FormErrors::new()).await?;
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(AppError::Stale) => {
            let mut errors = FormErrors::new();
            errors.add("", "cases-check-title", "cases-error-stale");
            let page = view(&app, &signed, id, &errors).await?;
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(other) => Err(PageError::from(other).back_to(format!("/desk/entries/{id}/check"))),
    }
}

async fn view(
    app: &App,
    signed: &Signed,
    id: EntryId,
    errors: &FormErrors,
) -> Result<CheckPage, PageError> {
    let t = signed.here.t;
    let preview = app.preview_entry(signed.actor(), id).await?;
    let entry = &preview.view;
    let raw = RawForm::empty();
    let form = Form::new(t, &raw, errors);
    let problems = preview
        .problems
        .iter()
        .map(|problem| {
            let field = entry.draft.form.field(&problem.field);
            let label = field.map_or_else(|| problem.field.clone(), |field| words::label(t, field));
            let max = field.map_or(0, |field| field.max_chars);
            let error = FieldError::new(&problem.field, label, words::error_key(t, problem.code))
                .arg("max", max.to_string());
            (
                format!("/desk/entries/{id}#{}", error.target()),
                error.text(t),
            )
        })
        .collect();
    let parts = entry
        .sections
        .iter()
        .map(|section| {
            let rows = section
                .fields
                .iter()
                .map(|field| {
                    let text = words::typed(t, app.rules(), field.field, &field.typed);
                    SummaryRow::new(words::label(t, field.field), &text)
                })
                .collect();
            (title(t, section), SummaryList::new(t, rows))
        })
        .collect();
    Ok(CheckPage {
        page: signed
            .page("entry-check-title")
            .crumb("/desk", t.get("desk-title"))
            .crumb("/desk/entries", t.get("entries-title"))
            .crumb(format!("/desk/entries/{id}"), entry.facts.title.as_str())
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        id,
        version: entry.draft.version,
        key: page_token(app),
        problems,
        addressees: preview
            .addressees
            .iter()
            .map(|to| {
                let name = named(t, &to.organisation.name_ja, &to.organisation.name_en);
                (name, basis_words(t, &to.basis))
            })
            .collect(),
        unsettled: preview
            .addressees_confidence
            .is_unsettled()
            .then(|| ConfidenceBadge::new(t)),
        facts: facts(t, entry),
        parts,
        files: entry
            .draft
            .attachments
            .iter()
            .map(|file| file.file_name.clone())
            .collect(),
    })
}
