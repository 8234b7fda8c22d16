//! One sheet as it is kept between the steps.

use formats::inventory::{Column, Encoding, Heading, Note, NoteKind, Span};
use serde::{Deserialize, Serialize};
use store::rows::imports::ImportSheet;

use crate::error::AppError;

/// A sheet with what its columns mean.
pub(super) struct Sheet {
    pub(super) stored: ImportSheet,
    pub(super) body: SheetBody,
}

/// What is kept of a sheet besides its rows.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct SheetBody {
    /// Whether its rows are taken.
    pub(super) taken: bool,
    /// Code of the encoding, where the file is CSV.
    pub(super) encoding: String,
    /// What stands between fields.
    pub(super) delimiter: u8,
    /// Row of the first heading, from 0.
    pub(super) heading: usize,
    /// Rows of headings; none in a bill of materials.
    pub(super) heading_rows: usize,
    /// Names of the columns.
    pub(super) columns: Vec<String>,
    /// Codes of what they mean.
    pub(super) meanings: Vec<Option<String>>,
    /// Merged cells: first row and column, last row and column.
    pub(super) spans: Vec<[usize; 4]>,
    /// What the reader must know, with how often.
    pub(super) notes: Vec<(String, usize)>,
}

impl SheetBody {
    pub(super) fn spans(&self) -> Vec<Span> {
        self.spans
            .iter()
            .map(|[row, column, last_row, last_column]| Span {
                from: (*row, *column),
                to: (*last_row, *last_column),
            })
            .collect()
    }

    pub(super) fn set_heading(&mut self, heading: Heading) {
        self.heading = heading.first;
        self.heading_rows = heading.rows;
        self.columns = heading.columns;
    }

    /// Row of the first entry.
    pub(super) const fn first_entry(&self) -> usize {
        self.heading.saturating_add(self.heading_rows)
    }

    pub(super) fn meaning(&self, column: usize) -> Option<Column> {
        self.meanings
            .get(column)
            .and_then(Option::as_deref)
            .and_then(Column::from_code)
    }

    pub(super) fn encoding(&self) -> Encoding {
        Encoding::from_code(&self.encoding).unwrap_or(Encoding::Utf8WithMark)
    }

    pub(super) fn notes(&self) -> Vec<Note> {
        self.notes
            .iter()
            .filter_map(|(code, count)| {
                NoteKind::from_code(code).map(|kind| Note {
                    kind,
                    count: *count,
                })
            })
            .collect()
    }
}

impl Sheet {
    pub(super) fn read(stored: ImportSheet) -> Result<Self, AppError> {
        let body = serde_json::from_str(&stored.body)
            .map_err(|_| AppError::Bug("a sheet of an import that cannot be read"))?;
        Ok(Self { stored, body })
    }

    pub(super) fn write(&mut self) -> Result<(), AppError> {
        self.stored.body = to_json(&self.body)?;
        Ok(())
    }
}

pub(super) fn to_json<T: Serialize>(value: &T) -> Result<String, AppError> {
    serde_json::to_string(value).map_err(|_| AppError::Bug("a part of an import without JSON form"))
}
