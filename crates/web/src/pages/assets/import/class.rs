//! The class of chosen rows, from answers to the questions of the rule book.

use app::assets::import::{ImportView, RowState, Selection};
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::ImportId;
use policy::Action;
use statute::ClassOutcome;

use super::super::form::{WizardView, answers_of, wizard_view};
use super::review::{ReviewQuery, address, selection_of};
use super::words::steps;
use crate::components::{Banner, Steps, Tone};
use crate::failure::{PageError, PageResult};
use crate::forms::{Form, FormErrors, RawForm};
use crate::page::{Page, render, render_with};
use crate::session::{Posted, Signed};

#[derive(Template)]
#[template(path = "pages/assets/import/class.html")]
struct ClassPage {
    page: Page,
    steps: Steps,
    id: ImportId,
    version: String,
    state: String,
    number: u32,
    all: bool,
    rows: Vec<String>,
    chosen: String,
    wizard: WizardView,
    /// What would be done with the rows; nothing while the answers decide nothing.
    apply: Option<String>,
    back: String,
}

/// The questions go with the rows that were chosen; without them there is nothing to ask.
pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<ImportId>,
    signed: Signed,
) -> PageResult {
    app.view_import(signed.actor(), id).await?;
    Ok(Redirect::to(&format!("/computers/import/{id}")).into_response())
}

pub(super) async fn ask(
    State(app): State<App>,
    Path(id): Path<ImportId>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form: raw } = posted;
    let import = app.view_import(signed.actor(), id).await?;
    signed.must_be_allowed(&app, Action::EditRegister, &signed.own_register())?;
    let query = ReviewQuery {
        state: raw.get("state").to_owned(),
        page: raw.get("page").parse().ok(),
    };
    let selection = selection_of(&raw, &query);
    let t = signed.here.t;
    if raw.get("do") != "apply" {
        let mut page = view(&app, &signed, &import, &query, &raw, &selection)?;
        let none = matches!(&selection, Selection::Rows(rows) if rows.is_empty());
        if none {
            page.page = page.page.notice(
                Banner::new(t, Tone::Error, t.get("import-class-none-title"))
                    .text(t.get("import-class-none-text")),
            );
            return Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page));
        }
        return Ok(render(&page));
    }
    let version = raw.get("version").parse().unwrap_or(0);
    let answers = answers_of(&raw);
    let (status, title, text) = match app
        .classify_import_rows(signed.actor(), id, version, selection.clone(), &answers)
        .await
    {
        Ok(_) => return Ok(Redirect::to(&address(id, &query)).into_response()),
        Err(AppError::Stale) => (
            StatusCode::CONFLICT,
            "import-stale-title",
            "import-stale-text",
        ),
        Err(AppError::Invalid(problems)) if problems.iter().any(|each| each.field == "rows") => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "import-class-none-title",
            "import-class-none-text",
        ),
        Err(AppError::Invalid(_)) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "import-class-open-title",
            "import-class-open-text",
        ),
        Err(other) => return Err(PageError::from(other)),
    };
    let mut page = view(&app, &signed, &import, &query, &raw, &selection)?;
    page.page = page
        .page
        .notice(Banner::new(t, Tone::Error, t.get(title)).text(t.get(text)));
    Ok(render_with(status, &page))
}

fn view(
    app: &App,
    signed: &Signed,
    import: &ImportView,
    query: &ReviewQuery,
    raw: &RawForm,
    selection: &Selection,
) -> Result<ClassPage, PageError> {
    let t = signed.here.t;
    let id = import.head.id;
    let errors = FormErrors::new();
    let form = Form::new(t, raw, &errors);
    let wizard = app.class_wizard(&answers_of(raw), app.today())?;
    let (all, count) = match selection {
        Selection::All(state) => {
            let count = state
                .and_then(RowState::from_code)
                .map_or(import.counts.all(), |state| import.counts.of(state));
            (true, count)
        }
        Selection::Rows(rows) => (false, u32::try_from(rows.len()).unwrap_or(u32::MAX)),
    };
    let key = match &wizard.found.outcome {
        _ if wizard.answered.is_empty() => None,
        ClassOutcome::Decided(_) | ClassOutcome::AtLeast { .. } => Some("import-class-apply"),
        ClassOutcome::NotSpecified => Some("import-class-leave-out"),
        ClassOutcome::Unclear { .. } => None,
    };
    let back = address(id, query);
    Ok(ClassPage {
        page: signed
            .page("import-class-title")
            .crumb("/computers", t.get("computers-title"))
            .crumb("/computers/import", t.get("import-title"))
            .crumb(back.clone(), t.get("import-review-title")),
        steps: steps(t, 3),
        id,
        version: raw.get("version").to_owned(),
        state: query.state.clone(),
        number: query.page.unwrap_or(1),
        all,
        rows: raw.all("row").map(str::to_owned).collect(),
        chosen: t.with("import-class-chosen", "count", count).into_owned(),
        apply: key.map(|key| t.with(key, "count", count).into_owned()),
        wizard: wizard_view(t, &form, &wizard),
        back,
    })
}
