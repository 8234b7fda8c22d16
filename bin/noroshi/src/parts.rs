use std::sync::Arc;

use app::Parts;
use app::documents::Documents;
use config::Config;
use documents::{PdfPrinter, Workbooks};

/// The parts of an instance as this program runs it: the default ones, and what reads and writes documents.
pub(crate) fn parts(config: Config) -> Parts {
    let printer = PdfPrinter::new(
        config.documents.font_folders.clone(),
        config.documents.font_families.clone(),
    );
    Parts {
        documents: Documents {
            sheets: Arc::new(Workbooks),
            printer: Arc::new(printer),
            tables: Arc::new(Workbooks),
            forms: Arc::new(Workbooks),
        },
        ..Parts::new(config)
    }
}
