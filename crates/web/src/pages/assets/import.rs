//! Bulk import of computers: upload, columns, review, confirm, done.

mod class;
mod columns;
mod done;
mod list;
mod names;
mod progress;
mod review;
mod template;
mod upload;
mod words;

use axum::routing::{get, post};

use crate::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::new()
        .route("/computers/import", get(list::show).post(upload::begin))
        .route("/computers/import/template", get(template::download))
        .route(
            "/computers/import/{id}",
            get(review::show).post(review::decide),
        )
        .route("/computers/import/{id}/files", post(upload::add))
        .route(
            "/computers/import/{id}/columns",
            get(columns::show).post(columns::save),
        )
        .route(
            "/computers/import/{id}/confirm",
            get(done::confirm).post(done::register),
        )
        .route(
            "/computers/import/{id}/names",
            get(names::show).post(names::confirm),
        )
        .route(
            "/computers/import/{id}/class",
            get(class::show).post(class::ask),
        )
        .route("/computers/import/{id}/progress", get(progress::show))
        .route("/computers/import/{id}/done", get(done::show))
        .route("/computers/import/{id}/file", post(done::file))
        .route("/computers/import/{id}/drop", post(done::give_up))
        .route(
            "/computers/import/{id}/errors/{sheet}",
            get(template::errors),
        )
}
