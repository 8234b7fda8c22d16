//! Sample data of the demo: made-up ministries' desks, operators of every sector and people in every role.
//!
//! Everything is filed through the use cases, so that the sample has leaves and receipts like anything else.

mod cases;
mod directory;
mod register;

use ids::{Assurance, OrganisationKind, Role, TokenScope};
use jiff::civil::{Date, Time, date, time};
use model::organisation::Organisation;
use policy::{Actor, StepUp};
use secrecy::SecretString;

use crate::clock::{Clock as _, SteppingClock};
use crate::error::AppError;
use crate::identity::{NewPerson, NewToken};
use crate::instance::App;

/// The day before which the sample does not make sense: its first filings are of the first weeks of the law.
const EARLIEST: Date = date(2026, 11, 20);

/// A sample login, for the list that the demo prints.
#[derive(Clone, Debug)]
pub struct SampleLogin {
    /// Name to log in.
    pub login: String,
    /// Secret of the second factor, base32.
    pub totp_secret: String,
    /// Role.
    pub role: Role,
    /// Organisation in Japanese and English.
    pub organisation: (String, String),
    /// An API token, for those who file, register, receive or inspect.
    pub api_token: Option<String>,
}

/// How much an operator of the sample has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Size {
    /// The operator with everybody.
    Large,
    /// Every other.
    Small,
}

/// The clock of the sample while it is filed.
pub(crate) trait Stage: Sync {
    /// Goes to a time of a day in Japan.
    fn go_to(&self, day: Date, at: Time);

    /// Goes to nine o'clock of a day in Japan.
    fn go_to_day(&self, day: Date) {
        self.go_to(day, time(9, 0, 0, 0));
    }
}

impl Stage for SteppingClock {
    fn go_to(&self, day: Date, at: Time) {
        // The days of the sample are all within the range of instants.
        if let Ok(instant) = statute::calendar::jst::OFFSET.to_timestamp(day.to_datetime(at)) {
            self.step_to(instant);
        }
    }
}

impl App {
    /// Fills a fresh exercise instance with the sample. Every login has the same password.
    ///
    /// `clock` is the instance's own; it is moved through the past weeks and set back at the end.
    ///
    /// # Errors
    /// [`AppError::Conflict`] outside an exercise: sample data never gets into a real instance.
    pub async fn seed_sample(
        &self,
        password: &SecretString,
        clock: &SteppingClock,
    ) -> Result<Vec<SampleLogin>, AppError> {
        if self.mode() != statute::Mode::Exercise {
            return Err(AppError::Conflict("sample_in_real_instance"));
        }
        let present = clock.now();
        let organisations = directory::organisations(self.ids());
        for organisation in &organisations {
            self.create_organisation(organisation).await?;
        }
        let mut logins = Vec::new();
        let mut filers = Vec::new();
        let mut desks = Vec::new();
        for organisation in &organisations {
            for (login, role, name) in directory::people(organisation) {
                let created = self
                    .create_person(NewPerson {
                        organisation: organisation.id,
                        login: login.clone(),
                        name,
                        locale: "ja".to_owned(),
                        roles: vec![role],
                        password: password.clone(),
                    })
                    .await?;
                if role == Role::DeskOfficer {
                    let mut actor = filer(organisation, created.id);
                    actor.roles = vec![role];
                    desks.push((organisation, actor));
                }
                if role == Role::Approver {
                    filers.push((organisation, filer(organisation, created.id)));
                }
                logins.push(SampleLogin {
                    api_token: self.sample_token(organisation, created.id, role).await?,
                    login,
                    totp_secret: created.totp_secret,
                    role,
                    organisation: (organisation.name_ja.clone(), organisation.name_en.clone()),
                });
            }
        }
        if EARLIEST <= statute::calendar::jst::day_of(present) {
            for (organisation, actor) in &filers {
                register::seed(self, actor, size_of(organisation), clock).await?;
            }
            self.seed_cases(&filers, &desks, clock).await?;
        }
        clock.step_to(present);
        self.drain_jobs().await?;
        self.integrate().await?;
        Ok(logins)
    }

    /// Files the cases, and lets two desks work on what was filed.
    async fn seed_cases(
        &self,
        filers: &[(&Organisation, Actor)],
        desks: &[(&Organisation, Actor)],
        clock: &SteppingClock,
    ) -> Result<(), AppError> {
        let desk = |code: &str| {
            let found = desks
                .iter()
                .find(|(office, _)| office.desk_code.as_deref() == Some(code));
            found
                .map(|(_, actor)| actor)
                .ok_or(AppError::Bug("a sample without its desk"))
        };
        for (organisation, actor) in filers {
            match size_of(organisation) {
                Size::Large => {
                    cases::seed_large(self, actor, desk("economy_kanto")?, clock).await?;
                    register::forward(self, actor, desk("meti")?, clock).await?;
                }
                Size::Small => {
                    let sector = organisation.sector.as_deref().unwrap_or_default();
                    cases::seed_small(self, actor, sector, clock).await?;
                }
            }
        }
        Ok(())
    }

    /// A token for those who file, so that the API can be tried at once.
    async fn sample_token(
        &self,
        organisation: &Organisation,
        person: ids::PersonId,
        role: Role,
    ) -> Result<Option<String>, AppError> {
        let scopes = match role {
            Role::Approver | Role::Csirt => TokenScope::ALL.to_vec(),
            Role::Compliance | Role::DeskOfficer | Role::CabinetAnalyst => {
                vec![TokenScope::Read, TokenScope::Write]
            }
            Role::Auditor => vec![TokenScope::Read],
            _ => return Ok(None),
        };
        let mut actor = filer(organisation, person);
        actor.roles = vec![role];
        let new = NewToken {
            label: "見本".to_owned(),
            scopes,
            days: 30,
        };
        Ok(Some(self.issue_token(&actor, new).await?.secret))
    }
}

fn size_of(organisation: &Organisation) -> Size {
    if organisation.sector.as_deref() == Some("electricity") {
        Size::Large
    } else {
        Size::Small
    }
}

/// The approver of a sample operator with everything an operator's people may do, as nobody is in the demo itself.
fn filer(organisation: &Organisation, person: ids::PersonId) -> Actor {
    let roles = if organisation.kind == OrganisationKind::Operator {
        vec![Role::Compliance, Role::Csirt, Role::Approver]
    } else {
        Vec::new()
    };
    Actor {
        person,
        organisation: organisation.id,
        organisation_kind: organisation.kind,
        roles,
        assurance: Assurance::SecondFactor,
        step_up: StepUp::Fresh,
        token_scopes: Vec::new(),
        status: policy::PersonStatus::Active,
    }
}
