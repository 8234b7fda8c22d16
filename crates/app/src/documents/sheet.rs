//! Tables as spreadsheet programs keep them.

use jiff::civil::DateTime;
use thiserror::Error;

/// Reads workbooks.
pub trait SheetReader: Send + Sync {
    /// Reads all sheets of a workbook.
    ///
    /// # Errors
    /// [`UnreadableWorkbook`]: the file is none, is damaged, or is larger than this program reads.
    fn read_workbook(&self, file: &[u8]) -> Result<Workbook, UnreadableWorkbook>;
}

/// What was in a workbook.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Workbook {
    /// In the order of the tabs.
    pub sheets: Vec<Sheet>,
}

/// One sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// The name on the tab.
    pub name: String,
    /// Whether the tab is hidden.
    pub hidden: bool,
    /// Rows from the first of the sheet on; a row ends at its last cell that is not empty.
    pub rows: Vec<Vec<Cell>>,
    /// Merged cells: only the first of each has a value.
    pub merged: Vec<Merged>,
}

/// One cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text, with the zeros it begins with.
    Text(String),
    /// A number that is no date.
    Number(f64),
    /// A date, with the time of day where the cell has one.
    DateTime(DateTime),
    /// Yes or no.
    Bool(bool),
    /// A formula whose result stands beside it in the file.
    Formula(Box<Cell>),
    /// An error of the spreadsheet program, for example `#REF!`.
    Error(String),
}

/// Cells that are merged into one; rows and columns count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merged {
    /// First row and column.
    pub from: (usize, usize),
    /// Last row and column.
    pub to: (usize, usize),
}

/// Why a workbook is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum UnreadableWorkbook {
    /// It is no workbook, or it is damaged.
    #[error("the file is not a workbook that can be read")]
    NotAWorkbook,
    /// It is protected by a password.
    #[error("the workbook is protected by a password")]
    Encrypted,
    /// It is larger than what is read, unpacked or in cells.
    #[error("the workbook is too large")]
    TooLarge,
    /// This program reads no workbooks.
    #[error("this program cannot read workbooks")]
    NotAvailable,
}

/// Reads nothing.
pub(crate) struct NoSheets;

impl SheetReader for NoSheets {
    fn read_workbook(&self, _file: &[u8]) -> Result<Workbook, UnreadableWorkbook> {
        Err(UnreadableWorkbook::NotAvailable)
    }
}
