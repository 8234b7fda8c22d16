//! What a desk takes down for an operator, and what the operator says of it.

mod answer;
mod check;
mod codes;
mod facts;
mod files;
mod list;
mod report;
mod words;

pub(in crate::pages) use words::{EntryPart, part};

use axum::routing::{get, post};

use crate::routes::Routes;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/desk/entries", get(list::show))
        .route("/desk/entries/new", get(facts::fresh).post(facts::begin))
        .route("/desk/entries/{id}", get(report::show).post(report::save))
        .route(
            "/desk/entries/{id}/facts",
            get(facts::show).post(facts::change),
        )
        .route(
            "/desk/entries/{id}/files",
            get(files::show).post(files::attach),
        )
        .route(
            "/desk/entries/{id}/files/{digest}/remove",
            post(files::detach),
        )
        .route(
            "/desk/entries/{id}/check",
            get(check::show).post(check::file),
        )
        .route("/desk/entries/{id}/discard", post(list::discard))
        .route("/filings/{id}/entry", get(answer::show).post(answer::post))
        .route(
            "/account/telephone-codes",
            get(codes::show).post(codes::make),
        )
}
