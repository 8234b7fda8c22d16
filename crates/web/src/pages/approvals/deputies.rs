use app::approvals::{Colleague, DeputyInput, DeputyView};
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::DeputyId;

use crate::failure::{PageError, PageResult, field_key};
use crate::fmt;
use crate::forms::date::read_date;
use crate::forms::{
    Choice, DateInput, ErrorSummary, Form, FormErrors, RawForm, Select, TextInput, Width,
};
use crate::page::{Page, render, render_with};
use crate::session::{Posted, Signed};

const FIELDS: [(&str, &str); 5] = [
    ("person", "deputy-person"),
    ("deputy", "deputy-deputy"),
    ("from", "deputy-from"),
    ("until", "deputy-until"),
    ("reason", "deputy-reason"),
];

struct Row {
    id: DeputyId,
    text: String,
    days: String,
    reason: String,
    may_end: bool,
}

#[derive(Template)]
#[template(path = "pages/approvals/deputies.html")]
struct DeputiesPage {
    page: Page,
    summary: ErrorSummary,
    rows: Vec<Row>,
    may_set: bool,
    person: Select,
    deputy: Select,
    from: DateInput,
    until: DateInput,
    reason: TextInput,
}

pub(super) async fn show(State(app): State<App>, signed: Signed) -> PageResult {
    let raw = RawForm::from_pairs([("person", signed.actor().person.to_string())]);
    let page = page(&app, &signed, &raw, &FormErrors::new()).await?;
    Ok(render(&page))
}

pub(super) async fn set(State(app): State<App>, posted: Posted) -> PageResult {
    let Posted { signed, form } = posted;
    // Whoever may not learns it before what was sent is looked at.
    drop(app.deputies(signed.actor()).await?);
    if !app.may_set_deputies(signed.actor()) {
        return Err(AppError::Forbidden.into());
    }
    let mut errors = FormErrors::new();
    let mut day =
        |name: &'static str, label: &'static str| match read_date(&form, name, app.rules()) {
            Ok(day) => day,
            Err(wrong) => {
                errors.push(wrong.of(name, label));
                None
            }
        };
    let (from, until) = (day("from", "deputy-from"), day("until", "deputy-until"));
    let input = DeputyInput {
        person: form.get("person").parse().ok(),
        deputy: form.get("deputy").parse().ok(),
        from,
        until,
        reason: form.get("reason").to_owned(),
    };
    if errors.is_empty() {
        match app.set_deputy(signed.actor(), &input).await {
            Ok(()) => return Ok(Redirect::to("/deputies").into_response()),
            Err(AppError::Invalid(problems)) => {
                for problem in problems {
                    let known = FIELDS.iter().find(|(field, _)| *field == problem.field);
                    let (field, label) = known.copied().unwrap_or(FIELDS[0]);
                    errors.add(field, label, field_key(problem.code));
                }
            }
            Err(other) => return Err(PageError::from(other).back_to("/deputies")),
        }
    }
    let page = page(&app, &signed, &form, &errors).await?;
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

pub(super) async fn end(
    State(app): State<App>,
    Path(id): Path<DeputyId>,
    posted: Posted,
) -> PageResult {
    app.end_deputy(posted.signed.actor(), id)
        .await
        .map_err(|error| PageError::from(error).back_to("/deputies"))?;
    Ok(Redirect::to("/deputies").into_response())
}

async fn page(
    app: &App,
    signed: &Signed,
    raw: &RawForm,
    errors: &FormErrors,
) -> Result<DeputiesPage, PageError> {
    let t = signed.here.t;
    let (known, colleagues) = app.deputies(signed.actor()).await?;
    let form = Form::new(t, raw, errors);
    Ok(DeputiesPage {
        page: signed
            .page("deputies-title")
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        may_set: app.may_set_deputies(signed.actor()),
        rows: known.iter().map(|view| row(t, view)).collect(),
        person: form
            .select("person", "deputy-person", people(&colleagues))
            .required(),
        deputy: form
            .select("deputy", "deputy-deputy", people(&colleagues))
            .hint("deputy-deputy-hint")
            .required(),
        from: form.date("from", "deputy-from").required(),
        until: form
            .date("until", "deputy-until")
            .hint("deputy-until-hint")
            .required(),
        reason: form
            .text("reason", "deputy-reason")
            .hint("deputy-reason-hint")
            .width(Width::M)
            .required(),
    })
}

fn people(colleagues: &[Colleague]) -> Vec<Choice> {
    colleagues
        .iter()
        .map(|one| Choice::new(one.id.to_string(), one.name.as_str()))
        .collect()
}

fn row(t: crate::texts::Texts, view: &DeputyView) -> Row {
    Row {
        id: view.record.id,
        text: t
            .with2(
                "deputy-line",
                "deputy",
                view.deputy.as_str(),
                "person",
                view.person.as_str(),
            )
            .into_owned(),
        days: t
            .with2(
                "deputy-days",
                "from",
                fmt::date(t, view.record.from_on),
                "until",
                fmt::date(t, view.record.until_on),
            )
            .into_owned(),
        reason: view.record.reason.clone(),
        may_end: view.may_end,
    }
}
