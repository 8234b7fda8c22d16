use app::orders::DirectiveInput;
use app::{App, AppError};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use http::StatusCode;
use ids::{DirectiveDuty, DirectiveKind, FilingId, OrganisationId};
use jiff::civil::Date;
use serde::Deserialize;

use super::{must_be_fresh, words};
use crate::failure::{PageError, PageResult};
use crate::fmt;
use crate::forms::date::read_date;
use crate::forms::{
    Choice, Choices, DateInput, ErrorSummary, Form, FormErrors, RawForm, Select, TextArea,
};
use crate::frame::named;
use crate::page::{Page, render, render_with};
use crate::pages::desks::form_errors;
use crate::pages::desks::once;
use crate::pages::filings::id_of;
use crate::session::{Posted, Signed};

/// Fields of the form and the text keys of their labels.
const LABELS: &[(&str, &str)] = &[
    ("operator", "directive-operator"),
    ("duty", "directive-duty"),
    ("text", "directive-text"),
    ("grounds", "directive-grounds"),
    ("hearing", "directive-hearing"),
    ("due", "directive-due"),
    ("filing", "directive-operator"),
];

/// What the page begins with.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    kind: String,
    operator: String,
    filing: String,
    duty: String,
}

/// Which of the four is meant.
#[derive(Template)]
#[template(path = "pages/orders/kind.html")]
struct KindPage {
    page: Page,
    kind: Choices,
    filing: String,
    operator: String,
    duty: String,
}

#[derive(Template)]
#[template(path = "pages/orders/new.html")]
struct NewPage {
    page: Page,
    summary: ErrorSummary,
    kind: String,
    filing: String,
    filing_number: Option<String>,
    operator: Select,
    duty: Choices,
    text: TextArea,
    grounds: TextArea,
    hearing: Option<TextArea>,
    due: Option<DateInput>,
    once: String,
}

#[derive(Template)]
#[template(path = "pages/orders/check.html")]
struct CheckPage {
    page: Page,
    to: String,
    rows: Vec<(String, String)>,
    law: Vec<(String, String)>,
    fields: Vec<(String, String)>,
    action: String,
}

pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    Query(wanted): Query<Wanted>,
) -> PageResult {
    let kinds = app.issuable_directives(signed.actor());
    let only = match kinds.as_slice() {
        [] => return Err(AppError::NotFound.into()),
        [one] => Some(*one),
        _ => None,
    };
    // Whom the filing does not concern learns nothing, not even that there is a form.
    filing_number(&app, &signed, &wanted.filing).await?;
    must_be_fresh(&signed)?;
    let chosen = wanted.kind.parse().ok().or(only);
    let Some(kind) = chosen.filter(|kind| kinds.contains(kind)) else {
        return Ok(render(&which(&signed, &kinds, wanted)));
    };
    let raw = RawForm::from_pairs([
        ("once", app.ids().next_uuid().to_string()),
        ("kind", kind.code().to_owned()),
        ("operator", wanted.operator),
        ("filing", wanted.filing),
        ("duty", wanted.duty),
    ]);
    let page = make(&app, &signed, kind, &raw, &FormErrors::new()).await?;
    Ok(render(&page))
}

fn which(signed: &Signed, kinds: &[DirectiveKind], wanted: Wanted) -> KindPage {
    let t = signed.here.t;
    let raw = RawForm::empty();
    let errors = FormErrors::new();
    let form = Form::new(t, &raw, &errors);
    let choices = kinds
        .iter()
        .map(|kind| {
            Choice::new(kind.code(), words::kind(t, *kind))
                .hint(t.get(&format!("directive-kind-hint-{}", kind.code())))
        })
        .collect();
    KindPage {
        page: signed
            .page("directives-new")
            .crumb("/directives", t.get("directives-title")),
        kind: form.radios("kind", "directive-which", choices).required(),
        filing: wanted.filing,
        operator: wanted.operator,
        duty: wanted.duty,
    }
}

async fn make(
    app: &App,
    signed: &Signed,
    kind: DirectiveKind,
    raw: &RawForm,
    errors: &FormErrors,
) -> Result<NewPage, PageError> {
    let t = signed.here.t;
    let targets = app.directive_targets(signed.actor(), kind).await?;
    let form = Form::new(t, raw, errors);
    let mut duties: Vec<DirectiveDuty> = targets
        .iter()
        .flat_map(|target| target.duties.iter().copied())
        .collect();
    duties.sort_unstable();
    duties.dedup();
    let operators = targets
        .iter()
        .map(|target| {
            let operator = &target.operator;
            Choice::new(
                operator.id.to_string(),
                named(t, &operator.name_ja, &operator.name_en),
            )
        })
        .collect();
    let with_deadline = matches!(kind, DirectiveKind::Order | DirectiveKind::Demand);
    let grounds = form
        .text_area("grounds", "directive-grounds")
        .hint("directive-grounds-hint")
        .max_chars(4000);
    Ok(NewPage {
        page: signed
            .page_titled(words::kind(t, kind))
            .crumb("/directives", t.get("directives-title"))
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        kind: kind.code().to_owned(),
        filing: raw.get("filing").to_owned(),
        filing_number: filing_number(app, signed, raw.get("filing")).await?,
        operator: form
            .select("operator", "directive-operator", operators)
            .required(),
        duty: form
            .radios(
                "duty",
                "directive-duty",
                duties
                    .iter()
                    .map(|duty| Choice::new(duty.code(), words::duty(t, *duty)))
                    .collect(),
            )
            .required(),
        text: form
            .text_area("text", "directive-text")
            .hint("directive-text-hint")
            .rows(8)
            .max_chars(8000)
            .required(),
        grounds: if kind == DirectiveKind::Guidance {
            grounds
        } else {
            grounds.required()
        },
        hearing: (kind == DirectiveKind::Order).then(|| {
            form.text_area("hearing", "directive-hearing")
                .hint("directive-hearing-hint")
                .max_chars(1000)
                .required()
        }),
        due: with_deadline.then(|| {
            form.date("due", "directive-due")
                .hint("directive-due-hint")
                .required()
        }),
        once: raw.get("once").to_owned(),
    })
}

/// The number of the filing that it is about; for whom it does not exist, neither does this page. To look a filing up
/// is to read it, with its own leaf.
async fn filing_number(
    app: &App,
    signed: &Signed,
    filing: &str,
) -> Result<Option<String>, PageError> {
    if filing.is_empty() {
        return Ok(None);
    }
    let id: FilingId = id_of(filing)?;
    let view = app.view_filing(signed.actor(), id).await?;
    Ok(Some(view.filing.number.as_str().to_owned()))
}

/// The fields that decide what is issued, read; what cannot be read is told at its field.
fn read<'a>(
    app: &App,
    form: &'a RawForm,
    kind: DirectiveKind,
    errors: &mut FormErrors,
) -> Option<DirectiveInput<'a>> {
    let operator: Option<OrganisationId> = form.get("operator").parse().ok();
    if operator.is_none() {
        errors.add("operator", "directive-operator", "form-error-choose");
    }
    let duty: Option<DirectiveDuty> = form.get("duty").parse().ok();
    if duty.is_none() {
        errors.add("duty", "directive-duty", "form-error-choose");
    }
    let due: Option<Date> = match read_date(form, "due", app.rules()) {
        Ok(day) => day,
        Err(wrong) => {
            errors.push(wrong.of("due", "directive-due"));
            None
        }
    };
    if !errors.is_empty() {
        return None;
    }
    Some(DirectiveInput {
        kind,
        duty: duty?,
        operator: operator?,
        filing: form.get("filing").parse().ok(),
        text: form.get("text"),
        grounds: form.get("grounds"),
        hearing: form.get("hearing"),
        due,
    })
}

pub(crate) async fn post(State(app): State<App>, posted: Posted) -> PageResult {
    let Posted { signed, form } = posted;
    if app.issuable_directives(signed.actor()).is_empty() {
        return Err(AppError::NotFound.into());
    }
    let kind: DirectiveKind = form
        .get("kind")
        .parse()
        .map_err(|_| PageError::from(AppError::NotFound))?;
    let mut errors = FormErrors::new();
    let input = read(&app, &form, kind, &mut errors);
    if form.get("step") == "change" {
        let page = make(&app, &signed, kind, &form, &FormErrors::new()).await?;
        return Ok(render(&page));
    }
    if let Some(input) = input {
        let done = if form.get("step") == "issue" {
            issue(&app, &signed, input, &form).await
        } else {
            check(&app, &signed, input, &form).await
        };
        match done {
            Ok(response) => return Ok(response),
            Err(AppError::StepUpRequired) => {
                errors.add("text", "directive-text", "correction-step-up");
            }
            Err(error) => errors = form_errors(error, LABELS)?,
        }
    }
    let page = make(&app, &signed, kind, &form, &errors).await?;
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

async fn issue(
    app: &App,
    signed: &Signed,
    input: DirectiveInput<'_>,
    form: &RawForm,
) -> Result<Response, AppError> {
    let id = app
        .issue_directive(signed.actor(), input, once(form))
        .await?;
    Ok(Redirect::to(&format!("/directives/{id}")).into_response())
}

async fn check(
    app: &App,
    signed: &Signed,
    input: DirectiveInput<'_>,
    form: &RawForm,
) -> Result<Response, AppError> {
    let t = signed.here.t;
    let preview = app.preview_directive(signed.actor(), input).await?;
    let label = |key: &str| t.get(key).into_owned();
    let mut rows = vec![
        (label("directive-kind"), words::kind(t, input.kind)),
        (label("directive-duty"), words::duty(t, input.duty)),
    ];
    if preview.operator.id != preview.addressee.id {
        let operator = named(t, &preview.operator.name_ja, &preview.operator.name_en);
        rows.push((label("directive-operator"), operator));
    }
    if let Some(number) = preview.filing {
        rows.push((label("directive-filing"), number));
    }
    rows.push((label("directive-text"), input.text.trim().to_owned()));
    for (key, text) in [
        ("directive-grounds", input.grounds),
        ("directive-hearing", input.hearing),
    ] {
        if !text.trim().is_empty() {
            rows.push((label(key), text.trim().to_owned()));
        }
    }
    if let Some(due) = input.due {
        rows.push((label("directive-due"), fmt::until(t, due)));
    }
    let fields = form
        .answers()
        .filter(|(name, _)| *name != "step")
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let code = input.kind.code();
    Ok(render(&CheckPage {
        page: signed
            .page("directive-check-title")
            .crumb("/directives", t.get("directives-title")),
        to: named(t, &preview.addressee.name_ja, &preview.addressee.name_en),
        rows,
        law: words::law(t, &preview.law),
        fields,
        action: t.get(&format!("directive-issue-{code}")).into_owned(),
    }))
}
