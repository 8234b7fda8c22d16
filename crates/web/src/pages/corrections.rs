//! Requests for correction (補正依頼), as operators answer them in place.

mod answer;
mod field;
mod list;

use axum::routing::get;

use crate::routes::Routes;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/corrections", get(list::show))
        .route("/corrections/{id}", get(answer::show).post(answer::post))
}
