//! Workbooks (XLSX, Office Open XML).

mod form;
mod measure;
mod read;
mod write;

/// Reads and writes workbooks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Workbooks;
