//! Facilities (特定重要設備) of the register.

use app::assets::{FacilityEntry, FacilityInput};
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::FacilityId;
use model::assets::Facility;
use policy::{Action, Actor};
use serde::Deserialize;

use super::form::{push_day, read_day};
use super::problems;
use crate::components::{EmptyState, ListWay, Pagination};
use crate::failure::{PageError, PageResult};
use crate::fmt;
use crate::forms::{
    DateInput, ErrorSummary, Form, FormErrors, InputKind, RawForm, TextInput, Width,
};
use crate::page::{Page, render, render_with};
use crate::session::{Posted, Signed};

/// Facilities on one page.
const PAGE: u32 = 50;

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
    computers_href: String,
}

/// What the list is narrowed to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    q: String,
    after: Option<FacilityId>,
    back: String,
}

#[derive(Template)]
#[template(path = "pages/assets/facilities.html")]
struct FacilitiesPage {
    page: Page,
    search: TextInput,
    rows: Vec<Row>,
    pages: Option<Pagination>,
    more: bool,
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

pub(super) async fn list(
    State(app): State<App>,
    Query(query): Query<ListQuery>,
    signed: Signed,
) -> PageResult {
    let t = signed.here.t;
    let actor = signed.actor();
    let narrowed = !query.q.trim().is_empty();
    // What was searched is few and stands on one page; the whole register is read by cursor.
    let (entries, next, more) = if narrowed {
        let found = app.find_facilities(actor, &query.q, PAGE).await?;
        (found.entries, None, found.more)
    } else {
        let mut entries = app
            .facilities(actor, query.after, PAGE.saturating_add(1))
            .await?;
        let full = usize::try_from(PAGE).is_ok_and(|page| page < entries.len());
        if full {
            entries.pop();
        }
        let last = entries.last().filter(|_| full);
        let next = last.map(|entry| entry.facility.id.to_string());
        (entries, next, false)
    };
    let here = query.after.map(|id| id.to_string()).unwrap_or_default();
    let way = ListWay::new("/facilities", "after", here, &query.back);
    let shown = t.with("facilities-shown", "count", entries.len());
    let pages = way.pagination(t, next.as_deref(), shown);
    let rows: Vec<Row> = entries
        .into_iter()
        .map(|entry| Row {
            computers_href: format!("/computers?facility={}", entry.facility.id),
            href: format!("/facilities/{}", entry.facility.id),
            name: entry.facility.name.as_str().to_owned(),
            category: entry.facility.category.as_str().to_owned(),
            installed: entry.facility.installed_on.map(|day| fmt::Time::on(t, day)),
            computers: entry.computers.to_string(),
        })
        .collect();
    let empty = rows.is_empty().then(|| {
        if narrowed {
            let none =
                EmptyState::new(t.get("facilities-none-title"), t.get("computers-none-text"));
            none.action("/facilities", t.get("facilities-all"))
        } else {
            EmptyState::new(
                t.get("facilities-empty-title"),
                t.get("facilities-empty-text"),
            )
            .action("/facilities/new", t.get("facility-add"))
        }
    });
    let raw = RawForm::from_pairs([("q", query.q.as_str())]);
    let errors = FormErrors::new();
    let form = Form::new(t, &raw, &errors);
    Ok(render(&FacilitiesPage {
        page: signed
            .page("facilities-title")
            .crumb("/computers", t.get("computers-title")),
        search: form
            .text("q", "facilities-search")
            .hint("facilities-search-hint")
            .kind(InputKind::Search)
            .width(Width::M),
        rows,
        pages,
        more,
        empty,
    }))
}

/// The chosen facility where it is not among those offered.
pub(super) async fn chosen_facility(
    app: &App,
    actor: &Actor,
    chosen: &str,
    offered: &[FacilityEntry],
) -> Result<Option<Facility>, AppError> {
    let Ok(id) = chosen.parse::<FacilityId>() else {
        return Ok(None);
    };
    if offered.iter().any(|entry| entry.facility.id == id) {
        return Ok(None);
    }
    match app.facility(actor, id).await {
        Ok(facility) => Ok(Some(facility)),
        Err(AppError::NotFound) => Ok(None),
        Err(other) => Err(other),
    }
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
