use std::path::{Path, PathBuf};

use formats::forms::{self, FormError};
use thiserror::Error;

/// Most files of one folder that are read, and most octets of one.
const MAX_FILES: usize = 20;
const MAX_OCTETS: u64 = 1024 * 1024;

/// Says why newer versions of forms cannot be used.
#[derive(Debug, Error)]
pub enum FormFolderError {
    /// The folder or a file in it cannot be read.
    #[error("{path} cannot be read")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A folder with too many files, or a file that is too large to be a form.
    #[error("{path} is too large for forms")]
    TooLarge {
        /// Which.
        path: PathBuf,
    },
    /// What stands there is no form.
    #[error("the versions of forms in {path} cannot be used")]
    Form {
        /// The folder.
        path: PathBuf,
        /// What is wrong.
        source: FormError,
    },
}

/// Adds the versions of a folder to the forms of the program: one folder for each version, its files the parts in the
/// order of their names.
pub(crate) fn add_versions(folder: &Path) -> Result<(), FormFolderError> {
    let mut versions = Vec::new();
    for version in listed(folder)? {
        if !version.is_dir() {
            continue;
        }
        let mut parts = Vec::new();
        for file in listed(&version)? {
            if file.extension().is_some_and(|ending| ending == "toml") {
                parts.push(text(&file)?);
            }
        }
        versions.push(parts);
    }
    forms::add(&versions).map_err(|source| FormFolderError::Form {
        path: folder.to_owned(),
        source,
    })
}

fn listed(folder: &Path) -> Result<Vec<PathBuf>, FormFolderError> {
    let wrong = |source| FormFolderError::Read {
        path: folder.to_owned(),
        source,
    };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(wrong)? {
        found.push(entry.map_err(wrong)?.path());
        if MAX_FILES < found.len() {
            return Err(FormFolderError::TooLarge {
                path: folder.to_owned(),
            });
        }
    }
    found.sort();
    Ok(found)
}

fn text(file: &Path) -> Result<String, FormFolderError> {
    let wrong = |source| FormFolderError::Read {
        path: file.to_owned(),
        source,
    };
    if MAX_OCTETS < std::fs::metadata(file).map_err(wrong)?.len() {
        return Err(FormFolderError::TooLarge {
            path: file.to_owned(),
        });
    }
    std::fs::read_to_string(file).map_err(wrong)
}
