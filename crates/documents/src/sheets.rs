//! Workbooks (XLSX, Office Open XML).

use app::documents::sheet::{SheetReader, UnreadableWorkbook, Workbook};

/// Reads workbooks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Workbooks;

impl SheetReader for Workbooks {
    fn read_workbook(&self, _file: &[u8]) -> Result<Workbook, UnreadableWorkbook> {
        Err(UnreadableWorkbook::NotAWorkbook)
    }
}
