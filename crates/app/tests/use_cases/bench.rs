//! An instance with made-up organisations, for tests.

use std::sync::Arc;

use app::{App, FixedClock, Parts};
use config::{Config, Mode};
use ids::{OrganisationId, Role, SeededIds};
use jiff::Timestamp;
use policy::Actor;
use store::{SqliteDurability, StoreOptions};
use tempfile::TempDir;
use testkit::World;

/// An instance, its people, and a clock that the test sets.
pub(crate) struct Bench {
    pub(crate) app: App,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) world: World,
    _folder: TempDir,
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
        let mut config = Config::default();
        config.storage.directory = folder.path().to_owned();
        config.instance.mode = Mode::Real;
        config.access.argon2_memory_kib = 64;
        config.access.argon2_passes = 1;
        let mut store = StoreOptions::new(config.storage.database_address());
        store.durability = SqliteDurability::None;
        let clock = Arc::new(FixedClock::new(instant(now)));
        let mut parts = Parts::new(config);
        parts.clock = clock.clone();
        parts.ids = Arc::new(SeededIds::new(77));
        parts.store = Some(store);
        change(&mut parts);
        let app = App::open_migrated(parts).await.unwrap();
        let world = World::saved(5, app.store()).await;
        Self {
            app,
            clock,
            world,
            _folder: folder,
        }
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
