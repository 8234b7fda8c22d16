use app::{App, AppError};
use axum::extract::{Path, State};
use axum::response::Response;
use ids::CaseId;

use crate::api::{ApiError, ApiResult, Caller};
use crate::pages::incidents::case::next_stage;
use crate::print;

/// The draft as PDF, marked on every page as a draft that cannot be filed.
#[utoipa::path(get, path = "/api/v1/cases/{id}/draft.pdf", tag = "incidents", params(("id" = uuid::Uuid, Path)), security(("token" = [])),
    responses((status = 200, body = Vec<u8>, content_type = "application/pdf"),
        (status = 409, description = "nothing is filed in this phase"),
        (status = 503, description = "this instance has no fonts to print with")))]
pub(super) async fn draft(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CaseId>,
) -> ApiResult<Response> {
    let words = |error| ApiError::worded(error, caller.t);
    let case = app.view_case(caller.actor(), id).await.map_err(words)?;
    let draft = app.view_draft(caller.actor(), id).await.map_err(words)?;
    let stage =
        next_stage(case.case.phase()).ok_or_else(|| words(AppError::Conflict("case.phase")))?;
    let document = print::draft::document(&app, caller.t, &case, &draft, stage);
    Ok(print::answer(app.print(document).await.map_err(words)?))
}
