//! Makes the instance that is then killed: the sample, and one person who may do everything that is filed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::identity::{NewPerson, NewToken};
use app::{App, Clock, Parts, SteppingClock};
use config::Config;
use ids::{Assurance, OrganisationKind, Role, TokenScope};
use model::organisation::Organisation;
use policy::{Actor, PersonStatus, StepUp};
use secrecy::SecretString;

/// Names the settings file to the process that makes the instance.
pub(crate) const SETTINGS: &str = "NOROSHI_SURVIVAL_SETTINGS";
pub(crate) const TOKEN_FOLLOWS: &str = "token ";

/// One of the people of the operator that files.
const COLLEAGUE: &str = "denki.shonin";
/// In a house it takes three people.
const ROLES: [Role; 3] = [Role::Compliance, Role::Csirt, Role::Approver];

pub(crate) fn run_if_asked() {
    let Ok(settings) = std::env::var(SETTINGS) else {
        return;
    };
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(run(PathBuf::from(settings)));
}

async fn run(settings: PathBuf) {
    let clock = Arc::new(SteppingClock::default());
    let mut parts = Parts::new(Config::load(Some(Path::new(&settings))).unwrap());
    let shared: Arc<dyn Clock> = clock.clone();
    parts.clock = shared;
    let app = App::open_migrated(parts).await.unwrap();
    let password = SecretString::from("nine kites, 47 lanterns");
    let logins = app.seed_sample(&password, &clock).await.unwrap();
    let colleague = logins.iter().find(|login| login.login == COLLEAGUE);
    let secret = colleague.unwrap().api_token.as_deref().unwrap();
    let operator = app.resume_token(secret).await.unwrap().organisation;
    println!("{TOKEN_FOLLOWS}{}", token(&app, &operator, password).await);
    app.store().close().await;
}

async fn token(app: &App, operator: &Organisation, password: SecretString) -> String {
    let person = app
        .create_person(NewPerson {
            organisation: operator.id,
            login: "survival".to_owned(),
            name: "見本 夜勤".to_owned(),
            locale: "ja".to_owned(),
            roles: ROLES.to_vec(),
            password,
        })
        .await
        .unwrap();
    let actor = Actor {
        person: person.id,
        organisation: operator.id,
        organisation_kind: OrganisationKind::Operator,
        roles: ROLES.to_vec(),
        assurance: Assurance::SecondFactor,
        step_up: StepUp::Fresh,
        token_scopes: Vec::new(),
        status: PersonStatus::Active,
    };
    let new = NewToken {
        label: "夜勤".to_owned(),
        scopes: TokenScope::ALL.to_vec(),
        days: 30,
    };
    app.issue_token(&actor, new).await.unwrap().secret
}
