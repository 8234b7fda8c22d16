//! The form of a draft as a workbook: to take away, to bring back filled, to confirm field by field.

use std::collections::BTreeMap;

use app::incidents::{Fill, Seen, Typed, WorkbookPreview};
use app::{App, AppError};
use askama::Template;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Path, Query, Request, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::CaseId;
use serde::Deserialize;

use super::files::size;
use super::words;
use crate::components::{Banner, Tone};
use crate::failure::{PageError, PageResult};
use crate::forms::{CsrfField, ErrorSummary, FieldError, FileInput, Form, FormErrors, RawForm};
use crate::page::{Page, render, render_with};
use crate::pages::filings::attachment::file;
use crate::print::workbook;
use crate::problem::WebError;
use crate::session::{Posted, Signed};
use crate::texts::Texts;

/// Media type of a workbook (ISO/IEC 29500).
pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Room for the fields around the file.
const FORM_BYTES: u64 = 1024 * 1024;

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    blank: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/incidents/workbook.html")]
struct UploadPage {
    page: Page,
    summary: ErrorSummary,
    id: CaseId,
    upload: FileInput,
    may_edit: bool,
}

struct Row {
    key: String,
    label: String,
    before: String,
    after: String,
    taken: bool,
    both: bool,
    json: String,
}

#[derive(Template)]
#[template(path = "pages/incidents/workbook_preview.html")]
struct PreviewPage {
    page: Page,
    id: CaseId,
    version: i64,
    rows: Vec<Row>,
    unreadable: Vec<(String, String, String)>,
    without_place: Vec<String>,
}

/// The workbook itself: with the draft in it, or blank.
pub(super) async fn download(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<CaseId>,
    Query(wanted): Query<Wanted>,
) -> PageResult {
    let (fill, name) = match wanted.blank {
        Some(_) => (Fill::Blank, format!("form-blank-{id}.xlsx")),
        None => (Fill::Draft, format!("form-{id}.xlsx")),
    };
    let words = workbook::words(signed.here.t);
    let octets = app.draft_workbook(signed.actor(), id, fill, &words).await?;
    file(octets, XLSX, &name)
}

/// The page on which a filled workbook is brought back.
pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<CaseId>,
) -> PageResult {
    Ok(render(
        &upload(&app, &signed, id, &FormErrors::new()).await?,
    ))
}

/// Shows what a workbook would change. Nothing is stored.
pub(super) async fn preview(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<CaseId>,
    mut request: Request,
) -> PageResult {
    if !app.view_case(signed.actor(), id).await?.may_edit {
        return Err(AppError::Forbidden.into());
    }
    let limit = app.config().documents.workbook_bytes;
    let body = usize::try_from(limit.saturating_add(FORM_BYTES)).unwrap_or(usize::MAX);
    DefaultBodyLimit::max(body).apply(&mut request);
    let Ok(multipart) = Multipart::from_request(request, &app).await else {
        return Err(WebError::of_status(StatusCode::BAD_REQUEST).into());
    };
    let content = match read(multipart).await {
        Ok((csrf, content)) => {
            signed.require_csrf(&csrf)?;
            content
        }
        Err(StatusCode::PAYLOAD_TOO_LARGE) => {
            return refused(&app, &signed, id, "workbook_too_large").await;
        }
        Err(_) => return Err(WebError::of_status(StatusCode::BAD_REQUEST).into()),
    };
    if content.is_empty() {
        return refused(&app, &signed, id, "workbook_missing").await;
    }
    let found = app
        .preview_workbook(signed.actor(), id, content, &workbook::all_words())
        .await;
    match found {
        Ok(found) => Ok(render(&previewed(&app, &signed, id, &found).await?)),
        Err(AppError::Invalid(problems)) => {
            let code = problems.first().map_or("", |problem| problem.code);
            refused(&app, &signed, id, code).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Takes over the fields that a person ticked, all of them in one step.
pub(super) async fn apply(
    State(app): State<App>,
    Path(id): Path<CaseId>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form } = posted;
    if !app.view_case(signed.actor(), id).await?.may_edit {
        return Err(AppError::Forbidden.into());
    }
    let mut fields = BTreeMap::new();
    for key in form.all("take") {
        let json = form.get(&format!("value.{key}"));
        let typed: Typed =
            serde_json::from_str(json).map_err(|_| AppError::field(key, "field.wrong_kind"))?;
        fields.insert(key.to_owned(), typed);
    }
    let version = form.get("version").parse().map_err(|_| AppError::Stale)?;
    if fields.is_empty() {
        return Ok(Redirect::to(&format!("/cases/{id}")).into_response());
    }
    let draft = app.view_draft(signed.actor(), id).await?;
    // One step or none: where anything was saved since the comparison, it is made again.
    if draft.version != version {
        return refused(&app, &signed, id, "workbook_stale").await;
    }
    let saved = app
        .save_draft(signed.actor(), id, &fields, &Seen::Version(version))
        .await?;
    if !saved.conflicts.is_empty() {
        return refused(&app, &signed, id, "workbook_stale").await;
    }
    Ok(Redirect::to(&format!("/cases/{id}")).into_response())
}

async fn read(mut multipart: Multipart) -> Result<(String, Vec<u8>), StatusCode> {
    let wrong = |error: axum::extract::multipart::MultipartError| error.status();
    let mut csrf = String::new();
    let mut content = Vec::new();
    while let Some(field) = multipart.next_field().await.map_err(wrong)? {
        match field.name().unwrap_or_default() {
            CsrfField::NAME => csrf = field.text().await.map_err(wrong)?,
            "workbook" => content = field.bytes().await.map_err(wrong)?.to_vec(),
            _ => {}
        }
    }
    Ok((csrf, content))
}

async fn refused(app: &App, signed: &Signed, id: CaseId, code: &str) -> PageResult {
    let mut errors = FormErrors::new();
    let limit = app.config().documents.workbook_bytes;
    let key = error_key(signed.here.t, code);
    errors.push(FieldError::new("workbook", "workbook-file", key).arg("limit", size(limit)));
    let view = upload(app, signed, id, &errors).await?;
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &view))
}

fn error_key(t: Texts, code: &str) -> String {
    let key = format!("workbook-error-{}", code.replace(['_', '.'], "-"));
    if t.find(&key).is_some() {
        key
    } else {
        "workbook-error-workbook-unreadable".to_owned()
    }
}

async fn upload(
    app: &App,
    signed: &Signed,
    id: CaseId,
    errors: &FormErrors,
) -> Result<UploadPage, PageError> {
    let t = signed.here.t;
    let case = app.view_case(signed.actor(), id).await?;
    // A case in which nothing is filed any more has no draft.
    app.view_draft(signed.actor(), id).await?;
    let raw = RawForm::empty();
    let form = Form::new(t, &raw, errors);
    let limit = size(app.config().documents.workbook_bytes);
    Ok(UploadPage {
        page: signed
            .page("workbook-title")
            .crumb("/cases", t.get("cases-title"))
            .crumb(format!("/cases/{id}"), case.case.parts().title.as_str())
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        id,
        upload: form.file("workbook", "workbook-file").hint_text(t.with(
            "workbook-file-hint",
            "limit",
            limit,
        )),
        may_edit: case.may_edit,
    })
}

async fn previewed(
    app: &App,
    signed: &Signed,
    id: CaseId,
    found: &WorkbookPreview,
) -> Result<PreviewPage, PageError> {
    let t = signed.here.t;
    let case = app.view_case(signed.actor(), id).await?;
    let mut page = signed
        .page("workbook-preview-title")
        .crumb("/cases", t.get("cases-title"))
        .crumb(format!("/cases/{id}"), case.case.parts().title.as_str())
        .crumb(format!("/cases/{id}/workbook"), t.get("workbook-title"));
    if !found.of_this_case {
        let banner = Banner::new(t, Tone::Warning, t.get("workbook-other-case"));
        page = page.notice(banner.text(t.get("workbook-other-case-text")));
    }
    if let Some(version) = &found.older_form {
        let banner = Banner::new(
            t,
            Tone::Warning,
            t.with("workbook-older-form", "version", version),
        );
        page = page.notice(banner);
    }
    let book = app.rules();
    let rows = found
        .changes
        .iter()
        .map(|change| Row {
            key: change.field.key.clone(),
            label: words::label(t, change.field),
            before: words::typed(t, book, change.field, &change.before),
            after: words::typed(t, book, change.field, &change.after),
            taken: !change.both && !change.after.is_empty(),
            both: change.both,
            json: serde_json::to_string(&change.after).unwrap_or_default(),
        })
        .collect();
    Ok(PreviewPage {
        page,
        id,
        version: found.version,
        rows,
        unreadable: found
            .unreadable
            .iter()
            .map(|cell| {
                let key = words::error_key(t, cell.code);
                let label = words::label(t, cell.field);
                let key = t.find(&error_key_of_cell(cell.code)).map_or_else(
                    || reason(t, cell.field, key.as_ref()),
                    std::borrow::Cow::into_owned,
                );
                (cell.cell.clone(), label, key)
            })
            .collect(),
        without_place: found
            .without_place
            .iter()
            .map(|field| words::label(t, field))
            .collect(),
    })
}

fn error_key_of_cell(code: &str) -> String {
    format!("workbook-cell-{}", code.replace(['_', '.'], "-"))
}

fn reason(t: Texts, field: &formats::forms::Field, key: &str) -> String {
    FieldError::new(&field.key, words::label(t, field), key.to_owned())
        .arg("max", field.max_chars.to_string())
        .text(t)
}

/// What was filed, as a workbook that is not to be changed.
pub(crate) async fn filed(
    app: &App,
    t: Texts,
    body: &formats::filing::Body,
    number: &str,
) -> Result<Vec<u8>, AppError> {
    if let formats::filing::Body::Notification(notification) = body {
        let words = workbook::of_computers(t);
        return app
            .filed_notification_workbook(notification, number, &words)
            .await;
    }
    let report = body.report().ok_or(AppError::NotFound)?;
    let form = crate::pages::filings::document::form_of(body).ok_or(AppError::NotFound)?;
    app.report_workbook(
        form,
        report.form,
        &report.answers,
        number,
        &workbook::words(t),
    )
    .await
}
