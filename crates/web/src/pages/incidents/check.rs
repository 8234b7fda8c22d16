use app::incidents::{CorrectionInput, Preview, ReportKind};
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use http::StatusCode;
use ids::CaseId;

use super::files::size;
use super::new::page_token;
use super::words::{self, ClockView, Pairs};
use crate::components::{Banner, ConfidenceBadge, SummaryList, SummaryRow, Tone};
use crate::failure::{PageError, PageResult};
use crate::forms::{ErrorSummary, FieldError, Form, FormErrors, RawForm, TextArea};
use crate::frame::named;
use crate::page::{Page, render, render_with};
use crate::pages::approvals::words as approval_words;
use crate::session::{Posted, Signed};
use crate::texts::Texts;

struct Part {
    title: String,
    list: SummaryList,
}

struct Problem {
    href: String,
    text: String,
}

/// What the own route asks for and is not there yet.
struct ApprovalPart {
    text: String,
    waiting: Option<String>,
    href: Option<String>,
    ask: Option<TextArea>,
    emergency: Option<TextArea>,
}

#[derive(Template)]
#[template(path = "pages/incidents/check.html")]
struct CheckPage {
    page: Page,
    summary: ErrorSummary,
    id: CaseId,
    kind: String,
    parts: Vec<Part>,
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
    addressees: Vec<(String, String)>,
    unsettled: Option<ConfidenceBadge>,
    readers: Vec<String>,
    clock: Option<ClockView>,
    files: Vec<(String, String)>,
    explanation: Option<TextArea>,
    request: String,
    version: i64,
    key: String,
    approval: Option<ApprovalPart>,
    may_file: bool,
    button: String,
}

/// The page on which everything is checked before it is filed.
pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path((id, kind)): Path<(CaseId, String)>,
    Pairs { 0: query }: Pairs,
) -> PageResult {
    let raw = RawForm::from_pairs(query);
    let kind = kind_of(&kind, &raw)?;
    let view = view(&app, &signed, id, &kind, &raw, &FormErrors::new()).await?;
    Ok(render(&view))
}

pub(super) async fn file(
    State(app): State<App>,
    Path((id, code)): Path<(CaseId, String)>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form: raw } = posted;
    let kind = kind_of(&code, &raw)?;
    let checked = raw.get("version").parse::<i64>().ok();
    let key = Some(raw.get("key")).filter(|key| !key.is_empty());
    let done = app
        .file_report(signed.actor(), id, &kind, checked, key)
        .await;
    match done {
        Ok(filed) => {
            let to = format!("/filings/{}/receipt", filed.filing);
            Ok(Redirect::to(&to).into_response())
        }
        Err(AppError::Invalid(problems)) => {
            let t = signed.here.t;
            let mut errors = FormErrors::new();
            for problem in problems
                .iter()
                .filter(|problem| problem.field == "explanation")
            {
                let key = words::error_key(t, problem.code);
                errors.push(FieldError::new("explanation", "cases-explanation", key));
            }
            again(&app, &signed, id, &kind, &raw, &errors).await
        }
        // Someone changed the draft after it was checked: show it again as it is now.
        Err(AppError::Stale) => {
            let mut errors = FormErrors::new();
            errors.add("", "cases-check-title", "cases-error-stale");
            again(&app, &signed, id, &kind, &raw, &errors).await
        }
        Err(other) => Err(PageError::from(other).back_to(format!("/cases/{id}/report/{code}"))),
    }
}

/// Asks for the approvals of the own route; the report is frozen as it stands.
pub(super) async fn ask(
    State(app): State<App>,
    Path((id, code)): Path<(CaseId, String)>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form: raw } = posted;
    let kind = kind_of(&code, &raw)?;
    let checked = raw.get("version").parse::<i64>().ok();
    let key = Some(raw.get("key")).filter(|key| !key.is_empty());
    let done = app
        .request_report_approval(signed.actor(), id, &kind, checked, raw.get("note"), key)
        .await;
    match done {
        Ok(asked) => Ok(Redirect::to(&format!("/approvals/{}", asked.approval)).into_response()),
        Err(error) => refused(&app, &signed, id, &kind, &raw, error).await,
    }
}

/// Files the prompt report without them, for a reason.
pub(super) async fn emergency(
    State(app): State<App>,
    Path((id, code)): Path<(CaseId, String)>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form: raw } = posted;
    let kind = kind_of(&code, &raw)?;
    if kind != ReportKind::Prompt {
        return Err(AppError::NotFound.into());
    }
    // Whoever may not learns it before what was sent is looked at.
    let case = app.view_case(signed.actor(), id).await?;
    let owner = case.case.parts().owner;
    let resource = policy::Resource::Case { id, owner };
    signed.must_be_allowed(&app, policy::Action::FileInEmergency, &resource)?;
    let checked = raw.get("version").parse::<i64>().ok();
    let key = Some(raw.get("key")).filter(|key| !key.is_empty());
    let reason = raw.get("emergency_reason");
    let done = app
        .file_prompt_in_emergency(signed.actor(), id, reason, checked, key)
        .await;
    match done {
        Ok(filed) => {
            let to = format!("/filings/{}/receipt", filed.filing);
            Ok(Redirect::to(&to).into_response())
        }
        Err(error) => refused(&app, &signed, id, &kind, &raw, error).await,
    }
}

/// The check page by the address of one of its forms, after a reload or the second factor.
pub(super) async fn back(
    State(app): State<App>,
    signed: Signed,
    Path((id, code)): Path<(CaseId, String)>,
) -> PageResult {
    drop(app.view_case(signed.actor(), id).await?);
    Ok(Redirect::to(&format!("/cases/{id}/report/{code}")).into_response())
}

/// Shows the page again with what is wrong; what was typed stays.
async fn refused(
    app: &App,
    signed: &Signed,
    id: CaseId,
    kind: &ReportKind,
    raw: &RawForm,
    error: AppError,
) -> PageResult {
    let mut errors = FormErrors::new();
    match error {
        AppError::Invalid(problems) => {
            for problem in problems {
                let label = match problem.field.as_str() {
                    "note" => "approval-note",
                    "emergency_reason" => "approval-emergency-reason",
                    _ => continue,
                };
                let key = crate::failure::field_key(problem.code);
                errors.push(FieldError::new(&problem.field, label, key));
            }
        }
        AppError::Stale => errors.add("", "cases-check-title", "cases-error-stale"),
        other => {
            let code = code_of(kind);
            return Err(PageError::from(other).back_to(format!("/cases/{id}/report/{code}")));
        }
    }
    again(app, signed, id, kind, raw, &errors).await
}

async fn again(
    app: &App,
    signed: &Signed,
    id: CaseId,
    kind: &ReportKind,
    raw: &RawForm,
    errors: &FormErrors,
) -> Result<Response, PageError> {
    let view = view(app, signed, id, kind, raw, errors).await?;
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &view))
}

fn kind_of(code: &str, raw: &RawForm) -> Result<ReportKind, AppError> {
    match code {
        "prompt" => Ok(ReportKind::Prompt),
        "update" => Ok(ReportKind::Update),
        "full" => Ok(ReportKind::Full),
        "correction" => Ok(ReportKind::Correction(CorrectionInput {
            explanation: raw.get("explanation").to_owned(),
            request: raw.get("request").parse().ok(),
        })),
        _ => Err(AppError::NotFound),
    }
}

fn code_of(kind: &ReportKind) -> &'static str {
    match kind {
        ReportKind::Prompt => "prompt",
        ReportKind::Update => "update",
        ReportKind::Full => "full",
        ReportKind::Correction(_) => "correction",
    }
}

async fn view(
    app: &App,
    signed: &Signed,
    id: CaseId,
    kind: &ReportKind,
    raw: &RawForm,
    errors: &FormErrors,
) -> Result<CheckPage, PageError> {
    let t = signed.here.t;
    let case = app.view_case(signed.actor(), id).await?;
    let preview = app.preview_report(signed.actor(), id, kind).await?;
    let form = Form::new(t, raw, errors);
    let title = words::filing_kind(t, kind.filing_kind());
    let mut page = signed
        .page_titled(t.with("cases-check-heading", "kind", &title))
        .crumb("/cases", t.get("cases-title"))
        .crumb(format!("/cases/{id}"), case.case.parts().title.as_str())
        .with_errors(!errors.is_empty());
    if preview.event.is_none() {
        let href = format!("/need-to-report?case={id}");
        let banner = Banner::new(t, Tone::Warning, t.get("cases-not-judged"));
        page = page.notice(
            banner
                .text(t.get("cases-not-judged-text"))
                .link(href, t.get("judge-title")),
        );
    }
    let explanation = match kind {
        ReportKind::Correction(_) => Some(
            form.text_area("explanation", "cases-explanation")
                .hint("cases-explanation-hint")
                .rows(4)
                .max_chars(2000)
                .required(),
        ),
        ReportKind::Prompt | ReportKind::Update | ReportKind::Full => None,
    };
    let approval = approval(app, signed, id, kind, &preview, &form).await?;
    // 「提出できない」 for want of a fresh second factor is asked for on the way; the step itself must be allowed.
    let allowed = case.steps.contains(&kind.step());
    Ok(CheckPage {
        summary: form.summary(),
        id,
        kind: code_of(kind).to_owned(),
        parts: parts(app, t, id, &preview, case.may_edit),
        problems: problems(t, id, &preview),
        warnings: warnings(t, id, &preview),
        addressees: addressees(t, &preview),
        unsettled: preview
            .addressees_confidence
            .is_unsettled()
            .then(|| ConfidenceBadge::new(t)),
        readers: preview
            .readers
            .iter()
            .map(|reader| named(t, &reader.name_ja, &reader.name_en))
            .collect(),
        clock: preview
            .clock
            .as_ref()
            .map(|clock| words::clock(t, clock, case.targets, app.now())),
        files: preview
            .draft
            .attachments
            .iter()
            .map(|file| (file.file_name.clone(), size(file.size)))
            .collect(),
        explanation,
        request: raw.get("request").to_owned(),
        version: preview.draft.version,
        key: page_token(app),
        may_file: allowed
            && preview.problems.is_empty()
            && preview.event.is_some()
            && approval.is_none(),
        approval,
        button: t.with("cases-file-report", "kind", title).into_owned(),
        page,
    })
}

/// What is asked for before this report goes out; nothing where nothing is, or where it is there.
async fn approval(
    app: &App,
    signed: &Signed,
    id: CaseId,
    kind: &ReportKind,
    preview: &Preview,
    form: &Form<'_>,
) -> Result<Option<ApprovalPart>, AppError> {
    let t = signed.here.t;
    let Some(why) = app.approval_lacking(signed.actor(), id, kind).await? else {
        return Ok(None);
    };
    let newest = app.approval_of_report(signed.actor(), id, kind).await?;
    let ready = preview.problems.is_empty() && preview.event.is_some();
    let owner = signed.actor().organisation;
    let resource = policy::Resource::Case { id, owner };
    let may = |action| signed.must_be_allowed(app, action, &resource).is_ok();
    let asks = ready && why != "approval_waiting" && may(policy::Action::RequestApproval);
    let prompt = *kind == ReportKind::Prompt;
    Ok(Some(ApprovalPart {
        text: t
            .get(&format!("cases-approval-{}", why.replace('_', "-")))
            .into_owned(),
        waiting: newest
            .as_ref()
            .filter(|_| why == "approval_waiting")
            .map(|(_, _, names)| {
                t.with(
                    "approval-waits-for",
                    "names",
                    approval_words::names(t, names),
                )
                .into_owned()
            }),
        href: newest.map(|(approval, ..)| format!("/approvals/{approval}")),
        ask: asks.then(|| {
            form.text_area("note", "approval-note")
                .hint("approval-note-hint")
                .rows(2)
                .max_chars(2000)
        }),
        emergency: (ready && prompt && may(policy::Action::FileInEmergency)).then(|| {
            form.text_area("emergency_reason", "approval-emergency-reason")
                .hint("approval-emergency-reason-hint")
                .rows(2)
                .max_chars(2000)
                .required()
        }),
    }))
}

fn parts(app: &App, t: Texts, id: CaseId, preview: &Preview, may_edit: bool) -> Vec<Part> {
    preview
        .sections
        .iter()
        .map(|section| {
            let rows = section
                .fields
                .iter()
                .map(|field| {
                    let text = words::typed(t, app.rules(), field.field, &field.typed);
                    let row = SummaryRow::new(words::label(t, field.field), &text);
                    if may_edit {
                        let at = crate::forms::field_id(&field.field.key);
                        row.change(format!("/cases/{id}/items/{}#{at}", section.item))
                    } else {
                        row
                    }
                })
                .collect();
            let title = named(t, &section.title_ja, &section.title_en);
            Part {
                title: t
                    .with2("cases-item", "number", section.item, "title", title)
                    .into_owned(),
                list: SummaryList::new(t, rows),
            }
        })
        .collect()
}

fn problems(t: Texts, id: CaseId, preview: &Preview) -> Vec<Problem> {
    preview
        .problems
        .iter()
        .map(|problem| {
            let field = preview.draft.form.field(&problem.field);
            let label = field.map_or_else(|| problem.field.clone(), |field| words::label(t, field));
            let item = field.map_or(1, |field| field.item);
            let max = field.map_or(0, |field| field.max_chars);
            let error = FieldError::new(&problem.field, label, words::error_key(t, problem.code))
                .arg("max", max.to_string());
            Problem {
                href: format!("/cases/{id}/items/{item}#{}", error.target()),
                text: error.text(t),
            }
        })
        .collect()
}

fn warnings(t: Texts, id: CaseId, preview: &Preview) -> Vec<Problem> {
    preview
        .warnings
        .iter()
        .map(|warning| {
            let item = preview
                .draft
                .form
                .field(&warning.field)
                .map_or(1, |field| field.item);
            let at = crate::forms::field_id(&warning.field);
            Problem {
                href: format!("/cases/{id}/items/{item}#{at}"),
                text: words::warning(t, warning.code.code()),
            }
        })
        .collect()
}

fn addressees(t: Texts, preview: &Preview) -> Vec<(String, String)> {
    preview
        .addressees
        .iter()
        .map(|to| {
            let name = named(t, &to.organisation.name_ja, &to.organisation.name_en);
            (name, crate::frame::basis_words(t, &to.basis))
        })
        .collect()
}
