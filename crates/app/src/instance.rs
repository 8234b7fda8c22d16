use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use config::Config;
use ids::{Digest, IdSource};
use jiff::civil::Date;
use ledger::{Algorithm, VerifierKey};
use names::{Master, Matcher};
use policy::{Policy, PolicyError};
use statute::RuleBook;
use store::{ObjectDirectory, ObjectError, Store, StoreError, StoreOptions};
use thiserror::Error;
use tokio::sync::{Notify, Semaphore};

use crate::assets::import::ImportWorks;
use crate::clock::{Clock, SteppingClock, SystemClock, SystemIds};
use crate::documents::Documents;
use crate::documents::form_versions::add_versions;
use crate::error::AppError;
use crate::history::LogHistory;
use crate::identity::Hasher;
use crate::logs::{LogError, Logs, read_secret, write_secret};
use crate::mail::Mailer;
use crate::outbox::{DeliveryChannel, PortalChannel};
use crate::peers::PeerLink;
use crate::reads::ReadLog;
use crate::reminders::{Plan, PlanError};
use crate::rule_packs::{RulePackError, rule_book_of};
use crate::seal::Sealer;

/// An instance: everything the use cases need. Cheap to clone.
#[derive(Clone)]
pub struct App {
    parts: Arc<Inner>,
}

struct Inner {
    config: Config,
    store: Store,
    policy: Policy,
    rules: RuleBook,
    rules_digest: Digest,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    objects: ObjectDirectory,
    logs: Logs,
    sealer: Sealer,
    hasher: Hasher,
    channel: Arc<dyn DeliveryChannel>,
    documents: Documents,
    printing: Arc<Semaphore>,
    leaves_waiting: Notify,
    jobs_waiting: Notify,
    reads: ReadLog,
    matcher: Option<Matcher>,
    import_works: ImportWorks,
    reminder_plan: Plan,
    mailer: Option<Arc<dyn Mailer>>,
    peers: Vec<PeerLink>,
}

/// What an instance is made of, where a test or the demo wants something else than the default.
pub struct Parts {
    /// Settings.
    pub config: Config,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
    /// Where ids and random octets come from.
    pub ids: Arc<dyn IdSource>,
    /// How deliveries travel.
    pub channel: Arc<dyn DeliveryChannel>,
    /// What reads and writes workbooks and pages.
    pub documents: Documents,
    /// How mail leaves; `None` where this instance sends none.
    pub mailer: Option<Arc<dyn Mailer>>,
    /// Other instances to which reports travel on.
    pub peers: Vec<PeerLink>,
    /// How the database is reached; `None` means as the settings say.
    pub store: Option<StoreOptions>,
    /// The rule book; `None` means the one that is in force on this instance.
    pub rules: Option<RuleBook>,
}

impl Parts {
    /// The default parts for some settings; an exercise may have a clock of its own.
    pub fn new(config: Config) -> Self {
        let clock: Arc<dyn Clock> = match config.exercise.shift() {
            Some(shift) => Arc::new(SteppingClock::ahead_by(shift)),
            None => Arc::new(SystemClock),
        };
        Self {
            config,
            clock,
            ids: Arc::new(SystemIds),
            channel: Arc::new(PortalChannel),
            documents: Documents::default(),
            mailer: None,
            peers: Vec::new(),
            store: None,
            rules: None,
        }
    }
}

/// Why an instance cannot start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The database cannot be reached or is of another version.
    #[error("the database cannot be used")]
    Store(#[source] StoreError),
    /// The rule pack in force is not acceptable, or the rule book of the program is damaged.
    #[error("the rule book cannot be used")]
    Rules(#[source] RulePackError),
    /// The policies are damaged.
    #[error("the policies cannot be used")]
    Policy(#[source] PolicyError),
    /// The directory of attachments cannot be used.
    #[error("the directory of attachments cannot be used")]
    Objects(#[source] ObjectError),
    /// Keys or logs cannot be used.
    #[error("keys or logs cannot be used")]
    Logs(#[source] LogError),
    /// The database belongs to an instance of the other mode.
    #[error("this database belongs to an instance in {stored} mode")]
    Mode {
        /// `real` or `exercise`.
        stored: String,
    },
    /// A configured witness is not a public key for co-signing.
    #[error("ledger.witnesses holds something else than public keys of witnesses")]
    Witness,
    /// The list of keys and origins of the logs is damaged.
    #[error("the list of keys and origins of the logs cannot be read")]
    History(#[source] crate::AppError),
    /// The file of names cannot be read.
    #[error("names.master names a file that cannot be read")]
    NamesFile(#[source] std::io::Error),
    /// The file of names is not as it should be.
    #[error("names.master names a file that is not a master of names")]
    Names(#[source] names::MasterError),
    /// Newer versions of forms cannot be used.
    #[error("documents.form_folder names forms that cannot be used")]
    Forms(#[source] crate::documents::FormFolderError),
    /// The file of reminders cannot be read.
    #[error("reminders.plan names a file that cannot be read")]
    PlanFile(#[source] std::io::Error),
    /// The file of reminders is not as it should be.
    #[error("reminders.plan names a file that is no plan of reminders")]
    Plan(#[source] PlanError),
    /// The instance key is not 32 octets in hexadecimal.
    #[error("the instance key cannot be read")]
    InstanceKey,
}

impl App {
    /// Opens an instance whose schema is current; `noroshi migrate` brings it there.
    pub async fn open(parts: Parts) -> Result<Self, StartError> {
        let options = parts
            .store
            .clone()
            .unwrap_or_else(|| store_options(&parts.config));
        let store = Store::open(&options).await.map_err(StartError::Store)?;
        store
            .require_current_schema()
            .await
            .map_err(StartError::Store)?;
        Self::assemble(parts, store).await
    }

    /// Brings the schema to this version, then opens the instance.
    pub async fn open_migrated(parts: Parts) -> Result<Self, StartError> {
        let folder = parts.config.storage.directory.clone();
        tokio::fs::create_dir_all(&folder).await.map_err(|source| {
            StartError::Logs(LogError::Io {
                operation: "create data directory",
                source,
            })
        })?;
        let options = parts
            .store
            .clone()
            .unwrap_or_else(|| store_options(&parts.config));
        let store = Store::open(&options).await.map_err(StartError::Store)?;
        store.migrate().await.map_err(StartError::Store)?;
        Self::assemble(parts, store).await
    }

    async fn assemble(parts: Parts, store: Store) -> Result<Self, StartError> {
        let Parts {
            config,
            clock,
            ids,
            channel,
            documents,
            mailer,
            peers,
            store: _,
            rules,
        } = parts;
        if let Some(folder) = &config.documents.form_folder {
            add_versions(folder).map_err(StartError::Forms)?;
        }
        let mode = mode_of(&config);
        bind_mode(&store, mode).await?;
        let rules = match rules {
            Some(rules) => rules,
            None => rule_book_of(&store, &config)
                .await
                .map_err(StartError::Rules)?,
        };
        let rules_digest = Digest::from_bytes(*rules.digest().as_bytes());
        let policy = Policy::embedded().map_err(StartError::Policy)?;
        let objects = ObjectDirectory::open(&config.storage.objects())
            .await
            .map_err(StartError::Objects)?;
        let logs = Logs::new(
            &config.instance.name,
            mode,
            config.storage.tiles(),
            config.storage.keys(),
            witness_keys(&config)?,
        );
        logs.set_epochs(read_epochs(&store).await?);
        let sealer = Sealer::new(&instance_key(&config, ids.as_ref())?);
        let hasher = Hasher::new(&config.access);
        let reads = ReadLog::default();
        let at_once = usize::try_from(config.documents.printers).unwrap_or(1);
        let printing = Arc::new(Semaphore::new(at_once));
        let matcher = own_matcher(&config).await?;
        let reminder_plan = plan_of(&config).await?;
        let inner = Inner {
            config,
            store,
            policy,
            rules,
            rules_digest,
            clock,
            ids,
            objects,
            logs,
            sealer,
            hasher,
            channel,
            documents,
            printing,
            leaves_waiting: Notify::new(),
            jobs_waiting: Notify::new(),
            reads,
            matcher,
            import_works: ImportWorks::default(),
            reminder_plan,
            mailer,
            peers,
        };
        Ok(Self {
            parts: Arc::new(inner),
        })
    }

    /// Settings.
    pub fn config(&self) -> &Config {
        &self.parts.config
    }

    /// The database. For the maintenance commands; use cases stand in this crate.
    pub fn store(&self) -> &Store {
        &self.parts.store
    }

    /// Who may do what.
    pub fn policy(&self) -> &Policy {
        &self.parts.policy
    }

    /// The law as data.
    pub fn rules(&self) -> &RuleBook {
        &self.parts.rules
    }

    /// Digest of the rule book, kept with every result.
    pub fn rules_digest(&self) -> Digest {
        self.parts.rules_digest
    }

    /// Whether acts have legal effect.
    pub fn mode(&self) -> statute::Mode {
        mode_of(&self.parts.config)
    }

    /// The present instant.
    pub fn now(&self) -> jiff::Timestamp {
        self.parts.clock.now()
    }

    /// The present day in Japan.
    pub fn today(&self) -> Date {
        statute::calendar::jst::day_of(self.now())
    }

    /// Source of ids and random octets.
    pub fn ids(&self) -> &dyn IdSource {
        self.parts.ids.as_ref()
    }

    /// Attachments.
    pub fn objects(&self) -> &ObjectDirectory {
        &self.parts.objects
    }

    /// Logs.
    pub fn logs(&self) -> &Logs {
        &self.parts.logs
    }

    pub(crate) fn sealer(&self) -> &Sealer {
        &self.parts.sealer
    }

    pub(crate) fn hasher(&self) -> &Hasher {
        &self.parts.hasher
    }

    pub(crate) fn channel(&self) -> &dyn DeliveryChannel {
        self.parts.channel.as_ref()
    }

    /// What reads and writes workbooks and pages.
    pub fn documents(&self) -> &Documents {
        &self.parts.documents
    }

    /// As many permits as documents may be printed at the same time.
    pub(crate) fn printing(&self) -> Arc<Semaphore> {
        Arc::clone(&self.parts.printing)
    }

    /// Finds what written names of makers and products mean.
    ///
    /// # Errors
    /// [`AppError::Bug`] when the master that comes with the program is damaged.
    pub(crate) fn matcher(&self) -> Result<&Matcher, AppError> {
        static EMBEDDED: OnceLock<Result<Matcher, names::MasterError>> = OnceLock::new();
        if let Some(own) = &self.parts.matcher {
            return Ok(own);
        }
        EMBEDDED
            .get_or_init(|| Master::embedded().map(|master| Matcher::new(&master)))
            .as_ref()
            .map_err(|_| AppError::Bug("a master of names that cannot be read"))
    }

    pub(crate) fn import_works(&self) -> &ImportWorks {
        &self.parts.import_works
    }

    /// When whom to remind of what.
    pub(crate) fn reminder_plan(&self) -> &Plan {
        &self.parts.reminder_plan
    }

    /// How mail leaves, if it does.
    pub(crate) fn mailer(&self) -> Option<Arc<dyn Mailer>> {
        self.parts.mailer.clone()
    }

    /// Other instances to which reports travel on.
    pub fn peers(&self) -> &[PeerLink] {
        &self.parts.peers
    }

    pub(crate) fn reads(&self) -> &ReadLog {
        &self.parts.reads
    }

    pub(crate) fn wake_integrator(&self) {
        self.parts.leaves_waiting.notify_one();
    }

    pub(crate) fn leaves_waiting(&self) -> &Notify {
        &self.parts.leaves_waiting
    }

    pub(crate) fn wake_workers(&self) {
        self.parts.jobs_waiting.notify_one();
    }

    pub(crate) fn jobs_waiting(&self) -> &Notify {
        &self.parts.jobs_waiting
    }
}

fn store_options(config: &Config) -> StoreOptions {
    let mut options = StoreOptions::new(config.storage.database_address());
    options.connections = config.storage.connections;
    options
}

/// The matcher of an instance that adds names of its own; most have none.
async fn own_matcher(config: &Config) -> Result<Option<Matcher>, StartError> {
    let Some(path) = &config.names.master else {
        return Ok(None);
    };
    let file = tokio::fs::read_to_string(path)
        .await
        .map_err(StartError::NamesFile)?;
    let master = Master::embedded()
        .and_then(|master| master.extended(&file))
        .map_err(StartError::Names)?;
    Ok(Some(Matcher::new(&master)))
}

async fn plan_of(config: &Config) -> Result<Plan, StartError> {
    let Some(path) = &config.reminders.plan else {
        return Plan::embedded().map_err(StartError::Plan);
    };
    let file = tokio::fs::read_to_string(path)
        .await
        .map_err(StartError::PlanFile)?;
    Plan::parse(&file).map_err(StartError::Plan)
}

fn witness_keys(config: &Config) -> Result<Vec<VerifierKey>, StartError> {
    let keys = config.ledger.witnesses.iter().map(|text| {
        let key = VerifierKey::parse(text).map_err(|_| StartError::Witness)?;
        if key.algorithm() == Algorithm::CosignatureV1 {
            Ok(key)
        } else {
            Err(StartError::Witness)
        }
    });
    keys.collect()
}

async fn read_epochs(store: &Store) -> Result<BTreeMap<String, u32>, StartError> {
    let tx = store.begin_read("instance.read_epochs").await;
    let mut tx = tx.map_err(StartError::Store)?;
    let history = LogHistory::load(&mut tx)
        .await
        .map_err(StartError::History)?;
    Ok(history.epochs)
}

fn mode_of(config: &Config) -> statute::Mode {
    match config.instance.mode {
        config::Mode::Real => statute::Mode::Real,
        config::Mode::Exercise => statute::Mode::Exercise,
    }
}

/// A database belongs to real filings or to an exercise for ever.
async fn bind_mode(store: &Store, mode: statute::Mode) -> Result<(), StartError> {
    const KEY: &str = "mode";
    let mut tx = store
        .begin("instance.bind_mode")
        .await
        .map_err(StartError::Store)?;
    match tx.instance_fact(KEY).await.map_err(StartError::Store)? {
        Some(stored) if stored == mode.code() => Ok(()),
        Some(stored) => Err(StartError::Mode { stored }),
        None => {
            tx.set_instance_fact(KEY, mode.code())
                .await
                .map_err(StartError::Store)?;
            tx.commit().await.map_err(StartError::Store)
        }
    }
}

fn instance_key(config: &Config, ids: &dyn IdSource) -> Result<[u8; 32], StartError> {
    let path = config.storage.keys().join("instance.key");
    if let Some(text) = read_secret(&path).map_err(StartError::Logs)? {
        let bytes = hex::decode(text.trim()).map_err(|_| StartError::InstanceKey)?;
        return bytes.try_into().map_err(|_| StartError::InstanceKey);
    }
    let mut key = [0; 32];
    ids.fill(&mut key);
    write_secret(&path, hex::encode(key).as_bytes()).map_err(StartError::Logs)?;
    Ok(key)
}
