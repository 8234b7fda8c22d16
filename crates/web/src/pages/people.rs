//! The people of an organisation, for its administrator; and the page of a one-time link.

mod access;
mod enrol;
mod invite;
pub(super) use invite::link_page;
mod list;
mod person;

use axum::routing::{get, post};
use ids::Role;

use crate::forms::{Choice, Choices, Form};
use crate::frame::role_name;
use crate::routes::Routes;
use crate::texts::Texts;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/people", get(list::show))
        .route("/people/new", get(invite::show).post(invite::invite))
        .route("/people/{id}", get(person::show))
        .route(
            "/people/{id}/roles",
            get(person::show_roles).post(person::change_roles),
        )
        .route(
            "/people/{id}/disable",
            get(access::ask_disable).post(access::disable),
        )
        .route("/people/{id}/enable", post(access::enable))
        .route(
            "/people/{id}/second-factor",
            get(access::ask_reset).post(access::reset),
        )
        .route("/enrol", get(enrol::show).post(enrol::enrol))
}

/// Boxes for the roles that may be given.
fn role_boxes(t: Texts, form: &Form<'_>, roles: &[Role]) -> Choices {
    let choices = roles
        .iter()
        .map(|role| {
            let hint = t.get(&format!("role-hint-{}", role.code().replace('_', "-")));
            Choice::new(role.code(), role_name(t, *role)).hint(hint)
        })
        .collect();
    form.checkboxes("roles", "people-roles", choices).required()
}
