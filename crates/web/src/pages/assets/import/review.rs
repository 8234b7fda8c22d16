//! The rows of an import, looked through and mended many at a time.

use app::assets::import::{
    DecideRows, ImportCounts, ImportView, ReviewRow, RowChange, RowState, Selection,
};
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect};
use http::StatusCode;
use ids::ImportId;
use model::assets::NotifiedUnit;
use policy::Action;
use serde::Deserialize;
use statute::{AssetClass, Exemption};

use super::super::words::{class_label, exemption_label, unit_label};
use super::words::{remarks, state_badge, state_label, steps};
use crate::components::{Banner, EmptyState, Pagination, StatusBadge, Steps, Tone};
use crate::failure::{PageError, PageResult};
use crate::forms::{
    Choice, ErrorSummary, FileInput, Form, FormErrors, RawForm, Select, TextInput, Width,
};
use crate::page::{Page, render, render_with};
use crate::session::{Posted, Signed};
use crate::texts::Texts;

/// Rows on one page.
const PAGE: u32 = 50;
/// Facilities offered.
const OFFERED: u32 = 200;

/// What the rows are narrowed to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ReviewQuery {
    pub(super) state: String,
    pub(super) page: Option<u32>,
}

struct Filter {
    href: String,
    label: String,
    current: bool,
}

struct Line {
    value: String,
    place: String,
    product: String,
    maker: String,
    facility: String,
    class: String,
    unit: String,
    introduced: String,
    state: StatusBadge,
    remarks: Vec<String>,
}

struct ErrorFile {
    href: String,
    name: String,
}

/// What may be decided on the chosen rows.
struct Fields {
    facility: Select,
    class: Select,
    unit: Select,
    introduced_on: TextInput,
    exemption: Select,
    explanation: TextInput,
    espa_document: TextInput,
    product: TextInput,
    maker: TextInput,
}

#[derive(Template)]
#[template(path = "pages/assets/import/review.html")]
struct ReviewPage {
    page: Page,
    summary: ErrorSummary,
    steps: Steps,
    id: ImportId,
    version: i64,
    state: String,
    number: u32,
    filters: Vec<Filter>,
    rows: Vec<Line>,
    all: String,
    pagination: Pagination,
    empty: Option<EmptyState>,
    fields: Fields,
    files: FileInput,
    error_files: Vec<ErrorFile>,
    may_edit: bool,
    accepted: Option<String>,
}

pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<ImportId>,
    Query(query): Query<ReviewQuery>,
    signed: Signed,
) -> PageResult {
    let import = app.view_import(signed.actor(), id).await?;
    if import.head.phase != "open" {
        return Ok(Redirect::to(&format!("/computers/import/{id}/done")).into_response());
    }
    let raw = RawForm::empty();
    let page = view(&app, &signed, &import, &query, &raw, &FormErrors::new()).await?;
    Ok(render(&page))
}

pub(super) async fn decide(
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
    let version = raw.get("version").parse().unwrap_or(0);
    let mut errors = FormErrors::new();
    let change = change_of(&raw);
    if change == Some(RowChange::default()) {
        errors.add("facility", "import-decide", "field-import-change-missing");
    } else {
        let decide = DecideRows {
            selection: selection_of(&raw, &query),
            change,
        };
        match app
            .decide_import_rows(signed.actor(), id, version, &decide)
            .await
        {
            Ok(_) => return Ok(Redirect::to(&address(id, &query)).into_response()),
            Err(AppError::Invalid(_)) => {
                errors.add("rows", "import-rows-chosen", "field-import-rows-missing");
            }
            Err(AppError::Stale) => {
                let t = signed.here.t;
                let mut page = view(&app, &signed, &import, &query, &raw, &errors).await?;
                page.page = page.page.notice(
                    Banner::new(t, Tone::Error, t.get("import-stale-title"))
                        .text(t.get("import-stale-text")),
                );
                return Ok(render_with(StatusCode::CONFLICT, &page));
            }
            Err(other) => return Err(PageError::from(other)),
        }
    }
    let page = view(&app, &signed, &import, &query, &raw, &errors).await?;
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

pub(super) fn selection_of(raw: &RawForm, query: &ReviewQuery) -> Selection {
    if raw.is_checked("all") {
        return Selection::All(RowState::from_code(&query.state).map(RowState::code));
    }
    let rows = raw
        .all("row")
        .filter_map(|value| {
            let (sheet, row) = value.split_once('.')?;
            Some((sheet.parse().ok()?, row.parse().ok()?))
        })
        .collect();
    Selection::Rows(rows)
}

/// What the pressed button and the filled fields say; `None` takes everything back.
fn change_of(raw: &RawForm) -> Option<RowChange> {
    let none = RowChange::default();
    match raw.get("do") {
        "undo" => return None,
        "leave_out" => {
            return Some(RowChange {
                left_out: Some(true),
                ..none
            });
        }
        "take_in" => {
            return Some(RowChange {
                left_out: Some(false),
                ..none
            });
        }
        "keep_apart" => {
            return Some(RowChange {
                keep_apart: Some(true),
                ..none
            });
        }
        _ => {}
    }
    let text = |name: &str| {
        Some(raw.get(name).trim())
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let exemption = Exemption::ALL
        .into_iter()
        .find(|each| each.code() == raw.get("exemption"));
    Some(RowChange {
        product: text("product"),
        maker: text("maker"),
        facility: raw.get("facility").parse().ok(),
        class: AssetClass::ALL
            .into_iter()
            .find(|class| class.code() == raw.get("class")),
        unit: NotifiedUnit::ALL
            .iter()
            .find(|unit| unit.code() == raw.get("unit"))
            .copied(),
        introduced_on: text("introduced_on"),
        exemption,
        explanation: text("explanation"),
        espa_document: text("espa_document"),
        notify: (raw.get("exemption") == "none").then_some(true),
        ..none
    })
}

/// The review page with the same rows.
pub(super) fn address(id: ImportId, query: &ReviewQuery) -> String {
    let page = query.page.unwrap_or(1);
    match RowState::from_code(&query.state) {
        Some(state) => format!("/computers/import/{id}?state={}&page={page}", state.code()),
        None => format!("/computers/import/{id}?page={page}"),
    }
}

async fn view(
    app: &App,
    signed: &Signed,
    import: &ImportView,
    query: &ReviewQuery,
    raw: &RawForm,
    errors: &FormErrors,
) -> Result<ReviewPage, PageError> {
    let t = signed.here.t;
    let id = import.head.id;
    let state = RowState::from_code(&query.state);
    let counts = import.counts;
    let total = state.map_or(counts.all(), |state| counts.of(state));
    // A page that a decision has emptied is the last one that has rows.
    let last = total.saturating_sub(1).checked_div(PAGE).unwrap_or(0);
    let number = query.page.unwrap_or(1).saturating_sub(1).min(last);
    let found = app
        .import_rows(signed.actor(), id, state, PAGE, number.saturating_mul(PAGE))
        .await?;
    let at = |page: u32| {
        address(
            id,
            &ReviewQuery {
                state: query.state.clone(),
                page: Some(page.saturating_add(1)),
            },
        )
    };
    let shown = t
        .with2("computers-shown", "shown", found.rows.len(), "total", total)
        .into_owned();
    let empty = found.rows.is_empty().then(|| {
        EmptyState::new(
            t.get("import-rows-none-title"),
            t.get("import-rows-none-text"),
        )
        .action(
            format!("/computers/import/{id}"),
            t.get("import-rows-none-action"),
        )
    });
    let form = Form::new(t, raw, errors);
    Ok(ReviewPage {
        page: signed
            .page("import-review-title")
            .crumb("/computers", t.get("computers-title"))
            .crumb("/computers/import", t.get("import-title"))
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        steps: steps(t, 3),
        id,
        version: import.head.version,
        state: query.state.clone(),
        number: number.saturating_add(1),
        filters: filters(t, id, &counts, state),
        rows: found.rows.iter().map(|row| line(t, import, row)).collect(),
        all: t.with("import-all-rows", "count", total).into_owned(),
        pagination: Pagination::new(
            t,
            number.checked_sub(1).map(at),
            found.more.then(|| at(number.saturating_add(1))),
            shown,
        ),
        empty,
        fields: fields(app, signed, &form).await?,
        files: super::list::files_input(t, &form),
        error_files: import
            .sheets
            .iter()
            .map(|(place, name)| ErrorFile {
                href: format!("/computers/import/{id}/errors/{place}"),
                name: name.clone(),
            })
            .collect(),
        may_edit: import.may_edit,
        accepted: (0 < counts.accepted()).then(|| {
            t.with("import-to-confirm", "count", counts.accepted())
                .into_owned()
        }),
    })
}

fn filters(
    t: Texts,
    id: ImportId,
    counts: &ImportCounts,
    current: Option<RowState>,
) -> Vec<Filter> {
    let label = |name: String, count: u32| {
        t.with2("import-filter", "name", name, "count", count)
            .into_owned()
    };
    let mut filters = vec![Filter {
        href: format!("/computers/import/{id}"),
        label: label(t.get("import-filter-all").into_owned(), counts.all()),
        current: current.is_none(),
    }];
    for state in RowState::ALL {
        if state == RowState::Registered {
            continue;
        }
        filters.push(Filter {
            href: format!("/computers/import/{id}?state={}", state.code()),
            label: label(state_label(t, state), counts.of(state)),
            current: current == Some(state),
        });
    }
    filters
}

async fn fields(app: &App, signed: &Signed, form: &Form<'_>) -> Result<Fields, PageError> {
    let t = signed.here.t;
    let facilities = app.find_facilities(signed.actor(), "", OFFERED).await?;
    let places = facilities
        .entries
        .iter()
        .map(|entry| Choice::new(entry.facility.id.to_string(), entry.facility.name.as_str()))
        .collect();
    let classes = AssetClass::ALL
        .into_iter()
        .map(|class| Choice::new(class.code(), class_label(t, class)))
        .collect();
    let units = NotifiedUnit::ALL
        .iter()
        .map(|unit| Choice::new(unit.code(), unit_label(t, *unit)))
        .collect();
    let mut exemptions = vec![Choice::new("none", t.get("import-exemption-none"))];
    for exemption in [Exemption::OwnGroupUse, Exemption::EspaSubstitute] {
        exemptions.push(Choice::new(exemption.code(), exemption_label(t, exemption)));
    }
    Ok(Fields {
        facility: form
            .select("facility", "computer-facility", places)
            .hint("import-facility-hint"),
        class: form
            .select("class", "computer-class", classes)
            .hint("import-class-hint"),
        unit: form.select("unit", "computer-unit", units),
        introduced_on: form
            .text("introduced_on", "import-column-introduced-on")
            .hint("import-day-hint")
            .width(Width::S),
        exemption: form
            .select("exemption", "import-column-exemption", exemptions)
            .hint("import-exemption-hint"),
        explanation: form.text("explanation", "import-explanation"),
        espa_document: form.text("espa_document", "import-column-espa-document"),
        product: form.text("product", "import-column-product"),
        maker: form.text("maker", "import-column-maker"),
    })
}

fn line(t: Texts, import: &ImportView, row: &ReviewRow) -> Line {
    let found = &row.found;
    let file = import
        .sheets
        .iter()
        .find(|(place, _)| *place == row.key.0)
        .map_or("", |(_, name)| name.as_str());
    Line {
        value: format!("{}.{}", row.key.0, row.key.1),
        place: t
            .with2("import-place", "file", file, "place", row.place.as_str())
            .into_owned(),
        product: found.product.clone(),
        maker: found.maker.clone(),
        facility: found.facility_name.clone(),
        class: found
            .class
            .map_or_else(|| found.class_word.clone(), |class| class_label(t, class)),
        unit: found
            .unit
            .map(|unit| unit_label(t, unit))
            .unwrap_or_default(),
        introduced: found.introduced_on.clone().unwrap_or_default(),
        state: state_badge(t, row.state),
        remarks: remarks(t, row),
    }
}
