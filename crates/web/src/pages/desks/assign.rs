use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::FilingId;

use crate::failure::{PageError, PageResult};
use crate::fmt::Time;
use crate::forms::{ErrorSummary, Form, FormErrors, RawForm, Select};
use crate::page::{Page, render, render_with};
use crate::pages::desks::form_errors;
use crate::pages::desks::queue::{NOBODY, Named, handler_choices, handler_of};
use crate::pages::filings::{id_of, words};
use crate::session::{Posted, Signed};

struct HistoryRow {
    who: Option<String>,
    by: String,
    at: Time,
}

#[derive(Template)]
#[template(path = "pages/desks/assign.html")]
struct AssignPage {
    page: Page,
    summary: ErrorSummary,
    what: String,
    id: String,
    person: Select,
    history: Vec<HistoryRow>,
}

pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> PageResult {
    let id = id_of(&id)?;
    let raw = RawForm::from_pairs([("", "")]);
    Ok(render(
        &view(&app, &signed, id, raw, &FormErrors::new()).await?,
    ))
}

async fn view(
    app: &App,
    signed: &Signed,
    id: FilingId,
    raw: RawForm,
    errors: &FormErrors,
) -> Result<AssignPage, PageError> {
    let t = signed.here.t;
    let filing = app.view_filing(signed.actor(), id).await?;
    let history = app.assignments_of(signed.actor(), id).await?;
    let people = app.handlers(signed.actor()).await?;
    let now = match history.first() {
        None => String::new(),
        Some(handled) => handled
            .person
            .as_ref()
            .map_or_else(|| NOBODY.to_owned(), |handler| handler.id.to_string()),
    };
    let raw = if errors.is_empty() {
        RawForm::from_pairs([("person", now)])
    } else {
        raw
    };
    let form = Form::new(t, &raw, errors);
    let choices = handler_choices(t, &people);
    let number = filing.filing.number.as_str();
    Ok(AssignPage {
        page: signed
            .page("assign-title")
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
        id: id.to_string(),
        person: form.select("person", "assign-person", choices).required(),
        history: history
            .into_iter()
            .map(|handled| HistoryRow {
                who: handled.person.map(|handler| handler.name),
                by: handled.by,
                at: Time::at(t, handled.at),
            })
            .collect(),
    })
}

pub(crate) async fn post(
    State(app): State<App>,
    Path(id): Path<String>,
    posted: Posted,
) -> PageResult {
    let id: FilingId = id_of(&id)?;
    let Posted { signed, form } = posted;
    let Named::Handler(person) = handler_of(&form)? else {
        let mut errors = FormErrors::new();
        errors.add("person", "assign-person", "form-error-choose");
        let page = view(&app, &signed, id, form, &errors).await?;
        return Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page));
    };
    match app.assign_filings(signed.actor(), &[id], person).await {
        Ok(_) => Ok(Redirect::to(&format!("/filings/{id}")).into_response()),
        Err(error @ AppError::Invalid(_)) => {
            let errors = form_errors(error, &[("person", "assign-person")])?;
            let page = view(&app, &signed, id, form, &errors).await?;
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(error.into()),
    }
}
