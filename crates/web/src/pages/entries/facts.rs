use app::entries::{EntryDraftView, EntryFacts, EntryInput};
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use formats::forms::IncidentForm;
use http::StatusCode;
use ids::EntryId;
use jiff::Timestamp;
use model::entries::{Caller, CallerIdentified, EntryWay};
use model::incidents::{AwarenessKind, Precision};
use policy::{Action, Resource};
use statute::EventCode;

use super::words;
use crate::failure::{PageError, PageResult, field_key};
use crate::fmt;
use crate::forms::{
    Choice, Choices, DateTimeInput, ErrorSummary, FieldError, Form, FormErrors, InputKind, RawForm,
    Select, TextArea, TextInput,
};
use crate::frame::named;
use crate::page::{Page, render, render_with};
use crate::pages::incidents::new::take_moment;
use crate::pages::incidents::words as incident_words;
use crate::session::{Posted, Signed};
use crate::texts::Texts;

const LABELS: &[(&str, &str)] = &[
    ("operator", "entry-operator"),
    ("way", "entry-way"),
    ("received_at", "entry-received-at"),
    ("caller_name", "entry-caller-name"),
    ("caller_department", "entry-caller-department"),
    ("caller_phone", "entry-caller-phone"),
    ("identified", "entry-identified"),
    ("code", "entry-code"),
    ("kind", "entry-kind"),
    ("aware_at", "cases-aware-at"),
    ("source", "cases-source"),
    ("event", "cases-event"),
    ("sheet", "cases-sheet"),
    ("title", "entry-case-title"),
];

#[derive(Template)]
#[template(path = "pages/entries/facts.html")]
struct FactsPage {
    page: Page,
    summary: ErrorSummary,
    back: String,
    version: String,
    operator: Select,
    way: Choices,
    received_at: DateTimeInput,
    caller_name: TextInput,
    caller_department: TextInput,
    caller_phone: TextInput,
    identified: Choices,
    code: TextInput,
    kind: Choices,
    aware_at: DateTimeInput,
    source: TextArea,
    event: Select,
    sheet: Choices,
    title: TextInput,
}

pub(super) async fn fresh(State(app): State<App>, signed: Signed) -> PageResult {
    let mut raw = RawForm::empty();
    // Somebody is on the telephone now.
    show_moment(&mut raw, "received_at", app.now());
    raw.push("way", EntryWay::Oral.code());
    raw.push("kind", AwarenessKind::Incident.code());
    raw.push("event", EventCode::Incident.code());
    raw.push("sheet", IncidentForm::Other.code());
    Ok(render(
        &view(&app, &signed, None, &raw, &FormErrors::new()).await?,
    ))
}

pub(super) async fn begin(State(app): State<App>, posted: Posted) -> PageResult {
    let Posted { signed, form: raw } = posted;
    must_write(&app, &signed)?;
    let input = match read(&app, signed.here.t, &raw) {
        Ok(input) => input,
        Err(errors) => return again(&app, &signed, None, &raw, &errors).await,
    };
    match app.begin_entry(signed.actor(), &input).await {
        Ok(id) => Ok(Redirect::to(&format!("/desk/entries/{id}")).into_response()),
        Err(error) => refused(&app, &signed, None, &raw, error).await,
    }
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<EntryId>,
) -> PageResult {
    let entry = app.view_entry(signed.actor(), id).await?;
    let raw = shown(&entry);
    Ok(render(
        &view(&app, &signed, Some(&entry), &raw, &FormErrors::new()).await?,
    ))
}

pub(super) async fn change(
    State(app): State<App>,
    Path(id): Path<EntryId>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form: raw } = posted;
    let entry = app.view_entry(signed.actor(), id).await?;
    let input = match read(&app, signed.here.t, &raw) {
        Ok(input) => input,
        Err(errors) => return again(&app, &signed, Some(&entry), &raw, &errors).await,
    };
    let version = raw.get("version").parse().unwrap_or(0);
    match app.change_entry(signed.actor(), id, &input, version).await {
        Ok(()) => Ok(Redirect::to(&format!("/desk/entries/{id}")).into_response()),
        Err(error) => refused(&app, &signed, Some(&entry), &raw, error).await,
    }
}

/// Whoever takes nothing down learns it before what was sent is looked at.
fn must_write(app: &App, signed: &Signed) -> Result<(), PageError> {
    let desk = Resource::Queue {
        desk: signed.actor().organisation,
    };
    signed.must_be_allowed(app, Action::WriteEntry, &desk)
}

async fn refused(
    app: &App,
    signed: &Signed,
    entry: Option<&EntryDraftView>,
    raw: &RawForm,
    error: AppError,
) -> PageResult {
    let t = signed.here.t;
    let mut errors = FormErrors::new();
    match error {
        AppError::Invalid(problems) => {
            for problem in problems {
                let label = LABELS
                    .iter()
                    .find(|(field, _)| *field == problem.field)
                    .map_or("entry-operator", |(_, label)| *label);
                let mut error =
                    FieldError::new(&problem.field, t.get(label), field_key(problem.code));
                if matches!(problem.field.as_str(), "received_at" | "aware_at") {
                    error = error.part("year");
                }
                errors.push(error);
            }
        }
        AppError::Stale => errors.add("", "entry-facts-title", "entry-error-stale"),
        other => return Err(other.into()),
    }
    again(app, signed, entry, raw, &errors).await
}

async fn again(
    app: &App,
    signed: &Signed,
    entry: Option<&EntryDraftView>,
    raw: &RawForm,
    errors: &FormErrors,
) -> Result<Response, PageError> {
    let page = view(app, signed, entry, raw, errors).await?;
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

fn read(app: &App, t: Texts, raw: &RawForm) -> Result<EntryInput, FormErrors> {
    let mut errors = FormErrors::new();
    let received_at = take_moment(app, t, raw, "received_at", "entry-received-at", &mut errors);
    let aware_at = take_moment(app, t, raw, "aware_at", "cases-aware-at", &mut errors);
    let way = raw.get("way").parse::<EntryWay>().ok();
    if way.is_none() {
        errors.add("way", "entry-way", "form-error-choose");
    }
    let identified = raw.get("identified").parse::<CallerIdentified>().ok();
    if identified.is_none() && raw.get("code").trim().is_empty() {
        errors.add("identified", "entry-identified", "form-error-choose");
    }
    let kind = raw.get("kind").parse::<AwarenessKind>().ok();
    if kind.is_none() {
        errors.add("kind", "entry-kind", "form-error-choose");
    }
    let event = EventCode::parse(raw.get("event"));
    if event.is_none() {
        errors.add("event", "cases-event", "form-error-choose");
    }
    let sheet = raw.get("sheet").parse::<IncidentForm>().ok();
    if sheet.is_none() {
        errors.add("sheet", "cases-sheet", "form-error-choose");
    }
    for (field, label) in [
        ("operator", "entry-operator"),
        ("caller_name", "entry-caller-name"),
        ("source", "cases-source"),
        ("title", "entry-case-title"),
    ] {
        if raw.get(field).trim().is_empty() {
            errors.add(field, label, "form-error-missing");
        }
    }
    match (received_at, aware_at, way, kind, event, sheet) {
        (Some(received_at), Some(aware_at), Some(way), Some(kind), Some(event), Some(sheet))
            if errors.is_empty() =>
        {
            Ok(EntryInput {
                operator: raw.get("operator").to_owned(),
                way,
                received_at,
                caller: Caller {
                    name: raw.get("caller_name").to_owned(),
                    department: raw.get("caller_department").to_owned(),
                    phone: raw.get("caller_phone").to_owned(),
                },
                identified: identified.unwrap_or(CallerIdentified::Code),
                code: raw.get("code").to_owned(),
                title: raw.get("title").to_owned(),
                kind,
                aware_at,
                precision: if raw.is_checked("aware_at.approximate") {
                    Precision::Approximate
                } else {
                    Precision::Exact
                },
                source: raw.get("source").to_owned(),
                event,
                sheet,
            })
        }
        _ => Err(errors),
    }
}

fn shown(entry: &EntryDraftView) -> RawForm {
    let EntryFacts {
        way,
        received_at,
        caller,
        identified,
        title,
        kind,
        aware_at,
        precision,
        source,
        event,
        sheet,
        ..
    } = &entry.facts;
    let mut raw = RawForm::empty();
    raw.push("version", entry.draft.version.to_string());
    raw.push("operator", entry.operator.id.to_string());
    raw.push("way", way.code());
    show_moment(&mut raw, "received_at", *received_at);
    raw.push("caller_name", caller.name.as_str());
    raw.push("caller_department", caller.department.as_str());
    raw.push("caller_phone", caller.phone.as_str());
    raw.push("identified", identified.code());
    raw.push("title", title.as_str());
    raw.push("kind", kind.code());
    show_moment(&mut raw, "aware_at", *aware_at);
    if *precision == Precision::Approximate {
        raw.push("aware_at.approximate", "on");
    }
    raw.push("source", source.as_str());
    raw.push("event", event.code());
    raw.push("sheet", sheet.code());
    raw
}

fn show_moment(raw: &mut RawForm, name: &str, at: Timestamp) {
    let at = fmt::jst(at);
    raw.push(format!("{name}.year"), at.year().to_string());
    raw.push(format!("{name}.month"), at.month().to_string());
    raw.push(format!("{name}.day"), at.day().to_string());
    raw.push(format!("{name}.hour"), at.hour().to_string());
    raw.push(format!("{name}.minute"), format!("{:02}", at.minute()));
}

async fn view(
    app: &App,
    signed: &Signed,
    entry: Option<&EntryDraftView>,
    raw: &RawForm,
    errors: &FormErrors,
) -> Result<FactsPage, PageError> {
    let t = signed.here.t;
    let form = Form::new(t, raw, errors);
    let operators = app
        .entry_targets(signed.actor())
        .await?
        .iter()
        .map(|target| {
            let operator = &target.operator;
            let name = named(t, &operator.name_ja, &operator.name_en);
            Choice::new(operator.id.to_string(), name)
        })
        .collect();
    let title = match entry {
        None => "entry-new-title",
        Some(_) => "entry-facts-title",
    };
    let mut page = signed
        .page(title)
        .crumb("/desk", t.get("desk-title"))
        .crumb("/desk/entries", t.get("entries-title"));
    let back = match entry {
        None => "/desk/entries".to_owned(),
        Some(entry) => {
            let here = format!("/desk/entries/{}", entry.id);
            page = page.crumb(here.clone(), entry.facts.title.as_str());
            here
        }
    };
    Ok(FactsPage {
        page: page.with_errors(!errors.is_empty()),
        summary: form.summary(),
        back,
        version: raw.get("version").to_owned(),
        operator: form
            .select("operator", "entry-operator", operators)
            .hint("entry-operator-hint")
            .required(),
        way: form.radios("way", "entry-way", ways(t)).required(),
        received_at: form
            .date_time("received_at", "entry-received-at")
            .hint("entry-received-at-hint")
            .required(),
        caller_name: form.text("caller_name", "entry-caller-name").required(),
        caller_department: form.text("caller_department", "entry-caller-department"),
        caller_phone: form
            .text("caller_phone", "entry-caller-phone")
            .hint("entry-caller-phone-hint")
            .kind(InputKind::Tel),
        identified: form
            .radios("identified", "entry-identified", identities(t))
            .required(),
        code: form
            .text("code", "entry-code")
            .hint("entry-code-hint")
            .kind(InputKind::Digits),
        kind: form.radios("kind", "entry-kind", kinds(t)).required(),
        aware_at: form
            .date_time("aware_at", "cases-aware-at")
            .hint("entry-aware-at-hint")
            .required()
            .may_be_approximate(),
        source: form
            .text_area("source", "cases-source")
            .hint("cases-source-hint")
            .rows(3)
            .max_chars(2000)
            .required(),
        event: form
            .select("event", "cases-event", events(t))
            .hint("entry-event-hint")
            .required(),
        sheet: form.radios("sheet", "cases-sheet", sheets(t)).required(),
        title: form
            .text("title", "entry-case-title")
            .hint("entry-case-title-hint")
            .required(),
    })
}

fn ways(t: Texts) -> Vec<Choice> {
    EntryWay::ALL
        .iter()
        .map(|way| Choice::new(way.code(), words::way(t, *way)))
        .collect()
}

fn identities(t: Texts) -> Vec<Choice> {
    CallerIdentified::ALL
        .iter()
        .map(|how| Choice::new(how.code(), words::identified(t, *how)))
        .collect()
}

fn kinds(t: Texts) -> Vec<Choice> {
    AwarenessKind::ALL
        .iter()
        .map(|kind| Choice::new(kind.code(), incident_words::awareness_kind(t, *kind)))
        .collect()
}

fn events(t: Texts) -> Vec<Choice> {
    EventCode::ALL
        .iter()
        .map(|event| Choice::new(event.code(), incident_words::event(t, *event)))
        .collect()
}

fn sheets(t: Texts) -> Vec<Choice> {
    IncidentForm::ALL
        .iter()
        .map(|sheet| Choice::new(sheet.code(), incident_words::sheet(t, *sheet)))
        .collect()
}
