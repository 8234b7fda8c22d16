//! An instance with made-up organisations, for tests.

use std::sync::Arc;

use app::assets::Registered;
use app::{App, FixedClock, Parts, StartError};
use config::{Config, Mode};
use ids::{OrganisationId, Role, SeededIds};
use jiff::Timestamp;
use policy::Actor;
use statute::RuleBook;
use store::{SqliteDurability, StoreOptions};
use tempfile::TempDir;
use testkit::{TestDatabase, World};

/// An instance, its people, and a clock that the test sets.
pub(crate) struct Bench {
    pub(crate) app: App,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) world: World,
    mode: Mode,
    seed: u64,
    folder: TempDir,
}

impl Bench {
    /// An instance on a fresh database at an instant.
    pub(crate) async fn at(now: &str) -> Self {
        Self::with(now, Mode::Real).await
    }

    /// As [`Bench::at`], in a mode.
    pub(crate) async fn with(now: &str, mode: Mode) -> Self {
        Self::made(now, |parts| parts.config.instance.mode = mode).await
    }

    /// As [`Bench::at`], with other settings.
    pub(crate) async fn with_settings(now: &str, change: impl FnOnce(&mut Config)) -> Self {
        Self::made(now, |parts| change(&mut parts.config)).await
    }

    /// As [`Bench::at`], with parts of the test's own.
    pub(crate) async fn made(now: &str, change: impl FnOnce(&mut Parts)) -> Self {
        let folder = TempDir::new().unwrap();
        let clock = Arc::new(FixedClock::new(instant(now)));
        let mut parts = parts(&folder, Mode::Real, &clock, 77);
        change(&mut parts);
        let mode = parts.config.instance.mode;
        let app = App::open_migrated(parts).await.unwrap();
        let world = World::saved(5, app.store()).await;
        Self {
            app,
            clock,
            world,
            mode,
            seed: 77,
            folder,
        }
    }

    /// As [`Bench::at`], on a database of the test's own.
    pub(crate) async fn on(now: &str, database: &TestDatabase) -> Self {
        let folder = TempDir::new().unwrap();
        let clock = Arc::new(FixedClock::new(instant(now)));
        let mut parts = parts(&folder, Mode::Real, &clock, 77);
        database
            .address()
            .clone_into(&mut parts.config.storage.database);
        parts.store = None;
        let app = App::open(parts).await.unwrap();
        let world = World::saved(5, app.store()).await;
        Self {
            app,
            clock,
            world,
            mode: Mode::Real,
            seed: 77,
            folder,
        }
    }

    /// Opens a second program on the same instance, which trusts these signers of rule packs.
    pub(crate) async fn restart_trusting(&mut self, law: config::Law) -> Result<(), StartError> {
        self.seed = self.seed.saturating_add(1);
        let mut parts = parts(&self.folder, self.mode, &self.clock, self.seed);
        parts.config.law = law;
        self.app = App::open(parts).await?;
        Ok(())
    }

    /// Opens a second program on the same instance, with another rule book.
    pub(crate) async fn reopen(&mut self, rules: Option<RuleBook>) {
        self.seed = self.seed.saturating_add(1);
        let mut parts = parts(&self.folder, self.mode, &self.clock, self.seed);
        parts.rules = rules;
        self.app = App::open(parts).await.unwrap();
    }

    /// The limit kept beside a computer, as lists and counts use it.
    pub(crate) async fn kept_limit(&self, computer: Registered) -> Option<jiff::civil::Date> {
        let mut tx = self.app.store().begin_read("test.limit").await.unwrap();
        let kept = tx
            .limits_of_owner(self.world.power, None, 100)
            .await
            .unwrap();
        kept.into_iter()
            .find(|kept| kept.computer == computer.computer)
            .unwrap()
            .due_on
    }

    /// Sets the clock.
    pub(crate) fn set(&self, now: &str) {
        self.clock.set(instant(now));
    }

    /// The person with a role, with a fresh second factor.
    pub(crate) fn actor(&self, organisation: OrganisationId, role: Role) -> Actor {
        self.world.actor(self.world.person(organisation, role))
    }

    /// The CSIRT of the electricity company.
    pub(crate) fn csirt(&self) -> Actor {
        self.actor(self.world.power, Role::Csirt)
    }

    /// The approver of the electricity company.
    pub(crate) fn approver(&self) -> Actor {
        self.actor(self.world.power, Role::Approver)
    }

    /// Records of the leaves about a thing, oldest first.
    pub(crate) async fn leaves(&self, subject: uuid::Uuid) -> Vec<serde_json::Value> {
        let mut tx = self.app.store().begin_read("test.leaves").await.unwrap();
        let leaves = tx.leaves_of_subject(subject, 1_000).await.unwrap();
        leaves
            .iter()
            .map(|leaf| serde_json::from_str(&leaf.record).unwrap())
            .collect()
    }
}

/// An instant written as RFC 3339.
pub(crate) fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn parts(folder: &TempDir, mode: Mode, clock: &Arc<FixedClock>, seed: u64) -> Parts {
    let mut config = Config::default();
    folder.path().clone_into(&mut config.storage.directory);
    config.instance.mode = mode;
    config.access.argon2_memory_kib = 64;
    config.access.argon2_passes = 1;
    let mut store = StoreOptions::new(config.storage.database_address());
    store.durability = SqliteDurability::None;
    let mut parts = Parts::new(config);
    parts.clock = clock.clone();
    parts.ids = Arc::new(SeededIds::new(seed));
    parts.store = Some(store);
    parts
}
