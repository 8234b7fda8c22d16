use app::App;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect};

use super::session_of;
use crate::components::{StatusBadge, Tone};
use crate::failure::PageResult;
use crate::fmt::Time;
use crate::page::{Page, render};
use crate::session::{Posted, Signed};

struct Row {
    since: Time,
    seen: Time,
    here: Option<StatusBadge>,
}

#[derive(Template)]
#[template(path = "pages/account/sessions.html")]
struct SessionsPage {
    page: Page,
    rows: Vec<Row>,
    others: bool,
}

pub(super) async fn show(State(app): State<App>, signed: Signed) -> PageResult {
    let t = signed.here.t;
    let sessions = app
        .own_sessions(signed.actor(), session_of(&signed)?)
        .await?;
    Ok(render(&SessionsPage {
        page: signed
            .page("account-sessions-title")
            .crumb("/account", t.get("account-title")),
        others: sessions.iter().any(|session| !session.current),
        rows: sessions
            .iter()
            .map(|session| Row {
                since: Time::at_second(t, session.since),
                seen: Time::at_second(t, session.seen_at),
                here: session
                    .current
                    .then(|| StatusBadge::new(Tone::Info, t.get("account-session-here"))),
            })
            .collect(),
    }))
}

pub(super) async fn end_others(State(app): State<App>, posted: Posted) -> PageResult {
    let signed = posted.signed;
    app.end_other_sessions(signed.actor(), session_of(&signed)?)
        .await?;
    Ok(Redirect::to("/account?done=sessions").into_response())
}
