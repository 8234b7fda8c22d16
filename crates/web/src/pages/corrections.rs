//! Requests for correction (補正依頼), as operators answer them in place.

mod answer;
mod field;
mod list;

use app::App;
use axum::Router;
use axum::routing::get;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/corrections", get(list::show))
        .route("/corrections/{id}", get(answer::show).post(answer::post))
}
