//! Pages by chapter of the Act, named as in `model` and `app`.

mod account;
mod assets;
mod audit;
mod corrections;
mod desks;
mod filings;
mod home;
mod incidents;
mod login;

use app::App;
use axum::Router;

/// All pages.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .merge(login::routes())
        .merge(account::routes())
        .merge(corrections::routes())
        .merge(desks::routes())
        .merge(filings::routes())
        .merge(home::routes())
        .merge(assets::routes())
        .merge(incidents::routes())
        .merge(audit::routes())
}
