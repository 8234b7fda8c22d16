//! 提出先: who still lacks a case, what each addressee gets, and what was handed over.

mod addressee;
mod hand_over;
mod mail;
mod overview;
mod passage;
mod shown;
pub(crate) mod words;

use axum::routing::{get, post};

use crate::routes::Routes;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/cases/{id}/submissions", get(overview::show))
        .route(
            "/cases/{id}/submissions/{addressee}",
            get(addressee::show).post(addressee::answer),
        )
        .route(
            "/cases/{id}/submissions/{addressee}/needed",
            post(addressee::decide),
        )
        .route(
            "/cases/{id}/submissions/{addressee}/manual",
            get(hand_over::show).post(hand_over::record),
        )
        .route(
            "/filings/{id}/passage",
            get(passage::show).post(passage::retry),
        )
        .route("/filings/{id}/passage/{log}", get(passage::download))
        .route(
            "/cases/{id}/submissions/{addressee}/mail",
            get(mail::show).post(mail::send),
        )
        .route("/submissions/{id}", get(shown::show))
        .route("/submissions/{id}/again", post(shown::again))
        .route("/submissions/{id}/events", post(shown::happened))
        .route("/submissions/{id}/files/{digest}", get(shown::download))
}
