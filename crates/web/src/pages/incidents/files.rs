use app::filing::AttachmentUpload;
use app::{App, AppError};
use askama::Template;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Path, Request, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::{CaseId, Digest};

use super::words;
use crate::failure::{PageError, PageResult};
use crate::forms::{CsrfField, ErrorSummary, FileInput, Form, FormErrors, RawForm};
use crate::page::{Page, render, render_with};
use crate::problem::WebError;
use crate::session::{Posted, Signed};

/// Room for the fields around the file.
const FORM_BYTES: u64 = 1024 * 1024;

struct FileRow {
    name: String,
    size: String,
    media_type: String,
    digest: String,
}

#[derive(Template)]
#[template(path = "pages/incidents/files.html")]
struct FilesPage {
    page: Page,
    summary: ErrorSummary,
    id: CaseId,
    files: Vec<FileRow>,
    upload: FileInput,
    may_edit: bool,
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<CaseId>,
) -> PageResult {
    Ok(render(&view(&app, &signed, id, &FormErrors::new()).await?))
}

pub(super) async fn attach(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<CaseId>,
    request: Request,
) -> PageResult {
    if !app.view_case(signed.actor(), id).await?.may_edit {
        return Err(AppError::Forbidden.into());
    }
    let uploads = match receive(&app, request).await {
        Ok((csrf, uploads)) => {
            signed.require_csrf(&csrf)?;
            uploads
        }
        Err(Refused::TooLarge) => return refused(&app, &signed, id, "attachment_too_large").await,
        Err(Refused::Broken) => return Err(WebError::of_status(StatusCode::BAD_REQUEST).into()),
    };
    if uploads.is_empty() {
        return refused(&app, &signed, id, "attachment_missing").await;
    }
    for (name, upload) in uploads {
        let done = app.attach_to_draft(signed.actor(), id, &name, upload).await;
        match done {
            Ok(_) => {}
            Err(AppError::Invalid(problems)) => {
                let code = problems.first().map_or("", |problem| problem.code);
                return refused(&app, &signed, id, code).await;
            }
            Err(AppError::TooLarge(code)) => return refused(&app, &signed, id, code).await,
            Err(other) => return Err(other.into()),
        }
    }
    Ok(Redirect::to(&format!("/cases/{id}/files")).into_response())
}

pub(super) async fn detach(
    State(app): State<App>,
    Path((id, digest)): Path<(CaseId, Digest)>,
    posted: Posted,
) -> PageResult {
    app.detach_from_draft(posted.signed.actor(), id, digest)
        .await?;
    Ok(Redirect::to(&format!("/cases/{id}/files")).into_response())
}

/// Why an upload could not be read.
pub(in crate::pages) enum Refused {
    TooLarge,
    Broken,
}

pub(in crate::pages) type Uploads = Vec<(String, AttachmentUpload)>;

/// Takes the files of a form, and the token of its page.
pub(in crate::pages) async fn receive(
    app: &App,
    mut request: Request,
) -> Result<(String, Uploads), Refused> {
    // One file of the largest size, and room for the form around it.
    let limit = app
        .config()
        .limits
        .attachment_bytes
        .saturating_add(FORM_BYTES);
    DefaultBodyLimit::max(usize::try_from(limit).unwrap_or(usize::MAX)).apply(&mut request);
    match Multipart::from_request(request, app).await {
        Ok(multipart) => read(multipart).await,
        Err(_) => Err(Refused::Broken),
    }
}

async fn read(mut multipart: Multipart) -> Result<(String, Uploads), Refused> {
    let wrong = |error: axum::extract::multipart::MultipartError| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Refused::TooLarge
        } else {
            Refused::Broken
        }
    };
    let mut csrf = String::new();
    let mut uploads = Vec::new();
    while let Some(field) = multipart.next_field().await.map_err(wrong)? {
        match field.name().unwrap_or_default() {
            CsrfField::NAME => csrf = field.text().await.map_err(wrong)?,
            "attachment" => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let claimed_type = field.content_type().map(str::to_owned);
                let content = field.bytes().await.map_err(wrong)?.to_vec();
                // A browser sends one empty part when no file was chosen.
                if !name.is_empty() || !content.is_empty() {
                    let upload = AttachmentUpload {
                        content,
                        claimed_type,
                    };
                    uploads.push((name, upload));
                }
            }
            _ => {}
        }
    }
    Ok((csrf, uploads))
}

async fn refused(app: &App, signed: &Signed, id: CaseId, code: &str) -> PageResult {
    let t = signed.here.t;
    let mut errors = FormErrors::new();
    let key = words::error_key(t, code);
    let limit = app.config().limits.attachment_bytes;
    let error = crate::forms::FieldError::new("attachment", "cases-file", key)
        .arg("limit", size(limit))
        .arg(
            "count",
            app.config().limits.attachments_per_filing.to_string(),
        );
    errors.push(error);
    let view = view(app, signed, id, &errors).await?;
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &view))
}

async fn view(
    app: &App,
    signed: &Signed,
    id: CaseId,
    errors: &FormErrors,
) -> Result<FilesPage, PageError> {
    let t = signed.here.t;
    let case = app.view_case(signed.actor(), id).await?;
    let draft = app.view_draft(signed.actor(), id).await?;
    let raw = RawForm::empty();
    let form = Form::new(t, &raw, errors);
    let limit = size(app.config().limits.attachment_bytes);
    let count = app.config().limits.attachments_per_filing;
    Ok(FilesPage {
        page: signed
            .page("cases-files-title")
            .crumb("/cases", t.get("cases-title"))
            .crumb(format!("/cases/{id}"), case.case.parts().title.as_str())
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        id,
        files: draft
            .attachments
            .iter()
            .map(|file| FileRow {
                name: file.file_name.clone(),
                size: size(file.size),
                media_type: file.media_type.clone(),
                digest: file.digest.to_string(),
            })
            .collect(),
        upload: form.file("attachment", "cases-file").hint_text(t.with2(
            "cases-file-hint",
            "limit",
            limit,
            "count",
            count,
        )),

        may_edit: case.may_edit,
    })
}

/// Octets in words; one place after the point.
pub(in crate::pages) fn size(octets: u64) -> String {
    const KIB: u64 = 1024;
    const MIB: u64 = 1024 * 1024;
    let tenths = |unit: u64| {
        let whole = octets.checked_div(unit).unwrap_or(0);
        let rest = octets.checked_rem(unit).unwrap_or(0);
        let tenth = rest.saturating_mul(10).checked_div(unit).unwrap_or(0);
        format!("{whole}.{tenth}")
    };
    if octets < KIB {
        format!("{octets} B")
    } else if octets < MIB {
        format!("{} KB", tenths(KIB))
    } else {
        format!("{} MB", tenths(MIB))
    }
}
