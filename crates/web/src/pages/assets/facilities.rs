//! Facilities (特定重要設備) of the register.

use app::assets::FacilityInput;
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::FacilityId;
use policy::Action;

use super::form::{push_day, read_day};
use super::problems;
use crate::components::EmptyState;
use crate::failure::{PageError, PageResult};
use crate::fmt;
use crate::forms::{DateInput, ErrorSummary, Form, FormErrors, RawForm, TextInput};
use crate::page::{Page, render, render_with};
use crate::session::{Posted, Signed};

const LABELS: &[(&str, &str)] = &[
    ("name", "facility-name"),
    ("category", "facility-category"),
    ("installed_on", "facility-installed-on"),
    ("changed_on", "facility-changed-on"),
];

struct Row {
    href: String,
    name: String,
    category: String,
    installed: Option<fmt::Time>,
    computers: String,
}

#[derive(Template)]
#[template(path = "pages/assets/facilities.html")]
struct FacilitiesPage {
    page: Page,
    rows: Vec<Row>,
    empty: Option<EmptyState>,
}

#[derive(Template)]
#[template(path = "pages/assets/facility.html")]
struct FacilityPage {
    page: Page,
    summary: ErrorSummary,
    name: TextInput,
    category: TextInput,
    installed_on: DateInput,
    changed_on: Option<DateInput>,
    action: String,
    version: Option<String>,
    key: String,
}

pub(super) async fn list(State(app): State<App>, signed: Signed) -> PageResult {
    let t = signed.here.t;
    let limit = app.config().limits.page_entries;
    let rows: Vec<Row> = app
        .facilities(signed.actor(), None, limit)
        .await?
        .into_iter()
        .map(|entry| Row {
            href: format!("/facilities/{}", entry.facility.id),
            name: entry.facility.name.as_str().to_owned(),
            category: entry.facility.category.as_str().to_owned(),
            installed: entry.facility.installed_on.map(|day| fmt::Time::on(t, day)),
            computers: entry.computers.to_string(),
        })
        .collect();
    let empty = rows.is_empty().then(|| {
        EmptyState::new(
            t.get("facilities-empty-title"),
            t.get("facilities-empty-text"),
        )
        .action("/facilities/new", t.get("facility-add"))
    });
    Ok(render(&FacilitiesPage {
        page: signed
            .page("facilities-title")
            .crumb("/computers", t.get("computers-title")),
        rows,
        empty,
    }))
}

pub(super) async fn show_new(State(app): State<App>, signed: Signed) -> PageResult {
    signed.must_be_allowed(&app, Action::EditRegister, &signed.own_register())?;
    let page = view(&app, &signed, &RawForm::empty(), &FormErrors::new(), None);
    Ok(render(&page))
}

pub(super) async fn add(State(app): State<App>, posted: Posted) -> PageResult {
    let Posted { signed, form: raw } = posted;
    signed.must_be_allowed(&app, Action::EditRegister, &signed.own_register())?;
    let mut errors = FormErrors::new();
    let input = read(&app, &raw, &mut errors);
    if errors.is_empty() {
        let key = Some(raw.get("key")).filter(|key| !key.is_empty());
        match app.add_facility(signed.actor(), &input, key).await {
            Ok(_) => return Ok(Redirect::to("/facilities").into_response()),
            Err(AppError::Invalid(found)) => problems::add(&mut errors, &found, LABELS),
            Err(other) => return Err(PageError::from(other)),
        }
    }
    let page = view(&app, &signed, &raw, &errors, None);
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<FacilityId>,
    signed: Signed,
) -> PageResult {
    let facility = app.facility(signed.actor(), id).await?;
    let mut raw = RawForm::empty();
    raw.push("name", facility.name.as_str());
    raw.push("category", facility.category.as_str());
    raw.push("version", facility.version.to_string());
    push_day(&mut raw, "installed_on", facility.installed_on);
    let page = view(&app, &signed, &raw, &FormErrors::new(), Some(id));
    Ok(render(&page))
}

pub(super) async fn change(
    State(app): State<App>,
    Path(id): Path<FacilityId>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form: raw } = posted;
    let mut errors = FormErrors::new();
    let input = read(&app, &raw, &mut errors);
    let changed_on = read_day(&app, &raw, "changed_on", "facility-changed-on", &mut errors);
    if errors.is_empty() {
        let version = raw.get("version").parse().unwrap_or(0);
        match app
            .change_facility(signed.actor(), id, version, &input, changed_on)
            .await
        {
            Ok(()) => return Ok(Redirect::to("/facilities").into_response()),
            Err(AppError::Invalid(found)) => problems::add(&mut errors, &found, LABELS),
            Err(other) => return Err(PageError::from(other)),
        }
    }
    let page = view(&app, &signed, &raw, &errors, Some(id));
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

fn read(app: &App, raw: &RawForm, errors: &mut FormErrors) -> FacilityInput {
    FacilityInput {
        name: raw.get("name").to_owned(),
        category: raw.get("category").to_owned(),
        installed_on: read_day(app, raw, "installed_on", "facility-installed-on", errors),
    }
}

fn view(
    app: &App,
    signed: &Signed,
    raw: &RawForm,
    errors: &FormErrors,
    id: Option<FacilityId>,
) -> FacilityPage {
    let t = signed.here.t;
    let form = Form::new(t, raw, errors);
    let title = match id {
        Some(_) => t.get("facility-edit-title"),
        None => t.get("facility-new-title"),
    };
    FacilityPage {
        page: signed
            .page_titled(title)
            .crumb("/facilities", t.get("facilities-title"))
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        name: form
            .text("name", "facility-name")
            .hint("facility-name-hint")
            .required(),
        category: form
            .text("category", "facility-category")
            .hint("facility-category-hint")
            .required(),
        installed_on: form
            .date("installed_on", "facility-installed-on")
            .hint("facility-installed-on-hint"),
        changed_on: id.map(|_| {
            form.date("changed_on", "facility-changed-on")
                .hint("facility-changed-on-hint")
        }),
        action: id.map_or_else(
            || "/facilities/new".to_owned(),
            |id| format!("/facilities/{id}"),
        ),
        version: id.map(|_| raw.get("version").to_owned()),
        key: match raw.get("key") {
            "" => app.ids().next_uuid().to_string(),
            key => key.to_owned(),
        },
    }
}
