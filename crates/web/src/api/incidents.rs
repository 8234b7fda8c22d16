//! Incident cases and their reports (Act Art. 5).

mod answers;
mod attachments;
mod awareness;
mod cases;
mod check;
mod decisions;
mod draft;
mod judge;
mod pdf;
mod reports;
mod wire;

use app::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(judge::find))
        .routes(routes!(cases::list, cases::open))
        .routes(routes!(cases::get, cases::arrange))
        .routes(routes!(cases::reopen))
        .routes(routes!(judge::keep))
        .routes(routes!(awareness::add))
        .routes(routes!(awareness::correct))
        .routes(routes!(draft::get, draft::save))
        .routes(routes!(draft::migrate))
        .routes(routes!(pdf::draft))
        .routes(routes!(attachments::attach, attachments::detach))
        .routes(routes!(check::show))
        .routes(routes!(reports::file))
        .routes(routes!(reports::withdraw))
        .routes(routes!(decisions::list, decisions::record))
        .routes(routes!(decisions::get))
}
