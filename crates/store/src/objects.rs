use std::path::{Path, PathBuf};

use ids::Digest;
use sha2::{Digest as _, Sha256};
use thiserror::Error;
use tokio::fs::File;
use tokio::io::AsyncWriteExt;

/// Attachments by content hash, in a directory.
///
/// An object is written beside its place, synced, renamed and its folder synced, so that whoever is told its digest
/// finds it after a power cut. Objects are never changed.
#[derive(Clone, Debug)]
pub struct ObjectDirectory {
    root: PathBuf,
}

/// Staging files of one content: those written at once and those left behind by crashes.
const MAX_STAGED: u32 = 1_000;

/// Why an object could not be kept or read.
#[derive(Debug, Error)]
pub enum ObjectError {
    /// No object has this digest.
    #[error("the object is missing")]
    Missing,
    /// The content does not fit its digest: it was changed from outside.
    #[error("the object was altered")]
    Altered,
    /// The disk is full.
    #[error("no space is left for objects")]
    Full(#[source] std::io::Error),
    /// The directory failed otherwise.
    #[error("the object directory failed in {operation}")]
    Io {
        /// What was tried.
        operation: &'static str,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
}

impl ObjectError {
    fn io(operation: &'static str, source: std::io::Error) -> Self {
        match source.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                Self::Full(source)
            }
            _ => Self::Io { operation, source },
        }
    }
}

impl ObjectDirectory {
    /// Opens a directory, making it where it is missing.
    pub async fn open(root: &Path) -> Result<Self, ObjectError> {
        let staging = root.join("staging");
        tokio::fs::create_dir_all(&staging)
            .await
            .map_err(|e| ObjectError::io("create", e))?;
        if let Some(parent) = root.parent().filter(|path| !path.as_os_str().is_empty()) {
            sync_folder(parent).await?;
        }
        Ok(Self {
            root: root.to_owned(),
        })
    }

    /// Where the directory is, for backups.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Keeps an object and gives its digest. Keeping it again changes nothing.
    ///
    /// # Errors
    /// [`ObjectError::Altered`] when other content lies in its place, [`ObjectError::Full`] when the disk is full;
    /// nothing stays behind then.
    pub async fn put(&self, content: &[u8]) -> Result<Digest, ObjectError> {
        let digest = digest_of(content);
        let place = self.place(digest);
        let folder = place.parent().unwrap_or(&self.root);
        match self.get(digest).await {
            // Whoever put it there may not have synced the folders yet.
            Ok(_) => return self.sync(digest, folder).await,
            Err(ObjectError::Missing) => {}
            Err(error) => return Err(error),
        }
        tokio::fs::create_dir_all(folder)
            .await
            .map_err(|e| ObjectError::io("create", e))?;
        let (staging, file) = self.stage(digest).await?;
        let moved = match write_synced(file, content).await {
            Ok(()) => tokio::fs::rename(&staging, &place)
                .await
                .map_err(|e| ObjectError::io("rename", e)),
            Err(error) => Err(error),
        };
        if let Err(error) = moved {
            // What could not be kept must not stay behind; the first error is the one to tell.
            drop(tokio::fs::remove_file(&staging).await);
            return Err(error);
        }
        self.sync(digest, folder).await
    }

    /// Reads an object and checks it against its digest.
    pub async fn get(&self, digest: Digest) -> Result<Vec<u8>, ObjectError> {
        let content = match tokio::fs::read(self.place(digest)).await {
            Ok(content) => content,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(ObjectError::Missing);
            }
            Err(error) => return Err(ObjectError::io("read", error)),
        };
        if digest_of(&content) == digest {
            Ok(content)
        } else {
            Err(ObjectError::Altered)
        }
    }

    /// A staging file of its own: the same content may be put at once, also by another process.
    async fn stage(&self, digest: Digest) -> Result<(PathBuf, File), ObjectError> {
        for suffix in 0..=MAX_STAGED {
            let path = self.root.join("staging").join(format!("{digest}.{suffix}"));
            match File::create_new(&path).await {
                Ok(file) => return Ok((path, file)),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(ObjectError::io("create", error)),
            }
        }
        Err(ObjectError::io(
            "create",
            std::io::ErrorKind::AlreadyExists.into(),
        ))
    }

    /// Makes the names of an object and of its folder durable.
    async fn sync(&self, digest: Digest, folder: &Path) -> Result<Digest, ObjectError> {
        sync_folder(folder).await?;
        sync_folder(&self.root).await?;
        Ok(digest)
    }

    fn place(&self, digest: Digest) -> PathBuf {
        let name = digest.to_string();
        let (folder, _) = name.split_at_checked(2).unwrap_or((&name, ""));
        self.root.join(folder).join(&name)
    }
}

/// SHA-256 over a content.
fn digest_of(content: &[u8]) -> Digest {
    Digest::from_bytes(Sha256::digest(content).into())
}

async fn write_synced(mut file: File, content: &[u8]) -> Result<(), ObjectError> {
    file.write_all(content)
        .await
        .map_err(|e| ObjectError::io("write", e))?;
    // tokio writes in the background; a full disk is told by the flush.
    file.flush()
        .await
        .map_err(|e| ObjectError::io("write", e))?;
    file.sync_all()
        .await
        .map_err(|e| ObjectError::io("sync", e))
}

async fn sync_folder(folder: &Path) -> Result<(), ObjectError> {
    let file = File::open(folder)
        .await
        .map_err(|e| ObjectError::io("open folder", e))?;
    file.sync_all()
        .await
        .map_err(|e| ObjectError::io("sync folder", e))
}

#[cfg(test)]
mod tests {
    use super::{ObjectDirectory, ObjectError};

    #[tokio::test]
    async fn an_object_reads_back_and_an_altered_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let objects = ObjectDirectory::open(folder.path()).await.unwrap();
        let digest = objects.put(b"log lines").await.unwrap();
        assert_eq!(objects.put(b"log lines").await.unwrap(), digest);
        assert_eq!(objects.get(digest).await.unwrap(), b"log lines");
        std::fs::write(objects.place(digest), b"log line!").unwrap();
        assert!(matches!(
            objects.get(digest).await,
            Err(ObjectError::Altered)
        ));
        std::fs::remove_file(objects.place(digest)).unwrap();
        assert!(matches!(
            objects.get(digest).await,
            Err(ObjectError::Missing)
        ));
    }
}
