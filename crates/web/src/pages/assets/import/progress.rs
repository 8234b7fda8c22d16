//! How a long step of an import stands, until it is done.

use app::App;
use app::assets::import::{ImportHead, ImportStep, ImportWork};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse as _;
use ids::ImportId;

use super::words::steps;
use crate::components::{Banner, Steps, Tone};
use crate::failure::{PageError, PageResult};
use crate::fmt;
use crate::htmx::HxRequest;
use crate::page::{Page, render};
use crate::session::Signed;
use crate::texts::Texts;

#[derive(Template)]
#[template(path = "pages/assets/import/progress.html")]
struct ProgressPage {
    page: Page,
    steps: Steps,
    here: String,
    back: String,
    /// What goes on; nothing when the last step was not done.
    going: Option<Going>,
}

/// The part that is asked for again and again.
#[derive(Template)]
#[template(path = "pages/assets/import/going.html")]
struct Going {
    text: String,
    since: String,
}

/// Address of the page.
pub(super) fn progress(id: ImportId) -> String {
    format!("/computers/import/{id}/progress")
}

/// Where to look once nothing goes on any more.
pub(super) fn outcome(head: &ImportHead) -> String {
    let id = head.id;
    match (head.phase.as_str(), head.filing) {
        (_, Some(filing)) => format!("/filings/{filing}/receipt"),
        ("open", None) => format!("/computers/import/{id}/confirm"),
        _ => format!("/computers/import/{id}/done"),
    }
}

/// Whether a step of this import goes on.
pub(super) async fn goes_on(app: &App, signed: &Signed, id: ImportId) -> Result<bool, PageError> {
    let work = app.import_work(signed.actor(), id).await?;
    Ok(matches!(work, ImportWork::GoesOn { .. }))
}

pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<ImportId>,
    hx: HxRequest,
    signed: Signed,
) -> PageResult {
    let t = signed.here.t;
    let import = app.view_import(signed.actor(), id).await?;
    let mut page = signed
        .page("import-progress-title")
        .crumb("/computers", t.get("computers-title"))
        .crumb("/computers/import", t.get("import-title"));
    let (step, going) = match app.import_work(signed.actor(), id).await? {
        ImportWork::Rests => return Ok(hx.redirect(&outcome(&import.head))),
        ImportWork::Failed { step, code } => {
            if hx.is_part() {
                return Ok(hx.redirect(&progress(id)));
            }
            page = page.notice(failed(t, code));
            (step, None)
        }
        ImportWork::GoesOn { step, since } => {
            let rows = match step {
                ImportStep::Register => import.counts.accepted(),
                ImportStep::File => import.counts.registered,
            };
            let key = match step {
                ImportStep::Register => "import-progress-register",
                ImportStep::File => "import-progress-file",
            };
            let going = Going {
                text: t.with(key, "count", rows).into_owned(),
                since: t
                    .with("import-progress-since", "time", fmt::time(fmt::jst(since)))
                    .into_owned(),
            };
            if hx.is_part() {
                return Ok(render(&going).into_response());
            }
            (step, Some(going))
        }
    };
    let (number, back) = match step {
        ImportStep::Register => (4, format!("/computers/import/{id}/confirm")),
        ImportStep::File => (5, format!("/computers/import/{id}/done")),
    };
    Ok(render(&ProgressPage {
        page,
        steps: steps(t, number),
        here: progress(id),
        back,
        going,
    }))
}

/// Why the step was not done, in the words that the same refusal has elsewhere.
fn failed(t: Texts, code: &str) -> Banner {
    let code = code.replace('_', "-");
    let text = t
        .find(&format!("problem-{code}-text"))
        .unwrap_or_else(|| t.get("import-progress-failed-text"));
    Banner::new(t, Tone::Error, t.get("import-progress-failed-title")).text(text)
}
