//! Forms as workbooks: what is written, whatever writes it.

use jiff::civil::Date;

use super::sheet::{NoSheets, UnwritableWorkbook};

/// Writes forms as workbooks.
pub trait FormWriter: Send + Sync {
    /// Writes a form. Texts stay texts whatever they begin with; nothing becomes a formula.
    ///
    /// # Errors
    /// [`UnwritableWorkbook`]: the form does not fit into a workbook.
    fn write_form(&self, book: &FormBook) -> Result<Vec<u8>, UnwritableWorkbook>;
}

impl FormWriter for NoSheets {
    fn write_form(&self, _book: &FormBook) -> Result<Vec<u8>, UnwritableWorkbook> {
        Err(UnwritableWorkbook::NotAvailable)
    }
}

/// A form as a workbook.
#[derive(Clone, Debug, Default)]
pub struct FormBook {
    /// Title of the file.
    pub title: String,
    /// The tabs that people see.
    pub sheets: Vec<FormSheet>,
    /// Rows of the hidden tab [`META_SHEET`]: name and value.
    pub meta: Vec<(String, String)>,
    /// What is said when something else is entered.
    pub words: RuleWords,
}

/// What a spreadsheet program says when a cell does not take what was entered.
#[derive(Clone, Debug, Default)]
pub struct RuleWords {
    /// Not one of the list.
    pub choose: String,
    /// A text that is too long.
    pub too_long: String,
}

/// Name of the hidden tab that says what a workbook is.
pub const META_SHEET: &str = "_meta";

/// One tab of a form.
#[derive(Clone, Debug, Default)]
pub struct FormSheet {
    /// The name on the tab.
    pub name: String,
    /// Widths of the columns from the first on, in characters of half width.
    pub widths: Vec<f64>,
    /// Heights of rows that are not the usual one, in lines.
    pub heights: Vec<(u32, u32)>,
    /// Rows that stay in sight.
    pub frozen_rows: u32,
    /// Whether nothing on it can be changed; otherwise only its answers can be.
    pub sealed: bool,
    /// Cells.
    pub cells: Vec<FormCell>,
    /// What may be entered in whole columns.
    pub rules: Vec<RangeRule>,
}

/// What may be entered in all cells of a rectangle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RangeRule {
    /// First row and column.
    pub from: CellAt,
    /// Last row and column.
    pub to: CellAt,
    /// The rule.
    pub rule: CellRule,
}

/// A place on a sheet; rows and columns count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CellAt {
    /// Row.
    pub row: u32,
    /// Column.
    pub column: u16,
}

/// One cell.
#[derive(Clone, Debug)]
pub struct FormCell {
    /// Where.
    pub at: CellAt,
    /// The name by which programs find it.
    pub name: Option<String>,
    /// What stands in it.
    pub content: FormContent,
    /// What it looks like.
    pub look: Look,
    /// What may be entered.
    pub rule: CellRule,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum FormContent {
    /// Nothing.
    Empty,
    /// Text.
    Text(String),
    /// A day.
    Day(Date),
}

/// What a cell looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// The title of the form.
    Title,
    /// What to know.
    Note,
    /// Head of a column.
    Head,
    /// Head of an item.
    Section,
    /// A question.
    Label,
    /// An answer.
    Answer,
    /// A day as an answer.
    Day,
    /// A day that cannot be changed.
    SealedDay,
}

/// What may be entered in a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CellRule {
    /// Anything.
    #[default]
    Free,
    /// One of these, offered in a list.
    OneOf(Vec<String>),
    /// A text of at most so many characters.
    MaxChars(u32),
}

impl CellAt {
    /// Reads `C12`.
    pub fn parse(text: &str) -> Option<Self> {
        let letters = text.find(|c: char| c.is_ascii_digit())?;
        let (letters, digits) = text.split_at_checked(letters)?;
        let row = digits.parse::<u32>().ok()?.checked_sub(1)?;
        Some(Self {
            row,
            column: column_of(letters)?,
        })
    }
}

/// Reads `C`, `AB`; columns count from 0.
pub(crate) fn column_of(letters: &str) -> Option<u16> {
    if letters.is_empty() || 3 < letters.len() {
        return None;
    }
    let mut column: u16 = 0;
    for letter in letters.bytes() {
        if !letter.is_ascii_uppercase() {
            return None;
        }
        let place = u16::from(letter.checked_sub(b'A')?).checked_add(1)?;
        column = column.checked_mul(26)?.checked_add(place)?;
    }
    column.checked_sub(1)
}

impl std::fmt::Display for CellAt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut letters = Vec::new();
        let mut left = u32::from(self.column).saturating_add(1);
        while 0 < left {
            left = left.saturating_sub(1);
            let place = u8::try_from(left.rem_euclid(26)).unwrap_or_default();
            letters.push(char::from(b'A'.saturating_add(place)));
            left = left.div_euclid(26);
        }
        let letters: String = letters.into_iter().rev().collect();
        write!(f, "{letters}{}", self.row.saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::CellAt;

    #[test]
    fn a_place_is_read_and_written_as_spreadsheets_do() {
        for (text, row, column) in [("A1", 0, 0), ("C12", 11, 2), ("Z9", 8, 25), ("AB10", 9, 27)] {
            let at = CellAt::parse(text).unwrap();
            assert_eq!((at.row, at.column), (row, column), "{text}");
            assert_eq!(at.to_string(), text);
        }
        for text in ["", "A", "1", "A0", "a1", "A-1", "AAAA1", "$A$1"] {
            assert_eq!(CellAt::parse(text), None, "{text}");
        }
    }
}
