//! Plain tables as workbooks.

use app::documents::sheet::{Cell, SheetWriter, Table, UnwritableWorkbook};
use rust_xlsxwriter::{Color, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::Workbooks;

/// Characters of the name on a tab.
const TAB: usize = 31;
/// What a tab cannot hold.
const NOT_ON_A_TAB: &[char] = &['[', ']', ':', '*', '?', '/', '\\', '\''];
/// Narrowest and widest column, in the width of a digit.
const WIDTHS: (usize, usize) = (8, 60);

impl SheetWriter for Workbooks {
    fn write_workbook(&self, tables: &[Table]) -> Result<Vec<u8>, UnwritableWorkbook> {
        let mut workbook = Workbook::new();
        let formats = Formats::new();
        let mut tabs: Vec<String> = Vec::new();
        for table in tables {
            let tab = free_tab(&table.name, &tabs);
            let sheet = workbook.add_worksheet();
            sheet.set_name(&tab).map_err(problem)?;
            tabs.push(tab);
            write(sheet, table, &formats).map_err(problem)?;
        }
        workbook.save_to_buffer().map_err(problem)
    }
}

struct Formats {
    heading: Format,
    day: Format,
    moment: Format,
}

impl Formats {
    fn new() -> Self {
        Self {
            heading: Format::new()
                .set_bold()
                .set_background_color(Color::RGB(0x00e6_ecf5)),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            moment: Format::new().set_num_format("yyyy-mm-dd hh:mm"),
        }
    }
}

fn write(sheet: &mut Worksheet, table: &Table, formats: &Formats) -> Result<(), XlsxError> {
    let mut widths: Vec<usize> = Vec::new();
    for (row, cells) in table.rows.iter().enumerate() {
        let heading = (row < table.heading_rows).then_some(&formats.heading);
        let row = u32::try_from(row).map_err(|_| XlsxError::RowColumnLimitError)?;
        for (column, cell) in cells.iter().enumerate() {
            if widths.len() <= column {
                widths.resize(column.saturating_add(1), WIDTHS.0);
            }
            if let Some(width) = widths.get_mut(column) {
                *width = (*width).max(width_of(cell)).min(WIDTHS.1);
            }
            let column = u16::try_from(column).map_err(|_| XlsxError::RowColumnLimitError)?;
            write_cell(sheet, row, column, cell, heading, formats)?;
        }
    }
    for (column, width) in widths.into_iter().enumerate() {
        let column = u16::try_from(column).map_err(|_| XlsxError::RowColumnLimitError)?;
        let width = u16::try_from(width).unwrap_or(u16::MAX);
        sheet.set_column_width(column, f64::from(width))?;
    }
    if 0 < table.heading_rows {
        let rows = u32::try_from(table.heading_rows).map_err(|_| XlsxError::RowColumnLimitError)?;
        sheet.set_freeze_panes(rows, 0)?;
    }
    Ok(())
}

fn write_cell(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    heading: Option<&Format>,
    formats: &Formats,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => match heading {
            Some(format) => sheet.write_blank(row, column, format)?,
            None => sheet,
        },
        Cell::Text(text) | Cell::Error(text) => match heading {
            Some(format) => sheet.write_string_with_format(row, column, text, format)?,
            None => sheet.write_string(row, column, text)?,
        },
        Cell::Number(number) => sheet.write_number(row, column, *number)?,
        Cell::Bool(yes) => sheet.write_boolean(row, column, *yes)?,
        Cell::DateTime(instant) => {
            let text = instant.strftime("%Y-%m-%dT%H:%M:%S").to_string();
            let Ok(serial) = ExcelDateTime::parse_from_str(&text) else {
                sheet.write_string(row, column, instant.to_string())?;
                return Ok(());
            };
            let midnight = instant.time() == jiff::civil::Time::midnight();
            let format = if midnight {
                &formats.day
            } else {
                &formats.moment
            };
            sheet.write_datetime_with_format(row, column, &serial, format)?
        }
        Cell::Formula(result) => {
            return write_cell(sheet, row, column, result, heading, formats);
        }
    };
    Ok(())
}

/// About how wide a cell is: full-width characters count twice.
fn width_of(cell: &Cell) -> usize {
    match cell {
        Cell::Text(text) | Cell::Error(text) => text
            .lines()
            .map(|line| {
                line.chars()
                    .map(|c| if c.is_ascii() { 1_usize } else { 2 })
                    .fold(2, usize::saturating_add)
            })
            .max()
            .unwrap_or(0),
        Cell::Formula(result) => width_of(result),
        Cell::DateTime(_) => 17,
        Cell::Empty | Cell::Number(_) | Cell::Bool(_) => 12,
    }
}

/// A name that a tab can hold and no other tab has.
fn free_tab(name: &str, taken: &[String]) -> String {
    let cut = |text: &str, most: usize| -> String { text.chars().take(most).collect() };
    let mut base: String = name
        .chars()
        .filter(|c| !NOT_ON_A_TAB.contains(c) && !c.is_control())
        .collect();
    base = cut(base.trim(), TAB);
    if base.is_empty() {
        base.push_str("Sheet");
    }
    let mut tab = base.clone();
    let mut number = 2_u32;
    while taken
        .iter()
        .any(|other| other.to_lowercase() == tab.to_lowercase())
    {
        let suffix = format!(" ({number})");
        tab = format!("{}{suffix}", cut(&base, TAB.saturating_sub(suffix.len())));
        number = number.saturating_add(1);
    }
    tab
}

fn problem(_: XlsxError) -> UnwritableWorkbook {
    UnwritableWorkbook::TooLarge
}
