use app::App;
use askama::Template;
use axum::extract::{Query, State};
use ids::FilingKind;
use serde::Deserialize;

use crate::components::{EmptyState, ListWay, Pagination};
use crate::failure::PageResult;
use crate::page::{Page, render};
use crate::pages::filings::words::{self, ListRow};
use crate::session::Signed;

const PAGE: u32 = 50;

/// Which part of the list is shown.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    kind: String,
    after: String,
    back: String,
}

struct Tab {
    href: String,
    label: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "pages/filings/list.html")]
struct ListPage {
    page: Page,
    tabs: Vec<Tab>,
    rows: Vec<ListRow>,
    empty: EmptyState,
    pagination: Option<Pagination>,
}

pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    Query(wanted): Query<Wanted>,
) -> PageResult {
    let t = signed.here.t;
    let kind: Option<FilingKind> = wanted.kind.parse().ok();
    let after = (!wanted.after.is_empty())
        .then(|| wanted.after.parse())
        .transpose()?;
    let (items, next) = app.own_filings(signed.actor(), kind, after, PAGE).await?;
    let now = app.now();
    let address = kind.map_or_else(
        || "/filings".to_owned(),
        |kind| format!("/filings?kind={}", kind.code()),
    );
    let way = ListWay::new(address, "after", wanted.after, &wanted.back);
    let mut tabs = vec![Tab {
        href: "/filings".to_owned(),
        label: t.get("filings-all").into_owned(),
        current: kind.is_none(),
    }];
    tabs.extend(FilingKind::ALL.iter().map(|each| Tab {
        href: format!("/filings?kind={}", each.code()),
        label: words::kind(t, *each),
        current: kind == Some(*each),
    }));
    let next = next.map(|cursor| cursor.to_string());
    let shown = t.with("filings-shown", "count", items.len());
    let pagination = way.pagination(t, next.as_deref(), shown);
    Ok(render(&ListPage {
        page: signed.page("filings-title"),
        tabs,
        rows: items
            .iter()
            .map(|item| words::list_row(t, item, now, false))
            .collect(),
        empty: EmptyState::new(t.get("filings-empty-title"), t.get("filings-empty-text"))
            .action("/computers", t.get("filings-empty-action")),
        pagination,
    }))
}
