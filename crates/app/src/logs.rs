use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use ids::{IdSource, OrganisationKind};
use ledger::{Algorithm, DirectoryTiles, Origin, SignerKey, TreeError, VerifierKey};
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

    /// Reads a code as people type it, or as it stands in an address, where `~` takes the place of `/`.
    pub fn parse(text: &str) -> Option<Self> {
        let code = text.replace('~', "/");
        let (authority, epoch) = match code.split_once('/') {
            Some((authority, epoch)) => (authority, Some(epoch)),
            None => (code.as_str(), None),
        };
        let letters = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.".contains(&b);
        let named = !authority.is_empty()
            && authority.len() <= 64
            && authority.bytes().all(letters)
            && authority != "."
            && authority != "..";
        let numbered = epoch.is_none_or(|epoch| {
            let number = epoch.parse::<u32>().ok().filter(|number| 1 < *number);
            number.is_some_and(|number| number.to_string() == epoch)
        });
        (named && numbered).then_some(Self(code))
    }

    /// The code in an address: one part, without `/`.
    pub fn slug(&self) -> String {
        self.0.replace('/', "~")
    }

    /// Code of the authority, whichever of its origins this is.
    pub fn authority(&self) -> &str {
        self.0
            .split_once('/')
            .map_or(&self.0, |(authority, _)| authority)
    }

    /// Which origin of its authority this is: 1, or more after restores from old backups
    /// (`docs/ledger/FORMAT.md` section 10).
    pub fn epoch(&self) -> u32 {
        let number = self
            .0
            .split_once('/')
            .and_then(|(_, epoch)| epoch.parse().ok());
        number.unwrap_or(1)
    }

    /// The log of the same authority with another origin.
    pub(crate) fn in_epoch(&self, epoch: u32) -> Self {
        if epoch <= 1 {
            Self(self.authority().to_owned())
        } else {
            Self(format!("{}/{epoch}", self.authority()))
        }
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
    /// The published checkpoint is larger than the database: the database came back from an older backup.
    #[error(
        "the log was published with {published} leaves and the database holds {held}; use `noroshi restore`"
    )]
    Behind {
        /// Leaves of the checkpoint beside the tiles.
        published: u64,
        /// Leaves in the database.
        held: u64,
    },
    /// The list of keys and origins of the logs cannot be read.
    #[error("the list of keys and origins cannot be read")]
    History,
    /// A key that the log needs is not in the key folder.
    #[error("the key of a log is missing from the key folder")]
    KeyMissing,
    /// A restore was begun and not finished; nothing is signed until it is.
    #[error("a restore of this database was begun and not finished")]
    Held,
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
    witnesses: Vec<VerifierKey>,
    /// Authorities whose log has another origin than the first.
    epochs: Mutex<BTreeMap<String, u32>>,
    signers: Mutex<BTreeMap<String, Arc<SignerKey>>>,
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
    pub fn new(
        name: &str,
        mode: statute::Mode,
        tiles: PathBuf,
        keys: PathBuf,
        witnesses: Vec<VerifierKey>,
    ) -> Self {
        let prefix = match mode {
            statute::Mode::Real => name.to_owned(),
            statute::Mode::Exercise => format!("exercise/{name}"),
        };
        let shared = Shared {
            prefix,
            tiles,
            keys,
            witnesses,
            epochs: Mutex::default(),
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

    /// The log with this origin, if it can be one of this instance.
    pub fn code_of(&self, origin: &Origin) -> Option<LogCode> {
        let rest = origin.as_str().strip_prefix(&self.shared.prefix)?;
        LogCode::parse(rest.strip_prefix('/')?).filter(|_| !rest.contains('~'))
    }

    /// Witnesses whose co-signatures are taken in.
    pub fn witnesses(&self) -> &[VerifierKey] {
        &self.shared.witnesses
    }

    /// The log in which an authority's acts stand now.
    pub(crate) fn current(&self, log: &LogCode) -> LogCode {
        let epochs = lock(&self.shared.epochs);
        epochs
            .get(log.authority())
            .map_or_else(|| log.clone(), |epoch| log.in_epoch(*epoch))
    }

    /// Takes over which origins are in use.
    pub(crate) fn set_epochs(&self, epochs: BTreeMap<String, u32>) {
        *lock(&self.shared.epochs) = epochs;
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

    /// The first signing key of a log, made on first use.
    ///
    /// Only for logs whose key was never changed: a retired key must not come back as a new one.
    pub(crate) fn first_signer(
        &self,
        log: &LogCode,
        ids: &dyn IdSource,
    ) -> Result<Arc<SignerKey>, LogError> {
        if let Some(signer) = self.stored_signer(log)? {
            return Ok(signer);
        }
        let name = self.origin(log)?.key_name().map_err(LogError::Key)?;
        let key = SignerKey::generate(name, Algorithm::Ed25519, &mut |seed| ids.fill(seed))
            .map_err(LogError::Key)?;
        write_secret(&self.first_key_file(log), key.to_text().as_bytes())?;
        Ok(self.remember(key))
    }

    /// The first signing key of a log, if it was made.
    pub(crate) fn stored_signer(&self, log: &LogCode) -> Result<Option<Arc<SignerKey>>, LogError> {
        self.load(&self.first_key_file(log))
    }

    /// The private key of a public one.
    pub(crate) fn signer_of(
        &self,
        log: &LogCode,
        public: &VerifierKey,
    ) -> Result<Arc<SignerKey>, LogError> {
        if let Some(signer) = lock(&self.shared.signers).get(&public.to_string()) {
            return Ok(Arc::clone(signer));
        }
        for path in [self.key_file(log, public), self.first_key_file(log)] {
            if let Some(signer) = self.load(&path)?
                && signer.verifier() == public
            {
                return Ok(signer);
            }
        }
        Err(LogError::KeyMissing)
    }

    /// Makes a further key for a log and keeps it; it signs once the log announces it.
    pub(crate) fn make_next_signer(
        &self,
        log: &LogCode,
        ids: &dyn IdSource,
    ) -> Result<Arc<SignerKey>, LogError> {
        let name = self.origin(log)?.key_name().map_err(LogError::Key)?;
        let key = SignerKey::generate(name, Algorithm::Ed25519, &mut |seed| ids.fill(seed))
            .map_err(LogError::Key)?;
        let path = self.key_file(log, key.verifier());
        write_secret(&path, key.to_text().as_bytes())?;
        Ok(self.remember(key))
    }

    /// Removes a retired private key. What it signed stays valid.
    pub(crate) fn destroy_signer(
        &self,
        log: &LogCode,
        public: &VerifierKey,
    ) -> Result<(), LogError> {
        lock(&self.shared.signers).remove(&public.to_string());
        for path in [self.key_file(log, public), self.first_key_file(log)] {
            let held = self.load(&path)?;
            lock(&self.shared.signers).remove(&public.to_string());
            if held.is_some_and(|signer| signer.verifier() == public) {
                std::fs::remove_file(&path).map_err(|source| LogError::Io {
                    operation: "remove key",
                    source,
                })?;
            }
        }
        Ok(())
    }

    fn load(&self, path: &Path) -> Result<Option<Arc<SignerKey>>, LogError> {
        let Some(text) = read_secret(path)? else {
            return Ok(None);
        };
        let key = SignerKey::parse(text.trim()).map_err(LogError::Key)?;
        Ok(Some(self.remember(key)))
    }

    fn remember(&self, key: SignerKey) -> Arc<SignerKey> {
        let key = Arc::new(key);
        let name = key.verifier().to_string();
        lock(&self.shared.signers).insert(name, Arc::clone(&key));
        key
    }

    fn first_key_file(&self, log: &LogCode) -> PathBuf {
        self.shared.keys.join(format!("log-{}.key", log.slug()))
    }

    fn key_file(&self, log: &LogCode, public: &VerifierKey) -> PathBuf {
        let name = format!("log-{}.{}.key", log.slug(), public.id());
        self.shared.keys.join(name)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    match mutex.lock() {
        Ok(guard) => guard,
        Err(poisoned) => poisoned.into_inner(),
    }
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
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(io("create key folder"))?;
    // Written beside its place and linked there whole: a crash must not leave half a key.
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".half-{}", std::process::id()));
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&beside)
        .map_err(io("create key"))?;
    file.write_all(content).map_err(io("write key"))?;
    file.sync_all().map_err(io("sync key"))?;
    let linked = std::fs::hard_link(&beside, path).map_err(io("create key"));
    std::fs::remove_file(&beside).map_err(io("create key"))?;
    linked?;
    // A key that is gone after a power cut takes every receipt signed with it along.
    let above = folder
        .parent()
        .filter(|above| !above.as_os_str().is_empty());
    for names in [folder, above.unwrap_or(Path::new("."))] {
        std::fs::File::open(names)
            .and_then(|names| names.sync_all())
            .map_err(io("sync key folder"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::LogCode;

    #[test]
    fn a_code_names_authority_and_origin() {
        let second = LogCode::parse("meti~2").unwrap();
        assert_eq!(second, LogCode::parse("meti/2").unwrap());
        assert_eq!((second.authority(), second.epoch()), ("meti", 2));
        assert_eq!(second.slug(), "meti~2");
        assert_eq!(second.in_epoch(1).as_str(), "meti");
        assert_eq!(
            LogCode::parse("meti").unwrap().in_epoch(3).as_str(),
            "meti/3"
        );
    }

    #[test]
    fn a_text_that_could_leave_the_tile_folder_is_no_code() {
        for text in [
            "",
            "..",
            ".",
            "../meti",
            "meti/../x",
            "meti/",
            "meti/1",
            "meti/02",
            "Meti",
            "meti/2/3",
        ] {
            assert!(LogCode::parse(text).is_none(), "{text}");
        }
    }
}
