use app::App;
use askama::Template;
use axum::extract::{Path, Query, State};
use serde::Deserialize;

use crate::components::{EmptyState, ListWay, Pagination, StatusBadge, SummaryList, SummaryRow};
use crate::failure::PageResult;
use crate::fmt::Time;
use crate::page::{Page, render};
use crate::pages::audit::{kind_name, log_name, log_of, witness_badge};
use crate::session::Signed;

/// Entries of a page.
const SHOWN: u32 = 50;

/// Where a page begins.
#[derive(Debug, Deserialize)]
pub(super) struct From {
    before: Option<u64>,
    #[serde(default)]
    back: String,
}

struct Row {
    href: String,
    index: u64,
    act: String,
    at: Time,
    kind: String,
    commitment: String,
}

#[derive(Template)]
#[template(path = "pages/audit_log.html")]
struct LogEntriesPage {
    page: Page,
    badge: StatusBadge,
    facts: SummaryList,
    rows: Vec<Row>,
    empty: EmptyState,
    pages: Pagination,
}

pub(super) async fn show(
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(from): Query<From>,
    signed: Signed,
) -> PageResult {
    let t = signed.here.t;
    let log = log_of(&slug)?;
    let found = app
        .log_entries(signed.actor(), &log, from.before, SHOWN)
        .await?;
    let overview = &found.log;
    let mut facts = vec![
        SummaryRow::new(t.get("audit-origin"), &overview.origin),
        SummaryRow::new(t.get("audit-size"), &overview.size.to_string()),
    ];
    if let Some((size, root, at)) = &overview.checkpoint {
        let text = t.with2(
            "audit-checkpoint-of",
            "size",
            size.to_string(),
            "root",
            root.clone(),
        );
        facts.push(
            SummaryRow::new(t.get("audit-checkpoint"), &text).badge(&Time::at_second(t, *at)),
        );
    }
    for (size, witness, at) in &overview.cosigned {
        let text = t.with2(
            "audit-cosignature-of",
            "size",
            size.to_string(),
            "witness",
            witness.clone(),
        );
        facts.push(
            SummaryRow::new(t.get("audit-cosignature"), &text).badge(&Time::at_second(t, *at)),
        );
    }
    for key in &overview.keys {
        facts.push(SummaryRow::new(t.get("audit-key"), key));
    }
    let rows: Vec<Row> = found
        .entries
        .iter()
        .map(|entry| Row {
            href: format!("/audit/{slug}/{}", entry.index),
            index: entry.index,
            act: entry.act.clone(),
            at: Time::at_second(t, entry.at),
            kind: kind_name(t, entry.organisation),
            commitment: entry.commitment.clone(),
        })
        .collect();
    let shown = match (rows.first(), rows.last()) {
        (Some(first), Some(last)) => t
            .with2(
                "audit-shown",
                "first",
                first.index.to_string(),
                "last",
                last.index.to_string(),
            )
            .into_owned(),
        _ => String::new(),
    };
    let here = from.before.map(|before| before.to_string());
    let way = ListWay::new(
        format!("/audit/{slug}"),
        "before",
        here.unwrap_or_default(),
        &from.back,
    );
    let next = found.next.map(|before| before.to_string());
    let page = signed
        .page_titled(log_name(t, &log, overview.authority.as_ref()))
        .crumb("/audit", t.get("audit-title"));
    Ok(render(&LogEntriesPage {
        page,
        badge: witness_badge(t, overview.witness),
        facts: SummaryList::new(t, facts),
        rows,
        empty: EmptyState::new(t.get("audit-empty"), t.get("audit-empty-text")),
        pages: way
            .pagination(t, next.as_deref(), shown.as_str())
            .unwrap_or_else(|| Pagination::new(t, None, None, shown)),
    }))
}
