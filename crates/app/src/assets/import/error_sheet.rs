//! The file as it came, with a column that says what is wrong.

use formats::inventory::{Encoding, write_csv};
use ids::ImportId;
use policy::Actor;

use super::check::loaded;
use super::entry::Entry;
use super::review::{ReviewRow, reviewed};
use crate::documents::sheet::{Cell, Table, UnwritableWorkbook};
use crate::error::AppError;
use crate::instance::App;

/// A file to be downloaded.
pub struct ErrorSheet {
    /// Its name.
    pub file_name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// What is in it.
    pub content: Vec<u8>,
}

/// Words for the column.
pub trait SheetWords {
    /// The heading of the column.
    fn heading(&self) -> String;
    /// What is to be said of a row; nothing where all is well.
    fn row(&self, row: &ReviewRow) -> String;
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

impl App {
    /// Every row of a sheet as it stood, with one more column: what is wrong with it. CSV stays CSV in its encoding,
    /// anything else is a workbook. Corrected, it can be imported again: what is registered already is then found.
    pub async fn import_error_sheet(
        &self,
        actor: &Actor,
        id: ImportId,
        position: u32,
        words: &(dyn SheetWords + Sync),
    ) -> Result<ErrorSheet, AppError> {
        let (sheet, entries) = {
            let mut tx = self.store().begin_read("import.errors").await?;
            self.seen_import(&mut tx, actor, id).await?;
            let (sheets, entries) = loaded(&mut tx, id).await?;
            let sheet = sheets
                .into_iter()
                .find(|sheet| sheet.stored.position == position)
                .ok_or(AppError::NotFound)?;
            let entries: Vec<Entry> = entries
                .into_iter()
                .filter(|entry| entry.stored.sheet == position)
                .collect();
            (sheet, entries)
        };
        let width = entries
            .iter()
            .map(|entry| entry.cells.len())
            .max()
            .unwrap_or(0)
            .max(sheet.body.columns.len());
        let mut rows: Vec<Vec<String>> = Vec::with_capacity(entries.len());
        let mut heading_rows = sheet.body.first_entry();
        if sheet.body.heading_rows == 0 {
            let mut heading = sheet.body.columns.clone();
            heading.resize(width, String::new());
            heading.push(words.heading());
            rows.push(heading);
            heading_rows = 1;
        }
        let last_heading = sheet.body.first_entry().checked_sub(1);
        for (index, entry) in entries.into_iter().enumerate() {
            let mut cells = entry.cells.clone();
            cells.resize(width, String::new());
            cells.push(match entry.stored.state.as_str() {
                "heading" if Some(index) == last_heading => words.heading(),
                "heading" | "blank" => String::new(),
                _ => words.row(&reviewed(entry)?),
            });
            rows.push(cells);
        }
        let stem = sheet
            .stored
            .file_name
            .rsplit_once('.')
            .map_or(sheet.stored.file_name.as_str(), |(stem, _)| stem);
        if sheet.stored.format == "csv" {
            return csv(stem, &rows, sheet.body.encoding(), sheet.body.delimiter);
        }
        let table = Table {
            name: sheet.stored.sheet_name.clone(),
            heading_rows,
            rows: rows
                .iter()
                .map(|cells| {
                    cells
                        .iter()
                        .map(|text| {
                            if text.is_empty() {
                                Cell::Empty
                            } else {
                                Cell::Text(text.clone())
                            }
                        })
                        .collect()
                })
                .collect(),
        };
        let documents = self.documents().clone();
        let written =
            tokio::task::spawn_blocking(move || documents.tables.write_workbook(&[table]))
                .await
                .map_err(|_| AppError::Bug("a table that ended the writing"))?;
        match written {
            Ok(content) => Ok(ErrorSheet {
                file_name: format!("{stem}-errors.xlsx"),
                media_type: XLSX,
                content,
            }),
            Err(UnwritableWorkbook::NotAvailable | UnwritableWorkbook::TooLarge) => {
                csv(stem, &rows, Encoding::Utf8WithMark, b',')
            }
        }
    }
}

fn csv(
    stem: &str,
    rows: &[Vec<String>],
    encoding: Encoding,
    delimiter: u8,
) -> Result<ErrorSheet, AppError> {
    Ok(ErrorSheet {
        file_name: format!("{stem}-errors.csv"),
        media_type: "text/csv",
        content: write_csv(rows, encoding, delimiter)
            .map_err(|_| AppError::Bug("rows that cannot be written"))?,
    })
}
