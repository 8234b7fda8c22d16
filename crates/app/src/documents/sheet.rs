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

/// Writes plain tables as a workbook.
pub trait SheetWriter: Send + Sync {
    /// Writes each table on a sheet of its own. Texts stay texts whatever they begin with; nothing becomes a formula.
    ///
    /// # Errors
    /// [`UnwritableWorkbook`]: the tables do not fit into a workbook.
    fn write_workbook(&self, tables: &[Table]) -> Result<Vec<u8>, UnwritableWorkbook>;
}

/// A table to be written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The name on the tab; what a tab cannot hold is left out.
    pub name: String,
    /// How many of the first rows are headings: they are set apart and stay in sight.
    pub heading_rows: usize,
    /// Rows from the first of the sheet on.
    pub rows: Vec<Vec<Cell>>,
}

/// Why a workbook is not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum UnwritableWorkbook {
    /// A sheet holds 1,048,576 rows of 16,384 columns and cells of 32,767 characters.
    #[error("the table does not fit into a workbook")]
    TooLarge,
    /// This program writes no workbooks.
    #[error("this program cannot write workbooks")]
    NotAvailable,
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

/// Reads and writes nothing.
pub(crate) struct NoSheets;

impl SheetReader for NoSheets {
    fn read_workbook(&self, _file: &[u8]) -> Result<Workbook, UnreadableWorkbook> {
        Err(UnreadableWorkbook::NotAvailable)
    }
}

impl SheetWriter for NoSheets {
    fn write_workbook(&self, _tables: &[Table]) -> Result<Vec<u8>, UnwritableWorkbook> {
        Err(UnwritableWorkbook::NotAvailable)
    }
}
