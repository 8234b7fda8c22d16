use app::reminders::{CalendarSecret, PreferenceInput};
use app::{App, AppError};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;

use crate::failure::{PageError, PageResult, field_key};
use crate::fmt;
use crate::forms::{
    Checkbox, Choice, ErrorSummary, Form, FormErrors, InputKind, RawForm, Select, TextInput, Width,
};
use crate::page::{Page, render, render_with};
use crate::session::{Posted, Signed};

#[derive(Template)]
#[template(path = "pages/account/reminders.html")]
struct RemindersPage {
    page: Page,
    summary: ErrorSummary,
    quiet: Checkbox,
    from: Select,
    until: Select,
    mail: TextInput,
    calendar: Option<String>,
    address: Option<String>,
}

pub(super) async fn show(State(app): State<App>, signed: Signed) -> PageResult {
    let raw = kept(&app, &signed).await?;
    let page = view(&app, &signed, &raw, &FormErrors::new(), None).await?;
    Ok(render(&page))
}

pub(super) async fn set(State(app): State<App>, posted: Posted) -> PageResult {
    let Posted { signed, form } = posted;
    let minute = |name| {
        let hour: u16 = form.get(name).parse().ok()?;
        hour.checked_mul(60)
    };
    let quiet = form.is_checked("quiet").then(|| {
        // A time that is none becomes two equal ones, which are refused.
        minute("from").zip(minute("until")).unwrap_or_default()
    });
    let input = PreferenceInput {
        quiet,
        mail: form.get("mail").to_owned(),
    };
    match app
        .set_own_reminder_preference(signed.actor(), &input)
        .await
    {
        Ok(()) => Ok(Redirect::to("/account?done=reminders").into_response()),
        Err(AppError::Invalid(problems)) => {
            let mut errors = FormErrors::new();
            for problem in &problems {
                match problem.field.as_str() {
                    "mail" => {
                        errors.add("mail", "reminders-mail", field_key(problem.code));
                    }
                    _ => errors.add("from", "reminders-from", field_key(problem.code)),
                }
            }
            let page = view(&app, &signed, &form, &errors, None).await?;
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(other) => Err(other.into()),
    }
}

/// Makes a calendar address, which this answer shows and no other.
pub(super) async fn make_calendar(State(app): State<App>, posted: Posted) -> PageResult {
    let signed = posted.signed;
    let secret = app
        .new_calendar_feed(signed.actor())
        .await
        .map_err(|error| PageError::from(error).back_to("/account/reminders"))?;
    let raw = kept(&app, &signed).await?;
    let page = view(&app, &signed, &raw, &FormErrors::new(), Some(&secret)).await?;
    Ok(render(&page))
}

pub(super) async fn end_calendar(State(app): State<App>, posted: Posted) -> PageResult {
    match app.end_calendar_feed(posted.signed.actor()).await {
        // It is over, whoever ended it.
        Ok(()) | Err(AppError::NotFound) => Ok(Redirect::to("/account/reminders").into_response()),
        Err(other) => Err(other.into()),
    }
}

/// What is kept, as the form sends it.
async fn kept(app: &App, signed: &Signed) -> Result<RawForm, PageError> {
    let kept = app.own_reminder_preference(signed.actor()).await?;
    let hour = |minute: u16| minute.div_euclid(60).to_string();
    let (from, until) = kept.quiet.map_or_else(default_hours, |quiet| {
        (hour(quiet.from()), hour(quiet.until()))
    });
    let mut pairs = vec![("from", from), ("until", until)];
    if kept.quiet.is_some() {
        pairs.push(("quiet", "yes".to_owned()));
    }
    if let Some(mail) = kept.mail {
        pairs.push(("mail", mail.as_str().to_owned()));
    }
    Ok(RawForm::from_pairs(pairs))
}

/// What the form proposes.
fn default_hours() -> (String, String) {
    ("22".to_owned(), "7".to_owned())
}

async fn view(
    app: &App,
    signed: &Signed,
    raw: &RawForm,
    errors: &FormErrors,
    made: Option<&CalendarSecret>,
) -> Result<RemindersPage, PageError> {
    let t = signed.here.t;
    let form = Form::new(t, raw, errors);
    let hours = || {
        (0..24_u8)
            .map(|hour| Choice::new(hour.to_string(), format!("{hour}:00")))
            .collect()
    };
    let feed = app.own_calendar_feed(signed.actor()).await?;
    let mail_hint = if app.sends_mail() {
        "reminders-mail-hint"
    } else {
        "reminders-mail-none"
    };
    Ok(RemindersPage {
        page: signed
            .page("reminders-title")
            .crumb("/account", t.get("account-title"))
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        quiet: form.checkbox("quiet", "reminders-quiet"),
        from: form.select("from", "reminders-from", hours()),
        until: form.select("until", "reminders-until", hours()),
        mail: form
            .text("mail", "reminders-mail")
            .hint(mail_hint)
            .kind(InputKind::Email)
            .width(Width::M),
        calendar: feed.map(|feed| match feed.fetched_at {
            Some(at) => t
                .with2(
                    "reminders-calendar-fetched",
                    "created",
                    fmt::date_time(t, feed.created_at),
                    "at",
                    fmt::date_time(t, at),
                )
                .into_owned(),
            None => t
                .with(
                    "reminders-calendar-unused",
                    "created",
                    fmt::date_time(t, feed.created_at),
                )
                .into_owned(),
        }),
        address: made.map(|secret| {
            let front = app.config().server.public_url.trim_end_matches('/');
            format!("{front}/calendar/{}", secret.expose())
        }),
    })
}
