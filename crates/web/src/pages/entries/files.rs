use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::{Digest, EntryId};

use crate::failure::{PageError, PageResult};
use crate::forms::{ErrorSummary, FieldError, FileInput, Form, FormErrors, RawForm};
use crate::page::{Page, render, render_with};
use crate::pages::incidents::files::{Refused, receive, size};
use crate::pages::incidents::words;
use crate::problem::WebError;
use crate::session::{Posted, Signed};

struct FileRow {
    name: String,
    size: String,
    digest: String,
}

#[derive(Template)]
#[template(path = "pages/entries/files.html")]
struct FilesPage {
    page: Page,
    summary: ErrorSummary,
    id: EntryId,
    files: Vec<FileRow>,
    upload: FileInput,
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<EntryId>,
) -> PageResult {
    Ok(render(&view(&app, &signed, id, &FormErrors::new()).await?))
}

pub(super) async fn attach(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<EntryId>,
    request: Request,
) -> PageResult {
    drop(app.view_entry(signed.actor(), id).await?);
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
        match app.attach_to_entry(signed.actor(), id, &name, upload).await {
            Ok(()) => {}
            Err(AppError::Invalid(problems)) => {
                let code = problems.first().map_or("", |problem| problem.code);
                return refused(&app, &signed, id, code).await;
            }
            Err(AppError::TooLarge(code)) => return refused(&app, &signed, id, code).await,
            Err(other) => return Err(other.into()),
        }
    }
    Ok(Redirect::to(&format!("/desk/entries/{id}/files")).into_response())
}

pub(super) async fn detach(
    State(app): State<App>,
    Path((id, digest)): Path<(EntryId, Digest)>,
    posted: Posted,
) -> PageResult {
    app.detach_from_entry(posted.signed.actor(), id, digest)
        .await?;
    Ok(Redirect::to(&format!("/desk/entries/{id}/files")).into_response())
}

async fn refused(app: &App, signed: &Signed, id: EntryId, code: &str) -> PageResult {
    let t = signed.here.t;
    let limits = &app.config().limits;
    let mut errors = FormErrors::new();
    errors.push(
        FieldError::new("attachment", "cases-file", words::error_key(t, code))
            .arg("limit", size(limits.attachment_bytes))
            .arg("count", limits.attachments_per_filing.to_string()),
    );
    let view = view(app, signed, id, &errors).await?;
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &view))
}

async fn view(
    app: &App,
    signed: &Signed,
    id: EntryId,
    errors: &FormErrors,
) -> Result<FilesPage, PageError> {
    let t = signed.here.t;
    let entry = app.view_entry(signed.actor(), id).await?;
    let limits = &app.config().limits;
    let raw = RawForm::empty();
    let form = Form::new(t, &raw, errors);
    Ok(FilesPage {
        page: signed
            .page("cases-files-title")
            .crumb("/desk", t.get("desk-title"))
            .crumb("/desk/entries", t.get("entries-title"))
            .crumb(format!("/desk/entries/{id}"), entry.facts.title.as_str())
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        id,
        files: entry
            .draft
            .attachments
            .iter()
            .map(|file| FileRow {
                name: file.file_name.clone(),
                size: size(file.size),
                digest: file.digest.to_string(),
            })
            .collect(),
        upload: form.file("attachment", "cases-file").hint_text(t.with2(
            "cases-file-hint",
            "limit",
            size(limits.attachment_bytes),
            "count",
            limits.attachments_per_filing,
        )),
    })
}
