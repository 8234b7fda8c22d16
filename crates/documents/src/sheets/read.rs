//! Workbooks as they come in, cell by cell and with limits.

use std::io::Cursor;

use app::documents::sheet::{Cell, Merged, Sheet, SheetReader, UnreadableWorkbook, Workbook};
use calamine::{
    DataRef, Dimensions, ExcelDateTime, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError,
};
use jiff::civil::{DateTime, date};

use super::Workbooks;
use super::measure::measure;

/// Sheets of a workbook.
const MOST_SHEETS: usize = 200;
/// Rows of a sheet; those below the last with something in it do not count.
const MOST_ROWS: usize = 100_000;
/// Columns of a sheet.
const MOST_COLUMNS: usize = 500;
/// Cells of a workbook that hold something.
const MOST_CELLS: usize = 2_000_000;
/// Octets of the texts in them, counted for each cell.
const MOST_TEXT: usize = 128 * 1024 * 1024;
/// Merged ranges of a sheet.
const MOST_MERGED: usize = 50_000;

impl SheetReader for Workbooks {
    fn read_workbook(&self, file: &[u8]) -> Result<Workbook, UnreadableWorkbook> {
        measure(file)?;
        let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(file)).map_err(problem)?;
        let tabs: Vec<(String, bool)> = workbook
            .sheets_metadata()
            .iter()
            .filter(|sheet| sheet.typ == SheetType::WorkSheet)
            .map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible))
            .collect();
        if MOST_SHEETS < tabs.len() {
            return Err(UnreadableWorkbook::TooLarge);
        }
        let mut room = Room {
            cells: MOST_CELLS,
            text: MOST_TEXT,
        };
        let mut sheets = Vec::with_capacity(tabs.len());
        for (name, hidden) in tabs {
            let merged = merged(&mut workbook, &name)?;
            sheets.push(Sheet {
                rows: rows(&mut workbook, &name, &mut room)?,
                name,
                hidden,
                merged,
            });
        }
        Ok(Workbook { sheets })
    }
}

/// What may still come.
struct Room {
    cells: usize,
    text: usize,
}

impl Room {
    fn take(&mut self, cell: &Cell) -> Result<(), UnreadableWorkbook> {
        let length = match cell {
            Cell::Text(text) => text.len(),
            Cell::Formula(result) => match result.as_ref() {
                Cell::Text(text) => text.len(),
                _ => 0,
            },
            Cell::Empty | Cell::Number(_) | Cell::DateTime(_) | Cell::Bool(_) | Cell::Error(_) => 0,
        };
        let (Some(cells), Some(text)) = (self.cells.checked_sub(1), self.text.checked_sub(length))
        else {
            return Err(UnreadableWorkbook::TooLarge);
        };
        self.cells = cells;
        self.text = text;
        Ok(())
    }
}

type Open<'file> = Xlsx<Cursor<&'file [u8]>>;

fn rows(
    workbook: &mut Open<'_>,
    name: &str,
    room: &mut Room,
) -> Result<Vec<Vec<Cell>>, UnreadableWorkbook> {
    let mut cells = workbook.worksheet_cells_reader(name).map_err(problem)?;
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    while let Some(record) = cells.next_cell_with_formula_metadata().map_err(problem)? {
        let cell = cell(record.value);
        let cell = if record.formula.is_some() {
            Cell::Formula(Box::new(cell))
        } else if cell == Cell::Empty {
            continue;
        } else {
            cell
        };
        room.take(&cell)?;
        let (row, column) = (index(record.pos.0), index(record.pos.1));
        if MOST_ROWS <= row || MOST_COLUMNS <= column {
            return Err(UnreadableWorkbook::TooLarge);
        }
        if rows.len() <= row {
            rows.resize_with(row.saturating_add(1), Vec::new);
        }
        let Some(row) = rows.get_mut(row) else {
            continue;
        };
        if row.len() <= column {
            row.resize(column.saturating_add(1), Cell::Empty);
        }
        if let Some(place) = row.get_mut(column) {
            *place = cell;
        }
    }
    Ok(rows)
}

fn cell(value: DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(number) => number.to_string().parse().map_or(Cell::Empty, Cell::Number),
        DataRef::Float(number) => Cell::Number(number),
        DataRef::String(text) | DataRef::DurationIso(text) => Cell::Text(text),
        DataRef::SharedString(text) => Cell::Text(text.to_owned()),
        DataRef::Bool(yes) => Cell::Bool(yes),
        DataRef::DateTime(serial) => date_time(serial),
        DataRef::DateTimeIso(text) => match text.trim_end_matches('Z').parse() {
            Ok(instant) => Cell::DateTime(instant),
            Err(_) => Cell::Text(text),
        },
        DataRef::Error(error) => Cell::Error(error.to_string()),
    }
}

/// A serial number under a date format. A length of time is a number, and so is a day that no calendar has.
fn date_time(serial: ExcelDateTime) -> Cell {
    if serial.is_duration() {
        return Cell::Number(serial.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = serial.to_ymd_hms_milli();
    let small = |number: u8| i8::try_from(number).ok();
    let read = || -> Option<DateTime> {
        DateTime::new(
            i16::try_from(year).ok()?,
            small(month)?,
            small(day)?,
            small(hour)?,
            small(minute)?,
            small(second)?,
            0,
        )
        .ok()
    };
    match read() {
        Some(instant) if date(1900, 1, 1) <= instant.date() => Cell::DateTime(instant),
        Some(_) | None => Cell::Number(serial.as_f64()),
    }
}

fn merged(workbook: &mut Open<'_>, name: &str) -> Result<Vec<Merged>, UnreadableWorkbook> {
    let found: Vec<Dimensions> = workbook.merge_cells_by_sheet_name(name).map_err(problem)?;
    if MOST_MERGED < found.len() {
        return Err(UnreadableWorkbook::TooLarge);
    }
    Ok(found
        .into_iter()
        .map(|range| Merged {
            from: (index(range.start.0), index(range.start.1)),
            to: (index(range.end.0), index(range.end.1)),
        })
        .collect())
}

fn index(position: u32) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "stands where an error is mapped"
)]
fn problem(error: XlsxError) -> UnreadableWorkbook {
    match error {
        XlsxError::Password => UnreadableWorkbook::Encrypted,
        _ => UnreadableWorkbook::NotAWorkbook,
    }
}

#[cfg(test)]
mod tests;
