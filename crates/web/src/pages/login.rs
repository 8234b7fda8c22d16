//! Logging in with password and second factor, showing the second factor again, logging out.

use std::sync::Arc;

use app::identity::LoginStep;
use app::{App, AppError};
use askama::Template;
use axum::Extension;
use axum::extract::{ConnectInfo, FromRequestParts, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum_extra::extract::CookieJar;
use http::StatusCode;
use http::request::Parts;
use secrecy::SecretString;
use serde::Deserialize;

use crate::demo::DemoLogins;
use crate::failure::{PageError, PageResult, local_path, with_next};
use crate::forms::{ErrorSummary, Form, FormErrors, InputKind, RawForm, TextInput, Width};
use crate::frame::{named, role_name};
use crate::page::{Here, Page, render, render_with};
use crate::resume::Carried;
use crate::routes::Routes;
use crate::session::{Posted, Signed, no_cookie, session_cookie, token_of};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/login", get(show).post(password))
        .route("/login/again", post(again))
        .route("/login/code", get(show_code).post(code))
        .route("/step-up", get(show_step_up).post(step_up))
        .route("/logout", post(log_out))
        .route("/session/extend", post(extend))
}

type Demo = Extension<Option<Arc<DemoLogins>>>;

/// Where to go after the login. Unknown parameters are left alone: `lang` is one.
#[derive(Debug, Default, Deserialize)]
struct Way {
    #[serde(default)]
    next: String,
}

/// One sample login on the page of the demo.
#[derive(Template)]
#[template(path = "components/sample.html")]
struct Sample {
    login: String,
    password: String,
    next: String,
    organisation: String,
    role: String,
    /// Whether it stands in the first list: one of each role, along the way of one filing.
    featured: bool,
}

impl askama::filters::HtmlSafe for Sample {}

#[derive(Template)]
#[template(path = "pages/login.html")]
struct LoginPage {
    page: Page,
    summary: ErrorSummary,
    login: TextInput,
    password: TextInput,
    next: String,
    resume: String,
    samples: Vec<Sample>,
}

#[derive(Template)]
#[template(path = "pages/login_code.html")]
struct CodePage {
    page: Page,
    summary: ErrorSummary,
    code: TextInput,
    next: String,
    resume: String,
    sample_code: Option<String>,
    step_up: bool,
}

#[derive(Template)]
#[template(path = "pages/resume.html")]
struct ResumePage {
    page: Page,
    path: String,
    fields: Vec<(String, String)>,
}

/// Address of the client, for the limit on attempts.
struct Client(String);

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let address = parts
            .extensions
            .get::<ConnectInfo<std::net::SocketAddr>>()
            .map_or_else(String::new, |ConnectInfo(address)| address.ip().to_string());
        Ok(Self(address))
    }
}

async fn show(here: Here, Query(way): Query<Way>, Extension(demo): Demo) -> Response {
    let raw = RawForm::from_pairs([("next", way.next)]);
    render(&login_page(
        &here,
        &raw,
        &FormErrors::new(),
        demo.as_deref(),
    ))
}

/// Shows the login again with a form that could not be taken.
async fn again(here: Here, Extension(demo): Demo, raw: RawForm) -> Response {
    let kept = RawForm::from_pairs([("resume", raw.get("resume"))]);
    render(&login_page(
        &here,
        &kept,
        &FormErrors::new(),
        demo.as_deref(),
    ))
}

fn login_page(
    here: &Here,
    raw: &RawForm,
    errors: &FormErrors,
    demo: Option<&DemoLogins>,
) -> LoginPage {
    let form = Form::new(here.t, raw, errors);
    let samples = demo.map_or_else(Vec::new, |demo| samples(here, demo, raw.get("next")));
    LoginPage {
        page: here.page("login-title").with_errors(!errors.is_empty()),
        summary: form.summary(),
        login: form
            .text("login", "login-name")
            .autocomplete("username")
            .width(Width::M)
            .required(),
        password: form
            .text("password", "login-password")
            .kind(InputKind::Password)
            .autocomplete("current-password")
            .width(Width::M)
            .required(),
        next: raw.get("next").to_owned(),
        resume: raw.get("resume").to_owned(),
        samples,
    }
}

fn samples(here: &Here, demo: &DemoLogins, next: &str) -> Vec<Sample> {
    demo.logins
        .iter()
        .map(|sample| Sample {
            login: sample.login.clone(),
            password: demo.password.clone(),
            next: next.to_owned(),
            organisation: named(here.t, &sample.organisation.0, &sample.organisation.1),
            role: role_name(here.t, sample.role),
            featured: sample.featured,
        })
        .collect()
}

async fn password(
    State(app): State<App>,
    here: Here,
    client: Client,
    Extension(demo): Demo,
    raw: RawForm,
) -> PageResult {
    let mut errors = FormErrors::new();
    if raw.get("login").trim().is_empty() {
        errors.add("login", "login-name", "form-error-missing");
    }
    if raw.get("password").is_empty() {
        errors.add("password", "login-password", "form-error-missing");
    }
    if errors.is_empty() {
        let secret = SecretString::from(raw.get("password").to_owned());
        match app.begin_login(raw.get("login"), secret, &client.0).await {
            Ok(LoginStep::SecondFactor(session)) => {
                let jar = CookieJar::new().add(session_cookie(&app, &session.token));
                let sample = demo
                    .as_deref()
                    .and_then(|demo| demo.code(raw.get("login"), app.now()));
                let page = code_page(&here, &raw, &FormErrors::new(), sample, CodeUse::Login);
                return Ok((jar, render(&page)).into_response());
            }
            Ok(LoginStep::NotEnrolled) => {
                errors.add("login", "login-name", "login-not-enrolled");
            }
            Err(AppError::Unauthenticated) => {
                errors.add("login", "login-name", "login-wrong");
            }
            Err(other) => return Err(other.into()),
        }
    }
    // The password is never sent back to the browser.
    let kept = RawForm::from_pairs([
        ("login", raw.get("login")),
        ("next", raw.get("next")),
        ("resume", raw.get("resume")),
    ]);
    let page = login_page(&here, &kept, &errors, demo.as_deref());
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum CodeUse {
    Login,
    StepUp,
}

fn code_page(
    here: &Here,
    raw: &RawForm,
    errors: &FormErrors,
    sample_code: Option<String>,
    code_use: CodeUse,
) -> CodePage {
    let form = Form::new(here.t, raw, errors);
    // A recovery code is taken at the login only.
    let (title, hint) = match code_use {
        CodeUse::Login => ("login-code-title", "login-code-recovery"),
        CodeUse::StepUp => ("step-up-title", "login-code-hint"),
    };
    CodePage {
        page: here.page(title).with_errors(!errors.is_empty()),
        summary: form.summary(),
        code: form
            .text("code", "login-code")
            .hint(hint)
            .kind(InputKind::Digits)
            .autocomplete("one-time-code")
            .width(Width::S)
            .required(),
        next: raw.get("next").to_owned(),
        resume: raw.get("resume").to_owned(),
        sample_code,
        step_up: code_use == CodeUse::StepUp,
    }
}

async fn show_code(here: Here, Query(way): Query<Way>) -> Response {
    let raw = RawForm::from_pairs([("next", way.next)]);
    render(&code_page(
        &here,
        &raw,
        &FormErrors::new(),
        None,
        CodeUse::Login,
    ))
}

async fn code(
    State(app): State<App>,
    here: Here,
    client: Client,
    jar: CookieJar,
    raw: RawForm,
) -> PageResult {
    let next = local_path(raw.get("next")).to_owned();
    let Some(token) = token_of_jar(&app, &jar) else {
        return Ok(Redirect::to(&with_next("/login", &next)).into_response());
    };
    match app.finish_login(&token, raw.get("code"), &client.0).await {
        Ok(session) => {
            let csrf = session.token.csrf();
            let jar = CookieJar::new().add(session_cookie(&app, &session.token));
            if let Some(carried) = Carried::decode(raw.get("resume")) {
                let mut page = here.page("resume-title");
                page.csrf = Some(csrf);
                let view = ResumePage {
                    page,
                    path: carried.path,
                    fields: carried.fields,
                };
                return Ok((jar, render(&view)).into_response());
            }
            Ok((jar, Redirect::to(&next)).into_response())
        }
        Err(AppError::Unauthenticated) => {
            Ok(Redirect::to(&with_next("/login", &next)).into_response())
        }
        Err(AppError::Invalid(problems)) => {
            let page = code_page(&here, &raw, &code_errors(&problems), None, CodeUse::Login);
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(other) => Err(other.into()),
    }
}

fn code_errors(problems: &[app::FieldProblem]) -> FormErrors {
    let mut errors = FormErrors::new();
    for problem in problems {
        let text = if problem.code == "code_used" {
            "login-code-used"
        } else {
            "login-code-wrong"
        };
        errors.add("code", "login-code", text);
    }
    errors
}

fn token_of_jar(app: &App, jar: &CookieJar) -> Option<app::identity::SessionToken> {
    let mut parts = http::Request::new(()).into_parts().0;
    for cookie in jar.iter() {
        let value = format!("{}={}", cookie.name(), cookie.value());
        if let Ok(value) = http::HeaderValue::from_str(&value) {
            parts.headers.append(http::header::COOKIE, value);
        }
    }
    token_of(&parts, app)
}

async fn show_step_up(
    State(app): State<App>,
    signed: Signed,
    Query(way): Query<Way>,
    Extension(demo): Demo,
) -> Response {
    let raw = RawForm::from_pairs([("next", way.next)]);
    let sample = sample_code(&app, demo.as_deref(), &signed);
    let mut view = code_page(
        &signed.here,
        &raw,
        &FormErrors::new(),
        sample,
        CodeUse::StepUp,
    );
    view.page = signed.page("step-up-title");
    render(&view)
}

async fn step_up(State(app): State<App>, jar: CookieJar, posted: Posted) -> PageResult {
    let Posted { signed, form } = posted;
    let next = local_path(form.get("next")).to_owned();
    let Some(token) = token_of_jar(&app, &jar) else {
        return Err(PageError::LogIn { next });
    };
    match app.step_up(&token, form.get("code")).await {
        Ok(()) => Ok(Redirect::to(&next).into_response()),
        Err(AppError::Invalid(problems)) => {
            let errors = code_errors(&problems);
            let mut view = code_page(&signed.here, &form, &errors, None, CodeUse::StepUp);
            view.page = signed.page("step-up-title").with_errors(true);
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &view))
        }
        Err(other) => Err(other.into()),
    }
}

fn sample_code(app: &App, demo: Option<&DemoLogins>, signed: &Signed) -> Option<String> {
    demo?.code(signed.current.person.login.as_str(), app.now())
}

async fn log_out(State(app): State<App>, jar: CookieJar, _: Posted) -> PageResult {
    if let Some(token) = token_of_jar(&app, &jar) {
        app.end_session(&token).await?;
    }
    Ok((
        CookieJar::new().add(no_cookie(&app)),
        Redirect::to("/login"),
    )
        .into_response())
}

/// Extends the session: any request of a person does, and the page script asks for the new end.
async fn extend(State(app): State<App>, headers: http::HeaderMap, posted: Posted) -> PageResult {
    let idle = i64::from(app.config().access.idle_minutes);
    let session = posted
        .signed
        .current
        .session
        .ok_or(AppError::Unauthenticated)?;
    let expires_at = app.extend_session(session.id, idle).await?;
    let wants_json = headers
        .get(http::header::ACCEPT)
        .is_some_and(|accept| accept.as_bytes().starts_with(b"application/json"));
    if wants_json {
        let body = serde_json::json!({ "expires_at": crate::fmt::machine(expires_at) });
        return Ok(axum::Json(body).into_response());
    }
    Ok(Redirect::to("/").into_response())
}
