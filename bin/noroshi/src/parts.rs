use std::sync::Arc;

use anyhow::Context as _;
use app::Parts;
use app::documents::Documents;
use config::Config;
use documents::{EncryptedZip, PdfPrinter, Workbooks};

/// The parts of an instance as this program runs it: the default ones, what reads and writes documents, and how mail leaves.
pub(crate) fn parts(config: Config) -> anyhow::Result<Parts> {
    let mailer = notify::mailer(&config.mail).context("mail cannot be sent")?;
    let printer = PdfPrinter::new(
        config.documents.font_folders.clone(),
        config.documents.font_families.clone(),
    );
    let peers = peer::links(&config.peers).context("another instance cannot be asked")?;
    Ok(Parts {
        mailer,
        peers,
        documents: Documents {
            sheets: Arc::new(Workbooks),
            printer: Arc::new(printer),
            tables: Arc::new(Workbooks),
            forms: Arc::new(Workbooks),
            archives: Arc::new(EncryptedZip),
        },
        ..Parts::new(config)
    })
}
