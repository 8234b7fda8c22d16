//! What the written names of an import mean: one answer for all rows of one spelling.

use app::assets::import::{ImportView, Spelling};
use app::names::{LearnName, Suggestion};
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::ImportId;
use policy::Action;
use serde::Deserialize;

use super::super::super::names::reason_key;
use super::words::steps;
use crate::components::{Banner, EmptyState, Pagination, Steps, Tone};
use crate::failure::{PageError, PageResult};
use crate::forms::{Choice, Choices, Form, FormErrors, RawForm};
use crate::frame::named;
use crate::page::{Page, render, render_with};
use crate::session::{Posted, Signed};
use crate::texts::Texts;

/// Spellings on one page.
const PAGE: usize = 20;
/// The answer that leaves a spelling open.
const LATER: &str = "later";

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NamesQuery {
    page: Option<usize>,
}

struct Asked {
    place: usize,
    maker: String,
    product: String,
    meant: Choices,
}

#[derive(Template)]
#[template(path = "pages/assets/import/names.html")]
struct NamesPage {
    page: Page,
    steps: Steps,
    id: ImportId,
    version: i64,
    number: usize,
    stand: String,
    asked: Vec<Asked>,
    empty: Option<EmptyState>,
    pagination: Pagination,
    may_edit: bool,
}

pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<ImportId>,
    Query(query): Query<NamesQuery>,
    signed: Signed,
) -> PageResult {
    let import = app.view_import(signed.actor(), id).await?;
    if import.head.phase != "open" {
        return Ok(Redirect::to(&format!("/computers/import/{id}/done")).into_response());
    }
    let number = query.page.unwrap_or(1).max(1);
    Ok(render(&view(&app, &signed, &import, number, None).await?))
}

pub(super) async fn confirm(
    State(app): State<App>,
    Path(id): Path<ImportId>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form: raw } = posted;
    let import = app.view_import(signed.actor(), id).await?;
    signed.must_be_allowed(&app, Action::EditRegister, &signed.own_register())?;
    let number = raw.get("page").parse().unwrap_or(1_usize).max(1);
    let version = raw.get("version").parse().unwrap_or(0);
    let names = chosen(&raw);
    let t = signed.here.t;
    let (status, title, text) = if names.is_empty() {
        (
            StatusCode::UNPROCESSABLE_ENTITY,
            "import-names-none-chosen-title",
            "import-names-none-chosen-text",
        )
    } else {
        match app
            .confirm_import_names(signed.actor(), id, version, &names)
            .await
        {
            Ok(()) => {
                let next = format!("/computers/import/{id}/names?page={number}");
                return Ok(Redirect::to(&next).into_response());
            }
            Err(AppError::Stale) => (
                StatusCode::CONFLICT,
                "import-stale-title",
                "import-stale-text",
            ),
            Err(AppError::Invalid(_)) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "names-refused-title",
                "names-refused-text",
            ),
            Err(other) => return Err(PageError::from(other)),
        }
    };
    let banner = Banner::new(t, Tone::Error, t.get(title)).text(t.get(text));
    let page = view(&app, &signed, &import, number, Some(banner)).await?;
    Ok(render_with(status, &page))
}

/// The answers that say what is meant.
fn chosen(raw: &RawForm) -> Vec<LearnName> {
    (0..PAGE)
        .filter_map(|place| {
            let (maker_id, product_id) = raw.get(&format!("meant.{place}")).split_once('/')?;
            Some(LearnName {
                maker: raw.get(&format!("maker.{place}")).to_owned(),
                product: raw.get(&format!("product.{place}")).to_owned(),
                maker_id: maker_id.to_owned(),
                product_id: product_id.to_owned(),
            })
        })
        .collect()
}

async fn view(
    app: &App,
    signed: &Signed,
    import: &ImportView,
    number: usize,
    notice: Option<Banner>,
) -> Result<NamesPage, PageError> {
    let t = signed.here.t;
    let id = import.head.id;
    let offset = number.saturating_sub(1).saturating_mul(PAGE);
    let found = app
        .import_spellings(signed.actor(), id, PAGE, offset)
        .await?;
    let mut raw = RawForm::empty();
    for (place, spelling) in found.spellings.iter().enumerate() {
        let sure = spelling.suggestions.iter().find(|each| each.preselected);
        let value = sure.map_or_else(|| LATER.to_owned(), value_of);
        raw.push(format!("meant.{place}"), value);
    }
    let errors = FormErrors::new();
    let form = Form::new(t, &raw, &errors);
    let at = |page: usize| format!("/computers/import/{id}/names?page={page}");
    let mut page = signed
        .page("import-names-title")
        .crumb("/computers", t.get("computers-title"))
        .crumb("/computers/import", t.get("import-title"))
        .crumb(
            format!("/computers/import/{id}"),
            t.get("import-review-title"),
        );
    if let Some(notice) = notice {
        page = page.notice(notice);
    }
    let empty = found.spellings.is_empty().then(|| {
        EmptyState::new(
            t.get("import-names-none-title"),
            t.get("import-names-none-text"),
        )
        .action(
            format!("/computers/import/{id}"),
            t.get("import-names-back"),
        )
    });
    Ok(NamesPage {
        page,
        steps: steps(t, 3),
        id,
        version: import.head.version,
        number,
        stand: t
            .with2(
                "import-names-stand",
                "confirmed",
                found.confirmed,
                "open",
                found.open,
            )
            .into_owned(),
        pagination: Pagination::new(
            t,
            (1 < number).then(|| at(number.saturating_sub(1))),
            found.more.then(|| at(number.saturating_add(1))),
            t.with("names-shown", "count", found.spellings.len())
                .into_owned(),
        ),
        asked: found
            .spellings
            .iter()
            .enumerate()
            .map(|(place, spelling)| asked(t, &form, place, spelling))
            .collect(),
        empty,
        may_edit: import.may_edit,
    })
}

fn asked(t: Texts, form: &Form<'_>, place: usize, spelling: &Spelling) -> Asked {
    let mut choices: Vec<Choice> = spelling
        .suggestions
        .iter()
        .map(|each| {
            let reasons: Vec<String> = each
                .reasons
                .iter()
                .map(|reason| t.get(reason_key(*reason)).into_owned())
                .collect();
            Choice::new(value_of(each), meaning(t, each)).hint(reasons.join(" / "))
        })
        .collect();
    choices.push(Choice::new(LATER, t.get("import-names-later")));
    let written = format!("{} {}", spelling.maker, spelling.product);
    Asked {
        place,
        maker: spelling.maker.clone(),
        product: spelling.product.clone(),
        meant: form
            .radios(&format!("meant.{place}"), "import-names-meant", choices)
            .label_text(
                t.with2(
                    "import-names-of",
                    "written",
                    written.trim(),
                    "count",
                    spelling.rows,
                )
                .into_owned(),
            ),
    }
}

fn value_of(each: &Suggestion) -> String {
    format!(
        "{}/{}",
        each.maker_id,
        each.product_id.as_deref().unwrap_or("")
    )
}

fn meaning(t: Texts, each: &Suggestion) -> String {
    let maker = named(t, &each.maker_ja, &each.maker_en);
    match (&each.product_ja, &each.product_en) {
        (Some(ja), Some(en)) => format!("{maker} {}", named(t, ja, en)),
        _ => maker,
    }
}
