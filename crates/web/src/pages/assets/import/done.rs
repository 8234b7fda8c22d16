//! Confirming an import, and what came of it.

use app::assets::ContactInput;
use app::assets::import::{ImportCounts, ImportView, StepBegun};
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::ImportId;
use policy::Action;

use super::progress::{goes_on, outcome, progress};
use super::words::{remarks, state_badge, state_label, steps};
use crate::components::{Banner, StatusBadge, Steps, SummaryList, SummaryRow, Tone};
use crate::failure::{PageError, PageResult, field_key};
use crate::forms::{
    ErrorSummary, FieldError, Form, FormErrors, InputKind, RawForm, TextInput, Width,
};
use crate::page::{Page, render, render_with};
use crate::session::{Posted, Signed};
use crate::texts::Texts;

/// Rows that stay behind and are listed on the page; the error sheet has all of them.
const LISTED: usize = 100;

struct Left {
    place: String,
    name: String,
    state: StatusBadge,
    remarks: Vec<String>,
}

struct LeftBehind {
    rows: Vec<Left>,
    more: Option<String>,
    files: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "pages/assets/import/confirm.html")]
struct ConfirmPage {
    page: Page,
    steps: Steps,
    id: ImportId,
    version: i64,
    summary: SummaryList,
    left: LeftBehind,
    may_edit: bool,
    button: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/assets/import/done.html")]
struct DonePage {
    page: Page,
    errors: ErrorSummary,
    steps: Steps,
    id: ImportId,
    summary: SummaryList,
    left: LeftBehind,
    receipt: Option<String>,
    contact: Vec<TextInput>,
    may_file: bool,
    to_file: bool,
    registered: bool,
}

pub(super) async fn confirm(
    State(app): State<App>,
    Path(id): Path<ImportId>,
    signed: Signed,
) -> PageResult {
    let import = app.view_import(signed.actor(), id).await?;
    if goes_on(&app, &signed, id).await? {
        return Ok(Redirect::to(&progress(id)).into_response());
    }
    if import.head.phase != "open" {
        return Ok(Redirect::to(&format!("/computers/import/{id}/done")).into_response());
    }
    Ok(render(&confirm_page(&app, &signed, &import).await?))
}

async fn confirm_page(
    app: &App,
    signed: &Signed,
    import: &ImportView,
) -> Result<ConfirmPage, PageError> {
    let t = signed.here.t;
    let accepted = import.counts.accepted();
    Ok(ConfirmPage {
        page: signed
            .page("import-confirm-title")
            .crumb("/computers", t.get("computers-title"))
            .crumb("/computers/import", t.get("import-title"))
            .crumb(
                format!("/computers/import/{}", import.head.id),
                t.get("import-review-title"),
            ),
        steps: steps(t, 4),
        id: import.head.id,
        version: import.head.version,
        summary: summary(t, &import.counts),
        left: left_behind(app, signed, import).await?,
        may_edit: import.may_edit,
        button: (0 < accepted).then(|| t.with("import-register", "count", accepted).into_owned()),
    })
}

pub(super) async fn register(
    State(app): State<App>,
    Path(id): Path<ImportId>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form: raw } = posted;
    app.view_import(signed.actor(), id).await?;
    signed.must_be_allowed(&app, Action::EditRegister, &signed.own_register())?;
    let version = raw.get("version").parse().unwrap_or(0);
    let done = format!("/computers/import/{id}/done");
    match app.begin_register_import(signed.actor(), id, version).await {
        Ok(StepBegun::GoesOn) => Ok(Redirect::to(&progress(id)).into_response()),
        // Sent twice, it is done once.
        Ok(StepBegun::Done) | Err(AppError::Conflict("import_closed")) => {
            Ok(Redirect::to(&done).into_response())
        }
        Err(AppError::Stale | AppError::Conflict("import_nothing_ready")) => {
            let t = signed.here.t;
            let import = app.view_import(signed.actor(), id).await?;
            let mut page = confirm_page(&app, &signed, &import).await?;
            page.page = page.page.notice(
                Banner::new(t, Tone::Error, t.get("import-stale-title"))
                    .text(t.get("import-stale-text")),
            );
            Ok(render_with(StatusCode::CONFLICT, &page))
        }
        Err(other) => Err(PageError::from(other)),
    }
}

pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<ImportId>,
    signed: Signed,
) -> PageResult {
    let mut raw = RawForm::empty();
    raw.push("contact_name", signed.current.person.name.as_str());
    let import = app.view_import(signed.actor(), id).await?;
    if goes_on(&app, &signed, id).await? {
        return Ok(Redirect::to(&progress(id)).into_response());
    }
    if import.head.phase == "open" {
        return Ok(Redirect::to(&format!("/computers/import/{id}")).into_response());
    }
    let page = done_page(&app, &signed, &import, &raw, &FormErrors::new()).await?;
    Ok(render(&page))
}

pub(super) async fn file(
    State(app): State<App>,
    Path(id): Path<ImportId>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form: raw } = posted;
    let import = app.view_import(signed.actor(), id).await?;
    signed.must_be_allowed(&app, Action::FileNotification, &signed.own_register())?;
    let contact = ContactInput {
        department: raw.get("contact_department").to_owned(),
        name: raw.get("contact_name").to_owned(),
        phone: raw.get("contact_phone").to_owned(),
        mail: raw.get("contact_mail").to_owned(),
    };
    match app.begin_file_import(signed.actor(), id, contact).await {
        Ok(StepBegun::GoesOn) => Ok(Redirect::to(&progress(id)).into_response()),
        Ok(StepBegun::Done) => {
            let import = app.view_import(signed.actor(), id).await?;
            Ok(Redirect::to(&outcome(&import.head)).into_response())
        }
        Err(AppError::StepUpRequired) => Err(PageError::from(AppError::StepUpRequired)
            .back_to(format!("/computers/import/{id}/done"))),
        Err(AppError::Invalid(problems)) => {
            let mut errors = FormErrors::new();
            for problem in &problems {
                let label = match problem.field.as_str() {
                    "contact_department" => "contact-department",
                    "contact_phone" => "contact-phone",
                    "contact_mail" => "contact-mail",
                    _ => "contact-name",
                };
                errors.push(FieldError::new(
                    &problem.field,
                    label,
                    field_key(problem.code),
                ));
            }
            let page = done_page(&app, &signed, &import, &raw, &errors).await?;
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(other) => Err(PageError::from(other)),
    }
}

pub(super) async fn give_up(
    State(app): State<App>,
    Path(id): Path<ImportId>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form: raw } = posted;
    app.view_import(signed.actor(), id).await?;
    signed.must_be_allowed(&app, Action::EditRegister, &signed.own_register())?;
    let version = raw.get("version").parse().unwrap_or(0);
    app.drop_import(signed.actor(), id, version).await?;
    Ok(Redirect::to("/computers/import").into_response())
}

async fn done_page(
    app: &App,
    signed: &Signed,
    import: &ImportView,
    raw: &RawForm,
    errors: &FormErrors,
) -> Result<DonePage, PageError> {
    let t = signed.here.t;
    let form = Form::new(t, raw, errors);
    let phase = import.head.phase.as_str();
    Ok(DonePage {
        page: signed
            .page("import-done-title")
            .crumb("/computers", t.get("computers-title"))
            .crumb("/computers/import", t.get("import-title"))
            .with_errors(!errors.is_empty()),
        errors: form.summary(),
        steps: steps(t, 5),
        id: import.head.id,
        summary: summary(t, &import.counts),
        left: left_behind(app, signed, import).await?,
        receipt: import
            .head
            .filing
            .map(|filing| format!("/filings/{filing}/receipt")),
        contact: vec![
            form.text("contact_department", "contact-department")
                .width(Width::M),
            form.text("contact_name", "contact-name").width(Width::M),
            form.text("contact_phone", "contact-phone")
                .kind(InputKind::Tel)
                .width(Width::S),
            form.text("contact_mail", "contact-mail")
                .kind(InputKind::Email)
                .width(Width::M),
        ],
        may_file: import.may_file,
        to_file: phase == "registered",
        registered: phase != "dropped",
    })
}

fn summary(t: Texts, counts: &ImportCounts) -> SummaryList {
    use app::assets::import::RowState;

    let rows = RowState::ALL
        .into_iter()
        .filter(|state| 0 < counts.of(*state))
        .map(|state| {
            let count = t.with("import-rows", "count", counts.of(state));
            SummaryRow::new(state_label(t, state), &count)
        })
        .collect();
    SummaryList::new(t, rows)
}

async fn left_behind(
    app: &App,
    signed: &Signed,
    import: &ImportView,
) -> Result<LeftBehind, PageError> {
    let t = signed.here.t;
    let id = import.head.id;
    let rows = app.import_left_behind(signed.actor(), id).await?;
    let more = rows.len().checked_sub(LISTED).filter(|more| 0 < *more);
    let files = if rows.is_empty() {
        Vec::new()
    } else {
        import
            .sheets
            .iter()
            .map(|(place, name)| {
                (
                    format!("/computers/import/{id}/errors/{place}"),
                    name.clone(),
                )
            })
            .collect()
    };
    Ok(LeftBehind {
        rows: rows
            .iter()
            .take(LISTED)
            .map(|row| {
                let file = import
                    .sheets
                    .iter()
                    .find(|(place, _)| *place == row.key.0)
                    .map_or("", |(_, name)| name.as_str());
                let (product, maker) = (&row.found.product, &row.found.maker);
                Left {
                    place: t
                        .with2("import-place", "file", file, "place", row.place.as_str())
                        .into_owned(),
                    name: format!("{product} {maker}").trim().to_owned(),
                    state: state_badge(t, row.state),
                    remarks: remarks(t, row),
                }
            })
            .collect(),
        more: more.map(|more| t.with("import-left-more", "count", more).into_owned()),
        files,
    })
}
