//! Files as they come in.

use std::fmt;

use formats::inventory::{
    FileFormat, Heading, InventoryError, NoteKind, Span, find_heading, format_of, read_bom,
    read_csv,
};
use ids::ImportId;
use policy::{Action, Actor, Resource};
use store::rows::imports::{ImportHead, ImportRow, ImportSheet};

use super::check::loaded;
use super::decide::RowChange;
use super::entry::Entry;
use super::known::{Headings, guess_meanings};
use super::sheet::{Sheet, SheetBody, to_json};
use super::{MOST_FILES, MOST_ROWS};
use crate::documents::Documents;
use crate::documents::sheet::{Cell, Sheet as WorkbookSheet, UnreadableWorkbook};
use crate::error::AppError;
use crate::instance::App;

/// Longest name of a file or sheet that is kept.
const NAME_CHARS: usize = 120;
/// Longest text of a cell that is kept.
const CELL_CHARS: usize = 4_000;

/// A file as it was sent.
#[derive(Clone)]
pub struct UploadedFile {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub content: Vec<u8>,
}

impl fmt::Debug for UploadedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadedFile").finish_non_exhaustive()
    }
}

/// A sheet before it has a place in an import.
struct ReadSheet {
    sheet_name: String,
    format: &'static str,
    body: SheetBody,
    rows: Vec<(String, Vec<String>)>,
}

impl App {
    /// Begins an import with these files, or adds them to one that is open. All of them are taken or none.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for the field `files.N` of a file that is not read; [`AppError::TooLarge`] for too many.
    pub async fn upload_import(
        &self,
        actor: &Actor,
        into: Option<ImportId>,
        files: Vec<UploadedFile>,
    ) -> Result<ImportId, AppError> {
        let register = Resource::Register {
            owner: actor.organisation,
        };
        // Who may not keep the register must not make the program read files.
        drop(
            self.policy()
                .check(actor, Action::EditRegister, &register)?,
        );
        if files.is_empty() {
            return Err(AppError::field("files", "import_file_missing"));
        }
        if MOST_FILES < files.len() {
            return Err(AppError::TooLarge("too_many_import_files"));
        }
        let headings = {
            let mut tx = self.store().begin_read("import.headings").await?;
            self.headings_of(&mut tx, actor).await?
        };
        let documents = self.documents().clone();
        let read = tokio::task::spawn_blocking(move || read_files(&documents, &headings, files))
            .await
            .map_err(|_| AppError::Bug("a file that ended the reading"))??;
        let at = self.now();
        let mut tx = self.store().begin("import.upload").await?;
        let (mut head, mut sheets, mut entries) = if let Some(id) = into {
            let (head, permit) = self.open_import(&mut tx, actor, id).await?;
            drop(permit);
            let (sheets, entries) = loaded(&mut tx, id).await?;
            (head, sheets, entries)
        } else {
            let head = ImportHead {
                id: self.ids().next(),
                owner: actor.organisation,
                phase: "open".to_owned(),
                created_by: actor.person,
                created_at: at,
                updated_at: at,
                filing: None,
                version: 1,
            };
            tx.insert_import(&head).await?;
            (head, Vec::new(), Vec::new())
        };
        let known = entries.len();
        let mut position = sheets
            .last()
            .map_or(0, |sheet| sheet.stored.position.saturating_add(1));
        for (file_name, found) in read {
            for sheet in found {
                let sheet = placed(position, &file_name, sheet, &mut entries)?;
                tx.insert_import_sheet(head.id, &sheet.stored).await?;
                sheets.push(sheet);
                position = position.saturating_add(1);
            }
        }
        if MOST_ROWS < entries.len() {
            return Err(AppError::TooLarge("too_many_import_rows"));
        }
        self.check_new_rows(&mut tx, actor, head.id, &sheets, &mut entries, known)
            .await?;
        if into.is_some() {
            head.updated_at = at;
            tx.update_import(&head).await?;
        }
        tx.commit().await?;
        Ok(head.id)
    }
}

/// Gives a sheet its place and adds its rows to the others.
fn placed(
    position: u32,
    file_name: &str,
    sheet: ReadSheet,
    entries: &mut Vec<Entry>,
) -> Result<Sheet, AppError> {
    let stored = ImportSheet {
        position,
        file_name: file_name.to_owned(),
        sheet_name: sheet.sheet_name,
        format: sheet.format.to_owned(),
        body: to_json(&sheet.body)?,
    };
    entries.reserve(sheet.rows.len());
    for (row, (place, cells)) in (0_u32..).zip(sheet.rows) {
        entries.push(Entry {
            stored: ImportRow {
                sheet: position,
                position: row,
                place,
                cells: to_json(&cells)?,
                decided: None,
                state: "blank".to_owned(),
                finding: None,
                computer: None,
            },
            cells,
            decided: RowChange::default(),
            found: None,
        });
    }
    Ok(Sheet {
        stored,
        body: sheet.body,
    })
}

fn read_files(
    documents: &Documents,
    headings: &Headings,
    files: Vec<UploadedFile>,
) -> Result<Vec<(String, Vec<ReadSheet>)>, AppError> {
    let mut read = Vec::with_capacity(files.len());
    for (place, file) in files.into_iter().enumerate() {
        let wrong = |code: &'static str| AppError::field(format!("files.{place}"), code);
        let mut sheets = match format_of(&file.content) {
            FileFormat::Workbook => of_workbook(documents, &file.content).map_err(wrong)?,
            FileFormat::Csv => vec![of_csv(&file.content).map_err(|error| wrong(code(error)))?],
            FileFormat::Bom => vec![of_bom(&file.content).map_err(|error| wrong(code(error)))?],
        };
        for sheet in &mut sheets {
            sheet.body.meanings = guess_meanings(&sheet.body.columns, headings);
        }
        choose(&mut sheets);
        if sheets.iter().all(|sheet| sheet.rows.is_empty()) {
            return Err(wrong("import_file_empty"));
        }
        let name: String = file
            .name
            .chars()
            .filter(|c| !c.is_control())
            .take(NAME_CHARS)
            .collect();
        read.push((name, sheets));
    }
    Ok(read)
}

const fn code(error: InventoryError) -> &'static str {
    match error {
        InventoryError::Unreadable => "import_file_unreadable",
        InventoryError::Entities => "import_file_entities",
        InventoryError::TooDeep => "import_file_too_deep",
        InventoryError::TooLarge => "import_file_too_large",
    }
}

/// Takes the sheets that have a product; where none has, the first that is not hidden and not empty.
fn choose(sheets: &mut [ReadSheet]) {
    let hidden = |sheet: &ReadSheet| {
        sheet
            .body
            .notes
            .iter()
            .any(|(code, _)| code == NoteKind::HiddenSheet.code())
    };
    let mut any = false;
    for sheet in sheets.iter_mut() {
        let product = sheet
            .body
            .meanings
            .iter()
            .flatten()
            .any(|code| code == "product");
        sheet.body.taken = product && !hidden(sheet) && !sheet.rows.is_empty();
        any |= sheet.body.taken;
    }
    if !any
        && let Some(first) = sheets
            .iter_mut()
            .find(|sheet| !hidden(sheet) && !sheet.rows.is_empty())
    {
        first.body.taken = true;
    }
}

fn of_csv(file: &[u8]) -> Result<ReadSheet, InventoryError> {
    let csv = read_csv(file)?;
    let heading = find_heading(&csv.rows, &[]);
    let mut body = SheetBody {
        encoding: csv.encoding.code().to_owned(),
        delimiter: csv.delimiter,
        notes: noted([(NoteKind::BrokenCharacters, csv.broken)]),
        ..SheetBody::default()
    };
    body.set_heading(heading);
    Ok(ReadSheet {
        sheet_name: String::new(),
        format: "csv",
        body,
        rows: numbered(csv.rows),
    })
}

fn of_bom(file: &[u8]) -> Result<ReadSheet, InventoryError> {
    let found = read_bom(file)?;
    let mut body = SheetBody {
        notes: found
            .notes
            .iter()
            .map(|note| (note.kind.code().to_owned(), note.count))
            .collect(),
        ..SheetBody::default()
    };
    body.set_heading(Heading {
        first: 0,
        rows: 0,
        columns: found.columns,
    });
    Ok(ReadSheet {
        sheet_name: String::new(),
        format: "bom",
        body,
        rows: found
            .rows
            .into_iter()
            .map(|row| (cut(&row.place), row.cells))
            .collect(),
    })
}

fn of_workbook(documents: &Documents, file: &[u8]) -> Result<Vec<ReadSheet>, &'static str> {
    let workbook = documents
        .sheets
        .read_workbook(file)
        .map_err(|error| match error {
            UnreadableWorkbook::NotAWorkbook => "import_file_unreadable",
            UnreadableWorkbook::Encrypted => "import_file_encrypted",
            UnreadableWorkbook::TooLarge => "import_file_too_large",
            UnreadableWorkbook::NotAvailable => "import_workbooks_not_available",
        })?;
    Ok(workbook.sheets.into_iter().map(of_sheet).collect())
}

fn of_sheet(sheet: WorkbookSheet) -> ReadSheet {
    let (mut formulas, mut errors) = (0_usize, 0_usize);
    let mut rows = Vec::with_capacity(sheet.rows.len());
    for cells in sheet.rows {
        let mut texts = Vec::with_capacity(cells.len());
        for cell in cells {
            if matches!(cell, Cell::Formula(_)) {
                formulas = formulas.saturating_add(1);
            }
            if is_error(&cell) {
                errors = errors.saturating_add(1);
            }
            texts.push(text_of(&cell));
        }
        rows.push(texts);
    }
    let spans: Vec<Span> = sheet
        .merged
        .iter()
        .map(|merged| Span {
            from: merged.from,
            to: merged.to,
        })
        .collect();
    let heading = find_heading(&rows, &spans);
    let mut body = SheetBody {
        spans: spans
            .iter()
            .map(|span| [span.from.0, span.from.1, span.to.0, span.to.1])
            .collect(),
        notes: noted([
            (NoteKind::HiddenSheet, usize::from(sheet.hidden)),
            (NoteKind::MergedCells, spans.len()),
            (NoteKind::Formulas, formulas),
            (NoteKind::ErrorCells, errors),
        ]),
        ..SheetBody::default()
    };
    body.set_heading(heading);
    ReadSheet {
        sheet_name: cut_to(&sheet.name, NAME_CHARS),
        format: "xlsx",
        body,
        rows: numbered(rows),
    }
}

fn noted<const N: usize>(notes: [(NoteKind, usize); N]) -> Vec<(String, usize)> {
    notes
        .into_iter()
        .filter(|(_, count)| 0 < *count)
        .map(|(kind, count)| (kind.code().to_owned(), count))
        .collect()
}

fn numbered(rows: Vec<Vec<String>>) -> Vec<(String, Vec<String>)> {
    (1_u32..)
        .zip(rows)
        .map(|(number, cells)| {
            let cells = cells.iter().map(|cell| cut(cell)).collect();
            (number.to_string(), cells)
        })
        .collect()
}

fn is_error(cell: &Cell) -> bool {
    match cell {
        Cell::Error(_) => true,
        Cell::Formula(result) => is_error(result),
        Cell::Empty | Cell::Text(_) | Cell::Number(_) | Cell::DateTime(_) | Cell::Bool(_) => false,
    }
}

/// A cell as text: days as `2026-12-01`, whole numbers without a point, errors as nothing.
fn text_of(cell: &Cell) -> String {
    match cell {
        Cell::Empty | Cell::Error(_) => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => {
            if number.fract().abs() < f64::EPSILON && number.abs() < 1e15 {
                format!("{number:.0}")
            } else {
                number.to_string()
            }
        }
        Cell::DateTime(moment) => {
            if moment.time() == jiff::civil::Time::midnight() {
                moment.date().to_string()
            } else {
                moment.strftime("%Y-%m-%d %H:%M").to_string()
            }
        }
        Cell::Bool(true) => "TRUE".to_owned(),
        Cell::Bool(false) => "FALSE".to_owned(),
        Cell::Formula(result) => text_of(result),
    }
}

fn cut(text: &str) -> String {
    cut_to(text, CELL_CHARS)
}

fn cut_to(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

impl Sheet {
    /// The rows of a sheet again, to look for headings in them.
    pub(super) fn first_rows(entries: &[super::entry::Entry], position: u32) -> Vec<Vec<String>> {
        entries
            .iter()
            .filter(|entry| entry.stored.sheet == position)
            .map(|entry| entry.cells.clone())
            .collect()
    }
}
