use app::incidents::{AwarenessInput, NewCase};
use app::{App, AppError};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect};
use formats::forms::IncidentForm;
use http::StatusCode;
use jiff::Timestamp;
use model::incidents::{AwarenessKind, Precision};
use policy::Action;

use super::answers;
use super::typed::{join_day, join_time};
use super::words::{self, Pairs};
use crate::failure::PageResult;
use crate::forms::{
    Choice, Choices, DateTimeInput, ErrorSummary, FieldError, Form, FormErrors, RawForm, TextArea,
    TextInput,
};
use crate::page::{Page, render, render_with};
use crate::session::{Posted, Signed};
use crate::texts::Texts;

#[derive(Template)]
#[template(path = "pages/incidents/new.html")]
struct NewPage {
    page: Page,
    summary: ErrorSummary,
    title: TextInput,
    kind: Choices,
    aware_at: DateTimeInput,
    source: TextArea,
    form: Choices,
    carried: Vec<(String, String)>,
    key: String,
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Pairs { 0: query }: Pairs,
) -> PageResult {
    let raw = RawForm::from_pairs(query);
    // Whoever may not open a case learns it before typing.
    signed.must_be_allowed(&app, Action::EditCase, &signed.own_new_case(&app))?;
    Ok(render(&view(&app, &signed, &raw, &FormErrors::new())))
}

pub(super) async fn open(State(app): State<App>, posted: Posted) -> PageResult {
    let Posted { signed, form: raw } = posted;
    signed.must_be_allowed(&app, Action::EditCase, &signed.own_new_case(&app))?;
    let t = signed.here.t;
    let mut errors = FormErrors::new();
    let aware_at = take_moment(&app, t, &raw, "aware_at", "cases-aware-at", &mut errors);
    let kind = raw.get("kind").parse::<AwarenessKind>().ok();
    if kind.is_none() {
        errors.add("kind", "cases-kind", "form-error-choose");
    }
    let new = NewCase {
        title: raw.get("title").to_owned(),
        kind: kind.unwrap_or(AwarenessKind::NearMiss),
        awareness: AwarenessInput {
            aware_at: aware_at.unwrap_or(Timestamp::UNIX_EPOCH),
            precision: precision(&raw),
            source: raw.get("source").to_owned(),
        },
        form: raw.get("form").parse::<IncidentForm>().ok(),
        judgement: answers::judgement(&app, &raw),
    };
    let key = Some(raw.get("key")).filter(|key| !key.is_empty());
    if !errors.is_empty() {
        add_text_errors(&mut errors, t, &raw);
        return Ok(again(&app, &signed, &raw, &errors));
    }
    match app.open_case(signed.actor(), &new, key).await {
        Ok(opened) => Ok(Redirect::to(&format!("/cases/{}", opened.case)).into_response()),
        Err(AppError::Invalid(problems)) => {
            for problem in &problems {
                errors.push(error_of(t, &problem.field, problem.code));
            }
            Ok(again(&app, &signed, &raw, &errors))
        }
        Err(other) => Err(other.into()),
    }
}

fn again(
    app: &App,
    signed: &Signed,
    raw: &RawForm,
    errors: &FormErrors,
) -> axum::response::Response {
    render_with(
        StatusCode::UNPROCESSABLE_ENTITY,
        &view(app, signed, raw, errors),
    )
}

fn view(app: &App, signed: &Signed, raw: &RawForm, errors: &FormErrors) -> NewPage {
    let t = signed.here.t;
    let form = Form::new(t, raw, errors);
    let kinds = AwarenessKind::ALL
        .iter()
        .map(|kind| {
            let hint = t.get(match kind {
                AwarenessKind::NearMiss => "cases-kind-near-miss-hint",
                AwarenessKind::Incident => "cases-kind-incident-hint",
            });
            Choice::new(kind.code(), words::awareness_kind(t, *kind)).hint(hint)
        })
        .collect();
    let sheets = IncidentForm::ALL
        .iter()
        .map(|sheet| Choice::new(sheet.code(), words::sheet(t, *sheet)))
        .collect();
    let key = match raw.get("key") {
        "" => page_token(app),
        key => key.to_owned(),
    };
    NewPage {
        page: signed
            .page("cases-new-title")
            .crumb("/cases", t.get("cases-title"))
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        title: form
            .text("title", "cases-case-title")
            .hint("cases-case-title-hint")
            .required(),
        kind: form.radios("kind", "cases-kind", kinds).required(),
        aware_at: form
            .date_time("aware_at", "cases-aware-at")
            .hint("cases-aware-at-hint")
            .required()
            .may_be_approximate(),
        source: form
            .text_area("source", "cases-source")
            .hint("cases-source-hint")
            .rows(3)
            .max_chars(2000)
            .required(),
        form: form
            .radios("form", "cases-sheet", sheets)
            .hint("cases-sheet-hint"),
        carried: answers::pairs(&answers::read(app, raw)),
        key,
    }
}

/// A random name, so that a page that is sent twice counts once.
pub(in crate::pages) fn page_token(app: &App) -> String {
    let mut octets = [0; 12];
    app.ids().fill(&mut octets);
    hex::encode(octets)
}

/// 「おおよその日時」.
pub(super) fn precision(raw: &RawForm) -> Precision {
    if raw.is_checked("aware_at.approximate") {
        Precision::Approximate
    } else {
        Precision::Exact
    }
}

/// Reads a day and a time that must both be there.
pub(in crate::pages) fn take_moment(
    app: &App,
    t: Texts,
    raw: &RawForm,
    name: &str,
    label: &'static str,
    errors: &mut FormErrors,
) -> Option<Timestamp> {
    let part = |part: &str| raw.get(&format!("{name}.{part}"));
    let day = join_day(part("year"), part("month"), part("day"));
    let time = join_time(part("hour"), part("minute"));
    let date = match formats::dates::read_date(app.rules(), &day) {
        Ok(date) => date,
        Err(wrong) => {
            errors
                .push(FieldError::new(name, label, words::error_key(t, wrong.code())).part("year"));
            return None;
        }
    };
    match formats::dates::read_time(&time) {
        Ok(time) => statute::calendar::jst::OFFSET
            .to_timestamp(date.to_datetime(time))
            .ok(),
        Err(wrong) => {
            errors
                .push(FieldError::new(name, label, words::error_key(t, wrong.code())).part("hour"));
            None
        }
    }
}

/// What is missing in the text fields, so that all errors come at once.
fn add_text_errors(errors: &mut FormErrors, t: Texts, raw: &RawForm) {
    for field in ["title", "source"] {
        if raw.get(field).trim().is_empty() {
            errors.push(error_of(t, field, "text.empty"));
        }
    }
}

fn error_of(t: Texts, field: &str, code: &'static str) -> FieldError {
    let label = match field {
        "title" => "cases-case-title",
        "source" => "cases-source",
        _ => "cases-aware-at",
    };
    let error = FieldError::new(field, label, words::error_key(t, code));
    if field == "aware_at" {
        error.part("year")
    } else {
        error
    }
}
