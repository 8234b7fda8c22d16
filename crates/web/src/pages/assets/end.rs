//! The end of use of a computer.

use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::ComputerId;
use policy::Action;

use super::form::read_day;
use super::problems;
use crate::failure::{PageError, PageResult};
use crate::forms::{DateInput, ErrorSummary, Form, FormErrors, RawForm};
use crate::page::{Page, render, render_with};
use crate::session::{Posted, Signed};

#[derive(Template)]
#[template(path = "pages/assets/end.html")]
struct EndPage {
    page: Page,
    summary: ErrorSummary,
    ended_on: DateInput,
    id: String,
    version: String,
    notified: bool,
}

pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<ComputerId>,
    signed: Signed,
) -> PageResult {
    let page = view(&app, &signed, id, &RawForm::empty(), &FormErrors::new()).await?;
    Ok(render(&page))
}

pub(super) async fn record(
    State(app): State<App>,
    Path(id): Path<ComputerId>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form: raw } = posted;
    let mut errors = FormErrors::new();
    let ended_on = read_day(&app, &raw, "ended_on", "end-on", &mut errors);
    if ended_on.is_none() && errors.is_empty() {
        errors.add("ended_on", "end-on", "form-error-missing");
    }
    if let (Some(day), true) = (ended_on, errors.is_empty()) {
        let version = raw.get("version").parse().unwrap_or(0);
        match app.end_computer_use(signed.actor(), id, version, day).await {
            Ok(_) => return Ok(Redirect::to(&format!("/computers/{id}")).into_response()),
            Err(AppError::Invalid(found)) => {
                problems::add(&mut errors, &found, &[("ended_on", "end-on")]);
            }
            Err(other) => return Err(PageError::from(other)),
        }
    }
    let page = view(&app, &signed, id, &raw, &errors).await?;
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

async fn view(
    app: &App,
    signed: &Signed,
    id: ComputerId,
    raw: &RawForm,
    errors: &FormErrors,
) -> Result<EndPage, PageError> {
    let t = signed.here.t;
    let computer = app.view_computer(signed.actor(), id).await?.computer;
    signed.must_be_allowed(app, Action::EditRegister, &signed.own_register())?;
    let product = computer
        .current()
        .map_err(|_| AppError::Bug("a computer without revisions"))?
        .items
        .product
        .as_str()
        .to_owned();
    let form = Form::new(t, raw, errors);
    Ok(EndPage {
        page: signed
            .page("end-title")
            .crumb("/computers", t.get("computers-title"))
            .crumb(format!("/computers/{id}"), product)
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        ended_on: form
            .date("ended_on", "end-on")
            .hint("end-on-hint")
            .required(),
        id: id.to_string(),
        version: match raw.get("version") {
            "" => computer.parts().version.to_string(),
            version => version.to_owned(),
        },
        notified: computer.phase().notified().is_some(),
    })
}
