//! What the columns of a sheet mean.

use std::collections::BTreeMap;

use formats::inventory::{Column, Note, heading_at, value_key};
use ids::ImportId;
use policy::{Action, Actor};
use statute::AssetClass;

use super::check::loaded;
use super::known::guess_meanings;
use super::sheet::Sheet;
use crate::error::AppError;
use crate::instance::App;

/// Values of a column shown beside its name.
const SAMPLES: usize = 3;
/// Words of the column of the class that are asked about.
const CLASS_WORDS: usize = 40;

/// A sheet of an import.
#[derive(Clone)]
pub struct SheetView {
    /// Its place in the import.
    pub position: u32,
    /// Name of the file.
    pub file_name: String,
    /// Name of the sheet; empty where the file has one.
    pub sheet_name: String,
    /// Whether its rows are taken.
    pub taken: bool,
    /// Whether columns can be chosen: those of a bill of materials are known.
    pub is_table: bool,
    /// Row of the first heading, from 1.
    pub heading: usize,
    /// Rows of headings: one or two.
    pub heading_rows: usize,
    /// Columns.
    pub columns: Vec<ColumnView>,
    /// Rows below the headings.
    pub rows: usize,
    /// What the reader must know.
    pub notes: Vec<Note>,
}

/// A column of a sheet.
#[derive(Clone)]
pub struct ColumnView {
    /// Its heading.
    pub name: String,
    /// What it means.
    pub meaning: Option<Column>,
    /// First values in it.
    pub samples: Vec<String>,
}

/// What someone says of a sheet.
#[derive(Clone, Debug, Default)]
pub struct SheetChoice {
    /// The sheet.
    pub position: u32,
    /// Whether its rows are taken.
    pub taken: bool,
    /// Row of the first heading from 1, where it was changed; columns are then guessed again.
    pub heading: Option<usize>,
    /// Rows of headings, where that was changed.
    pub heading_rows: Option<usize>,
    /// What the columns mean, in their order.
    pub meanings: Vec<Option<Column>>,
}

impl App {
    /// The sheets of an import with their columns, and words of the column of the class that are not known.
    pub async fn import_sheets(
        &self,
        actor: &Actor,
        id: ImportId,
    ) -> Result<(Vec<SheetView>, Vec<(String, u32)>), AppError> {
        let mut tx = self.store().begin_read("import.sheets").await?;
        self.seen_import(&mut tx, actor, id).await?;
        let (sheets, entries) = loaded(&mut tx, id).await?;
        let mut views: Vec<SheetView> = sheets.iter().map(view).collect();
        let mut words: BTreeMap<String, u32> = BTreeMap::new();
        for entry in &entries {
            let Some(view) = views
                .iter_mut()
                .find(|view| view.position == entry.stored.sheet)
            else {
                continue;
            };
            if entry.stored.state == "heading" {
                continue;
            }
            view.rows = view.rows.saturating_add(1);
            for (column, cell) in view.columns.iter_mut().zip(&entry.cells) {
                let cell = cell.trim();
                let known = column.samples.iter().any(|sample| sample == cell);
                if column.samples.len() < SAMPLES && !cell.is_empty() && !known {
                    column.samples.push(cell.chars().take(60).collect());
                }
            }
            if let Some(found) = &entry.found
                && !found.class_word.is_empty()
                && (words.len() < CLASS_WORDS || words.contains_key(&found.class_word))
            {
                let count = words.entry(found.class_word.clone()).or_default();
                *count = count.saturating_add(1);
            }
        }
        Ok((views, words.into_iter().collect()))
    }

    /// Says what the columns mean, and which class words of this house stand for. Both are remembered for the next
    /// import; every row is checked again.
    ///
    /// # Errors
    /// [`AppError::Stale`] when someone else changed the import since `version` was read.
    pub async fn map_import(
        &self,
        actor: &Actor,
        id: ImportId,
        version: i64,
        choices: &[SheetChoice],
        class_words: &[(String, AssetClass)],
    ) -> Result<(), AppError> {
        let mut tx = self.store().begin("import.map").await?;
        let (mut head, permit) = self.open_import(&mut tx, actor, id).await?;
        // Nothing of an import is official before it is registered.
        drop(permit);
        if head.version != version {
            return Err(AppError::Stale);
        }
        let headings = self.headings_of(&mut tx, actor).await?;
        let (mut sheets, mut entries) = loaded(&mut tx, id).await?;
        for choice in choices {
            let Some(sheet) = sheets
                .iter_mut()
                .find(|sheet| sheet.stored.position == choice.position)
            else {
                return Err(AppError::NotFound);
            };
            sheet.body.taken = choice.taken;
            let moved = sheet.stored.format != "bom"
                && (choice
                    .heading
                    .is_some_and(|row| row != sheet.body.heading.saturating_add(1))
                    || choice
                        .heading_rows
                        .is_some_and(|rows| rows != sheet.body.heading_rows));
            if moved {
                let rows = Sheet::first_rows(&entries, choice.position);
                let first = choice
                    .heading
                    .map_or(sheet.body.heading, |row| row.saturating_sub(1));
                let count = choice.heading_rows.unwrap_or(sheet.body.heading_rows);
                let heading = heading_at(&rows, &sheet.body.spans(), first, count);
                sheet.body.set_heading(heading);
                sheet.body.meanings = guess_meanings(&sheet.body.columns, &headings);
            } else if sheet.stored.format != "bom" {
                take_meanings(sheet, &choice.meanings)?;
                for (name, meaning) in sheet.body.columns.iter().zip(&sheet.body.meanings) {
                    let word = value_key(name);
                    if !word.is_empty() {
                        let meaning = meaning.as_deref().unwrap_or("");
                        tx.learn_import_word(actor.organisation, "column", &word, meaning)
                            .await?;
                    }
                }
            }
            sheet.write()?;
            tx.update_import_sheet(id, &sheet.stored).await?;
        }
        for (word, class) in class_words {
            tx.learn_import_word(actor.organisation, "class", &value_key(word), class.code())
                .await?;
        }
        self.recheck_entries(&mut tx, actor, id, &sheets, &mut entries)
            .await?;
        head.updated_at = self.now();
        tx.update_import(&head).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Imports of the own register, newest first.
    pub async fn imports(
        &self,
        actor: &Actor,
        before: Option<ImportId>,
        limit: u32,
    ) -> Result<Vec<super::ImportHead>, AppError> {
        let scope = self.policy().owner_scope(actor, Action::ViewRegister);
        if scope.is_empty() {
            return Err(AppError::NotFound);
        }
        let mut tx = self.store().begin_read("import.list").await?;
        Ok(tx.imports(&scope, before, self.page_limit(limit)).await?)
    }
}

fn view(sheet: &Sheet) -> SheetView {
    let body = &sheet.body;
    SheetView {
        position: sheet.stored.position,
        file_name: sheet.stored.file_name.clone(),
        sheet_name: sheet.stored.sheet_name.clone(),
        taken: body.taken,
        is_table: sheet.stored.format != "bom",
        heading: body.heading.saturating_add(1),
        heading_rows: body.heading_rows,
        columns: body
            .columns
            .iter()
            .enumerate()
            .map(|(place, name)| ColumnView {
                name: name.clone(),
                meaning: body.meaning(place),
                samples: Vec::new(),
            })
            .collect(),
        rows: 0,
        notes: body.notes(),
    }
}

/// Two columns cannot mean the same.
fn take_meanings(sheet: &mut Sheet, meanings: &[Option<Column>]) -> Result<(), AppError> {
    let mut taken: Vec<Column> = Vec::new();
    for meaning in meanings.iter().flatten() {
        if taken.contains(meaning) {
            let field = format!("sheet.{}", sheet.stored.position);
            return Err(AppError::field(field, "import_column_twice"));
        }
        taken.push(*meaning);
    }
    sheet.body.meanings = (0..sheet.body.columns.len())
        .map(|place| {
            meanings
                .get(place)
                .copied()
                .flatten()
                .map(|column| column.code().to_owned())
        })
        .collect();
    Ok(())
}
