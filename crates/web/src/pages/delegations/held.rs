use std::collections::BTreeMap;

use app::delegations::{DelegatedItem, Held};
use app::incidents::Seen;
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use formats::forms::{Field, FormKind};
use http::StatusCode;
use ids::DelegationId;

use super::give::until;
use crate::components::{Task, TaskList, TaskState};
use crate::failure::{PageError, PageResult};
use crate::forms::{ErrorSummary, FormErrors, RawForm};
use crate::frame::named;
use crate::page::{Page, render, render_with};
use crate::pages::incidents::item::{Control, controls, errors_of};
use crate::pages::incidents::{typed, words};
use crate::session::{Posted, Signed};
use crate::texts::Texts;

struct Card {
    href: String,
    operator: String,
    reason: String,
    until: String,
}

#[derive(Template)]
#[template(path = "pages/delegations/held.html")]
struct HeldPage {
    page: Page,
    cards: Vec<Card>,
}

#[derive(Template)]
#[template(path = "pages/delegations/one.html")]
struct OnePage {
    page: Page,
    card: Card,
    tasks: TaskList,
}

#[derive(Template)]
#[template(path = "pages/delegations/item.html")]
struct ItemPage {
    page: Page,
    summary: ErrorSummary,
    id: DelegationId,
    item: u8,
    note: String,
    controls: Vec<Control>,
    token: String,
    may_fill: bool,
    answers: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "pages/delegations/over.html")]
struct OverPage {
    page: Page,
    text: String,
    typed: Vec<(String, String)>,
}

/// What the reader holds.
pub(super) async fn list(State(app): State<App>, signed: Signed) -> PageResult {
    let t = signed.here.t;
    let held = app.held_delegations(signed.actor()).await?;
    Ok(render(&HeldPage {
        page: signed.page("delegated-title"),
        cards: held.iter().map(|held| card(t, held)).collect(),
    }))
}

fn card(t: Texts, held: &Held) -> Card {
    Card {
        href: format!("/delegated/{}", held.record.id),
        operator: named(t, &held.operator.0, &held.operator.1),
        reason: held.record.reason.clone(),
        until: until(t, held.record.until),
    }
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<DelegationId>,
) -> PageResult {
    let t = signed.here.t;
    let held = app.held_delegation(signed.actor(), id).await?;
    let tasks = held
        .record
        .sections
        .iter()
        .map(|item| {
            let label = t.get(&format!("document-item-{item}")).into_owned();
            Task::new(
                label,
                format!("/delegated/{id}/items/{item}"),
                TaskState::NotBegun,
            )
        })
        .collect();
    Ok(render(&OnePage {
        page: signed
            .page_titled(held.record.reason.as_str())
            .crumb("/delegated", t.get("delegated-title")),
        card: card(t, &held),
        tasks: TaskList::new(t, tasks),
    }))
}

pub(super) async fn item(
    State(app): State<App>,
    signed: Signed,
    Path((id, item)): Path<(DelegationId, u8)>,
) -> PageResult {
    let delegated = app.view_delegated(signed.actor(), id, item).await?;
    let mut raw = RawForm::empty();
    for field in &delegated.section.fields {
        typed::show(&mut raw, field.field, &field.typed);
    }
    let errors = errors_of(signed.here.t, &delegated.section, |field| field.problem);
    Ok(render(
        &page(&app, &signed, &delegated, &raw, &errors).await?,
    ))
}

/// Saves the item. When the delegation ended meanwhile nothing is stored, and what was typed is shown back.
pub(super) async fn save(
    State(app): State<App>,
    Path((id, item)): Path<(DelegationId, u8)>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form: raw } = posted;
    let t = signed.here.t;
    let fields = match app.delegated_fields(signed.actor(), id, item).await {
        Ok(fields) => fields,
        Err(AppError::Conflict("delegation_over")) => return Ok(over(&signed, &raw)),
        Err(other) => return Err(other.into()),
    };
    let (sent, seen) = read(&raw, &fields);
    let saved = match app
        .save_delegated(signed.actor(), id, item, &sent, &seen)
        .await
    {
        Ok(saved) => saved,
        Err(AppError::Conflict("delegation_over")) => return Ok(over(&signed, &raw)),
        Err(other) => return Err(other.into()),
    };
    let delegated = app.view_delegated(signed.actor(), id, item).await?;
    let mut errors = errors_of(t, &delegated.section, |field| field.problem);
    for conflict in &saved.conflicts {
        if let Some(field) = fields.iter().find(|field| field.key == conflict.field) {
            let theirs = words::typed(t, app.rules(), field, &conflict.theirs);
            let label = words::label(t, field);
            errors.push(
                crate::forms::FieldError::new(&field.key, label, "delegated-conflict")
                    .arg("theirs", theirs),
            );
        }
    }
    if errors.is_empty() {
        return Ok(Redirect::to(&format!("/delegated/{id}")).into_response());
    }
    let page = page(&app, &signed, &delegated, &raw, &errors).await?;
    let status = if saved.conflicts.is_empty() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::CONFLICT
    };
    Ok(render_with(status, &page))
}

fn read(
    raw: &RawForm,
    fields: &[&'static Field],
) -> (BTreeMap<String, app::incidents::Typed>, Seen) {
    let mut sent = BTreeMap::new();
    let mut marks = BTreeMap::new();
    for field in fields {
        sent.insert(field.key.clone(), typed::read(raw, field));
        let mark = raw.get(&format!("mark.{}", field.key));
        if !mark.is_empty() {
            marks.insert(field.key.clone(), mark.to_owned());
        }
    }
    let seen = Seen::Page {
        token: raw.get("page").to_owned(),
        marks,
    };
    (sent, seen)
}

/// What was typed, to be copied; it is kept nowhere.
fn over(signed: &Signed, raw: &RawForm) -> Response {
    let t = signed.here.t;
    let page = OverPage {
        page: signed.page("delegated-over-title"),
        text: t.get("delegated-over-text").into_owned(),
        typed: answers(t, raw),
    };
    render_with(StatusCode::CONFLICT, &page)
}

/// The answers of a form that is known no more, each under the words of its question; the parts of one answer stand together.
fn answers(t: Texts, raw: &RawForm) -> Vec<(String, String)> {
    let form = formats::forms::current(FormKind::Incident).ok();
    let mut answers: Vec<(&str, String)> = Vec::new();
    for (name, value) in raw.answers() {
        let (key, part) = name.split_once('.').unwrap_or((name, ""));
        let own = matches!(key, "mark" | "page") || part == "state";
        if own || value.trim().is_empty() {
            continue;
        }
        match answers.last_mut().filter(|(last, _)| *last == key) {
            Some((_, text)) => {
                text.push(' ');
                text.push_str(value);
            }
            None => answers.push((key, value.to_owned())),
        }
    }
    answers
        .into_iter()
        .map(|(key, text)| {
            let field = form.and_then(|form| form.field(key));
            let label = field.map_or_else(|| key.to_owned(), |field| words::label(t, field));
            (label, text)
        })
        .collect()
}

async fn page(
    app: &App,
    signed: &Signed,
    delegated: &DelegatedItem,
    raw: &RawForm,
    errors: &FormErrors,
) -> Result<ItemPage, PageError> {
    let t = signed.here.t;
    let section = &delegated.section;
    let id = delegated.held.record.id;
    let title = named(t, &section.title_ja, &section.title_en);
    let heading = t.with2("cases-item", "number", section.item, "title", title);
    Ok(ItemPage {
        page: signed
            .page_titled(heading)
            .crumb("/delegated", t.get("delegated-title"))
            .crumb(
                format!("/delegated/{id}"),
                delegated.held.record.reason.as_str(),
            )
            .with_errors(!errors.is_empty()),
        summary: ErrorSummary::new(t, errors),
        id,
        item: section.item,
        note: t
            .with(
                "delegated-note",
                "operator",
                named(t, &delegated.held.operator.0, &delegated.held.operator.1),
            )
            .into_owned(),
        controls: controls(app, signed, section, raw, errors).await?,
        token: crate::pages::incidents::new::page_token(app),
        may_fill: delegated.may_fill,
        answers: section
            .fields
            .iter()
            .map(|field| {
                let text = words::typed(t, app.rules(), field.field, &field.typed);
                (words::label(t, field.field), text)
            })
            .collect(),
    })
}
