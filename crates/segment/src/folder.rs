//! The folder of segments: listing, verifying, destroying.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use ids::Digest;
use jiff::Timestamp;
use ledger::durable;
use sha2::{Digest as _, Sha256};
use warrant::Purpose;

use crate::error::SegmentError;
use crate::key_file::{KeyFile, KeyTerms};

const KEY: &str = ".key";
const REAL: &str = ".parquet";
const EXERCISE: &str = ".exercise.parquet";
const TEMPORARY: &str = ".tmp";
/// Larger files are not key files.
const MAX_KEY_FILE_BYTES: u64 = 65_536;

/// The folder that holds sealed segments and their wrapped keys.
#[derive(Clone, Debug)]
pub struct SegmentFolder {
    path: PathBuf,
}

/// A segment as the folder has it.
#[derive(Clone, Debug)]
pub struct Listed {
    pub terms: KeyTerms,
    pub purpose: Purpose,
    /// SHA-256 of the key file.
    pub key_digest: Digest,
}

/// What verifying a folder found for one segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegmentState {
    /// The file is the one the key was wrapped for.
    Whole,
    /// The file is another one than the key was wrapped for.
    Altered,
    /// The key is there and the file is not.
    Missing,
}

impl SegmentState {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Altered => "altered",
            Self::Missing => "missing",
        }
    }
}

impl SegmentFolder {
    /// Opens a folder, made where it is missing, and removes what a crash left behind: a file that was
    /// not sealed has no key anywhere and cannot be read by anyone. Gives how many were removed.
    pub fn open(path: &Path) -> Result<(Self, u64), SegmentError> {
        durable::create_directory(path).map_err(SegmentError::io("make the folder"))?;
        let folder = Self {
            path: path.to_owned(),
        };
        let mut removed = 0_u64;
        for name in folder.names()? {
            if name.ends_with(TEMPORARY) {
                let gone = fs::remove_file(path.join(&name));
                gone.map_err(SegmentError::io("remove an unsealed file"))?;
                removed = removed.saturating_add(1);
            }
        }
        Ok((folder, removed))
    }

    /// Reads a folder as it is.
    pub fn at(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Every segment that has a key, by name.
    pub fn list(&self) -> Result<Vec<Listed>, SegmentError> {
        let mut listed = Vec::new();
        for name in self.names()? {
            let Some(stem) = name.strip_suffix(KEY) else {
                continue;
            };
            let (file, key_digest) = self.key_file(stem)?;
            if file.terms.name != stem || file.terms.digest.is_none() {
                return Err(SegmentError::KeyFile);
            }
            listed.push(Listed {
                purpose: file.terms.purpose()?,
                terms: file.terms,
                key_digest,
            });
        }
        listed.sort_by(|a, b| a.terms.name.cmp(&b.terms.name));
        Ok(listed)
    }

    /// Compares a segment with the digest its key is bound to.
    pub fn verify(&self, listed: &Listed) -> Result<SegmentState, SegmentError> {
        let path = self.segment_path(&listed.terms.name, listed.purpose);
        match File::open(path) {
            Ok(mut file) => {
                if Some(digest_of(&mut file)?) == listed.terms.digest {
                    Ok(SegmentState::Whole)
                } else {
                    Ok(SegmentState::Altered)
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(SegmentState::Missing),
            Err(error) => Err(SegmentError::io("open a segment")(error)),
        }
    }

    /// Destroys a segment: first the wrapped key, overwritten and removed, then the file. Gives the
    /// digest of the file as it was, `None` when it was gone already.
    pub fn destroy(&self, listed: &Listed) -> Result<Option<Digest>, SegmentError> {
        let name = &listed.terms.name;
        let path = self.segment_path(name, listed.purpose);
        let was = match File::open(&path) {
            Ok(mut file) => Some(digest_of(&mut file)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(SegmentError::io("open a segment")(error)),
        };
        overwrite(&self.key_path(name)).map_err(SegmentError::io("overwrite a wrapped key"))?;
        let gone = fs::remove_file(self.key_path(name));
        gone.map_err(SegmentError::io("remove a wrapped key"))?;
        self.sync()?;
        if was.is_some() {
            fs::remove_file(&path).map_err(SegmentError::io("remove a segment"))?;
            self.sync()?;
        }
        Ok(was)
    }

    /// Segments whose time is up.
    pub fn expired(&self, now: Timestamp) -> Result<Vec<Listed>, SegmentError> {
        let mut expired = Vec::new();
        for listed in self.list()? {
            if listed.terms.expires_at()? <= now {
                expired.push(listed);
            }
        }
        Ok(expired)
    }

    pub(crate) fn segment_path(&self, name: &str, purpose: Purpose) -> PathBuf {
        let ending = match purpose {
            Purpose::Real => REAL,
            Purpose::Exercise => EXERCISE,
        };
        self.path.join(format!("{name}{ending}"))
    }

    pub(crate) fn temporary_path(&self, name: &str) -> PathBuf {
        self.path.join(format!("{name}{TEMPORARY}"))
    }

    pub(crate) fn key_path(&self, name: &str) -> PathBuf {
        self.path.join(format!("{name}{KEY}"))
    }

    pub(crate) fn key_file(&self, name: &str) -> Result<(KeyFile, Digest), SegmentError> {
        let file = File::open(self.key_path(name)).map_err(SegmentError::io("open a key file"))?;
        let mut bytes = Vec::new();
        let read = file.take(MAX_KEY_FILE_BYTES).read_to_end(&mut bytes);
        read.map_err(SegmentError::io("read a key file"))?;
        Ok((KeyFile::parse(&bytes)?, crate::key_file::sha256(&bytes)))
    }

    pub(crate) fn sync(&self) -> Result<(), SegmentError> {
        durable::sync_directory(&self.path).map_err(SegmentError::io("sync the folder"))
    }

    fn names(&self) -> Result<Vec<String>, SegmentError> {
        let mut names = Vec::new();
        let entries = fs::read_dir(&self.path).map_err(SegmentError::io("list the folder"))?;
        for entry in entries {
            let entry = entry.map_err(SegmentError::io("list the folder"))?;
            if let Ok(name) = entry.file_name().into_string() {
                names.push(name);
            }
        }
        Ok(names)
    }
}

/// SHA-256 of a file, which is read from its start and left at its start.
pub(crate) fn digest_of(file: &mut File) -> Result<Digest, SegmentError> {
    const OPERATION: &str = "read a segment";
    file.rewind().map_err(SegmentError::io(OPERATION))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0_u8; 65_536];
    loop {
        let count = file
            .read(&mut buffer)
            .map_err(SegmentError::io(OPERATION))?;
        let Some(part) = buffer.get(..count).filter(|part| !part.is_empty()) else {
            break;
        };
        hash.update(part);
    }
    file.rewind().map_err(SegmentError::io(OPERATION))?;
    Ok(Digest::from_bytes(hash.finalize().into()))
}

/// Writes zeroes over a small file and syncs it.
fn overwrite(path: &Path) -> io::Result<()> {
    let length = usize::try_from(fs::metadata(path)?.len()).unwrap_or(0);
    let mut file = File::options().write(true).open(path)?;
    file.write_all(&vec![0_u8; length])?;
    file.sync_all()
}
