//! Bulk import: from the tables and bills of materials that operators have to computers in the register.
//!
//! Files become sheets of rows that stay as they stood. A person says what columns mean; every row is then checked and
//! is ready, exempt, a problem, a duplicate or left out. Nothing of it is official before the accepted rows are
//! registered, in one step, with one leaf.

mod check;
mod classify;
mod decide;
mod entry;
mod error_sheet;
mod file;
mod finding;
mod known;
mod listed;
mod mapping;
mod names;
mod register;
mod review;
mod sheet;
mod upload;
mod work;

pub use decide::{DecideRows, RowChange, RowKey, Selection};
pub use error_sheet::{ErrorSheet, SheetWords};
pub use finding::{Found, RowProblem, Same};
pub(crate) use known::MeantMakers;
pub(crate) use listed::{ListedRow, listed_rows};
pub use mapping::{ColumnView, SheetChoice, SheetView};
pub use names::{Spelling, SpellingPage};
pub use register::Accepted;
pub use review::{ImportCounts, ImportPage, ImportView, ReviewRow, RowState};
pub use store::rows::imports::ImportHead;
pub use upload::UploadedFile;
pub(crate) use work::ImportWorks;
pub use work::{ImportStep, ImportWork, StepBegun};

/// Files of one import.
pub const MOST_FILES: usize = 20;
/// Rows of one import, headings included.
pub const MOST_ROWS: usize = 20_000;
