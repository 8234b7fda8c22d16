use app::identity::{EnrolmentLink, Invitation};
use app::{App, AppError};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use ids::Role;

use super::role_boxes;
use crate::failure::{PageError, PageResult, field_key};
use crate::fmt;
use crate::forms::{Choice, Choices, ErrorSummary, Form, FormErrors, RawForm, TextInput, Width};
use crate::page::{Page, render, render_with};
use crate::session::{Posted, Signed};

const HERE: &str = "/people/new";

#[derive(Template)]
#[template(path = "pages/people/invite.html")]
struct InvitePage {
    page: Page,
    summary: ErrorSummary,
    name: TextInput,
    login: TextInput,
    language: Choices,
    roles: Choices,
}

#[derive(Template)]
#[template(path = "pages/people/link.html")]
struct LinkPage {
    page: Page,
    text: String,
    link: String,
    how: String,
    until: String,
    href: String,
}

pub(super) async fn show(State(app): State<App>, signed: Signed) -> PageResult {
    let roles = roles(&app, &signed)?;
    let raw = RawForm::from_pairs([("locale", "ja")]);
    Ok(render(&view(&signed, roles, &raw, &FormErrors::new())))
}

pub(super) async fn invite(State(app): State<App>, posted: Posted) -> PageResult {
    let Posted { signed, form: raw } = posted;
    let may_give = roles(&app, &signed)?;
    let new = Invitation {
        login: raw.get("login").to_owned(),
        name: raw.get("name").to_owned(),
        locale: raw.get("locale").to_owned(),
        roles: raw
            .all("roles")
            .filter_map(|role| role.parse().ok())
            .collect(),
    };
    match app.invite(signed.actor(), new).await {
        Ok(link) => {
            let href = format!("/people/{}", link.person);
            Ok(link_page(&signed, &link, "people-invited-title", &href))
        }
        Err(AppError::Invalid(problems)) => {
            let mut errors = FormErrors::new();
            for problem in &problems {
                let known = FIELDS.iter().find(|(field, _)| *field == problem.field);
                let (field, label) = known.copied().unwrap_or(FIELDS[0]);
                errors.add(field, label, field_key(problem.code));
            }
            let page = view(&signed, may_give, &raw, &errors);
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(other) => Err(PageError::from(other).back_to(HERE)),
    }
}

const FIELDS: [(&str, &str); 4] = [
    ("name", "people-name"),
    ("login", "login-name"),
    ("locale", "people-language"),
    ("roles", "people-roles"),
];

/// Whoever may not invite learns it before typing, and the second factor is asked for before too.
fn roles(app: &App, signed: &Signed) -> Result<&'static [Role], PageError> {
    app.roles_to_give(signed.actor())
        .map_err(|error| PageError::from(error).back_to(HERE))
}

/// Shows a one-time link, once.
pub(in crate::pages) fn link_page(
    signed: &Signed,
    link: &EnrolmentLink,
    title: &str,
    href: &str,
) -> Response {
    let t = signed.here.t;
    let address = &signed.here.site.public_url;
    let how = if address.is_empty() {
        "people-link-how"
    } else {
        "people-link-how-whole"
    };
    render(&LinkPage {
        page: signed
            .page_titled(t.get(title))
            .crumb("/people", t.get("people-title")),
        text: t.get("people-link-text").into_owned(),
        link: format!("{address}/enrol?code={}", link.secret),
        how: t.get(how).into_owned(),
        until: t
            .with(
                "people-link-until",
                "time",
                fmt::date_time(t, link.expires_at),
            )
            .into_owned(),
        href: href.to_owned(),
    })
}

fn view(signed: &Signed, roles: &[Role], raw: &RawForm, errors: &FormErrors) -> InvitePage {
    let t = signed.here.t;
    let form = Form::new(t, raw, errors);
    let languages = vec![
        Choice::new("ja", t.get("people-language-ja")),
        Choice::new("en", t.get("people-language-en")),
    ];
    InvitePage {
        page: signed
            .page("people-invite-title")
            .crumb("/people", t.get("people-title"))
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        name: form
            .text("name", "people-name")
            .hint("people-name-hint")
            .width(Width::M)
            .required(),
        login: form
            .text("login", "login-name")
            .hint("people-login-hint")
            .width(Width::M)
            .required(),
        language: form
            .radios("locale", "people-language", languages)
            .required(),
        roles: role_boxes(t, &form, roles),
    }
}
