use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Component, Path};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::maintenance::backup::BackupError;

/// A file of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// Path in the backup, with `/`.
    pub path: String,
    /// Length.
    pub octets: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

fn io<'p>(
    operation: &'static str,
    path: &'p Path,
) -> impl FnOnce(io::Error) -> BackupError + use<'p> {
    move |source| BackupError::Io {
        operation,
        path: path.to_owned(),
        source,
    }
}

/// Makes a folder that only its owner can read; one that is there must be empty.
pub(super) fn make_empty(folder: &Path) -> Result<(), BackupError> {
    make_folder(folder)?;
    let mut entries = fs::read_dir(folder).map_err(io("list", folder))?;
    match entries.next() {
        None => Ok(()),
        Some(_) => Err(BackupError::NotEmpty(folder.to_owned())),
    }
}

pub(super) fn make_folder(folder: &Path) -> Result<(), BackupError> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(io("create folder", folder))
}

/// Copies all files below `from` to `name` in `folder`; locks and unfinished files stay behind.
pub(super) fn copy_tree(
    from: &Path,
    folder: &Path,
    name: &str,
) -> Result<Vec<FileEntry>, BackupError> {
    let mut copied = Vec::new();
    if !from.exists() {
        return Ok(copied);
    }
    let mut waiting = vec![(from.to_owned(), name.to_owned())];
    while let Some((source, path)) = waiting.pop() {
        for entry in fs::read_dir(&source).map_err(io("list", &source))? {
            let entry = entry.map_err(io("list", &source))?;
            let kind = entry.file_type().map_err(io("look up", &source))?;
            let file_name = entry.file_name();
            let Some(file_name) = file_name.to_str() else {
                return Err(BackupError::Altered {
                    path: entry.path().display().to_string(),
                });
            };
            let unfinished = Path::new(file_name).extension().is_some_and(|e| e == "tmp");
            if file_name == ".lock" || file_name == "staging" || unfinished {
                continue;
            }
            let inner = format!("{path}/{file_name}");
            if kind.is_dir() {
                waiting.push((entry.path(), inner));
            } else if kind.is_file() {
                copied.push(copy_file(&entry.path(), folder, &inner)?);
            }
        }
    }
    copied.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(copied)
}

/// Copies one file to `name` in `folder`, durably.
pub(super) fn copy_file(from: &Path, folder: &Path, name: &str) -> Result<FileEntry, BackupError> {
    let to = folder.join(name);
    if let Some(parent) = to.parent() {
        make_folder(parent)?;
    }
    let mut input = File::open(from).map_err(io("open", from))?;
    let mut output = new_file(&to)?;
    let (mut octets, mut hash) = (0_u64, Sha256::new());
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = input.read(&mut buffer).map_err(io("read", from))?;
        let Some(part) = buffer.get(..read).filter(|part| !part.is_empty()) else {
            break;
        };
        hash.update(part);
        output.write_all(part).map_err(io("write", &to))?;
        octets = octets.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
    }
    output.sync_all().map_err(io("sync", &to))?;
    Ok(FileEntry {
        path: name.to_owned(),
        octets,
        sha256: hex::encode(hash.finalize()),
    })
}

/// Writes a new file, durably.
pub(super) fn write_new(
    folder: &Path,
    name: &str,
    content: &[u8],
) -> Result<FileEntry, BackupError> {
    let path = folder.join(name);
    let mut file = new_file(&path)?;
    file.write_all(content).map_err(io("write", &path))?;
    file.sync_all().map_err(io("sync", &path))?;
    describe(folder, name)
}

fn new_file(path: &Path) -> Result<File, BackupError> {
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(io("create", path))
}

/// Length and digest of a file.
pub(super) fn describe(folder: &Path, name: &str) -> Result<FileEntry, BackupError> {
    let path = folder.join(name);
    let mut file = File::open(&path).map_err(io("open", &path))?;
    let (mut octets, mut hash) = (0_u64, Sha256::new());
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = file.read(&mut buffer).map_err(io("read", &path))?;
        let Some(part) = buffer.get(..read).filter(|part| !part.is_empty()) else {
            break;
        };
        hash.update(part);
        octets = octets.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
    }
    Ok(FileEntry {
        path: name.to_owned(),
        octets,
        sha256: hex::encode(hash.finalize()),
    })
}

/// Whether a path from a manifest stays inside the backup.
pub(super) fn is_inside(path: &str) -> bool {
    !path.is_empty()
        && Path::new(path)
            .components()
            .all(|part| matches!(part, Component::Normal(_)))
}

/// All files below a folder, by path.
pub(super) fn list(folder: &Path) -> Result<Vec<String>, BackupError> {
    let mut found = Vec::new();
    let mut waiting = vec![(folder.to_owned(), String::new())];
    while let Some((source, path)) = waiting.pop() {
        for entry in fs::read_dir(&source).map_err(io("list", &source))? {
            let entry = entry.map_err(io("list", &source))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let inner = if path.is_empty() {
                name
            } else {
                format!("{path}/{name}")
            };
            let kind = entry.file_type().map_err(io("look up", &source))?;
            if kind.is_dir() {
                waiting.push((entry.path(), inner));
            } else {
                found.push(inner);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Moves a file or folder; both places are on one file system.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), BackupError> {
    fs::rename(from, to).map_err(io("move", from))
}

pub(super) fn remove_tree(folder: &Path) -> Result<(), BackupError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io("remove", folder)(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Makes the names in a folder durable.
pub(super) fn sync_folder(folder: &Path) -> Result<(), BackupError> {
    let opened = File::open(folder).map_err(io("open", folder))?;
    opened.sync_all().map_err(io("sync", folder))
}
