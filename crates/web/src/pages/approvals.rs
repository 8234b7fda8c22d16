//! 決裁: what waits for whom, deciding on a phone, routes and deputies.

mod deputies;
mod list;
mod routes;
mod show;
pub(super) mod words;

use axum::routing::{get, post};

use crate::routes::Routes;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/approvals", get(list::show))
        .route("/approvals/{id}", get(show::show))
        .route(
            "/approvals/{id}/decision",
            get(show::back).post(show::decide),
        )
        .route("/approvals/{id}/pull-back", post(show::pull_back))
        .route(
            "/approvals/{id}/comment",
            get(show::back).post(show::comment),
        )
        .route("/approval-routes", get(routes::list))
        .route(
            "/approval-routes/{kind}",
            get(routes::show).post(routes::set),
        )
        .route("/deputies", get(deputies::show).post(deputies::set))
        .route("/deputies/{id}/end", post(deputies::end))
}
