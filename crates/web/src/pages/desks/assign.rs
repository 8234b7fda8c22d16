use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::FilingId;

use crate::failure::{PageError, PageResult};
use crate::fmt::Time;
use crate::forms::{Choice, ErrorSummary, Form, FormErrors, RawForm, Select};
use crate::page::{Page, render, render_with};
use crate::pages::desks::form_errors;
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
    let now = history
        .first()
        .and_then(|handled| handled.person.as_ref())
        .map(|handler| handler.id.to_string())
        .unwrap_or_default();
    let raw = if errors.is_empty() {
        RawForm::from_pairs([("person", now)])
    } else {
        raw
    };
    let form = Form::new(t, &raw, errors);
    let choices = std::iter::once(Choice::new("", t.get("assign-nobody")))
        .chain(
            people
                .iter()
                .map(|handler| Choice::new(handler.id.to_string(), handler.name.clone())),
        )
        .collect();
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
        person: form.select("person", "assign-person", choices),
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
    let person = match form.get("person") {
        "" => None,
        text => Some(id_of(text)?),
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
