//! Deliveries of the instance, for whoever runs it: what is on its way, what arrived, what was given up and why.
//! Never what was filed or by whom.

mod list;
mod retry;

use axum::routing::get;

use crate::routes::Routes;
use crate::texts::Texts;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/outbox", get(list::show))
        .route("/outbox/{id}/retry", get(retry::show).post(retry::post))
}

/// Why a delivery did not get through, in words; a code without words of its own is shown as it is.
fn reason(t: Texts, code: Option<&str>) -> String {
    code.map_or_else(String::new, |code| {
        t.find(&format!("outbox-reason-{}", code.replace('_', "-")))
            .map_or_else(|| code.to_owned(), std::borrow::Cow::into_owned)
    })
}
