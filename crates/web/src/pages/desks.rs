//! The desks of the authorities: queue, search, timeline of a case, and what is done with a filing.

mod assign;
mod cases;
mod chart;
mod check;
mod correction;
mod forward;
mod queue;
mod search;
mod statistics;
mod transfer;

pub(crate) use check::once;

use app::AppError;
use axum::routing::{get, post};

use crate::failure::{PageError, field_key};
use crate::forms::FormErrors;
use crate::routes::Routes;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/desk", get(queue::show))
        .route("/desk/assign", post(queue::assign))
        .route("/account/desk-filters", post(queue::save))
        .route("/account/desk-filters/{id}/forget", post(queue::forget))
        .route("/desk/search", get(search::show))
        .route("/desk/statistics", get(statistics::show))
        .route("/desk/statistics.csv", get(statistics::csv))
        .route(
            "/desk/statistics/dictionary.csv",
            get(statistics::dictionary),
        )
        .route("/desk/cases/{id}", get(cases::show))
        .route("/filings/{id}/check", get(check::show).post(check::post))
        .route(
            "/filings/{id}/corrections",
            get(correction::show).post(correction::post),
        )
        .route("/filings/{id}/assign", get(assign::show).post(assign::post))
        .route(
            "/filings/{id}/transfer",
            get(transfer::show).post(transfer::post),
        )
        .route(
            "/filings/{id}/forward",
            get(forward::show).post(forward::post),
        )
}

/// Turns the problems of fields into form errors; every other refusal goes on.
///
/// `labels` names each field of the form and the text key of its label; a problem of any other field stands at the
/// first one.
pub(crate) fn form_errors(
    error: AppError,
    labels: &[(&'static str, &'static str)],
) -> Result<FormErrors, PageError> {
    let AppError::Invalid(problems) = error else {
        return Err(error.into());
    };
    let mut errors = FormErrors::new();
    for problem in problems {
        let known = labels.iter().find(|(field, _)| *field == problem.field);
        if let Some((field, label)) = known.or_else(|| labels.first()) {
            errors.add(field, *label, field_key(problem.code));
        }
    }
    Ok(errors)
}
