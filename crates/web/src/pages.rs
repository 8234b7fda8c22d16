//! Pages by chapter of the Act, named as in `model` and `app`.

mod account;
mod advisories;
mod approvals;
mod assets;
mod audit;
mod corrections;
mod delegations;
mod desks;
mod entries;
pub(crate) mod filings;
mod home;
pub(crate) mod incidents;
mod login;
mod names;
mod orders;
mod outbox;
mod people;
pub(crate) mod submissions;

use crate::routes::Routes;

/// All pages.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .merge(login::routes())
        .merge(account::routes())
        .merge(approvals::routes())
        .merge(corrections::routes())
        .merge(delegations::routes())
        .merge(desks::routes())
        .merge(entries::routes())
        .merge(filings::routes())
        .merge(home::routes())
        .merge(orders::routes())
        .merge(outbox::routes())
        .merge(people::routes())
        .merge(submissions::routes())
        .merge(assets::routes())
        .merge(incidents::routes())
        .merge(audit::routes())
        .merge(advisories::routes())
        .merge(names::routes())
}
