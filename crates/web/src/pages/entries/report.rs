use std::collections::BTreeMap;

use app::entries::EntryDraftView;
use app::incidents::Section;
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::EntryId;
use statute::ItemNeed;

use super::words;
use crate::components::{SummaryList, SummaryRow};
use crate::failure::{PageError, PageResult};
use crate::fmt;
use crate::forms::{ErrorSummary, FormErrors, RawForm};
use crate::frame::named;
use crate::page::{Page, render, render_with};
use crate::pages::incidents::item::{Control, controls, errors_of};
use crate::pages::incidents::typed;
use crate::session::{Posted, Signed};
use crate::texts::Texts;

/// One of the seven items with its controls.
struct Item {
    title: String,
    /// Asked for on the telephone; the others are open to whoever has more.
    needed: bool,
    controls: Vec<Control>,
}

#[derive(Template)]
#[template(path = "pages/entries/report.html")]
struct ReportPage {
    page: Page,
    summary: ErrorSummary,
    id: EntryId,
    version: i64,
    facts: SummaryList,
    items: Vec<Item>,
    files: usize,
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<EntryId>,
) -> PageResult {
    let entry = app.view_entry(signed.actor(), id).await?;
    let mut raw = RawForm::empty();
    for field in fields(&entry) {
        typed::show(&mut raw, field.field, &field.typed);
    }
    let errors = unreadable(signed.here.t, &entry);
    Ok(render(&view(&app, &signed, &entry, &raw, &errors).await?))
}

pub(super) async fn save(
    State(app): State<App>,
    Path(id): Path<EntryId>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form: raw } = posted;
    let entry = app.view_entry(signed.actor(), id).await?;
    let answers: BTreeMap<_, _> = fields(&entry)
        .map(|field| (field.field.key.clone(), typed::read(&raw, field.field)))
        .collect();
    let version = raw.get("version").parse().unwrap_or(0);
    match app.save_entry(signed.actor(), id, &answers, version).await {
        Ok(()) => {}
        Err(AppError::Stale) => {
            let mut errors = FormErrors::new();
            errors.add("", "entry-report-title", "entry-error-stale");
            let page = view(&app, &signed, &entry, &raw, &errors).await?;
            return Ok(render_with(StatusCode::CONFLICT, &page));
        }
        Err(other) => return Err(other.into()),
    }
    let entry = app.view_entry(signed.actor(), id).await?;
    let errors = unreadable(signed.here.t, &entry);
    if !errors.is_empty() {
        let page = view(&app, &signed, &entry, &raw, &errors).await?;
        return Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page));
    }
    let to = match raw.get("then") {
        "check" => format!("/desk/entries/{id}/check"),
        "files" => format!("/desk/entries/{id}/files"),
        "facts" => format!("/desk/entries/{id}/facts"),
        _ => format!("/desk/entries/{id}"),
    };
    Ok(Redirect::to(&to).into_response())
}

fn fields(entry: &EntryDraftView) -> impl Iterator<Item = &app::incidents::SectionField> {
    entry
        .sections
        .iter()
        .flat_map(|section| section.fields.iter())
}

/// What was typed and cannot be read; what is missing is said where it is filed.
fn unreadable(t: Texts, entry: &EntryDraftView) -> FormErrors {
    let mut all = FormErrors::new();
    for section in &entry.sections {
        all.extend(&errors_of(t, section, |field| field.problem));
    }
    all
}

async fn view(
    app: &App,
    signed: &Signed,
    entry: &EntryDraftView,
    raw: &RawForm,
    errors: &FormErrors,
) -> Result<ReportPage, PageError> {
    let t = signed.here.t;
    let mut items = Vec::new();
    for section in &entry.sections {
        items.push(Item {
            title: title(t, section),
            needed: section.need != ItemNeed::AsKnown,
            controls: controls(app, signed, section, raw, errors).await?,
        });
    }
    Ok(ReportPage {
        page: signed
            .page_titled(entry.facts.title.as_str())
            .crumb("/desk", t.get("desk-title"))
            .crumb("/desk/entries", t.get("entries-title"))
            .with_errors(!errors.is_empty()),
        summary: ErrorSummary::new(t, errors),
        id: entry.id,
        version: entry.draft.version,
        facts: facts(t, entry),
        items,
        files: entry.draft.attachments.len(),
    })
}

pub(super) fn title(t: Texts, section: &Section) -> String {
    let title = named(t, &section.title_ja, &section.title_en);
    t.with2("cases-item", "number", section.item, "title", title)
        .into_owned()
}

/// What was noted of the call, as a list.
pub(super) fn facts(t: Texts, entry: &EntryDraftView) -> SummaryList {
    let facts = &entry.facts;
    let row = |key: &str, text: &str| SummaryRow::new(t.get(key), text);
    let caller = format!(
        "{} {} {}",
        facts.caller.department, facts.caller.name, facts.caller.phone
    );
    let operator = named(t, &entry.operator.name_ja, &entry.operator.name_en);
    let told = format!(
        "{} {}",
        fmt::date_time(t, facts.received_at),
        words::way(t, facts.way)
    );
    SummaryList::new(
        t,
        vec![
            row("entry-operator", &operator),
            row("entry-received-at", &told),
            row("entry-caller", caller.trim()),
            row("entry-identified", &words::identified(t, facts.identified)),
            row("cases-aware-at", &fmt::date_time(t, facts.aware_at)),
            row(
                "cases-event",
                &crate::pages::incidents::words::event(t, facts.event),
            ),
        ],
    )
}
