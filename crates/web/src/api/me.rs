//! `/api/v1/me`: whose token it is.

use app::App;
use axum::Json;
use axum::extract::State;
use ids::{Role, TokenScope};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::api::Caller;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show))
}

/// The owner of a token and what the token may do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    /// The owner.
    person: Uuid,
    /// Login name.
    login: String,
    /// Name shown to others.
    name: String,
    /// The organisation.
    organisation: Uuid,
    /// Its name in Japanese.
    organisation_ja: String,
    /// Its name in English.
    organisation_en: String,
    /// `operator`, `ministry` and so on.
    organisation_kind: &'static str,
    /// Roles of the owner.
    roles: Vec<&'static str>,
    /// `read`, `write` and `file`, as far as the token was issued for them.
    scopes: Vec<&'static str>,
    /// Whether this instance is an exercise (演習).
    exercise: bool,
}

/// Tells whose token it is and what it may do.
#[utoipa::path(get, path = "/api/v1/me", tag = "account", security(("token" = [])),
    responses((status = 200, body = Me), (status = 401, description = "no valid token")))]
async fn show(State(app): State<App>, caller: Caller) -> Json<Me> {
    let current = caller.current;
    Json(Me {
        person: current.actor.person.uuid(),
        login: current.person.login.as_str().to_owned(),
        name: current.person.name,
        organisation: current.organisation.id.uuid(),
        organisation_ja: current.organisation.name_ja,
        organisation_en: current.organisation.name_en,
        organisation_kind: current.organisation.kind.code(),
        roles: current
            .actor
            .roles
            .iter()
            .map(|role: &Role| role.code())
            .collect(),
        scopes: current
            .actor
            .token_scopes
            .iter()
            .map(|scope: &TokenScope| scope.code())
            .collect(),
        exercise: app.mode() == statute::Mode::Exercise,
    })
}
