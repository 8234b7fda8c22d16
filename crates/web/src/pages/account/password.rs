use app::{App, AppError};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use secrecy::SecretString;

use super::session_of;
use crate::failure::{PageError, PageResult, field_key};
use crate::forms::{ErrorSummary, Form, FormErrors, InputKind, RawForm, TextInput, Width};
use crate::page::{Page, render, render_with};
use crate::session::{Posted, Signed};

const HERE: &str = "/account/password";

#[derive(Template)]
#[template(path = "pages/account/password.html")]
struct PasswordPage {
    page: Page,
    summary: ErrorSummary,
    current: TextInput,
    password: TextInput,
    again: TextInput,
}

pub(super) async fn show(State(app): State<App>, signed: Signed) -> PageResult {
    app.may_change_own_secrets(signed.actor())
        .map_err(|error| PageError::from(error).back_to(HERE))?;
    Ok(render(&view(&signed, &FormErrors::new())))
}

pub(super) async fn change(State(app): State<App>, posted: Posted) -> PageResult {
    let Posted { signed, form: raw } = posted;
    let refused = |error| PageError::from(error).back_to(HERE);
    app.may_change_own_secrets(signed.actor())
        .map_err(refused)?;
    let mut errors = FormErrors::new();
    for (field, label) in FIELDS {
        if raw.get(field).is_empty() {
            errors.add(field, label, "form-error-missing");
        }
    }
    if errors.is_empty() && raw.get("password") != raw.get("again") {
        errors.add("again", "account-password-again", "field-password-again");
    }
    if errors.is_empty() {
        let secret = |field| SecretString::from(raw.get(field).to_owned());
        let session = session_of(&signed)?;
        let done = app
            .change_password(
                signed.actor(),
                session,
                secret("current"),
                secret("password"),
            )
            .await;
        match done {
            Ok(()) => return Ok(Redirect::to("/account?done=password").into_response()),
            Err(AppError::Invalid(problems)) => {
                for problem in &problems {
                    let known = FIELDS.iter().find(|(field, _)| *field == problem.field);
                    let (field, label) = known.copied().unwrap_or(FIELDS[1]);
                    errors.add(field, label, field_key(problem.code));
                }
            }
            Err(other) => return Err(refused(other)),
        }
    }
    // Passwords are never sent back to the browser.
    let page = view(&signed, &errors);
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

const FIELDS: [(&str, &str); 3] = [
    ("current", "account-password-current"),
    ("password", "account-password-new"),
    ("again", "account-password-again"),
];

fn view(signed: &Signed, errors: &FormErrors) -> PasswordPage {
    let t = signed.here.t;
    let raw = RawForm::empty();
    let form = Form::new(t, &raw, errors);
    PasswordPage {
        page: signed
            .page("account-password-title")
            .crumb("/account", t.get("account-title"))
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        current: form
            .text("current", "account-password-current")
            .kind(InputKind::Password)
            .autocomplete("current-password")
            .width(Width::M)
            .required(),
        password: form
            .text("password", "account-password-new")
            .hint("account-password-hint")
            .kind(InputKind::Password)
            .autocomplete("new-password")
            .width(Width::M)
            .required(),
        again: form
            .text("again", "account-password-again")
            .kind(InputKind::Password)
            .autocomplete("new-password")
            .width(Width::M)
            .required(),
    }
}
