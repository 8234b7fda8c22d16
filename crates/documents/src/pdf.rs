//! Pages printed as PDF/A-3a, by typst in a world without files and without network.

mod content;
mod fonts;
mod world;

use std::path::PathBuf;
use std::sync::OnceLock;

use app::documents::page::{Document, PrintError, Printer};
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use content::Content;
use fonts::Fonts;
use world::PageWorld;

/// How many prints ago something must have been used last to be forgotten by typst.
const REMEMBERED_PRINTS: usize = 2;

/// Prints with the fonts of some folders.
#[derive(Debug)]
pub struct PdfPrinter {
    folders: Vec<PathBuf>,
    families: Vec<String>,
    fonts: OnceLock<Result<Fonts, PrintError>>,
}

impl PdfPrinter {
    /// A printer that looks for fonts when it prints for the first time.
    pub fn new(folders: Vec<PathBuf>, families: Vec<String>) -> Self {
        Self {
            folders,
            families,
            fonts: OnceLock::new(),
        }
    }

    fn fonts(&self) -> Result<&Fonts, PrintError> {
        self.fonts
            .get_or_init(|| Fonts::find(&self.folders, &self.families))
            .as_ref()
            .map_err(Clone::clone)
    }
}

impl Printer for PdfPrinter {
    fn print(&self, document: &Document) -> Result<Vec<u8>, PrintError> {
        let fonts = self.fonts()?;
        let content = Content::of(document, fonts);
        let world = PageWorld::new(fonts, &content)?;
        let compiled = typst::compile::<PagedDocument>(&world);
        let printed = compiled
            .output
            .map_err(|problems| failed(&problems))
            .and_then(|pages| {
                typst_pdf::pdf(&pages, &options(document)?).map_err(|problems| failed(&problems))
            });
        typst::comemo::evict(REMEMBERED_PRINTS);
        printed
    }
}

fn options(document: &Document) -> Result<PdfOptions, PrintError> {
    let standards = PdfStandards::new(&[PdfStandard::A_3a])
        .map_err(|_| PrintError::Failed("PDF/A-3a is not known".to_owned()))?;
    Ok(PdfOptions {
        ident: Smart::Custom(format!("{}/{}", document.running, document.title)),
        creator: Smart::Custom(Some("Noroshi".to_owned())),
        standards,
        ..PdfOptions::default()
    })
}

/// The first problem; it speaks of our own template and of fonts, never of the text.
fn failed(problems: &[typst::diag::SourceDiagnostic]) -> PrintError {
    let first = problems.first();
    PrintError::Failed(first.map_or_else(String::new, |problem| problem.message.to_string()))
}

#[cfg(test)]
mod tests;
