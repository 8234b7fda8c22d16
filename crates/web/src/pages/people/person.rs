use app::identity::{AccountState, Colleague};
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::{PersonId, Role};

use super::list::badge;
use super::role_boxes;
use crate::components::{Banner, SummaryList, SummaryRow, Tone};
use crate::failure::{PageError, PageResult, field_key};
use crate::forms::{Choices, ErrorSummary, Form, FormErrors, RawForm};
use crate::frame::role_name;
use crate::page::{Page, render, render_with};
use crate::session::{Posted, Signed};

#[derive(Template)]
#[template(path = "pages/people/person.html")]
struct PersonPage {
    page: Page,
    id: PersonId,
    summary: SummaryList,
    own: bool,
    invited: bool,
    disabled: bool,
}

#[derive(Template)]
#[template(path = "pages/people/roles.html")]
struct RolesPage {
    page: Page,
    summary: ErrorSummary,
    id: PersonId,
    roles: Choices,
    version: String,
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<PersonId>,
) -> PageResult {
    let t = signed.here.t;
    let found = app.colleague(signed.actor(), id).await?;
    let roles: Vec<String> = found
        .person
        .roles
        .iter()
        .map(|role| role_name(t, *role))
        .collect();
    let row = |key: &str, answer: &str| SummaryRow::new(t.get(key), answer);
    let language = match found.person.locale.as_str() {
        "en" => "people-language-en",
        _ => "people-language-ja",
    };
    Ok(render(&PersonPage {
        page: signed
            .page_titled(found.person.name.as_str())
            .crumb("/people", t.get("people-title")),
        id,
        summary: SummaryList::new(
            t,
            vec![
                row("login-name", found.person.login.as_str()),
                row("people-roles", &roles.join("\n")),
                row("people-language", &t.get(language)),
                row("people-state", "").badge(&badge(t, found.state)),
            ],
        ),
        own: found.own,
        invited: found.state == AccountState::Invited,
        disabled: found.state == AccountState::Disabled,
    }))
}

pub(super) async fn show_roles(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<PersonId>,
) -> PageResult {
    let (found, roles) = to_change(&app, &signed, id).await?;
    let mut raw = RawForm::empty();
    for role in &found.person.roles {
        raw.push("roles", role.code());
    }
    raw.push("version", found.person.version.to_string());
    Ok(render(&view(
        &signed,
        &found,
        roles,
        &raw,
        &FormErrors::new(),
    )))
}

pub(super) async fn change_roles(
    State(app): State<App>,
    Path(id): Path<PersonId>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form: raw } = posted;
    let (found, may_give) = to_change(&app, &signed, id).await?;
    let roles: Vec<Role> = raw
        .all("roles")
        .filter_map(|role| role.parse().ok())
        .collect();
    let version = raw.get("version").parse().unwrap_or(0);
    match app.change_roles(signed.actor(), id, version, &roles).await {
        Ok(()) => Ok(Redirect::to(&format!("/people/{id}")).into_response()),
        Err(AppError::Invalid(problems)) => {
            let mut errors = FormErrors::new();
            for problem in &problems {
                errors.add("roles", "people-roles", field_key(problem.code));
            }
            let page = view(&signed, &found, may_give, &raw, &errors);
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(AppError::Stale) => {
            let mut present = RawForm::empty();
            for role in &roles {
                present.push("roles", role.code());
            }
            present.push("version", found.person.version.to_string());
            let t = signed.here.t;
            let mut page = view(&signed, &found, may_give, &present, &FormErrors::new());
            page.page = page
                .page
                .notice(Banner::new(t, Tone::Error, t.get("people-stale")));
            Ok(render_with(StatusCode::CONFLICT, &page))
        }
        Err(other) => Err(PageError::from(other).back_to(format!("/people/{id}/roles"))),
    }
}

/// The person and the roles to choose from, for whoever may change them with a fresh second factor.
async fn to_change(
    app: &App,
    signed: &Signed,
    id: PersonId,
) -> Result<(Colleague, &'static [Role]), PageError> {
    let found = app.colleague(signed.actor(), id).await?;
    if found.own {
        return Err(AppError::Forbidden.into());
    }
    let roles = app
        .roles_to_give(signed.actor())
        .map_err(|error| PageError::from(error).back_to(format!("/people/{id}/roles")))?;
    Ok((found, roles))
}

fn view(
    signed: &Signed,
    found: &Colleague,
    roles: &[Role],
    raw: &RawForm,
    errors: &FormErrors,
) -> RolesPage {
    let t = signed.here.t;
    let form = Form::new(t, raw, errors);
    let id = found.person.id;
    RolesPage {
        page: signed
            .page("people-roles-title")
            .crumb("/people", t.get("people-title"))
            .crumb(format!("/people/{id}"), found.person.name.as_str())
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        id,
        roles: role_boxes(t, &form, roles),
        version: raw.get("version").to_owned(),
    }
}
