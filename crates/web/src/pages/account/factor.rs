use app::identity::PendingFactor;
use app::{App, AppError};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;

use super::session_of;
use crate::failure::{PageError, PageResult, field_key};
use crate::forms::{ErrorSummary, Form, FormErrors, InputKind, RawForm, TextInput, Width};
use crate::page::{Page, render, render_with};
use crate::session::{Posted, Signed};

const HERE: &str = "/account/second-factor";

#[derive(Template)]
#[template(path = "pages/account/factor.html")]
struct FactorPage {
    page: Page,
    summary: ErrorSummary,
    secret: String,
    link: String,
    sealed: String,
    code: TextInput,
}

pub(super) async fn show(State(app): State<App>, signed: Signed) -> PageResult {
    let factor = app
        .new_second_factor(signed.actor())
        .await
        .map_err(|error| PageError::from(error).back_to(HERE))?;
    Ok(render(&view(&signed, factor, &FormErrors::new())))
}

pub(super) async fn change(State(app): State<App>, posted: Posted) -> PageResult {
    let Posted { signed, form: raw } = posted;
    let refused = |error| PageError::from(error).back_to(HERE);
    app.may_change_own_secrets(signed.actor())
        .map_err(refused)?;
    let session = session_of(&signed)?;
    let done = app
        .change_second_factor(signed.actor(), session, raw.get("factor"), raw.get("code"))
        .await;
    match done {
        Ok(()) => Ok(Redirect::to("/account?done=factor").into_response()),
        Err(AppError::Invalid(problems)) => {
            let mut errors = FormErrors::new();
            for problem in &problems {
                errors.add("code", "login-code", field_key(problem.code));
            }
            // The same factor again: it may stand in the authenticator already.
            let factor = match app.shown_factor(signed.actor(), raw.get("factor")).await {
                Ok(factor) => factor,
                Err(AppError::NotFound) => app
                    .new_second_factor(signed.actor())
                    .await
                    .map_err(refused)?,
                Err(other) => return Err(refused(other)),
            };
            let page = view(&signed, factor, &errors);
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(other) => Err(refused(other)),
    }
}

fn view(signed: &Signed, factor: PendingFactor, errors: &FormErrors) -> FactorPage {
    let t = signed.here.t;
    let raw = RawForm::empty();
    let form = Form::new(t, &raw, errors);
    FactorPage {
        page: signed
            .page("account-factor-title")
            .crumb("/account", t.get("account-title"))
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        secret: spaced(&factor.secret),
        link: factor.link,
        sealed: factor.sealed,
        code: code_input(&form),
    }
}

/// The control for a code of a factor that is being set up.
pub(crate) fn code_input(form: &Form<'_>) -> TextInput {
    form.text("code", "login-code")
        .hint("login-code-hint")
        .kind(InputKind::Digits)
        .autocomplete("one-time-code")
        .width(Width::S)
        .required()
}

/// A secret in groups of four, as it is typed.
pub(crate) fn spaced(secret: &str) -> String {
    let mut text = String::new();
    for (at, letter) in secret.chars().enumerate() {
        if at != 0 && at.is_multiple_of(4) {
            text.push(' ');
        }
        text.push(letter);
    }
    text
}
