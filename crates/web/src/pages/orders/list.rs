use app::App;
use app::orders::DirectiveListFilter;
use askama::Template;
use axum::extract::{Query, State};
use ids::OrganisationKind;
use serde::Deserialize;

use super::words::{Row, row};
use crate::components::{EmptyState, ListWay, Pagination};
use crate::failure::PageResult;
use crate::page::{Page, render};
use crate::session::Signed;

const PAGE: u32 = 50;

/// Which part of the list is shown.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    show: String,
    after: String,
    back: String,
}

#[derive(Template)]
#[template(path = "pages/orders/list.html")]
struct ListPage {
    page: Page,
    may_issue: bool,
    all: bool,
    operator: bool,
    rows: Vec<Row>,
    empty: EmptyState,
    pages: Option<Pagination>,
}

pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    Query(wanted): Query<Wanted>,
) -> PageResult {
    let t = signed.here.t;
    let all = wanted.show == "all";
    let after = (!wanted.after.is_empty())
        .then(|| wanted.after.parse())
        .transpose()?;
    let filter = DirectiveListFilter {
        open_only: !all,
        after,
    };
    let listed = app.directives(signed.actor(), filter, PAGE).await?;
    let now = app.now();
    let may_issue = !app.issuable_directives(signed.actor()).is_empty();
    let operator = signed.current.organisation.kind == OrganisationKind::Operator;
    let address = if all {
        "/directives?show=all"
    } else {
        "/directives"
    };
    let shown = t.with("filings-shown", "count", listed.items.len());
    let next = listed.next.map(|cursor| cursor.to_string());
    let way = ListWay::new(address, "after", wanted.after, &wanted.back);
    let text = if operator {
        "directives-empty-received"
    } else {
        "directives-empty-issued"
    };
    let mut empty = EmptyState::new(t.get("directives-empty-title"), t.get(text));
    if may_issue {
        empty = empty.action("/directives/new", t.get("directives-new"));
    }
    Ok(render(&ListPage {
        page: signed.page("directives-title"),
        may_issue,
        all,
        operator,
        rows: listed.items.iter().map(|item| row(t, item, now)).collect(),
        empty,
        pages: way.pagination(t, next.as_deref(), shown),
    }))
}
