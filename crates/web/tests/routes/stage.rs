//! The sample instance that is walked, with its people and the objects that stand in the paths.

use std::path::Path;
use std::sync::{Arc, Mutex};

use app::{App, Clock, Parts, SteppingClock};
use axum::Router;
use config::{Config, Cookies, Mode};
use ids::{OrganisationId, OrganisationKind, Role};
use jiff::{SignedDuration, Timestamp};
use model::organisation::{HouseTargets, Organisation};
use secrecy::SecretString;
use tempfile::TempDir;
use web::page::Site;

use crate::objects::{self, Channel, Objects};
use crate::people::{self, Group, Subject};

/// The sample's clock, which stands still while the routes are walked: two answers then differ by nothing else.
#[derive(Debug, Default)]
pub(crate) struct Still {
    running: SteppingClock,
    stands_at: Mutex<Option<Timestamp>>,
}

impl Still {
    pub(crate) fn stop_at(&self, now: Timestamp) {
        *self.stands_at.lock().unwrap() = Some(now);
    }
}

impl Clock for Still {
    fn now(&self) -> Timestamp {
        let stands_at = *self.stands_at.lock().unwrap();
        stands_at.unwrap_or_else(|| self.running.now())
    }
}

/// A sample instance with everybody signed in.
pub(crate) struct Stage {
    pub(crate) router: Router,
    pub(crate) subjects: Vec<Subject>,
    pub(crate) objects: Objects,
    _folder: TempDir,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let clock = Arc::new(Still::default());
        let channel = Arc::new(Channel::default());
        let app = instance(folder.path(), clock.clone(), channel.clone()).await;
        clock.running.step_to(instant("2026-12-10T03:00:00Z"));
        let password = SecretString::from(people::PASSWORD.to_owned());
        let logins = app.seed_sample(&password, &clock.running).await.unwrap();
        clock.stop_at(instant("2026-12-10T03:00:00Z"));

        let mut sample = Vec::new();
        for login in ["denki.shonin", "gas.shonin"] {
            let known = logins.iter().find(|known| known.login == login).unwrap();
            let session =
                people::log_in(&app, &clock, login, people::PASSWORD, &known.totp_secret).await;
            let current = app.resume_session(&session).await.unwrap();
            sample.push(current.organisation.id);
        }
        let (filer, other) = (sample[0], sample[1]);
        let mut subjects = everybody(&app, &clock, filer, other).await;
        let objects = objects::of(&app, &clock, &channel, filer).await;
        subjects.push(Subject {
            group: Group::Delegate,
            role: Role::Contractor.code(),
            session: Some(objects.delegate.clone()),
            token: None,
            narrow: Vec::new(),
        });
        // Everybody's second factor was shown too long ago to file, and nobody's session has ended.
        let minutes = i64::from(app.config().access.step_up_minutes).saturating_add(1);
        clock.stop_at(
            clock
                .now()
                .checked_add(SignedDuration::from_mins(minutes))
                .unwrap(),
        );
        Self {
            router: web::router(&app, Site::default(), None),
            subjects,
            objects,
            _folder: folder,
        }
    }
}

async fn instance(folder: &Path, clock: Arc<dyn Clock>, channel: Arc<Channel>) -> App {
    let mut config = Config::default();
    config.instance.mode = Mode::Exercise;
    config.storage.directory = folder.to_owned();
    config.advisories.folder = Some(folder.join("advisories"));
    config.server.cookies = Cookies::Plain;
    config.access.argon2_memory_kib = 64;
    config.access.argon2_passes = 1;
    let mut parts = Parts::new(config);
    parts.clock = clock;
    parts.channel = channel;
    parts.documents.printer = Arc::new(crate::printer::PlainPrinter);
    parts.documents.archives = Arc::new(crate::post::PlainPost);
    parts.mailer = Some(Arc::new(crate::post::PlainPost));
    App::open_migrated(parts).await.unwrap()
}

async fn everybody(
    app: &App,
    clock: &Still,
    filer: OrganisationId,
    other: OrganisationId,
) -> Vec<Subject> {
    let mut subjects = vec![Subject {
        group: Group::Nobody,
        role: "",
        session: None,
        token: None,
        narrow: Vec::new(),
    }];
    let operator = OrganisationKind::Operator;
    subjects.extend(people::of(app, clock, Group::Filer, filer, operator).await);
    subjects.extend(people::of(app, clock, Group::OtherOperator, other, operator).await);
    for (group, code, kind) in [
        (Group::Ministry, "meti", OrganisationKind::Ministry),
        (Group::OtherMinistry, "mlit", OrganisationKind::Ministry),
        (
            Group::Bureau,
            "economy_kanto",
            OrganisationKind::RegionalOffice,
        ),
        (
            Group::OtherBureau,
            "finance_kanto",
            OrganisationKind::RegionalOffice,
        ),
        (
            Group::CabinetOffice,
            "cabinet_office",
            OrganisationKind::CabinetOffice,
        ),
    ] {
        let desk = app.find_organisation(code).await.unwrap().unwrap();
        assert_eq!(desk.kind, kind, "{code}");
        subjects.extend(people::of(app, clock, group, desk.id, kind).await);
    }
    for (group, kind) in [
        (Group::Committee, OrganisationKind::Committee),
        (Group::Contractor, OrganisationKind::Contractor),
    ] {
        let made = bare(app, kind);
        app.create_organisation(&made).await.unwrap();
        subjects.extend(people::of(app, clock, group, made.id, kind).await);
    }
    assert!(
        subjects
            .iter()
            .any(|subject| subject.role == Role::Contractor.code())
    );
    subjects
}

fn bare(app: &App, kind: OrganisationKind) -> Organisation {
    Organisation {
        id: app.ids().next(),
        kind,
        name_ja: "巡回見本".to_owned(),
        name_en: "Walk sample".to_owned(),
        desk_code: None,
        corporate_number: None,
        sector: None,
        prefecture: None,
        parent: None,
        designation: None,
        targets: HouseTargets::NONE,
        version: 1,
    }
}

pub(crate) fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}
