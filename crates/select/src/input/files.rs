//! A file, or every file of a folder in the order of their names.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The captures a path stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Files in the order they are read.
    pub files: Vec<PathBuf>,
    /// Octets of all of them together, for the progress display.
    pub total_len: u64,
}

/// Lists the files of `path`: itself, or all below it, sorted. Symbolic links to folders are not followed.
pub fn list(path: &Path) -> io::Result<Listing> {
    let mut listing = Listing::default();
    add(path, &mut listing)?;
    Ok(listing)
}

fn add(path: &Path, listing: &mut Listing) -> io::Result<()> {
    let facts = fs::metadata(path)?;
    if facts.is_file() {
        listing.total_len = listing.total_len.saturating_add(facts.len());
        listing.files.push(path.to_owned());
        return Ok(());
    }
    if !facts.is_dir() {
        // A pipe or a device: read as it comes.
        listing.files.push(path.to_owned());
        return Ok(());
    }
    let mut entries = fs::read_dir(path)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let kind = entry.file_type()?;
        if kind.is_file() || kind.is_dir() || (kind.is_symlink() && entry.path().is_file()) {
            add(&entry.path(), listing)?;
        }
    }
    Ok(())
}
