//! Imports, and the form that begins one.

use app::App;
use app::assets::import::{ImportHead, MOST_FILES, MOST_ROWS};
use askama::Template;
use axum::extract::State;
use policy::Action;

use super::words::{phase_badge, steps};
use crate::components::{EmptyState, StatusBadge, Steps};
use crate::failure::{PageError, PageResult};
use crate::fmt;
use crate::forms::{ErrorSummary, FileInput, Form, FormErrors, RawForm};
use crate::page::{Page, render};
use crate::session::Signed;
use crate::texts::Texts;

/// Imports on the page.
const SHOWN: u32 = 50;

struct Row {
    href: String,
    begun: fmt::Time,
    changed: fmt::Time,
    phase: StatusBadge,
}

#[derive(Template)]
#[template(path = "pages/assets/import/list.html")]
pub(super) struct ListPage {
    page: Page,
    summary: ErrorSummary,
    steps: Steps,
    files: FileInput,
    may_edit: bool,
    rows: Vec<Row>,
    empty: Option<EmptyState>,
}

pub(super) async fn show(State(app): State<App>, signed: Signed) -> PageResult {
    signed.must_be_allowed(&app, Action::ViewRegister, &signed.own_register())?;
    Ok(render(&view(&app, &signed, &FormErrors::new()).await?))
}

pub(super) async fn view(
    app: &App,
    signed: &Signed,
    errors: &FormErrors,
) -> Result<ListPage, PageError> {
    let t = signed.here.t;
    let raw = RawForm::empty();
    let form = Form::new(t, &raw, errors);
    let rows: Vec<Row> = app
        .imports(signed.actor(), None, SHOWN)
        .await?
        .into_iter()
        .map(|head| Row {
            href: address(&head),
            begun: fmt::Time::at(t, head.created_at),
            changed: fmt::Time::at(t, head.updated_at),
            phase: phase_badge(t, &head),
        })
        .collect();
    let empty = rows
        .is_empty()
        .then(|| EmptyState::new(t.get("import-none-title"), t.get("import-none-text")));
    Ok(ListPage {
        page: signed
            .page("import-title")
            .crumb("/computers", t.get("computers-title"))
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        steps: steps(t, 1),
        files: files_input(t, &form),
        may_edit: app
            .policy()
            .may(signed.actor(), Action::EditRegister, &signed.own_register()),
        rows,
        empty,
    })
}

/// The control that takes files.
pub(super) fn files_input(t: Texts, form: &Form<'_>) -> FileInput {
    form.file("files", "import-files")
        .hint_text(t.with2("import-files-hint", "files", MOST_FILES, "rows", MOST_ROWS))
        .accept(".xlsx,.csv,.tsv,.txt,.json,.xml,.spdx,.cdx")
        .multiple()
        .required()
}

/// Where one goes on with an import.
pub(super) fn address(head: &ImportHead) -> String {
    match head.phase.as_str() {
        "open" => format!("/computers/import/{}", head.id),
        _ => format!("/computers/import/{}/done", head.id),
    }
}
