use app::App;
use app::desks::NewCheck;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::FilingId;
use model::filing::FormalResult;

use crate::failure::{PageError, PageResult};
use crate::forms::{Choice, Choices, ErrorSummary, Form, FormErrors, RawForm, TextArea};
use crate::page::{Page, render, render_with};
use crate::pages::desks::form_errors;
use crate::pages::filings::{id_of, words};
use crate::session::{Posted, Signed};

#[derive(Template)]
#[template(path = "pages/desks/check.html")]
struct CheckPage {
    page: Page,
    summary: ErrorSummary,
    what: String,
    once: String,
    result: Choices,
    note: TextArea,
}

pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> PageResult {
    let id = id_of(&id)?;
    let raw = RawForm::from_pairs([("once", app.ids().next_uuid().to_string())]);
    Ok(render(
        &view(&app, &signed, id, &raw, &FormErrors::new()).await?,
    ))
}

async fn view(
    app: &App,
    signed: &Signed,
    id: FilingId,
    raw: &RawForm,
    errors: &FormErrors,
) -> Result<CheckPage, PageError> {
    let t = signed.here.t;
    let filing = app.view_filing(signed.actor(), id).await?;
    if !filing.allowed.check {
        return Err(app::AppError::Forbidden.into());
    }
    let form = Form::new(t, raw, errors);
    let number = filing.filing.number.as_str();
    Ok(CheckPage {
        page: signed
            .page("check-title")
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
        once: raw.get("once").to_owned(),
        result: form
            .radios(
                "result",
                "check-result",
                vec![
                    Choice::new(FormalResult::Meets.code(), t.get("filing-check-meets")),
                    Choice::new(FormalResult::Lacks.code(), t.get("filing-check-lacks"))
                        .hint(t.get("check-lacks-hint")),
                ],
            )
            .required(),
        note: form
            .text_area("note", "check-note")
            .hint("check-note-hint")
            .max_chars(2000),
    })
}

pub(crate) async fn post(
    State(app): State<App>,
    Path(id): Path<String>,
    posted: Posted,
) -> PageResult {
    let id: FilingId = id_of(&id)?;
    let Posted { signed, form } = posted;
    let errors = if let Ok(result) = form.get("result").parse() {
        let check = NewCheck {
            result,
            note: form.get("note"),
        };
        match app.check_form(signed.actor(), id, check, once(&form)).await {
            Ok(_) => return Ok(Redirect::to(&format!("/filings/{id}")).into_response()),
            Err(error) => form_errors(error, &[("note", "check-note")])?,
        }
    } else {
        let mut errors = FormErrors::new();
        errors.add("result", "check-result", "form-error-choose");
        errors
    };
    let page = view(&app, &signed, id, &form, &errors).await?;
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

/// The key of a form, so that pressing the button twice does the thing once.
pub(crate) fn once(form: &RawForm) -> Option<&str> {
    Some(form.get("once")).filter(|key| !key.is_empty())
}
