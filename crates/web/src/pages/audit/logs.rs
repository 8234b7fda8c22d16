use app::App;
use app::ledger_view::{LogOverview, WitnessState};
use askama::Template;
use axum::extract::State;

use crate::components::{Banner, StatusBadge, Tone};
use crate::failure::PageResult;
use crate::fmt::{self, Time};
use crate::page::{Page, render};
use crate::pages::audit::{log_name, witness_badge};
use crate::session::Signed;
use crate::texts::Texts;

struct Row {
    href: String,
    name: String,
    origin: String,
    size: String,
    checkpoint: Option<Time>,
    cosigned: Option<String>,
    badge: StatusBadge,
}

#[derive(Template)]
#[template(path = "pages/audit_logs.html")]
struct LogsPage {
    page: Page,
    rows: Vec<Row>,
}

pub(super) async fn show(State(app): State<App>, signed: Signed) -> PageResult {
    let t = signed.here.t;
    let logs = app.logs_overview(signed.actor()).await?;
    let stalled = logs
        .iter()
        .filter(|log| log.witness == WitnessState::Stalled)
        .count();
    let mut page = signed.page("audit-title");
    if 0 < stalled {
        let title = t.with("audit-stalled-banner", "count", stalled.to_string());
        let banner = Banner::new(t, Tone::Warning, title).text(t.get("audit-stalled-text"));
        page = page.notice(banner);
    }
    let rows = logs.iter().map(|log| row(&app, t, log)).collect();
    Ok(render(&LogsPage { page, rows }))
}

fn row(app: &App, t: Texts, log: &LogOverview) -> Row {
    let newest = log.cosigned.iter().max_by_key(|(_, _, at)| *at);
    Row {
        href: format!("/audit/{}", log.log.slug()),
        name: log_name(t, &log.log, log.authority.as_ref()),
        origin: log.origin.clone(),
        size: log.size.to_string(),
        checkpoint: log
            .checkpoint
            .as_ref()
            .map(|(_, _, at)| Time::at_second(t, *at)),
        cosigned: newest.map(|(size, witness, at)| {
            let age = fmt::elapsed(t, *at, app.now());
            t.with_args(
                "audit-cosigned-by",
                crate::texts::Args::new()
                    .set("witness", witness.clone())
                    .set("size", size.to_string())
                    .set("age", age),
            )
            .into_owned()
        }),
        badge: witness_badge(t, log.witness),
    }
}
