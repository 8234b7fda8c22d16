use std::sync::Arc;

use app::Parts;
use app::documents::Documents;
use config::Config;
use documents::Workbooks;

/// The parts of an instance as this program runs it: the default ones, and what reads and writes documents.
pub(crate) fn parts(config: Config) -> Parts {
    Parts {
        documents: Documents {
            sheets: Arc::new(Workbooks),
            tables: Arc::new(Workbooks),
        },
        ..Parts::new(config)
    }
}
