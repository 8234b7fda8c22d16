use app::App;
use askama::Template;
use axum::extract::{Path, State};

use crate::components::{Banner, SummaryList, SummaryRow, Tone};
use crate::failure::PageResult;
use crate::fmt::Time;
use crate::page::{Page, render};
use crate::pages::audit::{kind_name, log_name, log_of};
use crate::session::Signed;

#[derive(Template)]
#[template(path = "pages/audit_entry.html")]
struct EntryPage {
    page: Page,
    facts: SummaryList,
    verdict: Banner,
    head: Option<SummaryList>,
    path: Vec<String>,
}

pub(super) async fn show(
    State(app): State<App>,
    Path((slug, index)): Path<(String, u64)>,
    signed: Signed,
) -> PageResult {
    let t = signed.here.t;
    let log = log_of(&slug)?;
    let proof = app.log_entry(signed.actor(), &log, index).await?;
    let entry = &proof.entry;
    let facts = vec![
        SummaryRow::new(t.get("audit-act"), &entry.act),
        SummaryRow::new(t.get("audit-at"), "").badge(&Time::at_second(t, entry.at)),
        SummaryRow::new(t.get("audit-kind"), &kind_name(t, entry.organisation)),
        SummaryRow::new(t.get("audit-commitment"), &entry.commitment),
        SummaryRow::new(t.get("audit-leaf-hash"), &proof.leaf_hash),
    ];
    let verdict = match proof.holds {
        Some(true) => Banner::new(t, Tone::Success, t.get("audit-proof-holds"))
            .text(t.get("audit-proof-holds-text")),
        Some(false) => Banner::new(t, Tone::Error, t.get("audit-proof-fails"))
            .text(t.get("audit-proof-fails-text")),
        None => Banner::new(t, Tone::Info, t.get("audit-proof-waits")),
    };
    let head = proof.head.as_ref().map(|(size, root)| {
        let rows = vec![
            SummaryRow::new(t.get("audit-checkpoint-size"), &size.to_string()),
            SummaryRow::new(t.get("audit-root"), root),
        ];
        SummaryList::new(t, rows)
    });
    let name = log_name(t, &log, proof.log.authority.as_ref());
    let page = signed
        .page_titled(t.with("audit-entry-title", "index", index.to_string()))
        .crumb("/audit", t.get("audit-title"))
        .crumb(format!("/audit/{slug}"), name);
    Ok(render(&EntryPage {
        page,
        facts: SummaryList::new(t, facts),
        verdict,
        head,
        path: proof.path,
    }))
}
