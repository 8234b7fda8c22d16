use app::App;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::FilingId;

use crate::failure::{PageError, PageResult};
use crate::forms::{Choice, Choices, ErrorSummary, Form, FormErrors, RawForm, TextArea};
use crate::frame::named;
use crate::page::{Page, render, render_with};
use crate::pages::desks::check::once;
use crate::pages::desks::form_errors;
use crate::pages::filings::{id_of, words};
use crate::session::{Posted, Signed};

const LABELS: &[(&str, &str)] = &[("to", "transfer-to"), ("reason", "transfer-reason")];

#[derive(Template)]
#[template(path = "pages/desks/transfer.html")]
struct TransferPage {
    page: Page,
    summary: ErrorSummary,
    what: String,
    once: String,
    id: String,
    none: bool,
    to: Choices,
    reason: TextArea,
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
) -> Result<TransferPage, PageError> {
    let t = signed.here.t;
    let filing = app.view_filing(signed.actor(), id).await?;
    if !filing.allowed.transfer {
        return Err(app::AppError::Forbidden.into());
    }
    let desks = app.desks_to_transfer_to(signed.actor(), id).await?;
    let number = filing.filing.number.as_str();
    let form = Form::new(t, raw, errors);
    let choices = desks
        .iter()
        .map(|desk| Choice::new(desk.id.to_string(), named(t, &desk.name_ja, &desk.name_en)))
        .collect();
    Ok(TransferPage {
        page: signed
            .page("transfer-title")
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
        id: id.to_string(),
        none: desks.is_empty(),
        to: form.radios("to", "transfer-to", choices).required(),
        reason: form
            .text_area("reason", "transfer-reason")
            .hint("transfer-reason-hint")
            .required()
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
    let done = app
        .transfer_filing(
            signed.actor(),
            id,
            form.get("to"),
            form.get("reason"),
            once(&form),
        )
        .await;
    match done {
        Ok(_) => Ok(Redirect::to(&format!("/filings/{id}")).into_response()),
        Err(error @ app::AppError::Invalid(_)) => {
            let errors = form_errors(error, LABELS)?;
            let page = view(&app, &signed, id, &form, &errors).await?;
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(PageError::from(error).back_to(format!("/filings/{id}"))),
    }
}
