use app::{App, AppError};
use axum::extract::{Path, State};
use ids::CaseId;

use super::case::next_stage;
use crate::failure::PageResult;
use crate::pages::filings::attachment::file;
use crate::print;
use crate::session::Signed;

/// The draft on paper, marked as a draft.
pub(super) async fn draft(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<CaseId>,
) -> PageResult {
    let case = app.view_case(signed.actor(), id).await?;
    let draft = app.view_draft(signed.actor(), id).await?;
    let stage = next_stage(case.case.phase()).ok_or(AppError::Conflict("case.phase"))?;
    let document = print::draft::document(&app, signed.here.t, &case, &draft, stage);
    file(
        app.print(document).await?,
        "application/pdf",
        &format!("draft-{id}.pdf"),
    )
}
