//! Forms as workbooks, with named cells, lists to choose from and a hidden tab that says what they are.

use std::collections::BTreeMap;

use app::documents::form::{
    CellRule, FormBook, FormCell, FormContent, FormSheet, FormWriter, Look, META_SHEET, RuleWords,
};
use app::documents::sheet::UnwritableWorkbook;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationRule, DocProperties, ExcelDateTime, Format, FormatAlign,
    FormatBorder, Formula, ProtectionOptions, Workbook, Worksheet, XlsxError,
};

use super::Workbooks;

/// The tab with the lists to choose from: a rule of a cell holds 255 characters, a list of ours more.
const LISTS_SHEET: &str = "_lists";
/// Year, month, day and weekday in Japanese whatever the language of the program that shows it.
const DAY_FORMAT: &str = "[$-411]yyyy\"年\"m\"月\"d\"日（\"aaa\"）\"";
/// Points of one line.
const LINE_POINTS: f64 = 18.0;
/// A4.
const PAPER_A4: u8 = 9;
/// Characters that a rule on the length of a text can name.
const MAX_RULE_CHARS: u32 = 32_767;

impl FormWriter for Workbooks {
    fn write_form(&self, book: &FormBook) -> Result<Vec<u8>, UnwritableWorkbook> {
        // Everything that can be wrong is that something does not fit.
        write(book).map_err(|_: XlsxError| UnwritableWorkbook::TooLarge)
    }
}

fn write(book: &FormBook) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(
        &DocProperties::new()
            .set_title(&book.title)
            .set_author("Noroshi"),
    );
    let mut lists = Lists::default();
    let mut names = Vec::new();
    for sheet in &book.sheets {
        let tab = workbook.add_worksheet();
        write_sheet(tab, sheet, &mut lists, &book.words)?;
        for cell in &sheet.cells {
            if let Some(name) = &cell.name {
                names.push((name.clone(), place(&sheet.name, cell)));
            }
        }
    }
    for (name, place) in names {
        workbook.define_name(name, &place)?;
    }
    let tab = workbook.add_worksheet();
    tab.set_name(META_SHEET)?.set_very_hidden(true);
    for (row, (name, value)) in (0_u32..).zip(&book.meta) {
        tab.write_string(row, 0, name)?;
        tab.write_string(row, 1, value)?;
    }
    if !lists.columns.is_empty() {
        let tab = workbook.add_worksheet();
        tab.set_name(LISTS_SHEET)?.set_very_hidden(true);
        for (words, column) in &lists.columns {
            for (row, word) in (0_u32..).zip(words) {
                tab.write_string(row, *column, word)?;
            }
        }
    }
    workbook.save_to_buffer()
}

fn write_sheet(
    tab: &mut Worksheet,
    sheet: &FormSheet,
    lists: &mut Lists,
    words: &RuleWords,
) -> Result<(), XlsxError> {
    let looks = Looks::new(if sheet.sealed {
        Lock::Sealed
    } else {
        Lock::Open
    });
    tab.set_name(&sheet.name)?;
    tab.set_paper_size(PAPER_A4)
        .set_landscape()
        .set_print_fit_to_pages(1, 0)
        .set_margins(0.4, 0.4, 0.5, 0.5, 0.3, 0.3)
        .set_footer("&C&P / &N")
        .set_screen_gridlines(false);
    for (column, width) in (0_u16..).zip(&sheet.widths) {
        tab.set_column_width(column, *width)?;
    }
    for (row, lines) in &sheet.heights {
        tab.set_row_height(*row, f64::from(*lines) * LINE_POINTS + 4.0)?;
    }
    if 0 < sheet.frozen_rows {
        tab.set_freeze_panes(sheet.frozen_rows, 0)?;
        tab.set_repeat_rows(
            sheet.frozen_rows.saturating_sub(1),
            sheet.frozen_rows.saturating_sub(1),
        )?;
    }
    for cell in &sheet.cells {
        write_cell(tab, cell, &looks)?;
        if !sheet.sealed
            && let Some(rule) = validation(&cell.rule, lists, words)?
        {
            let (row, column) = (cell.at.row, cell.at.column);
            tab.add_data_validation(row, column, row, column, &rule)?;
        }
    }
    if !sheet.sealed {
        for range in &sheet.rules {
            if let Some(rule) = validation(&range.rule, lists, words)? {
                let (from, to) = (range.from, range.to);
                tab.add_data_validation(from.row, from.column, to.row, to.column, &rule)?;
            }
        }
    }
    // Questions cannot be overwritten by mistake; there is no password, because nothing is kept secret by it.
    let options = ProtectionOptions {
        format_columns: true,
        format_rows: true,
        ..ProtectionOptions::default()
    };
    tab.protect_with_options(&options);
    Ok(())
}

fn write_cell(tab: &mut Worksheet, cell: &FormCell, looks: &Looks) -> Result<(), XlsxError> {
    let format = looks.of(cell.look);
    let (row, column) = (cell.at.row, cell.at.column);
    match &cell.content {
        FormContent::Empty => tab.write_blank(row, column, format)?,
        FormContent::Text(text) => tab.write_string_with_format(row, column, text, format)?,
        FormContent::Day(day) => {
            let date = ExcelDateTime::from_ymd(
                u16::try_from(day.year()).unwrap_or_default(),
                u8::try_from(day.month()).unwrap_or_default(),
                u8::try_from(day.day()).unwrap_or_default(),
            )?;
            tab.write_datetime_with_format(row, column, &date, format)?
        }
    };
    Ok(())
}

fn validation(
    rule: &CellRule,
    lists: &mut Lists,
    words: &RuleWords,
) -> Result<Option<DataValidation>, XlsxError> {
    Ok(match rule {
        CellRule::Free => None,
        CellRule::OneOf(choices) if choices.is_empty() => None,
        CellRule::OneOf(choices) => {
            let list = Formula::new(lists.range(choices));
            Some(
                DataValidation::new()
                    .allow_list_formula(list)
                    .set_error_message(&words.choose)?,
            )
        }
        CellRule::MaxChars(most) => {
            let most = (*most).min(MAX_RULE_CHARS);
            Some(
                DataValidation::new()
                    .allow_text_length(DataValidationRule::LessThanOrEqualTo(most))
                    .set_error_message(&words.too_long)?,
            )
        }
    })
}

/// Lists to choose from, each in a column of its own.
#[derive(Default)]
struct Lists {
    columns: BTreeMap<Vec<String>, u16>,
}

impl Lists {
    fn range(&mut self, words: &[String]) -> String {
        let next = u16::try_from(self.columns.len()).unwrap_or(u16::MAX);
        let column = *self.columns.entry(words.to_vec()).or_insert(next);
        let letters = rust_xlsxwriter::utility::column_number_to_name(column);
        format!("={LISTS_SHEET}!${letters}$1:${letters}${}", words.len())
    }
}

/// `='様式'!$B$12`.
fn place(sheet: &str, cell: &FormCell) -> String {
    let letters = rust_xlsxwriter::utility::column_number_to_name(cell.at.column);
    let sheet = sheet.replace('\'', "''");
    format!("='{sheet}'!${letters}${}", cell.at.row.saturating_add(1))
}

/// Formats of cells; answers are text and can be changed, the rest cannot.
struct Looks {
    title: Format,
    note: Format,
    head: Format,
    section: Format,
    label: Format,
    answer: Format,
    day: Format,
    sealed_day: Format,
}

/// Whether the answers of a sheet can be changed.
#[derive(Clone, Copy)]
enum Lock {
    Open,
    Sealed,
}

impl Looks {
    fn new(lock: Lock) -> Self {
        let base = || {
            Format::new()
                .set_font_name("游ゴシック")
                .set_font_size(10.5)
        };
        let boxed = || {
            base()
                .set_border(FormatBorder::Thin)
                .set_border_color(Color::RGB(0x00B3_B3B3))
                .set_align(FormatAlign::Top)
                .set_text_wrap()
        };
        let open = || match lock {
            Lock::Open => boxed()
                .set_background_color(Color::RGB(0x00FF_FDE7))
                .set_unlocked(),
            Lock::Sealed => boxed(),
        };
        Self {
            title: base().set_bold().set_font_size(15),
            note: base().set_font_color(Color::RGB(0x0059_5959)),
            head: boxed()
                .set_bold()
                .set_background_color(Color::RGB(0x0000_118F))
                .set_font_color(Color::White),
            section: base()
                .set_bold()
                .set_font_size(11.5)
                .set_background_color(Color::RGB(0x00E8_F1FE)),
            label: boxed().set_background_color(Color::RGB(0x00F8_F8FB)),
            answer: open().set_num_format("@"),
            sealed_day: boxed()
                .set_background_color(Color::RGB(0x00F8_F8FB))
                .set_num_format(DAY_FORMAT)
                .set_align(FormatAlign::Left),
            day: open()
                .set_num_format(DAY_FORMAT)
                .set_align(FormatAlign::Left),
        }
    }

    fn of(&self, look: Look) -> &Format {
        match look {
            Look::Title => &self.title,
            Look::Note => &self.note,
            Look::Head => &self.head,
            Look::Section => &self.section,
            Look::Label => &self.label,
            Look::Answer => &self.answer,
            Look::Day => &self.day,
            Look::SealedDay => &self.sealed_day,
        }
    }
}

#[cfg(test)]
mod tests;
