//! One person for each role of each kind of organisation, twice where there is another organisation of the kind.

use app::identity::{LoginStep, NewPerson, NewToken, SessionToken, demo_code};
use app::{App, Clock};
use ids::{OrganisationId, OrganisationKind, Role, TokenScope};
use policy::roles_of;
use secrecy::SecretString;

use crate::stage::Still;

/// Password of everyone here.
pub(crate) const PASSWORD: &str = "walk every route once";

/// Somebody who asks, or nobody.
pub(crate) struct Subject {
    /// Which organisation, in the words of the table.
    pub(crate) group: Group,
    /// Code of the role; empty for nobody.
    pub(crate) role: &'static str,
    /// Session of the pages; `None` for nobody.
    pub(crate) session: Option<SessionToken>,
    /// API token with every scope; `None` where none can be issued.
    pub(crate) token: Option<String>,
    /// API tokens with one scope each.
    pub(crate) narrow: Vec<(TokenScope, String)>,
}

/// Whose objects stand in the paths: those of one operator, filed to its ministry and bureau.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Group {
    Nobody,
    Filer,
    OtherOperator,
    Ministry,
    OtherMinistry,
    Bureau,
    OtherBureau,
    CabinetOffice,
    Committee,
    Contractor,
    Delegate,
}

impl Group {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Nobody => "no session",
            Self::Filer => "operator that filed",
            Self::OtherOperator => "other operator",
            Self::Ministry => "ministry addressed",
            Self::OtherMinistry => "other ministry",
            Self::Bureau => "bureau addressed",
            Self::OtherBureau => "other bureau",
            Self::CabinetOffice => "cabinet office",
            Self::Committee => "committee",
            Self::Contractor => "contractor",
            Self::Delegate => "contractor asked",
        }
    }

    /// Whether an object in the paths belongs to it or was addressed to it.
    pub(crate) const fn is_concerned(self) -> bool {
        matches!(
            self,
            Self::Filer | Self::Ministry | Self::Bureau | Self::CabinetOffice | Self::Delegate
        )
    }
}

/// Makes everyone of an organisation: a person with a session and tokens for each role that means something there.
pub(crate) async fn of(
    app: &App,
    clock: &Still,
    group: Group,
    organisation: OrganisationId,
    kind: OrganisationKind,
) -> Vec<Subject> {
    let mut everyone = Vec::new();
    for role in roles_of(kind) {
        let login = format!(
            "walk.{}.{}",
            group.name().replace(' ', "-"),
            role.code().replace('_', "-")
        );
        everyone.push(subject(app, clock, group, organisation, *role, &login).await);
    }
    everyone
}

async fn subject(
    app: &App,
    clock: &Still,
    group: Group,
    organisation: OrganisationId,
    role: Role,
    login: &str,
) -> Subject {
    let session = sign_in(app, clock, organisation, role, login).await;
    let actor = app.resume_session(&session).await.unwrap().actor;
    let mut narrow = Vec::new();
    let mut token = None;
    if role != Role::Contractor {
        let new = |scopes| NewToken {
            label: "walk".to_owned(),
            scopes,
            days: 1,
        };
        token = Some(
            app.issue_token(&actor, new(TokenScope::ALL.to_vec()))
                .await
                .unwrap()
                .secret,
        );
        for scope in TokenScope::ALL {
            let issued = app.issue_token(&actor, new(vec![*scope])).await.unwrap();
            narrow.push((*scope, issued.secret));
        }
    }
    Subject {
        group,
        role: role.code(),
        session: Some(session),
        token,
        narrow,
    }
}

/// A new person with a role, signed in with both factors.
pub(crate) async fn sign_in(
    app: &App,
    clock: &Still,
    organisation: OrganisationId,
    role: Role,
    login: &str,
) -> SessionToken {
    let created = app
        .create_person(NewPerson {
            organisation,
            login: login.to_owned(),
            name: "巡回 一郎".to_owned(),
            locale: "ja".to_owned(),
            roles: vec![role],
            password: SecretString::from(PASSWORD.to_owned()),
        })
        .await
        .unwrap();
    log_in(app, clock, login, PASSWORD, &created.totp_secret).await
}

/// A session of somebody who exists.
pub(crate) async fn log_in(
    app: &App,
    clock: &Still,
    login: &str,
    password: &str,
    secret: &str,
) -> SessionToken {
    let password = SecretString::from(password.to_owned());
    let LoginStep::SecondFactor(begun) = app.begin_login(login, password, "walk").await.unwrap()
    else {
        panic!("{login} has no second factor");
    };
    let step = u64::try_from(clock.now().as_second()).unwrap() / 30;
    let code = demo_code(secret, step).unwrap();
    app.finish_login(&begun.token, &code, "walk")
        .await
        .unwrap()
        .token
}
