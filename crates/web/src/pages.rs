//! Pages by chapter of the Act, named as in `model` and `app`.

mod account;
mod advisories;
mod assets;
mod audit;
mod corrections;
mod desks;
mod filings;
mod home;
mod incidents;
mod login;
mod names;
mod outbox;
mod people;

use crate::routes::Routes;

/// All pages.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .merge(login::routes())
        .merge(account::routes())
        .merge(corrections::routes())
        .merge(desks::routes())
        .merge(filings::routes())
        .merge(home::routes())
        .merge(outbox::routes())
        .merge(people::routes())
        .merge(assets::routes())
        .merge(incidents::routes())
        .merge(audit::routes())
        .merge(advisories::routes())
        .merge(names::routes())
}
