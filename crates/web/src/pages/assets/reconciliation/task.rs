//! One difference: what it is, by when, how it is settled, and setting it aside with a reason.

use app::assets::reconcile::{TaskDecision, TaskView};
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::ReconciliationTaskId;
use model::assets::{DiscrepancyKind, TaskState};
use policy::Action;

use super::words::{difference_text, kind_label, kind_text, state_label};
use crate::components::{Banner, LegalLimit, SummaryList, SummaryRow, Tone};
use crate::failure::{PageError, PageResult, form_urlencoded};
use crate::fmt;
use crate::forms::{ErrorSummary, FieldError, Form, FormErrors, RawForm, TextArea};
use crate::page::{Page, render, render_with};
use crate::pages::assets::words::refusal_text;
use crate::session::{Posted, Signed};
use crate::texts::Texts;

struct Decided {
    what: String,
    by: String,
    at: fmt::Time,
    reason: String,
}

struct Link {
    href: String,
    label: String,
    solid: bool,
}

#[derive(Template)]
#[template(path = "pages/reconciliation/task.html")]
struct TaskPageView {
    page: Page,
    summary: ErrorSummary,
    what: String,
    items: SummaryList,
    limit: Option<LegalLimit>,
    no_limit: String,
    guess: bool,
    links: Vec<Link>,
    decisions: Vec<Decided>,
    decide: Option<Decide>,
}

struct Decide {
    heading: String,
    why: TextArea,
    button: String,
    decision: &'static str,
    version: i64,
    action: String,
}

pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<ReconciliationTaskId>,
    signed: Signed,
) -> PageResult {
    let raw = RawForm::empty();
    let page = view(&app, &signed, id, &raw, &FormErrors::new(), None).await?;
    Ok(render(&page))
}

pub(super) async fn decide(
    State(app): State<App>,
    Path(id): Path<ReconciliationTaskId>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form: raw } = posted;
    app.reconciliation_task(signed.actor(), id).await?;
    signed.must_be_allowed(&app, Action::EditRegister, &signed.own_register())?;
    let version = raw.get("version").parse().unwrap_or(0);
    let reason = raw.get("reason");
    let done = if raw.get("decision") == "reopened" {
        app.reopen_task(signed.actor(), id, version, reason).await
    } else {
        app.set_task_aside(signed.actor(), id, version, reason)
            .await
    };
    let mut errors = FormErrors::new();
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/computers/reconciliation/{id}")).into_response()),
        Err(AppError::Invalid(problems)) => {
            let missing = problems.iter().any(|problem| problem.code == "empty");
            let key = if missing {
                "form-error-missing"
            } else {
                "form-error-too-long"
            };
            errors.push(FieldError::new("reason", "reconcile-reason", key));
            let page = view(&app, &signed, id, &raw, &errors, None).await?;
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(AppError::Stale | AppError::Conflict(_)) => {
            let t = signed.here.t;
            let banner = Banner::new(t, Tone::Error, t.get("reconcile-stale-title"))
                .text(t.get("reconcile-stale-text"));
            let page = view(&app, &signed, id, &raw, &errors, Some(banner)).await?;
            Ok(render_with(StatusCode::CONFLICT, &page))
        }
        Err(other) => Err(PageError::from(other)),
    }
}

async fn view(
    app: &App,
    signed: &Signed,
    id: ReconciliationTaskId,
    raw: &RawForm,
    errors: &FormErrors,
    notice: Option<Banner>,
) -> Result<TaskPageView, PageError> {
    let t = signed.here.t;
    let view = app.reconciliation_task(signed.actor(), id).await?;
    let form = Form::new(t, raw, errors);
    let task = &view.task;
    let mut page = signed
        .page_titled(kind_label(t, task.kind))
        .crumb("/computers", t.get("computers-title"))
        .crumb("/computers/reconciliation", t.get("reconcile-title"))
        .with_errors(!errors.is_empty());
    if let Some(notice) = notice {
        page = page.notice(notice);
    }
    if let Some((why, at)) = task.closed {
        let key = format!("reconcile-closed-{}", why.code().replace('_', "-"));
        let title = t.with("reconcile-closed", "at", fmt::date_time(t, at));
        page = page.notice(Banner::new(t, Tone::Success, title).text(t.get(&key)));
    }
    let (limit, no_limit) = match &view.limit {
        Some(Ok(finding)) => (
            Some(LegalLimit::new(t, &finding.due, app.now())),
            String::new(),
        ),
        Some(Err(refusal)) => (None, refusal_text(t, refusal)),
        None => (None, t.get("reconcile-no-limit").into_owned()),
    };
    let decide = match (view.may_edit, task.state) {
        (true, TaskState::Open) => Some(("reconcile-set-aside", "set_aside")),
        (true, TaskState::SetAside) => Some(("reconcile-reopen", "reopened")),
        (true, TaskState::Closed) | (false, _) => None,
    };
    Ok(TaskPageView {
        summary: form.summary(),
        what: kind_text(t, task.kind),
        items: items(t, &view),
        limit,
        no_limit,
        guess: !task.day_known,
        links: links(t, signed, &view),
        decisions: view.decisions.iter().map(|each| decided(t, each)).collect(),
        decide: decide.map(|(key, decision)| Decide {
            heading: t.get(key).into_owned(),
            why: form.text_area("reason", "reconcile-reason").required(),
            button: t.get(key).into_owned(),
            decision,
            version: task.version,
            action: format!("/computers/reconciliation/{id}"),
        }),
        page,
    })
}

fn items(t: Texts, view: &TaskView) -> SummaryList {
    let task = &view.task;
    let text = |key: &str| t.get(key).into_owned();
    let mut rows = vec![
        SummaryRow::new(text("computer-product"), &task.product),
        SummaryRow::new(text("computer-maker"), &task.maker),
        SummaryRow::new(text("computer-facility"), &task.facility),
    ];
    if task.field.is_some() {
        rows.push(SummaryRow::new(
            text("reconcile-difference"),
            &difference_text(t, task),
        ));
    }
    if task.kind == DiscrepancyKind::Ended
        && let Some(day) = task.after.as_deref().and_then(|text| text.parse().ok())
    {
        rows.push(SummaryRow::new(
            text("reconcile-ended-on"),
            &fmt::date(t, day),
        ));
    }
    if let Some(place) = &task.place {
        rows.push(SummaryRow::new(text("reconcile-place"), place));
    }
    rows.push(SummaryRow::new(
        text("reconcile-found"),
        &fmt::date_time(t, task.found_at),
    ));
    rows.push(SummaryRow::new(
        text("reconcile-state"),
        &state_label(t, task.state),
    ));
    SummaryList::new(t, rows)
}

/// Where the difference is settled.
fn links(t: Texts, signed: &Signed, view: &TaskView) -> Vec<Link> {
    let task = &view.task;
    let mut links = Vec::new();
    if task.state == TaskState::Closed {
        return links;
    }
    let mut add = |href: String, key: &str, solid: bool| {
        links.push(Link {
            href,
            label: t.get(key).into_owned(),
            solid,
        });
    };
    if let (Some((duty, version)), Some(computer)) = (view.file, task.computer) {
        let name = form_urlencoded(signed.current.person.name.as_str());
        let href = format!(
            "/notifications/{}/check?computer={computer}%3A{version}&contact_name={name}",
            duty.code()
        );
        add(href, "reconcile-file", true);
    }
    if let Some(computer) = task.computer {
        let differs = matches!(
            task.kind,
            DiscrepancyKind::InventoryDiffers | DiscrepancyKind::EspaDiffers
        );
        if differs && view.may_edit {
            add(
                format!("/computers/{computer}/edit"),
                "reconcile-edit",
                true,
            );
        }
        let gone = matches!(
            task.kind,
            DiscrepancyKind::InventoryMissing | DiscrepancyKind::Twice
        );
        if gone && view.may_edit {
            add(format!("/computers/{computer}/end"), "reconcile-end", true);
        }
        add(
            format!("/computers/{computer}"),
            "reconcile-computer",
            false,
        );
    }
    if let Some(other) = task.other_computer {
        add(format!("/computers/{other}"), "reconcile-other", false);
    }
    if let Some(import) = task.import {
        let solid = task.computer.is_none();
        add(
            format!("/computers/import/{import}"),
            "reconcile-import",
            solid,
        );
    }
    links
}

fn decided(t: Texts, each: &TaskDecision) -> Decided {
    let key = if each.decision == "reopened" {
        "reconcile-decided-reopened"
    } else {
        "reconcile-decided-set-aside"
    };
    Decided {
        what: t.get(key).into_owned(),
        by: each.by.clone(),
        at: fmt::Time::at(t, each.at),
        reason: each.reason.clone(),
    }
}
