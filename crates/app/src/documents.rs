//! Ports to files that people open in other programs.
//!
//! What stands behind them is heavy and lives in the crate `documents`, which only the program links; tests may put
//! something small there.

pub mod archive;
pub mod form;
pub(crate) mod form_versions;
pub(crate) mod layout;
pub mod page;
pub mod sheet;

use std::sync::Arc;

pub use form_versions::FormFolderError;

use archive::{Archiver, NoArchiver};
use form::FormWriter;
use page::{NoPrinter, Printer};
use sheet::{NoSheets, SheetReader, SheetWriter};

/// What an instance reads and writes documents with.
#[derive(Clone)]
pub struct Documents {
    /// Workbooks.
    pub sheets: Arc<dyn SheetReader>,
    /// Printed pages.
    pub printer: Arc<dyn Printer>,
    /// Plain tables as workbooks.
    pub tables: Arc<dyn SheetWriter>,
    /// Forms as workbooks.
    pub forms: Arc<dyn FormWriter>,
    /// Files behind a password.
    pub archives: Arc<dyn Archiver>,
}

impl Default for Documents {
    /// Without documents: each use is refused with a clear answer.
    fn default() -> Self {
        Self {
            sheets: Arc::new(NoSheets),
            printer: Arc::new(NoPrinter),
            tables: Arc::new(NoSheets),
            forms: Arc::new(NoSheets),
            archives: Arc::new(NoArchiver),
        }
    }
}
