use app::App;
use askama::Template;
use axum::extract::{Path, State};
use formats::filing::{Body, Change};

use crate::failure::{PageError, PageResult};
use crate::fmt::Time;
use crate::page::{Page, render};
use crate::pages::filings::document::{self, form_of};
use crate::pages::filings::{id_of, words};
use crate::session::Signed;
use crate::texts::Texts;

struct ChangeRow {
    place: String,
    before: Vec<String>,
    after: Vec<String>,
}

struct VersionRow {
    href: String,
    number: String,
    kind: String,
    at: Time,
    current: bool,
    first: bool,
    /// Of its table; each region of a page has a name of its own.
    caption: String,
    changes: Vec<ChangeRow>,
}

#[derive(Template)]
#[template(path = "pages/filings/history.html")]
struct HistoryPage {
    page: Page,
    versions: Vec<VersionRow>,
}

pub(crate) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> PageResult {
    let id = id_of(&id)?;
    let t = signed.here.t;
    let history = app.filing_history(signed.actor(), id).await?;
    let mut versions = Vec::with_capacity(history.versions.len());
    for (place, version) in history.versions.iter().enumerate() {
        let body = formats::filing::parse(version.filing.body.as_bytes())
            .map_err(|_| PageError::from(app::AppError::Bug("a filed body that cannot be read")))?;
        versions.push(VersionRow {
            href: format!("/filings/{}", version.filing.id),
            number: version.filing.number.as_str().to_owned(),
            kind: words::kind(t, version.filing.kind),
            at: Time::at_second(t, version.filing.filed_at),
            current: version.filing.id == id,
            first: place == 0,
            caption: format!(
                "{} {}",
                t.get("history-changes"),
                version.filing.number.as_str()
            ),
            changes: version
                .changes
                .iter()
                .filter(|change| !is_frame(&change.path))
                .map(|change| row(t, &body, change))
                .collect(),
        });
    }
    versions.reverse();
    Ok(render(&HistoryPage {
        page: signed
            .page("history-title")
            .crumb(format!("/filings/{id}"), t.get("history-back")),
        versions,
    }))
}

/// Parts that differ because it is another document, not because something reads differently.
fn is_frame(path: &str) -> bool {
    matches!(
        path,
        "/kind" | "/corrects" | "/request" | "/stage" | "/update_number"
    )
}

fn row(t: Texts, body: &Body, change: &Change) -> ChangeRow {
    let field = form_of(body).and_then(|form| form.field_at(&change.path));
    let lines = |value: &Option<serde_json::Value>| {
        value
            .as_ref()
            .map(|value| document::change_lines(t, field, value))
            .unwrap_or_default()
    };
    ChangeRow {
        place: document::place(t, body, &change.path),
        before: lines(&change.before),
        after: lines(&change.after),
    }
}
