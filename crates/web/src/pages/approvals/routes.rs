use app::approvals::{Colleague, ROUTED, RouteInput, RouteView, StageInput};
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::{FilingKind, Role};
use model::approvals::{MAX_STAGES, Route, Separation};

use super::words;
use crate::components::{SummaryList, SummaryRow};
use crate::failure::{PageError, PageResult, field_key};
use crate::forms::{
    Checkbox, Choice, Choices, ErrorSummary, Form, FormErrors, RawForm, TextInput, Width,
};
use crate::frame::role_name;
use crate::page::{Page, render, render_with};
use crate::session::{Posted, Signed};
use crate::texts::Texts;

const PLACES: [(&str, &str); MAX_STAGES] = [
    ("name1", "holders1"),
    ("name2", "holders2"),
    ("name3", "holders3"),
    ("name4", "holders4"),
];

#[derive(Template)]
#[template(path = "pages/approvals/routes.html")]
struct RoutesPage {
    page: Page,
    list: SummaryList,
}

struct StagePart {
    title: String,
    name: TextInput,
    holders: Choices,
}

#[derive(Template)]
#[template(path = "pages/approvals/route.html")]
struct RoutePage {
    page: Page,
    summary: ErrorSummary,
    lead: String,
    number: u32,
    stages: Vec<StagePart>,
    apart: Checkbox,
}

/// The routes of the organisation.
pub(super) async fn list(State(app): State<App>, signed: Signed) -> PageResult {
    let t = signed.here.t;
    let mut rows = Vec::new();
    for kind in ROUTED {
        let view = app.approval_route(signed.actor(), kind).await?;
        let text = view
            .route
            .as_ref()
            .map_or_else(|| t.get("route-none").into_owned(), |route| line(t, route));
        let href = format!("/approval-routes/{kind}");
        rows.push(SummaryRow::new(words::kind(t, kind), &text).change(href));
    }
    Ok(render(&RoutesPage {
        page: signed.page("routes-title"),
        list: SummaryList::new(t, rows),
    }))
}

fn line(t: Texts, route: &Route) -> String {
    let names: Vec<&str> = route
        .stages()
        .iter()
        .map(|stage| stage.name.as_str())
        .collect();
    let mut text = names.join(" → ");
    if route.separation() == Separation::Apart {
        text.push('\n');
        text.push_str(&t.get("route-apart-short"));
    }
    text
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(kind): Path<String>,
) -> PageResult {
    let view = of(&app, &signed, &kind).await?;
    let raw = raw_of(&view);
    Ok(render(&page(&signed, &view, &raw, &FormErrors::new())))
}

pub(super) async fn set(
    State(app): State<App>,
    Path(kind): Path<String>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form } = posted;
    let view = of(&app, &signed, &kind).await?;
    let input = RouteInput {
        stages: PLACES
            .iter()
            .map(|(name, holders)| stage(&form, name, holders))
            .collect(),
        separation: if form.is_checked("apart") {
            Separation::Apart
        } else {
            Separation::Together
        },
    };
    let seen = form.get("number").parse().unwrap_or(u32::MAX);
    let done = app
        .set_approval_route(signed.actor(), view.kind, &input, seen)
        .await;
    let mut errors = FormErrors::new();
    let status = match done {
        Ok(()) => return Ok(Redirect::to("/approval-routes").into_response()),
        Err(AppError::Invalid(problems)) => {
            for problem in problems {
                let label = if problem.field.starts_with("name") {
                    "route-stage-name"
                } else {
                    "route-holders"
                };
                errors.add(&problem.field, label, field_key(problem.code));
            }
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(AppError::Stale) => {
            errors.add("name1", "route-stage-name", "route-stale");
            StatusCode::CONFLICT
        }
        Err(other) => {
            return Err(PageError::from(other).back_to(format!("/approval-routes/{kind}")));
        }
    };
    Ok(render_with(status, &page(&signed, &view, &form, &errors)))
}

async fn of(app: &App, signed: &Signed, kind: &str) -> Result<RouteView, PageError> {
    let kind: FilingKind = kind.parse().map_err(|_| AppError::NotFound)?;
    Ok(app.approval_route(signed.actor(), kind).await?)
}

fn stage(raw: &RawForm, name: &str, holders: &str) -> StageInput {
    let mut input = StageInput {
        name: raw.get(name).to_owned(),
        ..StageInput::default()
    };
    for holder in raw.all(holders) {
        match holder.split_once(':') {
            Some(("role", code)) => input.roles.extend(code.parse::<Role>()),
            Some(("person", id)) => input.people.extend(id.parse::<ids::PersonId>()),
            Some(_) | None => {}
        }
    }
    input
}

fn raw_of(view: &RouteView) -> RawForm {
    let mut raw = RawForm::empty();
    let Some(route) = &view.route else {
        raw.push("apart", "yes");
        return raw;
    };
    for (stage, (name, holders)) in route.stages().iter().zip(PLACES) {
        raw.push(name, stage.name.as_str());
        for role in &stage.roles {
            raw.push(holders, format!("role:{role}"));
        }
        for person in &stage.people {
            raw.push(holders, format!("person:{person}"));
        }
    }
    if route.separation() == Separation::Apart {
        raw.push("apart", "yes");
    }
    raw
}

fn page(signed: &Signed, view: &RouteView, raw: &RawForm, errors: &FormErrors) -> RoutePage {
    let t = signed.here.t;
    let form = Form::new(t, raw, errors);
    let kind = words::kind(t, view.kind);
    RoutePage {
        page: signed
            .page_titled(t.with("route-heading", "kind", kind))
            .crumb("/approval-routes", t.get("routes-title"))
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        lead: t.get("route-lead").into_owned(),
        number: view.number,
        stages: (1_u32..)
            .zip(PLACES)
            .map(|(place, (name, holders))| StagePart {
                title: t.with("route-stage", "number", place).into_owned(),
                name: form
                    .text(name, "route-stage-name")
                    .hint("route-stage-name-hint")
                    .width(Width::S),
                holders: form.checkboxes(holders, "route-holders", choices(t, &view.colleagues)),
            })
            .collect(),
        apart: form
            .checkbox("apart", "route-apart")
            .hint("route-apart-hint"),
    }
}

fn choices(t: Texts, colleagues: &[Colleague]) -> Vec<Choice> {
    let roles = Route::approving_roles().iter().map(|role| {
        let label = t.with("route-anybody", "role", role_name(t, *role));
        Choice::new(format!("role:{role}"), label)
    });
    let people = colleagues.iter().map(|colleague| {
        let roles: Vec<String> = colleague
            .roles
            .iter()
            .map(|role| role_name(t, *role))
            .collect();
        Choice::new(format!("person:{}", colleague.id), colleague.name.as_str())
            .hint(roles.join(&t.get("approval-names-and")))
    });
    roles.chain(people).collect()
}
