use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use ids::PersonId;
use model::person::PersonStatus;

use super::invite::link_page;
use crate::failure::{PageError, PageResult};
use crate::page::{Page, render};
use crate::session::{Posted, Signed};

#[derive(Template)]
#[template(path = "pages/people/ask.html")]
struct AskPage {
    page: Page,
    name: String,
    text: String,
    button: String,
    id: PersonId,
}

pub(super) async fn ask_disable(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<PersonId>,
) -> PageResult {
    ask(&app, &signed, id, "disable").await
}

pub(super) async fn disable(
    State(app): State<App>,
    Path(id): Path<PersonId>,
    posted: Posted,
) -> PageResult {
    set(&app, &posted.signed, id, PersonStatus::Disabled).await
}

pub(super) async fn enable(
    State(app): State<App>,
    Path(id): Path<PersonId>,
    posted: Posted,
) -> PageResult {
    set(&app, &posted.signed, id, PersonStatus::Active).await
}

pub(super) async fn ask_reset(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<PersonId>,
) -> PageResult {
    ask(&app, &signed, id, "reset").await
}

pub(super) async fn reset(
    State(app): State<App>,
    Path(id): Path<PersonId>,
    posted: Posted,
) -> PageResult {
    let signed = posted.signed;
    let link = app
        .reset_second_factor(signed.actor(), id)
        .await
        .map_err(|error| PageError::from(error).back_to(format!("/people/{id}/second-factor")))?;
    let href = format!("/people/{}", link.person);
    Ok(link_page(&signed, &link, "people-reset-done", &href))
}

async fn set(app: &App, signed: &Signed, id: PersonId, status: PersonStatus) -> PageResult {
    app.set_person_status(signed.actor(), id, status).await?;
    Ok(Redirect::to(&format!("/people/{id}")).into_response())
}

/// Asks before something that ends sessions is done; `what` is `disable` or `reset`.
async fn ask(app: &App, signed: &Signed, id: PersonId, what: &str) -> PageResult {
    let t = signed.here.t;
    let found = app.colleague(signed.actor(), id).await?;
    if found.own {
        return Err(AppError::Forbidden.into());
    }
    let name = found.person.name;
    Ok(render(&AskPage {
        page: signed
            .page_titled(t.get(&format!("people-{what}-title")))
            .crumb("/people", t.get("people-title"))
            .crumb(format!("/people/{id}"), name.as_str()),
        name,
        text: t.get(&format!("people-{what}-text")).into_owned(),
        button: t.get(&format!("people-{what}-submit")).into_owned(),
        id,
    }))
}
