use app::identity::{EnrolmentInput, EnrolmentKind, EnrolmentView};
use app::{App, AppError};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use secrecy::SecretString;
use serde::Deserialize;

use crate::failure::{PageError, PageResult, field_key};
use crate::forms::{ErrorSummary, Form, FormErrors, InputKind, RawForm, TextInput, Width};
use crate::page::{Here, Page, render, render_with};
use crate::pages::account::factor::{code_input, spaced};
use crate::problem::WebError;

/// What stands in the link. Unknown parameters are left alone: `lang` is one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Link {
    code: String,
}

#[derive(Template)]
#[template(path = "pages/people/enrol.html")]
struct EnrolPage {
    page: Page,
    summary: ErrorSummary,
    lead: String,
    login: String,
    secret: String,
    link: String,
    /// The one-time code of the link, and the new factor under seal.
    carried: [(&'static str, String); 2],
    password: TextInput,
    again: Option<TextInput>,
    code: TextInput,
}

pub(super) async fn show(
    State(app): State<App>,
    here: Here,
    Query(link): Query<Link>,
) -> PageResult {
    let view = app.view_enrolment(&link.code).await.map_err(refused)?;
    Ok(render(&page(&here, &link.code, view, &FormErrors::new())))
}

pub(super) async fn enrol(State(app): State<App>, here: Here, raw: RawForm) -> PageResult {
    let link = raw.get("link");
    let mut view = app.view_enrolment(link).await.map_err(refused)?;
    let invited = view.kind == EnrolmentKind::Invitation;
    let mut errors = FormErrors::new();
    if raw.get("password").is_empty() {
        errors.add("password", password_label(view.kind), "form-error-missing");
    } else if invited && raw.get("password") != raw.get("again") {
        errors.add("again", "account-password-again", "field-password-again");
    }
    if raw.get("code").trim().is_empty() {
        errors.add("code", "login-code", "form-error-missing");
    }
    if errors.is_empty() {
        let input = EnrolmentInput {
            password: SecretString::from(raw.get("password").to_owned()),
            factor: raw.get("factor").to_owned(),
            code: raw.get("code").to_owned(),
        };
        match app.enrol(link, input).await {
            Ok(()) => return Ok(Redirect::to("/login").into_response()),
            Err(AppError::Invalid(problems)) => {
                for problem in &problems {
                    let label = match problem.field.as_str() {
                        "password" => ("password", password_label(view.kind)),
                        _ => ("code", "login-code"),
                    };
                    errors.add(label.0, label.1, field_key(problem.code));
                }
            }
            Err(other) => return Err(refused(other)),
        }
    }
    // The same factor again: it may stand in the authenticator already.
    if let Ok(factor) = app.shown_enrolment_factor(link, raw.get("factor")).await {
        view.factor = factor;
    }
    let page = page(&here, link, view, &errors);
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

/// A link that is not good is said so, without saying why.
fn refused(error: AppError) -> PageError {
    match error {
        AppError::NotFound => WebError::new(StatusCode::NOT_FOUND, "link_not_good").into(),
        other => other.into(),
    }
}

const fn password_label(kind: EnrolmentKind) -> &'static str {
    match kind {
        EnrolmentKind::Invitation => "account-password-new",
        EnrolmentKind::SecondFactor => "account-password-current",
    }
}

fn page(here: &Here, link: &str, view: EnrolmentView, errors: &FormErrors) -> EnrolPage {
    let t = here.t;
    let raw = RawForm::empty();
    let form = Form::new(t, &raw, errors);
    let (title, lead) = match view.kind {
        EnrolmentKind::Invitation => ("enrol-invited-title", "enrol-invited-text"),
        EnrolmentKind::SecondFactor => ("enrol-reset-title", "enrol-reset-text"),
    };
    let password = form
        .text("password", password_label(view.kind))
        .kind(InputKind::Password)
        .width(Width::M)
        .required();
    let (password, again) = match view.kind {
        EnrolmentKind::Invitation => {
            let again = form
                .text("again", "account-password-again")
                .kind(InputKind::Password)
                .autocomplete("new-password")
                .width(Width::M)
                .required();
            let password = password
                .hint("account-password-hint")
                .autocomplete("new-password");
            (password, Some(again))
        }
        EnrolmentKind::SecondFactor => (password.autocomplete("current-password"), None),
    };
    EnrolPage {
        page: here
            .page_titled(t.get(title))
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        lead: t.get(lead).into_owned(),
        login: view.login,
        secret: spaced(&view.factor.secret),
        link: view.factor.link,
        carried: [("link", link.to_owned()), ("factor", view.factor.sealed)],
        password,
        again,
        code: code_input(&form),
    }
}
