//! The register of computers and its notification (Act Art. 4).

mod computer;
mod end;
mod facilities;
mod form;
mod import;
mod list;
mod notify;
mod overview;
mod problems;
pub(crate) mod reconciliation;
mod suggest;
mod words;
mod workbook;
mod write;

use axum::routing::get;

use crate::routes::Routes;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .merge(import::routes())
        .merge(reconciliation::routes())
        .route("/computers", get(list::show))
        .route("/computers/new", get(write::show_new).post(write::add))
        .route("/computers/{id}", get(computer::show))
        .route(
            "/computers/{id}/edit",
            get(write::show_edit).post(write::change),
        )
        .route("/computers/{id}/end", get(end::show).post(end::record))
        .route("/facilities", get(facilities::list))
        .route(
            "/facilities/new",
            get(facilities::show_new).post(facilities::add),
        )
        .route(
            "/facilities/{id}",
            get(facilities::show).post(facilities::change),
        )
        .route("/notifications", get(overview::show))
        .route("/notifications/{duty}", get(notify::select))
        .route("/notifications/{duty}/form.xlsx", get(workbook::download))
        .route(
            "/notifications/{duty}/check",
            get(notify::check_again).post(notify::check),
        )
        .route(
            "/notifications/{duty}/approval",
            get(notify::back_to_selection).post(notify::approval::ask),
        )
        .route(
            "/notifications/{duty}/file",
            get(notify::back_to_selection).post(notify::file),
        )
}
