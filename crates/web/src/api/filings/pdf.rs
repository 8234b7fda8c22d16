use app::App;
use axum::extract::{Path, State};
use axum::response::Response;
use ids::FilingId;

use crate::api::{ApiError, ApiResult, Caller};
use crate::print;
use crate::problem::WebError;

/// A filing as PDF/A-3 with the filed JSON in it. For an authority this is an act of reading with its own leaf.
#[utoipa::path(get, path = "/api/v1/filings/{id}/document.pdf", tag = "filings", params(("id" = uuid::Uuid, Path)), security(("token" = [])),
    responses((status = 200, body = Vec<u8>, content_type = "application/pdf"),
        (status = 413, description = "more text than is printed"),
        (status = 503, description = "this instance has no fonts to print with")))]
pub(super) async fn document(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<FilingId>,
) -> ApiResult<Response> {
    let words = |error| ApiError::worded(error, caller.t);
    let view = app.view_filing(caller.actor(), id).await.map_err(words)?;
    let body = formats::filing::parse(view.filing.body.as_bytes())
        .map_err(|error| WebError::internal().caused_by(error))?;
    let document = print::filing::document(&app, caller.t, &view, &body);
    Ok(print::answer(app.print(document).await.map_err(words)?))
}

/// The receipt as PDF/A-3 with the receipt files of the logs in it.
///
/// Waits a moment for the checkpoint that covers a fresh filing.
#[utoipa::path(get, path = "/api/v1/filings/{id}/receipt.pdf", tag = "filings", params(("id" = uuid::Uuid, Path)), security(("token" = [])),
    responses((status = 200, body = Vec<u8>, content_type = "application/pdf"),
        (status = 503, description = "this instance has no fonts to print with")))]
pub(super) async fn receipt(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<FilingId>,
) -> ApiResult<Response> {
    let words = |error| ApiError::worded(error, caller.t);
    let receipts = app.receipts(caller.actor(), id).await.map_err(words)?;
    let view = app.view_filing(caller.actor(), id).await.map_err(words)?;
    let body = formats::filing::parse(view.filing.body.as_bytes())
        .map_err(|error| WebError::internal().caused_by(error))?;
    let document = print::receipt::document(&app, caller.t, &view, &body, &receipts);
    Ok(print::answer(app.print(document).await.map_err(words)?))
}
