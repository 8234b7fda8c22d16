use app::App;
use app::identity::{AccountState, Colleague};
use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;

use crate::components::{Pagination, StatusBadge, Tone};
use crate::failure::{PageResult, form_urlencoded};
use crate::frame::role_name;
use crate::page::{Page, render};
use crate::session::Signed;
use crate::texts::Texts;

const PAGE: u32 = 50;

/// Which page of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    after: String,
}

struct Row {
    href: String,
    name: String,
    login: String,
    roles: Vec<String>,
    state: StatusBadge,
}

#[derive(Template)]
#[template(path = "pages/people/list.html")]
struct ListPage {
    page: Page,
    rows: Vec<Row>,
    pagination: Option<Pagination>,
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Query(wanted): Query<Wanted>,
) -> PageResult {
    let t = signed.here.t;
    let after = Some(wanted.after.as_str()).filter(|after| !after.is_empty());
    let found = app.colleagues(signed.actor(), after, PAGE).await?;
    let pagination = (found.next.is_some() || after.is_some()).then(|| {
        Pagination::new(
            t,
            after.map(|_| "/people".to_owned()),
            found
                .next
                .as_deref()
                .map(|next| format!("/people?after={}", form_urlencoded(next))),
            t.with("people-shown", "count", found.people.len()),
        )
    });
    Ok(render(&ListPage {
        page: signed.page("people-title"),
        rows: found.people.iter().map(|one| row(t, one)).collect(),
        pagination,
    }))
}

fn row(t: Texts, one: &Colleague) -> Row {
    Row {
        href: format!("/people/{}", one.person.id),
        name: one.person.name.clone(),
        login: one.person.login.as_str().to_owned(),
        roles: one
            .person
            .roles
            .iter()
            .map(|role| role_name(t, *role))
            .collect(),
        state: badge(t, one.state),
    }
}

/// How far an account is.
pub(super) fn badge(t: Texts, state: AccountState) -> StatusBadge {
    let (tone, key) = match state {
        AccountState::Invited => (Tone::Info, "people-state-invited"),
        AccountState::Active => (Tone::Success, "people-state-active"),
        AccountState::NoSecondFactor => (Tone::Warning, "people-state-no-second-factor"),
        AccountState::Disabled => (Tone::Neutral, "people-state-disabled"),
    };
    StatusBadge::new(tone, t.get(key))
}
