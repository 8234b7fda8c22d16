//! Filings as filers and desks see them: list, document, receipt, versions.

pub(crate) mod attachment;
mod beside;
pub(crate) mod document;
mod history;
mod list;
mod pdf;
pub(crate) mod receipt;
pub(crate) mod view;
pub(crate) mod words;

use axum::routing::get;

use crate::routes::Routes;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/filings", get(list::show))
        .route("/filings/{id}", get(view::show))
        .route("/filings/{id}/receipt", get(receipt::show))
        .route("/filings/{id}/receipt/{file}", get(receipt::download))
        .route("/filings/{id}/document.pdf", get(pdf::document))
        .route("/filings/{id}/document.xlsx", get(pdf::workbook))
        .route("/filings/{id}/receipt.pdf", get(pdf::receipt))
        .route("/filings/{id}/history", get(history::show))
        .route("/filings/{id}/beside", get(beside::show))
        .route(
            "/filings/{id}/attachments/{digest}",
            get(attachment::download),
        )
}

/// Reads an id from the address; one that is no id names nothing.
pub(crate) fn id_of<K>(text: &str) -> Result<ids::Id<K>, app::AppError> {
    text.parse().map_err(|_| app::AppError::NotFound)
}
