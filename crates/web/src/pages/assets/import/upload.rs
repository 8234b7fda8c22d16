//! Files of an import.

use app::assets::import::UploadedFile;
use app::{App, AppError};
use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Path, Request, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::ImportId;
use policy::Action;

use super::list;
use crate::failure::{PageError, PageResult, field_key};
use crate::forms::{CsrfField, FieldError, FormErrors};
use crate::page::render_with;
use crate::problem::WebError;
use crate::session::Signed;

/// Octets of one request with all its files.
const MOST_OCTETS: usize = 96 * 1024 * 1024;

pub(super) async fn begin(State(app): State<App>, signed: Signed, request: Request) -> PageResult {
    signed.must_be_allowed(&app, Action::EditRegister, &signed.own_register())?;
    take(&app, &signed, None, request).await
}

pub(super) async fn add(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<ImportId>,
    request: Request,
) -> PageResult {
    app.view_import(signed.actor(), id).await?;
    signed.must_be_allowed(&app, Action::EditRegister, &signed.own_register())?;
    take(&app, &signed, Some(id), request).await
}

async fn take(
    app: &App,
    signed: &Signed,
    into: Option<ImportId>,
    mut request: Request,
) -> PageResult {
    DefaultBodyLimit::max(MOST_OCTETS).apply(&mut request);
    let Ok(multipart) = Multipart::from_request(request, app).await else {
        return Err(WebError::of_status(StatusCode::BAD_REQUEST).into());
    };
    let (csrf, files) = match read(multipart).await {
        Ok(read) => read,
        Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            return refused(app, signed, "import_file_too_large", "").await;
        }
        Err(_) => return Err(WebError::of_status(StatusCode::BAD_REQUEST).into()),
    };
    signed.require_csrf(&csrf)?;
    let names: Vec<String> = files.iter().map(|file| file.name.clone()).collect();
    match app.upload_import(signed.actor(), into, files).await {
        Ok(id) => Ok(Redirect::to(&format!("/computers/import/{id}/columns")).into_response()),
        Err(AppError::Invalid(problems)) => {
            let Some(problem) = problems.first() else {
                return Err(AppError::Bug("a refusal without a problem").into());
            };
            let name = problem
                .field
                .strip_prefix("files.")
                .and_then(|place| place.parse::<usize>().ok())
                .and_then(|place| names.get(place))
                .map_or("", String::as_str);
            refused(app, signed, problem.code, name).await
        }
        Err(AppError::TooLarge(code)) => refused(app, signed, code, "").await,
        Err(other) => Err(PageError::from(other)),
    }
}

async fn read(mut multipart: Multipart) -> Result<(String, Vec<UploadedFile>), MultipartError> {
    let mut csrf = String::new();
    let mut files = Vec::new();
    while let Some(field) = multipart.next_field().await? {
        match field.name().unwrap_or_default() {
            CsrfField::NAME => csrf = field.text().await?,
            "files" => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let content = field.bytes().await?.to_vec();
                // A browser sends one empty part when no file was chosen.
                if !name.is_empty() || !content.is_empty() {
                    files.push(UploadedFile { name, content });
                }
            }
            _ => {}
        }
    }
    Ok((csrf, files))
}

async fn refused(app: &App, signed: &Signed, code: &str, file: &str) -> PageResult {
    let mut errors = FormErrors::new();
    errors.push(FieldError::new("files", "import-files", field_key(code)).arg("file", file));
    let page = list::view(app, signed, &errors).await?;
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}
