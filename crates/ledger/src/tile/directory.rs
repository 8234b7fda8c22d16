//! Tiles in a local directory.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::durable;
use crate::tile::{Resource, TileStore};

/// A log in a directory, laid out exactly as it is served.
///
/// Every file is written beside its place, synced, and renamed into it; [`TileStore::sync`] then syncs
/// the directories. A crash leaves at most a `.tmp` file, which the next write of that name replaces.
/// One writer per directory, held by a lock on `.lock`; any number of readers.
#[derive(Debug)]
pub struct DirectoryTiles {
    root: PathBuf,
    writer: Option<File>,
    dirty: Mutex<BTreeSet<PathBuf>>,
}

impl DirectoryTiles {
    /// Opens for reading; the directory need not exist yet.
    pub fn open_reader(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            writer: None,
            dirty: Mutex::default(),
        }
    }

    /// Creates the directory if needed and opens it for writing.
    ///
    /// Fails with `WouldBlock` while another process, or another value in this one, is the writer.
    pub fn open_writer(root: &Path) -> io::Result<Self> {
        durable::create_directory(root)?;
        let lock = durable::lock(root)?;
        Ok(Self {
            root: root.to_owned(),
            writer: Some(lock),
            dirty: Mutex::default(),
        })
    }

    /// Directory of the log.
    pub fn root(&self) -> &Path {
        &self.root
    }

    fn path_of(&self, resource: &Resource) -> PathBuf {
        self.root.join(resource.to_string())
    }
}

impl TileStore for DirectoryTiles {
    fn read(&self, resource: &Resource) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.path_of(resource)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn write(&self, resource: &Resource, bytes: &[u8]) -> io::Result<()> {
        if self.writer.is_none() {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let path = self.path_of(resource);
        let parent = path.parent().unwrap_or(&self.root);
        durable::create_directory(parent)?;
        durable::replace(&path, bytes)?;
        let mut dirty = self.dirty.lock().unwrap_or_else(PoisonError::into_inner);
        dirty.insert(parent.to_owned());
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        let mut dirty = self.dirty.lock().unwrap_or_else(PoisonError::into_inner);
        for directory in dirty.iter() {
            durable::sync_directory(directory)?;
        }
        dirty.clear();
        Ok(())
    }
}
