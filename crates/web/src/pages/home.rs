//! The first page after the login: for each kind of organisation the place where its work waits.

use app::App;
use axum::Router;
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::get;
use ids::OrganisationKind;

use crate::failure::PageResult;
use crate::session::Signed;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/", get(show))
}

async fn show(signed: Signed) -> PageResult {
    let place = match signed.current.organisation.kind {
        OrganisationKind::Operator | OrganisationKind::Contractor => "/computers",
        OrganisationKind::Ministry
        | OrganisationKind::RegionalOffice
        | OrganisationKind::CabinetOffice => "/desk",
        OrganisationKind::Committee => "/audit",
    };
    Ok(Redirect::to(place).into_response())
}
