//! Orders, opinions, demands and guidance (Act Arts 6, 7, 9, 10), for those who issue them and those who receive them.

mod close;
mod list;
mod new;
mod reply;
mod view;
pub(crate) mod words;

use app::AppError;
use axum::routing::get;
use policy::StepUp;

use crate::failure::PageError;
use crate::routes::Routes;
use crate::session::Signed;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/directives", get(list::show))
        .route("/directives/new", get(new::show).post(new::post))
        .route("/directives/{id}", get(view::show))
        .route("/directives/{id}/reply", get(reply::show).post(reply::post))
        .route("/directives/{id}/close", get(close::show).post(close::post))
}

/// Asks for the second factor before anything is typed, not after.
fn must_be_fresh(signed: &Signed) -> Result<(), PageError> {
    if signed.actor().step_up == StepUp::Stale {
        return Err(PageError::from(AppError::StepUpRequired).back_to(signed.path()));
    }
    Ok(())
}
