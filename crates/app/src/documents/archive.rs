//! Files packed behind a password.

use thiserror::Error;

/// Packs files into one archive that only a password opens.
pub trait Archiver: Send + Sync {
    /// Packs files under their names. Names and sizes stay readable without the password; contents do not.
    ///
    /// # Errors
    /// [`ArchiveError`].
    fn lock(&self, files: &[(String, Vec<u8>)], password: &str) -> Result<Vec<u8>, ArchiveError>;
}

/// Why files were not packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ArchiveError {
    /// This program packs no files.
    #[error("this program packs no files")]
    NotAvailable,
    /// Packing failed; the program is wrong.
    #[error("the files could not be packed")]
    Failed,
}

/// Packs nothing.
pub(crate) struct NoArchiver;

impl Archiver for NoArchiver {
    fn lock(&self, _files: &[(String, Vec<u8>)], _password: &str) -> Result<Vec<u8>, ArchiveError> {
        Err(ArchiveError::NotAvailable)
    }
}
