use app::App;
use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;

use crate::components::{EmptyState, ListWay, Pagination};
use crate::failure::PageResult;
use crate::fmt::{self, Time};
use crate::page::{Page, render};
use crate::pages::filings::{document, words};
use crate::session::Signed;

/// Requests of one page of the list.
const SHOWN: u32 = 50;

/// Which part of the list is shown.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    after: String,
    back: String,
}

struct OpenRow {
    href: String,
    place: String,
    text: String,
    desk: String,
    asked: Time,
    wanted_by: Option<String>,
    about: String,
}

#[derive(Template)]
#[template(path = "pages/corrections/list.html")]
struct ListPage {
    page: Page,
    rows: Vec<OpenRow>,
    empty: EmptyState,
    pages: Option<Pagination>,
}

pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    Query(wanted): Query<Wanted>,
) -> PageResult {
    let t = signed.here.t;
    let after = Some(wanted.after.as_str()).filter(|after| !after.is_empty());
    let open = app.open_corrections(signed.actor(), after, SHOWN).await?;
    let mut rows = Vec::with_capacity(open.items.len());
    for each in open.items {
        let body = formats::filing::parse(each.filing.body.as_bytes())
            .map_err(|_| app::AppError::Bug("a filed body that cannot be read"))?;
        rows.push(OpenRow {
            href: format!("/corrections/{}", each.request.id),
            place: document::place(t, &body, &each.request.field),
            text: each.request.text,
            desk: words::name(t, &each.desk),
            asked: Time::at(t, each.request.requested_at),
            wanted_by: each.request.wanted_by.map(|day| fmt::date(t, day)),
            about: t
                .with2(
                    "desk-about",
                    "kind",
                    words::kind(t, each.filing.kind),
                    "number",
                    each.filing.number.as_str(),
                )
                .into_owned(),
        });
    }
    let shown = t.with("filings-shown", "count", rows.len());
    let way = ListWay::new("/corrections", "after", wanted.after, &wanted.back);
    Ok(render(&ListPage {
        pages: way.pagination(t, open.next.as_deref(), shown),
        page: signed.page("corrections-title"),
        rows,
        empty: EmptyState::new(
            t.get("corrections-empty-title"),
            t.get("corrections-empty-text"),
        )
        .action("/filings", t.get("corrections-empty-action")),
    }))
}
