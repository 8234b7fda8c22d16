use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use ids::{IdSource, OrganisationKind};
use ledger::{Algorithm, DirectoryTiles, KeyName, Origin, SignerKey, TreeError};
use model::organisation::Organisation;
use thiserror::Error;

/// Code of a log on this instance: the desk code of its authority, or `instance`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogCode(String);

impl LogCode {
    /// The log of the instance itself: accounts, registers, reads.
    pub fn instance() -> Self {
        Self("instance".to_owned())
    }

    /// The log of an authority. A regional head acts with the Minister's power (Act Art. 74), so its acts stand in
    /// the Minister's log; `ministry` is that Minister. `None` for organisations that receive nothing.
    pub fn of_authority(desk: &Organisation, ministry: Option<&Organisation>) -> Option<Self> {
        let authority = match desk.kind {
            OrganisationKind::Ministry | OrganisationKind::CabinetOffice => desk,
            OrganisationKind::RegionalOffice => ministry?,
            OrganisationKind::Operator
            | OrganisationKind::Committee
            | OrganisationKind::Contractor => {
                return None;
            }
        };
        authority.desk_code.clone().map(Self)
    }

    /// Takes over a code from the store.
    pub fn stored(code: String) -> Self {
        Self(code)
    }

    /// The code as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a log cannot be read or written.
#[derive(Debug, Error)]
pub enum LogError {
    /// A key or tile file failed.
    #[error("the log's files failed in {operation}")]
    Io {
        /// What was tried.
        operation: &'static str,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// A key file does not hold a key.
    #[error("a log key cannot be read")]
    Key(#[source] ledger::KeyError),
    /// A name cannot be part of an origin.
    #[error("the log's origin is not valid")]
    Origin(#[source] ledger::CheckpointError),
    /// The tiles do not fit the database.
    #[error("the log's tiles do not fit")]
    Tree(#[source] TreeError),
    /// A checkpoint could not be signed or read.
    #[error("a checkpoint could not be signed or read")]
    Checkpoint(#[source] ledger::CheckpointError),
    /// The rebuilt tree differs from what was signed before. Nothing more is signed.
    #[error("the log does not continue what was signed before; run `noroshi ledger fsck`")]
    Fork,
}

/// The logs of an instance: origins, keys and tile directories.
///
/// Keys are made on first use and kept in files that only their owner can read.
#[derive(Clone)]
pub struct Logs {
    shared: Arc<Shared>,
}

struct Shared {
    prefix: String,
    tiles: PathBuf,
    keys: PathBuf,
    signers: Mutex<BTreeMap<LogCode, Arc<SignerKey>>>,
    writers: Mutex<BTreeMap<LogCode, Arc<DirectoryTiles>>>,
}

impl std::fmt::Debug for Logs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Logs")
            .field("prefix", &self.shared.prefix)
            .finish_non_exhaustive()
    }
}

impl Logs {
    /// Logs of the instance `name`, below `tiles` and `keys`. In an exercise the origins say so.
    pub fn new(name: &str, mode: statute::Mode, tiles: PathBuf, keys: PathBuf) -> Self {
        let prefix = match mode {
            statute::Mode::Real => name.to_owned(),
            statute::Mode::Exercise => format!("exercise/{name}"),
        };
        let shared = Shared {
            prefix,
            tiles,
            keys,
            signers: Mutex::default(),
            writers: Mutex::default(),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Identity of a log.
    pub fn origin(&self, log: &LogCode) -> Result<Origin, LogError> {
        Origin::parse(&format!("{}/{}", self.shared.prefix, log.as_str())).map_err(LogError::Origin)
    }

    /// Folder of a log's tiles.
    pub fn folder(&self, log: &LogCode) -> PathBuf {
        self.shared.tiles.join(log.as_str())
    }

    /// The tiles of a log, for reading.
    pub fn reader(&self, log: &LogCode) -> DirectoryTiles {
        DirectoryTiles::open_reader(&self.folder(log))
    }

    /// The tiles of a log, for the integrator.
    pub(crate) fn writer(&self, log: &LogCode) -> Result<Arc<DirectoryTiles>, LogError> {
        let mut writers = lock(&self.shared.writers);
        if let Some(writer) = writers.get(log) {
            return Ok(Arc::clone(writer));
        }
        let writer =
            DirectoryTiles::open_writer(&self.folder(log)).map_err(|source| LogError::Io {
                operation: "open tiles",
                source,
            })?;
        let writer = Arc::new(writer);
        writers.insert(log.clone(), Arc::clone(&writer));
        Ok(writer)
    }

    /// The signing key of a log, made on first use.
    pub fn signer(&self, log: &LogCode, ids: &dyn IdSource) -> Result<Arc<SignerKey>, LogError> {
        let mut signers = lock(&self.shared.signers);
        if let Some(signer) = signers.get(log) {
            return Ok(Arc::clone(signer));
        }
        let name = self.origin(log)?.key_name().map_err(LogError::Key)?;
        let signer = Arc::new(load_or_make(&self.shared.keys, log.as_str(), name, ids)?);
        signers.insert(log.clone(), Arc::clone(&signer));
        Ok(signer)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    match mutex.lock() {
        Ok(guard) => guard,
        Err(poisoned) => poisoned.into_inner(),
    }
}

fn load_or_make(
    folder: &Path,
    code: &str,
    name: KeyName,
    ids: &dyn IdSource,
) -> Result<SignerKey, LogError> {
    let path = folder.join(format!("log-{code}.key"));
    if let Some(text) = read_secret(&path)? {
        return SignerKey::parse(text.trim()).map_err(LogError::Key);
    }
    let key = SignerKey::generate(name, Algorithm::Ed25519, &mut |seed| ids.fill(seed))
        .map_err(LogError::Key)?;
    write_secret(&path, key.to_text().as_bytes())?;
    Ok(key)
}

/// Reads a secret file; `None` where there is none.
pub(crate) fn read_secret(path: &Path) -> Result<Option<String>, LogError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(LogError::Io {
            operation: "read key",
            source,
        }),
    }
}

/// Writes a secret file that only its owner can read, durably, and never over another.
pub(crate) fn write_secret(path: &Path, content: &[u8]) -> Result<(), LogError> {
    use std::io::Write as _;
    use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};

    let io = |operation| move |source| LogError::Io { operation, source };
    if let Some(folder) = path.parent() {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(io("create key folder"))?;
    }
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(io("create key"))?;
    file.write_all(content).map_err(io("write key"))?;
    file.sync_all().map_err(io("sync key"))
}
