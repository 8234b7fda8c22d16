use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use store::Engine;
use thiserror::Error;

use crate::error::AppError;
use crate::instance::{App, StartError};
use crate::maintenance::cosign::WhichCheckpoint;
use crate::maintenance::files::{self, FileEntry};
use crate::maintenance::postgres;

/// Name of the list of a backup's files. Written last: a folder without it is no backup.
pub(super) const MANIFEST: &str = "manifest.json";
pub(super) const SQLITE_FILE: &str = "database.sqlite";
pub(super) const POSTGRES_FILE: &str = "database.pgdump";
/// Public keys, so that a backup can be checked without the private ones.
const TRUST_FILE: &str = "trust.txt";
const FORMAT: &str = "noroshi-backup/v1";

/// Why a backup was not made or not taken back.
#[derive(Debug, Error)]
pub enum BackupError {
    /// The folder holds something already.
    #[error("{} is not empty", .0.display())]
    NotEmpty(PathBuf),
    /// A file or folder failed.
    #[error("{operation} failed at {}", path.display())]
    Io {
        /// What was tried.
        operation: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// A tool of PostgreSQL is missing or failed.
    #[error("{tool} failed: {message}")]
    Tool {
        /// Name of the tool.
        tool: &'static str,
        /// What it says.
        message: String,
    },
    /// The manifest is missing or cannot be read: the backup was not finished, or is none.
    #[error("the folder holds no finished backup")]
    Manifest,
    /// A file is missing, altered, or not named by the manifest.
    #[error("{path} is missing, altered or not part of the backup")]
    Altered {
        /// Path in the backup.
        path: String,
    },
    /// The backup belongs to another instance.
    #[error("the backup is of {name} in {mode} mode on {engine}, which are not these settings")]
    OtherInstance {
        /// Name of the instance.
        name: String,
        /// Mode of the instance.
        mode: String,
        /// Kind of database.
        engine: String,
    },
    /// The keys are neither in the backup nor in their folder.
    #[error("the keys are neither in the backup nor in {}; put them there first", .0.display())]
    KeysMissing(PathBuf),
    /// The instance cannot be opened.
    #[error("the instance cannot be opened")]
    Start(#[source] StartError),
    /// The instance failed.
    #[error("the instance failed")]
    App(#[source] AppError),
}

impl From<AppError> for BackupError {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

/// Whether the private keys go into a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackupKeys {
    /// They stay where they are, and are kept another way.
    Leave,
    /// They are copied; the folder must be kept as safe as the keys.
    Include,
}

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub(super) format: String,
    /// Name of the instance.
    pub instance: String,
    /// `real` or `exercise`.
    pub mode: String,
    /// `sqlite` or `postgres`.
    pub engine: String,
    /// When it was begun.
    pub created_at: String,
    /// Whether the private keys are in it.
    pub keys: bool,
    /// Size of each log's newest checkpoint.
    pub logs: Vec<(String, u64)>,
    /// Every file with its length and digest.
    pub files: Vec<FileEntry>,
}

impl Manifest {
    /// Reads the manifest of a finished backup.
    pub(super) fn read(folder: &Path) -> Result<Self, BackupError> {
        let bytes = std::fs::read(folder.join(MANIFEST)).map_err(|_| BackupError::Manifest)?;
        let manifest: Self = serde_json::from_slice(&bytes).map_err(|_| BackupError::Manifest)?;
        if manifest.format == FORMAT {
            Ok(manifest)
        } else {
            Err(BackupError::Manifest)
        }
    }
}

pub(super) const fn engine_code(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    }
}

impl App {
    /// Copies everything of this instance into an empty folder, while it may go on working.
    ///
    /// Tiles first, then the database, then attachments: the database is never behind the tiles, and names no
    /// attachment that is not copied.
    pub async fn backup(&self, folder: &Path, keys: BackupKeys) -> Result<Manifest, BackupError> {
        files::make_empty(folder)?;
        let created_at = self.now();
        let storage = &self.config().storage;
        let mut copied = files::copy_tree(&storage.tiles(), folder, "tiles")?;
        copied.push(self.copy_database(folder).await?);
        copied.extend(files::copy_tree(self.objects().root(), folder, "objects")?);
        if keys == BackupKeys::Include {
            copied.extend(files::copy_tree(&storage.keys(), folder, "keys")?);
        }
        let trust = self.trust().await?.to_string();
        copied.push(files::write_new(folder, TRUST_FILE, trust.as_bytes())?);
        let mut logs = Vec::new();
        for log in self.known_logs().await? {
            if let Ok(signed) = self.checkpoint(&log, WhichCheckpoint::Newest).await {
                logs.push((log.as_str().to_owned(), signed.checkpoint().size()));
            }
        }
        let manifest = Manifest {
            format: FORMAT.to_owned(),
            instance: self.config().instance.name.clone(),
            mode: self.mode().code().to_owned(),
            engine: engine_code(self.store().engine()).to_owned(),
            created_at: created_at.to_string(),
            keys: keys == BackupKeys::Include,
            logs,
            files: copied,
        };
        let text = serde_json::to_vec_pretty(&manifest).map_err(|_| BackupError::Manifest)?;
        files::write_new(folder, MANIFEST, &text)?;
        files::sync_folder(folder)?;
        Ok(manifest)
    }

    async fn copy_database(&self, folder: &Path) -> Result<FileEntry, BackupError> {
        let name = match self.store().engine() {
            Engine::Sqlite => {
                let copy = self.store().copy_sqlite_to(&folder.join(SQLITE_FILE)).await;
                copy.map_err(AppError::from)?;
                SQLITE_FILE
            }
            Engine::Postgres => {
                let address = self.config().storage.database_address();
                postgres::dump(&address, &folder.join(POSTGRES_FILE))?;
                POSTGRES_FILE
            }
        };
        files::describe(folder, name)
    }
}
