use app::App;
use app::desks::NewCorrectionRequest;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::FilingId;
use serde::Deserialize;

use crate::failure::{PageError, PageResult};
use crate::forms::date::read_date;
use crate::forms::{DateInput, ErrorSummary, Form, FormErrors, RawForm, TextArea};
use crate::page::{Page, render, render_with};
use crate::pages::desks::check::once;
use crate::pages::desks::form_errors;
use crate::pages::filings::{document, id_of, view, words};
use crate::session::{Posted, Signed};

/// The field that a request is about.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    field: String,
}

#[derive(Template)]
#[template(path = "pages/desks/correction.html")]
struct CorrectionPage {
    page: Page,
    summary: ErrorSummary,
    what: String,
    place: String,
    present: Vec<String>,
    field: String,
    once: String,
    text: TextArea,
    wanted_by: DateInput,
}

pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> PageResult {
    let id = id_of(&id)?;
    let raw = RawForm::from_pairs([
        ("once", app.ids().next_uuid().to_string()),
        ("field", wanted.field),
    ]);
    Ok(render(
        &make(&app, &signed, id, &raw, &FormErrors::new()).await?,
    ))
}

async fn make(
    app: &App,
    signed: &Signed,
    id: FilingId,
    raw: &RawForm,
    errors: &FormErrors,
) -> Result<CorrectionPage, PageError> {
    let t = signed.here.t;
    let filing = app.view_filing(signed.actor(), id).await?;
    if !filing.allowed.request_correction {
        return Err(app::AppError::Forbidden.into());
    }
    let body = view::read(&filing)?;
    let path = raw.get("field");
    let present = document::sections(t, &body)
        .into_iter()
        .flat_map(|section| section.rows)
        .find(|row| row.path == path)
        .map(|row| row.lines)
        .unwrap_or_default();
    let form = Form::new(t, raw, errors);
    let number = filing.filing.number.as_str();
    Ok(CorrectionPage {
        page: signed
            .page("request-title")
            .crumb("/desk", t.get("desk-title"))
            .crumb(format!("/filings/{id}"), number)
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        what: t
            .with2(
                "desk-about",
                "kind",
                words::kind(t, filing.filing.kind),
                "number",
                number,
            )
            .into_owned(),
        place: document::place(t, &body, path),
        present,
        field: path.to_owned(),
        once: raw.get("once").to_owned(),
        text: form
            .text_area("text", "request-text")
            .hint("request-text-hint")
            .max_chars(2000)
            .required(),
        wanted_by: form
            .date("wanted_by", "request-wanted-by")
            .hint("request-wanted-by-hint"),
    })
}

pub(crate) async fn post(
    State(app): State<App>,
    Path(id): Path<String>,
    posted: Posted,
) -> PageResult {
    let id: FilingId = id_of(&id)?;
    let Posted { signed, form } = posted;
    let mut errors = FormErrors::new();
    let wanted_by = match read_date(&form, "wanted_by", app.rules()) {
        Ok(day) => day,
        Err(wrong) => {
            errors.push(wrong.of("wanted_by", "request-wanted-by"));
            None
        }
    };
    if errors.is_empty() {
        let request = NewCorrectionRequest {
            field: form.get("field"),
            text: form.get("text"),
            wanted_by,
        };
        let done = app
            .request_correction(signed.actor(), id, request, once(&form))
            .await;
        match done {
            Ok(_) => {
                let back = format!("/filings/{id}#corrections");
                return Ok(Redirect::to(&back).into_response());
            }
            Err(error) => {
                errors = form_errors(
                    error,
                    &[("text", "request-text"), ("wanted_by", "request-wanted-by")],
                )?;
            }
        }
    }
    let page = make(&app, &signed, id, &form, &errors).await?;
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}
