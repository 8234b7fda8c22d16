use app::App;
use axum::extract::{Path, State};

use super::attachment::file;
use super::view::read;
use crate::failure::PageResult;
use crate::pages::filings::id_of;
use crate::pages::incidents::workbook::{XLSX, filed};
use crate::print;
use crate::session::Signed;

/// A filing on paper. For an authority this is the same act of reading as opening its page.
pub(super) async fn document(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> PageResult {
    let view = app.view_filing(signed.actor(), id_of(&id)?).await?;
    let body = read(&view)?;
    let document = print::filing::document(&app, signed.here.t, &view, &body);
    let name = format!("filing-{}.pdf", view.filing.number.as_str());
    file(app.print(document).await?, "application/pdf", &name)
}

/// The receipt on paper, with the receipt files in it.
pub(super) async fn receipt(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> PageResult {
    let id = id_of(&id)?;
    let receipts = app.receipts(signed.actor(), id).await?;
    let view = app.view_filing(signed.actor(), id).await?;
    let body = read(&view)?;
    let document = print::receipt::document(&app, signed.here.t, &view, &body, &receipts);
    let name = format!("receipt-{}.pdf", view.filing.number.as_str());
    file(app.print(document).await?, "application/pdf", &name)
}

/// A filed report or notification as a workbook that is not to be changed. For an authority this is an act of reading.
pub(super) async fn workbook(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> PageResult {
    let view = app.view_filing(signed.actor(), id_of(&id)?).await?;
    let body = read(&view)?;
    let number = view.filing.number.as_str();
    let octets = filed(&app, signed.here.t, &body, number).await?;
    file(octets, XLSX, &format!("filing-{number}.xlsx"))
}
