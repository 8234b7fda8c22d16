//! What the desks of the authorities do with filings, and how operators answer them.

mod check;
mod corrections;
mod forward;
mod queue;
mod timeline;
mod work;

use app::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(queue::list))
        .routes(routes!(check::record))
        .routes(routes!(forward::pass_on))
        .routes(routes!(work::handlers))
        .routes(routes!(work::assign))
        .routes(routes!(work::transfer))
        .routes(routes!(corrections::ask))
        .routes(routes!(corrections::list))
        .routes(routes!(corrections::get))
        .routes(routes!(corrections::answer))
        .routes(routes!(timeline::show))
}
