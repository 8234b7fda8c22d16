//! Facilities, computers and their notification (Act Art. 4).

mod computers;
mod facilities;
mod notifications;
mod reconciliation;
mod wire;

use app::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(facilities::list, facilities::add))
        .routes(routes!(facilities::get, facilities::change))
        .routes(routes!(computers::list, computers::add))
        .routes(routes!(computers::get, computers::change))
        .routes(routes!(computers::end_use))
        .routes(routes!(notifications::file))
        .routes(routes!(reconciliation::list))
}
