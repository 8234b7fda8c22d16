use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::ConfigError;
use crate::load::require;

/// What is printed and with which fonts.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Documents {
    /// Folders in which fonts are looked for, with their folders inside.
    pub font_folders: Vec<PathBuf>,
    /// Families to print with, the best first; other fonts of the folders stand in for single characters.
    pub font_families: Vec<String>,
    /// Documents that are printed at the same time.
    pub printers: u32,
    /// How long a request waits for its turn.
    pub print_wait_secs: u64,
    /// Characters of one printed document at most.
    pub print_chars: u64,
    /// Octets of one workbook that is taken in.
    pub workbook_bytes: u64,
    /// Newer versions of forms: a folder with one folder for each version, whose files are its parts in the order of
    /// their names. Without it the forms of the program are used.
    pub form_folder: Option<PathBuf>,
}

impl Default for Documents {
    fn default() -> Self {
        Self {
            font_folders: ["/usr/share/fonts", "/usr/local/share/fonts"]
                .map(PathBuf::from)
                .to_vec(),
            font_families: [
                "Noto Sans CJK JP",
                "Noto Sans JP",
                "BIZ UDPGothic",
                "IPAexGothic",
                "IPAPGothic",
                "IPAGothic",
            ]
            .map(str::to_owned)
            .to_vec(),
            printers: 2,
            print_wait_secs: 10,
            print_chars: 1_000_000,
            workbook_bytes: 5 * 1024 * 1024,
            form_folder: None,
        }
    }
}

impl Documents {
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        require(
            self.font_folders.iter().all(|folder| folder.is_absolute()),
            "documents.font_folders",
            "use absolute paths",
        )?;
        require(
            self.font_families
                .iter()
                .all(|family| !family.trim().is_empty()),
            "documents.font_families",
            "name families, for example \"Noto Sans CJK JP\"",
        )?;
        require(
            (1..=64).contains(&self.printers),
            "documents.printers",
            "use 1 to 64",
        )?;
        require(
            (1..=300).contains(&self.print_wait_secs),
            "documents.print_wait_secs",
            "use 1 to 300",
        )?;
        require(
            (10_000..=20_000_000).contains(&self.print_chars),
            "documents.print_chars",
            "use 10000 to 20000000",
        )?;
        require(
            (64 * 1024..=64 * 1024 * 1024).contains(&self.workbook_bytes),
            "documents.workbook_bytes",
            "use 64 KiB to 64 MiB",
        )
    }
}
