use std::path::{Path, PathBuf};

use config::Config;
use ledger::SignedCheckpoint;
use store::Engine;

use crate::instance::{App, Parts};
use crate::maintenance::backup::{
    BackupError, MANIFEST, Manifest, POSTGRES_FILE, SQLITE_FILE, engine_code,
};
use crate::maintenance::fsck::FsckReport;
use crate::maintenance::origin::ResumeDecision;
use crate::maintenance::{files, postgres};

/// Folder in which a backup is checked before anything of it counts.
const STAGING: &str = "restoring";

/// What to do where a backup is older than what was co-signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OldBackup {
    /// Stop and say so.
    Refuse,
    /// End the log and begin a new origin that links to it.
    NewOrigin,
}

/// What whoever restores knows of the time after the backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Knowledge {
    /// The checkpoints given are the last that anyone holds; logs that were ever co-signed must be among them.
    Checkpoints,
    /// Nothing was co-signed after the backup. Stated by whoever restores.
    NothingLater,
}

/// What to restore, and what is known of the time after it.
#[derive(Clone, Debug)]
pub struct RestoreOrder {
    /// The backup.
    pub folder: PathBuf,
    /// Last co-signed checkpoints that anyone holds.
    pub last: Vec<SignedCheckpoint>,
    /// Whether these are all.
    pub knowledge: Knowledge,
    /// What to do where the backup is older.
    pub old_backup: OldBackup,
}

/// How a restore ended. Only `Done` put anything into place.
#[derive(Clone, Debug)]
pub enum RestoreOutcome {
    /// In place, checked; the logs that were given a new origin.
    Done {
        /// Codes of the new origins.
        new_origins: Vec<String>,
        /// The check.
        report: Box<FsckReport>,
    },
    /// The backup does not fit itself.
    Damaged(Box<FsckReport>),
    /// These logs lack so many leaves that were co-signed.
    Older(Vec<(String, u64)>),
    /// The leaves of this log contradict what was co-signed.
    Fork(String),
    /// These logs were co-signed before, and nothing was said about their last checkpoint.
    LastUnknown(Vec<String>),
}

impl App {
    /// Takes back a backup: verifies every file, checks the logs, compares them with what was co-signed, and only then
    /// puts it into place. The instance must not be running.
    ///
    /// # Errors
    /// [`BackupError`] when the folder or the target cannot be used.
    pub async fn restore(
        parts: Parts,
        order: &RestoreOrder,
    ) -> Result<RestoreOutcome, BackupError> {
        let config = parts.config.clone();
        let manifest = Manifest::read(&order.folder)?;
        verify_files(&order.folder, &manifest)?;
        let engine = match_instance(&config, &manifest)?;
        refuse_occupied(&config, engine)?;
        let directory = config.storage.directory.clone();
        let staging = directory.join(STAGING);
        files::remove_tree(&staging)?;
        stage(&config, &order.folder, &staging, &manifest)?;
        let mut staged = config.clone();
        staged.storage.directory.clone_from(&staging);
        if engine == Engine::Sqlite {
            staged.storage.database = String::new();
        } else {
            let address = config.storage.database_address();
            postgres::restore(&address, &order.folder.join(POSTGRES_FILE))?;
        }
        let app = Self::open_migrated(Parts {
            config: staged,
            store: None,
            ..parts
        })
        .await
        .map_err(BackupError::Start)?;
        app.hold_logs(true).await?;
        let outcome = app.judge_restored(order).await?;
        if let RestoreOutcome::Done { .. } = &outcome {
            app.hold_logs(false).await?;
            app.store().close().await;
            drop(app);
            put_into_place(&config, &staging, engine)?;
        } else {
            app.store().close().await;
            drop(app);
            files::remove_tree(&staging)?;
        }
        Ok(outcome)
    }

    async fn judge_restored(&self, order: &RestoreOrder) -> Result<RestoreOutcome, BackupError> {
        let report = self.fsck(&[]).await?;
        if !report.is_clean() {
            return Ok(RestoreOutcome::Damaged(Box::new(report)));
        }
        let mut too_old = Vec::new();
        for last in &order.last {
            let (log, decision) = self.decide_resume(last).await?;
            match decision {
                ResumeDecision::Continue => {}
                ResumeDecision::Fork => {
                    return Ok(RestoreOutcome::Fork(log.as_str().to_owned()));
                }
                ResumeDecision::NewOrigin { lost } => too_old.push((log, lost, last)),
            }
        }
        if order.knowledge == Knowledge::Checkpoints {
            let unknown = self.cosigned_but_not_given(order).await?;
            if !unknown.is_empty() {
                return Ok(RestoreOutcome::LastUnknown(unknown));
            }
        }
        if order.old_backup == OldBackup::Refuse && !too_old.is_empty() {
            let named =
                |(log, lost, _): (crate::logs::LogCode, u64, _)| (log.as_str().to_owned(), lost);
            return Ok(RestoreOutcome::Older(
                too_old.into_iter().map(named).collect(),
            ));
        }
        let mut new_origins = Vec::new();
        for (_, _, last) in too_old {
            let log = self.open_new_origin(last).await?;
            new_origins.push(log.as_str().to_owned());
        }
        Ok(RestoreOutcome::Done {
            new_origins,
            report: Box::new(report),
        })
    }

    /// Logs of the backup that a witness had co-signed and of which no last checkpoint was given.
    async fn cosigned_but_not_given(
        &self,
        order: &RestoreOrder,
    ) -> Result<Vec<String>, BackupError> {
        let mut unknown = Vec::new();
        for log in self.known_logs().await? {
            let mut tx = self.begin_read_for_restore().await?;
            let cosigned = tx.latest_cosigned_checkpoint(log.as_str()).await;
            let cosigned = cosigned.map_err(crate::AppError::from)?;
            let ended = self.logs().current(&log) != log;
            let origin = self.logs().origin(&log).map_err(crate::AppError::Log)?;
            let given = order
                .last
                .iter()
                .any(|signed| *signed.checkpoint().origin() == origin);
            if cosigned.is_some() && !given && !ended {
                unknown.push(log.as_str().to_owned());
            }
        }
        Ok(unknown)
    }

    async fn begin_read_for_restore(&self) -> Result<store::Tx, BackupError> {
        let tx = self.store().begin_read("restore.last_known").await;
        Ok(tx.map_err(crate::AppError::from)?)
    }
}

/// Every file of the manifest is there with its digest, and no other.
fn verify_files(folder: &Path, manifest: &Manifest) -> Result<(), BackupError> {
    let altered = |path: &str| BackupError::Altered {
        path: path.to_owned(),
    };
    let mut listed: Vec<&str> = Vec::with_capacity(manifest.files.len());
    for entry in &manifest.files {
        if !files::is_inside(&entry.path) || !folder.join(&entry.path).is_file() {
            return Err(altered(&entry.path));
        }
        if files::describe(folder, &entry.path)? != *entry {
            return Err(altered(&entry.path));
        }
        listed.push(&entry.path);
    }
    listed.push(MANIFEST);
    listed.sort_unstable();
    for found in files::list(folder)? {
        if listed.binary_search(&found.as_str()).is_err() {
            return Err(altered(&found));
        }
    }
    Ok(())
}

fn match_instance(config: &Config, manifest: &Manifest) -> Result<Engine, BackupError> {
    let address = config.storage.database_address();
    let engine = if address.starts_with("sqlite:") {
        Engine::Sqlite
    } else {
        Engine::Postgres
    };
    let mode = match config.instance.mode {
        config::Mode::Real => statute::Mode::Real,
        config::Mode::Exercise => statute::Mode::Exercise,
    };
    let fits = manifest.instance == config.instance.name
        && manifest.mode == mode.code()
        && manifest.engine == engine_code(engine);
    if fits {
        Ok(engine)
    } else {
        Err(BackupError::OtherInstance {
            name: manifest.instance.clone(),
            mode: manifest.mode.clone(),
            engine: manifest.engine.clone(),
        })
    }
}

/// Nothing is restored over an instance that is there.
fn refuse_occupied(config: &Config, engine: Engine) -> Result<(), BackupError> {
    let storage = &config.storage;
    let mut places = vec![storage.objects(), storage.tiles()];
    if engine == Engine::Sqlite {
        places.push(sqlite_file(config));
    }
    for place in places {
        if place.exists() {
            return Err(BackupError::NotEmpty(place));
        }
    }
    Ok(())
}

fn sqlite_file(config: &Config) -> PathBuf {
    let address = config.storage.database_address();
    let path = address.strip_prefix("sqlite:").unwrap_or(&address);
    let path = path.strip_prefix("//").unwrap_or(path);
    PathBuf::from(path.split_once('?').map_or(path, |(path, _)| path))
}

/// Copies a backup into the staging folder, as an instance lies on the disk.
fn stage(
    config: &Config,
    backup: &Path,
    staging: &Path,
    manifest: &Manifest,
) -> Result<(), BackupError> {
    files::make_empty(staging)?;
    for folder in ["tiles", "objects"] {
        files::copy_tree(&backup.join(folder), staging, folder)?;
    }
    let keys = config.storage.keys();
    if manifest.keys {
        files::copy_tree(&backup.join("keys"), staging, "keys")?;
    } else if keys.join("instance.key").is_file() {
        files::copy_tree(&keys, staging, "keys")?;
    } else {
        return Err(BackupError::KeysMissing(keys));
    }
    if backup.join(SQLITE_FILE).is_file() {
        files::copy_file(&backup.join(SQLITE_FILE), staging, "noroshi.sqlite")?;
    }
    Ok(())
}

/// Moves what was checked to where the instance looks for it.
fn put_into_place(config: &Config, staging: &Path, engine: Engine) -> Result<(), BackupError> {
    let storage = &config.storage;
    for (name, place) in [("tiles", storage.tiles()), ("objects", storage.objects())] {
        let from = staging.join(name);
        if from.exists() {
            files::rename(&from, &place)?;
        }
    }
    let keys = storage.keys();
    let old_keys = storage.directory.join("keys-before-restore");
    if keys.exists() {
        files::remove_tree(&old_keys)?;
        files::rename(&keys, &old_keys)?;
    }
    files::rename(&staging.join("keys"), &keys)?;
    files::remove_tree(&old_keys)?;
    // The database last: without it there is no instance, so a restore cut short can be done again.
    if engine == Engine::Sqlite {
        let place = sqlite_file(config);
        let journal = staging.join("noroshi.sqlite-wal");
        if journal.exists() {
            let mut name = place.clone().into_os_string();
            name.push("-wal");
            files::rename(&journal, Path::new(&name))?;
        }
        files::rename(&staging.join("noroshi.sqlite"), &place)?;
    }
    files::remove_tree(staging)?;
    files::sync_folder(&storage.directory)
}
