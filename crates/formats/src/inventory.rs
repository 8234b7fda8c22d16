//! What operators have of their computers: tables of their own and bills of materials (SBOM, HBOM).
//!
//! Everything becomes rows of texts with the place they came from. What the columns mean is decided later, by a person.

mod bom;
mod column;
mod csv_text;
mod heading;
mod value;

use thiserror::Error;

pub use column::Column;
pub use csv_text::{CsvText, Encoding, read_csv, write_csv};
pub use heading::{Heading, Span, find_heading, heading_at};
pub use value::{
    DayFound, DayProblem, ValueProblem, read_class, read_day, read_unit, readable, value_key,
};

/// Rows of one file or sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Rows in the order of the file.
    pub rows: Vec<Row>,
    /// What the reader of the result must know.
    pub notes: Vec<Note>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where it stood: the number of the row from 1, or the reference of the component.
    pub place: String,
    /// One text for each column; the last may be missing.
    pub cells: Vec<String>,
}

/// Something that was done or left out while reading, with how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What.
    pub kind: NoteKind,
    /// How often.
    pub count: usize,
}

/// What was done or left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoteKind {
    /// Components without a package URL; names alone find advisories for them.
    WithoutPurl,
    /// Libraries, files and other components that are never notified.
    LibrariesLeftOut,
    /// Parts of a device that is itself a row.
    PartsLeftOut,
    /// Components that could be notified.
    Candidates,
    /// Formulas, of which the result in the file was taken.
    Formulas,
    /// Cells in which the spreadsheet program shows an error; they count as empty.
    ErrorCells,
    /// Merged cells; what stands in the first was taken for all of them below the headings.
    MergedCells,
    /// A hidden sheet; it was not taken.
    HiddenSheet,
    /// Octets that are no characters of the encoding.
    BrokenCharacters,
}

impl NoteKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::WithoutPurl,
        Self::LibrariesLeftOut,
        Self::PartsLeftOut,
        Self::Candidates,
        Self::Formulas,
        Self::ErrorCells,
        Self::MergedCells,
        Self::HiddenSheet,
        Self::BrokenCharacters,
    ];

    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::WithoutPurl => "without_purl",
            Self::LibrariesLeftOut => "libraries_left_out",
            Self::PartsLeftOut => "parts_left_out",
            Self::Candidates => "candidates",
            Self::Formulas => "formulas",
            Self::ErrorCells => "error_cells",
            Self::MergedCells => "merged_cells",
            Self::HiddenSheet => "hidden_sheet",
            Self::BrokenCharacters => "broken_characters",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Why a file is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InventoryError {
    /// It is none of the formats read, or it is damaged.
    #[error("the file is of no format that is read, or damaged")]
    Unreadable,
    /// It declares entities or a document type, which are not read.
    #[error("the file declares entities")]
    Entities,
    /// It is nested deeper than anything sensible.
    #[error("the file is nested too deeply")]
    TooDeep,
    /// It has more rows, columns or components than are read.
    #[error("the file has too many rows")]
    TooLarge,
}

impl InventoryError {
    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Entities => "entities",
            Self::TooDeep => "too_deep",
            Self::TooLarge => "too_large",
        }
    }
}

/// Formats of files with computers in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    /// A workbook (XLSX); the port of the application reads it.
    Workbook,
    /// CSV.
    Csv,
    /// A bill of materials; [`read_bom`] finds out which.
    Bom,
}

/// Finds the format from the first octets of a file.
pub fn format_of(file: &[u8]) -> FileFormat {
    if file.starts_with(b"PK") || file.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return FileFormat::Workbook;
    }
    let text = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let text = text.trim_ascii_start();
    if text.starts_with(b"{") || text.starts_with(b"<") || text.starts_with(b"SPDXVersion:") {
        return FileFormat::Bom;
    }
    FileFormat::Csv
}

/// Reads a bill of materials: CycloneDX 1.2 to 1.6 (JSON, XML), SPDX 2.2 and 2.3 (JSON, tag-value), SPDX 3.0 (JSON).
///
/// Rows are the components that could be a computer to be notified; libraries and parts are counted, not listed.
/// Dependencies are not followed, so a circle among them harms nobody.
pub fn read_bom(file: &[u8]) -> Result<Inventory, InventoryError> {
    let text = std::str::from_utf8(file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file))
        .map_err(|_| InventoryError::Unreadable)?;
    bom::read(text)
}

#[cfg(test)]
mod tests;
