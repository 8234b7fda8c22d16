//! 委託: what an operator gives to people of a contractor, and the pages of those people.

mod give;
mod held;

use axum::routing::{get, post};

use crate::routes::Routes;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/delegations", get(give::list))
        .route("/delegations/new", get(give::show).post(give::give))
        .route("/delegations/{id}/end", post(give::end))
        .route("/delegated", get(held::list))
        .route("/delegated/{id}", get(held::show))
        .route(
            "/delegated/{id}/items/{item}",
            get(held::item).post(held::save),
        )
}
