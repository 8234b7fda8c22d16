//! What the columns of the files mean.

use app::assets::import::{SheetChoice, SheetView};
use app::{App, AppError};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use formats::inventory::Column;
use http::StatusCode;
use ids::ImportId;
use policy::Action;
use statute::AssetClass;

use super::super::words::class_label;
use super::words::{column_label, note_text, steps};
use crate::components::{Banner, Steps, Tone};
use crate::failure::{PageError, PageResult};
use crate::forms::{Checkbox, Choice, ErrorSummary, Form, FormErrors, RawForm, Select};
use crate::page::{Page, render, render_with};
use crate::session::{Posted, Signed};
use crate::texts::Texts;

struct Col {
    select: Select,
    samples: String,
}

struct Sheet {
    title: String,
    rows: String,
    notes: Vec<String>,
    taken: Checkbox,
    heading: Option<HeadingFields>,
    columns: Vec<Col>,
}

struct HeadingFields {
    row: String,
    row_name: String,
    two: Checkbox,
}

#[derive(Template)]
#[template(path = "pages/assets/import/columns.html")]
struct ColumnsPage {
    page: Page,
    summary: ErrorSummary,
    steps: Steps,
    id: ImportId,
    version: i64,
    sheets: Vec<Sheet>,
    words: Vec<Select>,
    may_edit: bool,
}

pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<ImportId>,
    signed: Signed,
) -> PageResult {
    let page = view(&app, &signed, id, &FormErrors::new()).await?;
    Ok(render(&page))
}

pub(super) async fn save(
    State(app): State<App>,
    Path(id): Path<ImportId>,
    posted: Posted,
) -> PageResult {
    let Posted { signed, form: raw } = posted;
    app.view_import(signed.actor(), id).await?;
    signed.must_be_allowed(&app, Action::EditRegister, &signed.own_register())?;
    let (sheets, words) = app.import_sheets(signed.actor(), id).await?;
    let choices: Vec<SheetChoice> = sheets.iter().map(|sheet| choice(sheet, &raw)).collect();
    let moved = sheets.iter().zip(&choices).any(|(sheet, choice)| {
        choice.heading.is_some_and(|row| row != sheet.heading)
            || choice
                .heading_rows
                .is_some_and(|rows| rows != sheet.heading_rows)
    });
    let classes: Vec<(String, AssetClass)> = words
        .iter()
        .enumerate()
        .filter_map(|(place, (word, _))| {
            let code = raw.get(&format!("word.{place}"));
            AssetClass::ALL
                .into_iter()
                .find(|class| class.code() == code)
                .map(|class| (word.clone(), class))
        })
        .collect();
    let version = raw.get("version").parse().unwrap_or(0);
    match app
        .map_import(signed.actor(), id, version, &choices, &classes)
        .await
    {
        // Other headings are other columns: they are looked at again.
        Ok(()) if moved => {
            Ok(Redirect::to(&format!("/computers/import/{id}/columns")).into_response())
        }
        Ok(()) => Ok(Redirect::to(&format!("/computers/import/{id}")).into_response()),
        Err(AppError::Invalid(problems)) => {
            let mut errors = FormErrors::new();
            for problem in &problems {
                let place = problem.field.trim_start_matches("sheet.");
                errors.add(
                    &format!("taken.{place}"),
                    "import-columns-title",
                    "field-import-column-twice",
                );
            }
            let page = view(&app, &signed, id, &errors).await?;
            Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(AppError::Stale) => {
            let t = signed.here.t;
            let mut page = view(&app, &signed, id, &FormErrors::new()).await?;
            page.page = page.page.notice(
                Banner::new(t, Tone::Error, t.get("import-stale-title"))
                    .text(t.get("import-stale-text")),
            );
            Ok(render_with(StatusCode::CONFLICT, &page))
        }
        Err(other) => Err(PageError::from(other)),
    }
}

fn choice(sheet: &SheetView, raw: &RawForm) -> SheetChoice {
    let place = sheet.position;
    let heading = sheet
        .is_table
        .then(|| raw.get(&format!("heading.{place}")).trim().parse().ok())
        .flatten()
        .filter(|row| (1..=1_000).contains(row));
    SheetChoice {
        position: place,
        taken: raw.is_checked(&format!("taken.{place}")),
        heading,
        heading_rows: sheet
            .is_table
            .then(|| 1_usize.saturating_add(usize::from(raw.is_checked(&format!("two.{place}"))))),
        meanings: (0..sheet.columns.len())
            .map(|column| Column::from_code(raw.get(&format!("column.{place}.{column}"))))
            .collect(),
    }
}

async fn view(
    app: &App,
    signed: &Signed,
    id: ImportId,
    errors: &FormErrors,
) -> Result<ColumnsPage, PageError> {
    let t = signed.here.t;
    let import = app.view_import(signed.actor(), id).await?;
    let (sheets, words) = app.import_sheets(signed.actor(), id).await?;
    let raw = stored(&sheets);
    let form = Form::new(t, &raw, errors);
    let classes = || -> Vec<Choice> {
        AssetClass::ALL
            .into_iter()
            .map(|class| Choice::new(class.code(), class_label(t, class)))
            .collect()
    };
    let words = words
        .into_iter()
        .enumerate()
        .map(|(place, (word, count))| {
            form.select(&format!("word.{place}"), "import-word", classes())
                .label_text(
                    t.with2("import-word-of", "word", word, "count", count)
                        .into_owned(),
                )
        })
        .collect();
    Ok(ColumnsPage {
        page: signed
            .page("import-columns-title")
            .crumb("/computers", t.get("computers-title"))
            .crumb("/computers/import", t.get("import-title"))
            .with_errors(!errors.is_empty()),
        summary: form.summary(),
        steps: steps(t, 2),
        id,
        version: import.head.version,
        sheets: sheets
            .iter()
            .map(|sheet| sheet_fields(t, &form, sheet))
            .collect(),
        words,
        may_edit: import.may_edit && import.head.phase == "open",
    })
}

/// What stands in the database as the fields of a form.
fn stored(sheets: &[SheetView]) -> RawForm {
    let mut raw = RawForm::empty();
    for sheet in sheets {
        let place = sheet.position;
        if sheet.taken {
            raw.push(format!("taken.{place}"), "yes");
        }
        if sheet.heading_rows == 2 {
            raw.push(format!("two.{place}"), "yes");
        }
        for (column, found) in sheet.columns.iter().enumerate() {
            if let Some(meaning) = found.meaning {
                raw.push(format!("column.{place}.{column}"), meaning.code());
            }
        }
    }
    raw
}

fn sheet_fields(t: Texts, form: &Form<'_>, sheet: &SheetView) -> Sheet {
    let place = sheet.position;
    let meanings = || -> Vec<Choice> {
        Column::ALL
            .into_iter()
            .map(|column| Choice::new(column.code(), column_label(t, column)))
            .collect()
    };
    let columns = if sheet.is_table {
        sheet
            .columns
            .iter()
            .enumerate()
            .map(|(column, found)| {
                let name = if found.name.is_empty() {
                    t.with("import-column-unnamed", "number", column.saturating_add(1))
                        .into_owned()
                } else {
                    found.name.clone()
                };
                Col {
                    select: form
                        .select(
                            &format!("column.{place}.{column}"),
                            "import-meaning",
                            meanings(),
                        )
                        .label_text(name),
                    samples: found.samples.join(" / "),
                }
            })
            .collect()
    } else {
        Vec::new()
    };
    Sheet {
        title: if sheet.sheet_name.is_empty() {
            sheet.file_name.clone()
        } else {
            format!("{} / {}", sheet.file_name, sheet.sheet_name)
        },
        rows: t.with("import-rows", "count", sheet.rows).into_owned(),
        notes: sheet.notes.iter().map(|note| note_text(t, note)).collect(),
        taken: form.checkbox(&format!("taken.{place}"), "import-taken"),
        heading: sheet.is_table.then(|| HeadingFields {
            row: sheet.heading.to_string(),
            row_name: format!("heading.{place}"),
            two: form.checkbox(&format!("two.{place}"), "import-two-headings"),
        }),
        columns,
    }
}
