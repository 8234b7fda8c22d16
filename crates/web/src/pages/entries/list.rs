use app::App;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use ids::EntryId;

use super::words;
use crate::components::StatusBadge;
use crate::failure::PageResult;
use crate::fmt::Time;
use crate::frame::named;
use crate::page::{Page, render};
use crate::session::{Posted, Signed};

struct DraftRow {
    href: String,
    title: String,
    operator: String,
    way: String,
    told: Time,
}

struct FiledRow {
    href: String,
    number: String,
    operator: String,
    way: String,
    told: Time,
    verdict: StatusBadge,
}

#[derive(Template)]
#[template(path = "pages/entries/list.html")]
struct ListPage {
    page: Page,
    drafts: Vec<DraftRow>,
    filed: Vec<FiledRow>,
}

pub(super) async fn show(State(app): State<App>, signed: Signed) -> PageResult {
    let t = signed.here.t;
    let list = app.entries(signed.actor()).await?;
    Ok(render(&ListPage {
        page: signed
            .page("entries-title")
            .crumb("/desk", t.get("desk-title")),
        drafts: list
            .drafts
            .iter()
            .map(|row| DraftRow {
                href: format!("/desk/entries/{}", row.id),
                title: row.title.clone(),
                operator: named(t, &row.operator.0, &row.operator.1),
                way: words::way(t, row.way),
                told: Time::at(t, row.received_at),
            })
            .collect(),
        filed: list
            .filed
            .iter()
            .map(|row| FiledRow {
                href: format!("/filings/{}", row.filing),
                number: row.number.clone(),
                operator: named(t, &row.operator.0, &row.operator.1),
                way: words::way(t, row.way),
                told: Time::at(t, row.received_at),
                verdict: words::verdict(t, row.verdict),
            })
            .collect(),
    }))
}

pub(super) async fn discard(
    State(app): State<App>,
    Path(id): Path<EntryId>,
    posted: Posted,
) -> PageResult {
    app.discard_entry(posted.signed.actor(), id).await?;
    Ok(Redirect::to("/desk/entries").into_response())
}
