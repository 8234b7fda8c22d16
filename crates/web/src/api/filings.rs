//! What was filed, and the proof that it arrived.

mod list;
mod pdf;
mod receipts;
mod view;
mod wire;

pub(crate) use list::{cursor, kind};
pub(crate) use wire::{FilingItem, FilingList, RequestView, VersionHead};

use app::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(list::search))
        .routes(routes!(view::get))
        .routes(routes!(view::history))
        .routes(routes!(view::reads))
        .routes(routes!(view::attachment))
        .routes(routes!(receipts::list))
        .routes(routes!(receipts::get))
        .routes(routes!(pdf::document))
        .routes(routes!(pdf::receipt))
}
