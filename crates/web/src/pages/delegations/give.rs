use app::delegations::{DelegationInput, DelegationView};
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::DelegationId;
use jiff::Timestamp;
use jiff::civil::Time;
use model::delegations::Extent;

use crate::components::{StatusBadge, Tone};
use crate::failure::{PageError, PageResult, field_key};
use crate::fmt;
use crate::forms::date::read_date;
use crate::forms::{
    Choice, Choices, DateInput, ErrorSummary, Form, FormErrors, RawForm, Select, TextArea,
    TextInput, Width,
};
use crate::page::{Page, render, render_with};
use crate::pages::people::link_page;
use crate::session::{Posted, Signed};
use crate::texts::Texts;

const HERE: &str = "/delegations/new";
const FIELDS: [(&str, &str); 9] = [
    ("case", "delegation-case"),
    ("sections", "delegation-sections"),
    ("extent", "delegation-extent"),
    ("until", "delegation-until"),
    ("reason", "delegation-reason"),
    ("person", "delegation-person"),
    ("company", "delegation-company"),
    ("name", "people-name"),
    ("login", "login-name"),
];

struct Row {
    id: DelegationId,
    title: String,
    state: StatusBadge,
    lines: Vec<String>,
    viewed: Vec<String>,
    may_end: bool,
}

#[derive(Template)]
#[template(path = "pages/delegations/list.html")]
struct ListPage {
    page: Page,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "pages/delegations/give.html")]
struct GivePage {
    page: Page,
    summary: ErrorSummary,
    person: Option<Select>,
    company: TextInput,
    name: TextInput,
    login: TextInput,
    case: Select,
    sections: Choices,
    extent: Choices,
    until: DateInput,
    reason: TextArea,
}

/// What was given, to whom, and every look of theirs.
pub(super) async fn list(State(app): State<App>, signed: Signed) -> PageResult {
    let t = signed.here.t;
    let rows = app.delegations(signed.actor()).await?;
    Ok(render(&ListPage {
        page: signed.page("delegations-title"),
        rows: rows.iter().map(|view| row(t, view)).collect(),
    }))
}

fn row(t: Texts, view: &DelegationView) -> Row {
    let record = &view.record;
    let state = if view.in_force {
        StatusBadge::new(Tone::Info, t.get("delegation-in-force"))
    } else {
        StatusBadge::new(Tone::Neutral, t.get("delegation-over"))
    };
    let end = match record.ended_at {
        Some(ended) => t
            .with("delegation-ended-at", "time", fmt::date_time(t, ended))
            .into_owned(),
        None => until(t, record.until),
    };
    Row {
        id: record.id,
        title: t
            .with2(
                "delegation-line",
                "name",
                view.name.as_str(),
                "company",
                view.company.as_str(),
            )
            .into_owned(),
        state,
        lines: vec![
            view.case.clone(),
            t.with2(
                "delegation-items-line",
                "items",
                record.sections.to_string(),
                "extent",
                extent(t, record.extent),
            )
            .into_owned(),
            end,
            record.reason.clone(),
        ],
        viewed: view
            .viewed
            .iter()
            .map(|look| {
                t.with2(
                    "delegation-viewed",
                    "item",
                    look.section,
                    "time",
                    fmt::date_time_seconds(t, look.at),
                )
                .into_owned()
            })
            .collect(),
        may_end: view.in_force,
    }
}

/// Until when somebody may do it; what holds until midnight holds until the end of the day before.
pub(super) fn until(t: Texts, until: Timestamp) -> String {
    let end = fmt::jst(until);
    match end.date().yesterday() {
        Ok(last_day) if end.time() == Time::midnight() => fmt::until(t, last_day),
        _ => t
            .with("delegation-until-line", "time", fmt::date_time(t, until))
            .into_owned(),
    }
}

fn extent(t: Texts, extent: Extent) -> String {
    t.get(&format!("delegation-extent-{}", extent.code()))
        .into_owned()
}

pub(super) async fn show(State(app): State<App>, signed: Signed) -> PageResult {
    let page = page(&app, &signed, &RawForm::empty(), &FormErrors::new()).await?;
    Ok(render(&page))
}

pub(super) async fn give(State(app): State<App>, posted: Posted) -> PageResult {
    let Posted { signed, form } = posted;
    let mut errors = FormErrors::new();
    let until = match read_date(&form, "until", app.rules()) {
        // It holds until the end of the day.
        Ok(Some(day)) => day.tomorrow().ok().and_then(|next| {
            statute::calendar::jst::OFFSET
                .to_timestamp(next.to_datetime(Time::midnight()))
                .ok()
        }),
        Ok(None) => None,
        Err(wrong) => {
            errors.push(wrong.of("until", "delegation-until"));
            None
        }
    };
    let input = DelegationInput {
        person: form.get("person").parse().ok(),
        company: form.get("company").to_owned(),
        name: form.get("name").to_owned(),
        login: form.get("login").to_owned(),
        case: form.get("case").parse().ok(),
        sections: form
            .all("sections")
            .filter_map(|item| item.parse().ok())
            .collect(),
        extent: form.get("extent").parse().ok(),
        until,
        reason: form.get("reason").to_owned(),
    };
    if errors.is_empty() {
        match app.delegate(signed.actor(), &input).await {
            Ok(given) => {
                return Ok(match given.link {
                    Some(link) => link_page(&signed, &link, "people-invited-title", "/delegations"),
                    None => Redirect::to("/delegations").into_response(),
                });
            }
            Err(AppError::Invalid(problems)) => {
                for problem in problems {
                    let known = FIELDS.iter().find(|(field, _)| *field == problem.field);
                    let (field, label) = known.copied().unwrap_or(FIELDS[0]);
                    errors.add(field, label, field_key(problem.code));
                }
            }
            Err(other) => return Err(PageError::from(other).back_to(HERE)),
        }
    }
    let page = page(&app, &signed, &form, &errors).await?;
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

pub(super) async fn end(
    State(app): State<App>,
    Path(id): Path<DelegationId>,
    posted: Posted,
) -> PageResult {
    app.end_delegation(posted.signed.actor(), id)
        .await
        .map_err(|error| PageError::from(error).back_to("/delegations"))?;
    Ok(Redirect::to("/delegations").into_response())
}

async fn page(
    app: &App,
    signed: &Signed,
    raw: &RawForm,
    errors: &FormErrors,
) -> Result<GivePage, PageError> {
    let t = signed.here.t;
    let cases = app
        .delegable_cases(signed.actor())
        .await
        .map_err(|error| PageError::from(error).back_to(HERE))?;
    let mut people: Vec<Choice> = Vec::new();
    let mut known = Vec::new();
    for view in app.delegations(signed.actor()).await? {
        if !known.contains(&view.record.person) {
            known.push(view.record.person);
            let label = t.with2(
                "delegation-line",
                "name",
                view.name.as_str(),
                "company",
                view.company.as_str(),
            );
            people.push(Choice::new(view.record.person.to_string(), label));
        }
    }
    let form = Form::new(t, raw, errors);
    let items = (1..=7_u8)
        .map(|item| {
            let label = t.get(&format!("document-item-{item}"));
            Choice::new(item.to_string(), label)
        })
        .collect();
    let cases = cases
        .into_iter()
        .map(|(id, title)| Choice::new(id.to_string(), title))
        .collect();
    let extents = Extent::ALL
        .iter()
        .map(|one| Choice::new(one.code(), extent(t, *one)))
        .collect();
    Ok(GivePage {
        page: signed
            .page("delegation-new")
            .crumb("/delegations", t.get("delegations-title"))
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        person: (!people.is_empty()).then(|| {
            form.select("person", "delegation-person", people)
                .hint("delegation-person-hint")
        }),
        company: form
            .text("company", "delegation-company")
            .hint("delegation-company-hint")
            .width(Width::M),
        name: form.text("name", "people-name").width(Width::M),
        login: form
            .text("login", "login-name")
            .hint("people-login-hint")
            .width(Width::M),
        case: form.select("case", "delegation-case", cases).required(),
        sections: form
            .checkboxes("sections", "delegation-sections", items)
            .hint("delegation-sections-hint")
            .required(),
        extent: form
            .radios("extent", "delegation-extent", extents)
            .required(),
        until: form
            .date("until", "delegation-until")
            .hint("delegation-until-hint")
            .required(),
        reason: form
            .text_area("reason", "delegation-reason")
            .hint("delegation-reason-hint")
            .rows(2)
            .max_chars(500)
            .required(),
    })
}
