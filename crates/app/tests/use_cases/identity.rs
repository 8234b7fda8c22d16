//! People and their passwords: invited, disabled, given roles; `own` is what everybody does with the own account.

mod own;

use app::identity::{
    AccountState, EnrolmentInput, EnrolmentKind, EnrolmentLink, Invitation, LoginStep, NewPerson,
    NewToken, SessionToken, demo_code,
};
use app::{App, AppError};
use ids::{OrganisationId, PersonId, Role, TokenScope};
use model::person::PersonStatus;
use policy::{Actor, StepUp};
use secrecy::SecretString;

use crate::bench::Bench;

const NOW: &str = "2026-11-24T10:00:00+09:00";
const PASSWORD: &str = "correct horse battery";

fn secret(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

/// A code of a second factor at the present moment.
fn code(app: &App, factor: &str) -> String {
    let step = u64::try_from(app.now().as_second()).unwrap() / 30;
    demo_code(factor, step).unwrap()
}

/// Lets the clock go on by a code's time, so that the next code is another.
fn next_code(bench: &Bench, minutes: i64) {
    let now = bench.app.now();
    bench.clock.set(
        now.checked_add(jiff::SignedDuration::from_mins(minutes))
            .unwrap(),
    );
}

async fn log_in(
    app: &App,
    login: &str,
    password: &str,
    factor: &str,
) -> Result<SessionToken, AppError> {
    let step = app.begin_login(login, secret(password), "test").await?;
    let LoginStep::SecondFactor(begun) = step else {
        panic!("no second factor is set up");
    };
    let done = app
        .finish_login(&begun.token, &code(app, factor), "test")
        .await?;
    Ok(done.token)
}

/// Somebody with a password and a second factor.
struct Someone {
    id: PersonId,
    login: &'static str,
    factor: String,
}

impl Someone {
    async fn new(
        bench: &Bench,
        organisation: OrganisationId,
        role: Role,
        login: &'static str,
    ) -> Self {
        let created = bench
            .app
            .create_person(NewPerson {
                organisation,
                login: login.to_owned(),
                name: "星野 健".to_owned(),
                locale: "ja".to_owned(),
                roles: vec![role],
                password: secret(PASSWORD),
            })
            .await
            .unwrap();
        Self {
            id: created.id,
            login,
            factor: created.totp_secret,
        }
    }

    async fn session(&self, bench: &Bench) -> SessionToken {
        log_in(&bench.app, self.login, PASSWORD, &self.factor)
            .await
            .unwrap()
    }
}

async fn actor_of(app: &App, session: &SessionToken) -> Actor {
    app.resume_session(session).await.unwrap().actor
}

async fn id_of(app: &App, session: &SessionToken) -> ids::SessionId {
    app.resume_session(session)
        .await
        .unwrap()
        .session
        .unwrap()
        .id
}

fn admin(bench: &Bench) -> Actor {
    bench.actor(bench.world.power, Role::OrganisationAdmin)
}

fn invitation(login: &str) -> Invitation {
    Invitation {
        login: login.to_owned(),
        name: "星野 健".to_owned(),
        locale: "ja".to_owned(),
        roles: vec![Role::Csirt],
    }
}

async fn invited(bench: &Bench) -> EnrolmentLink {
    bench
        .app
        .invite(&admin(bench), invitation("hoshino.ken"))
        .await
        .unwrap()
}

/// What the page of a link sends back.
async fn filled(app: &App, link: &str, password: &str) -> (EnrolmentInput, String) {
    let view = app.view_enrolment(link).await.unwrap();
    let input = EnrolmentInput {
        password: secret(password),
        factor: view.factor.sealed,
        code: code(app, &view.factor.secret),
    };
    (input, view.factor.secret)
}

fn is_missing<T>(outcome: &Result<T, AppError>) -> bool {
    matches!(outcome, Err(AppError::NotFound))
}

fn problem(outcome: Result<(), AppError>) -> (String, &'static str) {
    match outcome {
        Err(AppError::Invalid(mut problems)) => {
            let first = problems.remove(0);
            (first.field, first.code)
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_invited_person_sets_up_the_account_once_and_logs_in() {
    let bench = Bench::at(NOW).await;
    let app = &bench.app;
    let link = invited(&bench).await;
    let before = app.begin_login("hoshino.ken", secret("!"), "test").await;
    assert!(
        matches!(before, Err(AppError::Unauthenticated)),
        "no password yet"
    );
    assert_eq!(
        app.colleague(&admin(&bench), link.person)
            .await
            .unwrap()
            .state,
        AccountState::Invited
    );

    let view = app.view_enrolment(&link.secret).await.unwrap();
    assert_eq!(
        (view.kind, view.login.as_str()),
        (EnrolmentKind::Invitation, "hoshino.ken")
    );
    let (input, factor) = filled(app, &link.secret, PASSWORD).await;
    app.enrol(&link.secret, input.clone()).await.unwrap();
    assert!(
        is_missing(&app.enrol(&link.secret, input).await),
        "a link is good once"
    );
    assert!(is_missing(&app.view_enrolment(&link.secret).await));

    next_code(&bench, 1);
    let session = log_in(app, "hoshino.ken", PASSWORD, &factor).await.unwrap();
    assert_eq!(actor_of(app, &session).await.roles, [Role::Csirt]);
    assert_eq!(
        app.colleague(&admin(&bench), link.person)
            .await
            .unwrap()
            .state,
        AccountState::Active
    );
    let mut acts: Vec<String> = bench
        .leaves(link.person.uuid())
        .await
        .iter()
        .map(|leaf| {
            let text = leaf.to_string();
            assert!(
                !text.contains("hoshino") && !text.contains("星野"),
                "a leaf without personal data"
            );
            leaf["act"].as_str().unwrap().to_owned()
        })
        .collect();
    acts.sort();
    assert_eq!(
        acts,
        ["account.enrolled", "account.invited", "account.logged_in"]
    );
}

#[tokio::test]
async fn an_invitation_ends_after_three_days_and_with_the_next_one() {
    let bench = Bench::at(NOW).await;
    let app = &bench.app;
    let first = invited(&bench).await;
    let second = app
        .reset_second_factor(&admin(&bench), first.person)
        .await
        .unwrap();
    assert!(
        is_missing(&app.view_enrolment(&first.secret).await),
        "only the newest link is good"
    );
    assert_eq!(
        app.view_enrolment(&second.secret).await.unwrap().kind,
        EnrolmentKind::Invitation
    );
    bench.set("2026-11-27T09:59:59+09:00");
    assert!(app.view_enrolment(&second.secret).await.is_ok());
    bench.set("2026-11-27T10:00:00+09:00");
    assert!(is_missing(&app.view_enrolment(&second.secret).await));
    assert!(is_missing(&app.view_enrolment("").await));
}

#[tokio::test]
async fn passwords_that_are_short_or_guessed_first_are_refused_in_words_of_their_own() {
    let bench = Bench::at(NOW).await;
    let app = &bench.app;
    let link = invited(&bench).await;
    for (password, code) in [
        ("elevenchars", "password_short"),
        ("Password12345678", "password_guessable"),
        ("hoshino-ken-2026", "password_guessable"),
        ("charlie7charlie7", "password_common"),
    ] {
        let (input, _) = filled(app, &link.secret, password).await;
        assert_eq!(
            problem(app.enrol(&link.secret, input).await),
            ("password".to_owned(), code)
        );
    }
    let (mut input, _) = filled(app, &link.secret, PASSWORD).await;
    input.code = "000000".to_owned();
    assert_eq!(
        problem(app.enrol(&link.secret, input).await),
        ("code".to_owned(), "code_wrong")
    );
}

#[tokio::test]
async fn a_second_factor_made_for_another_person_is_not_taken() {
    let bench = Bench::at(NOW).await;
    let app = &bench.app;
    let mine = invited(&bench).await;
    let other = app
        .invite(&admin(&bench), invitation("other.one"))
        .await
        .unwrap();
    let (input, _) = filled(app, &other.secret, PASSWORD).await;
    assert_eq!(
        problem(app.enrol(&mine.secret, input).await),
        ("code".to_owned(), "factor_expired")
    );
}

#[tokio::test]
async fn sessions_tokens_and_links_of_a_disabled_person_end_at_once_and_do_not_come_back() {
    let bench = Bench::at(NOW).await;
    let app = &bench.app;
    let someone = Someone::new(&bench, bench.world.power, Role::Csirt, "hoshino.ken").await;
    let session = someone.session(&bench).await;
    let actor = actor_of(app, &session).await;
    let new = NewToken {
        label: "CMDB".to_owned(),
        scopes: vec![TokenScope::Read],
        days: 30,
    };
    let token = app.issue_token(&actor, new).await.unwrap().secret;
    assert!(app.resume_token(&token).await.is_ok());

    let admin = admin(&bench);
    app.set_person_status(&admin, someone.id, PersonStatus::Disabled)
        .await
        .unwrap();
    assert!(matches!(
        app.resume_session(&session).await,
        Err(AppError::Unauthenticated)
    ));
    assert!(matches!(
        app.resume_token(&token).await,
        Err(AppError::Unauthenticated)
    ));
    let refused = app
        .begin_login("hoshino.ken", secret(PASSWORD), "test")
        .await;
    assert!(matches!(refused, Err(AppError::Unauthenticated)));
    let link = app.reset_second_factor(&admin, someone.id).await;
    assert!(matches!(link, Err(AppError::Conflict("account_disabled"))));

    app.set_person_status(&admin, someone.id, PersonStatus::Active)
        .await
        .unwrap();
    assert!(matches!(
        app.resume_session(&session).await,
        Err(AppError::Unauthenticated)
    ));
    assert!(matches!(
        app.resume_token(&token).await,
        Err(AppError::Unauthenticated)
    ));
    next_code(&bench, 1);
    assert!(
        log_in(app, "hoshino.ken", PASSWORD, &someone.factor)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn an_administrator_reaches_nobody_elsewhere_and_not_the_own_rights() {
    let bench = Bench::at(NOW).await;
    let app = &bench.app;
    let admin = admin(&bench);
    for id in [
        bench.world.person_id(bench.world.railway, Role::Csirt),
        bench.world.id(),
    ] {
        assert!(is_missing(&app.colleague(&admin, id).await));
        assert!(is_missing(
            &app.change_roles(&admin, id, 1, &[Role::Viewer]).await
        ));
        assert!(is_missing(
            &app.set_person_status(&admin, id, PersonStatus::Disabled)
                .await
        ));
        assert!(is_missing(&app.reset_second_factor(&admin, id).await));
    }
    let own = admin.person;
    let roles = app
        .change_roles(&admin, own, 1, &[Role::OrganisationAdmin, Role::Approver])
        .await;
    assert!(matches!(roles, Err(AppError::Forbidden)), "{roles:?}");
    assert!(matches!(
        app.reset_second_factor(&admin, own).await,
        Err(AppError::Forbidden)
    ));
    let status = app
        .set_person_status(&admin, own, PersonStatus::Disabled)
        .await;
    assert!(
        matches!(status, Err(AppError::Conflict("own_account"))),
        "{status:?}"
    );
    let listed = app.colleagues(&admin, None, 100).await.unwrap();
    assert!(
        listed
            .people
            .iter()
            .all(|one| one.person.organisation == bench.world.power)
    );
    assert_eq!(listed.people.iter().filter(|one| one.own).count(), 1);
    let page = app.colleagues(&admin, None, 2).await.unwrap();
    let rest = app
        .colleagues(&admin, page.next.as_deref(), 100)
        .await
        .unwrap();
    assert_eq!(page.people.len() + rest.people.len(), listed.people.len());
    assert!(bench.leaves(own.uuid()).await.is_empty());
}

#[tokio::test]
async fn whoever_does_not_administer_knows_of_nobody() {
    let bench = Bench::at(NOW).await;
    let app = &bench.app;
    let colleague = bench.world.person_id(bench.world.power, Role::Csirt);
    for person in bench.world.people() {
        if person.roles.contains(&Role::OrganisationAdmin) {
            continue;
        }
        let actor = bench.world.actor(person);
        assert!(app.colleagues(&actor, None, 10).await.is_err());
        assert!(app.invite(&actor, invitation("hoshino.ken")).await.is_err());
        assert!(is_missing(&app.colleague(&actor, colleague).await));
        assert!(is_missing(
            &app.change_roles(&actor, colleague, 1, &[Role::Viewer])
                .await
        ));
        assert!(is_missing(
            &app.set_person_status(&actor, colleague, PersonStatus::Disabled)
                .await
        ));
        assert!(is_missing(
            &app.reset_second_factor(&actor, colleague).await
        ));
    }
}

#[tokio::test]
async fn other_roles_count_from_the_next_request_and_must_fit_the_organisation() {
    let bench = Bench::at(NOW).await;
    let app = &bench.app;
    let someone = Someone::new(&bench, bench.world.power, Role::Csirt, "hoshino.ken").await;
    let session = someone.session(&bench).await;
    let admin = admin(&bench);
    for roles in [
        &[][..],
        &[Role::DeskOfficer][..],
        &[Role::Approver, Role::Auditor][..],
    ] {
        let refused = app.change_roles(&admin, someone.id, 1, roles).await;
        assert_eq!(problem(refused), ("roles".to_owned(), "roles_unfit"));
    }
    let version = app
        .colleague(&admin, someone.id)
        .await
        .unwrap()
        .person
        .version;
    app.change_roles(&admin, someone.id, version, &[Role::Viewer])
        .await
        .unwrap();
    assert_eq!(actor_of(app, &session).await.roles, [Role::Viewer]);
    let stale = app
        .change_roles(&admin, someone.id, version, &[Role::Approver])
        .await;
    assert!(matches!(stale, Err(AppError::Stale)), "{stale:?}");
    let leaves = bench.leaves(someone.id.uuid()).await;
    let last = leaves.last().unwrap();
    assert_eq!(last["act"], "account.roles_changed");
    assert_eq!(last["details"]["before"], serde_json::json!(["csirt"]));
    assert_eq!(last["details"]["roles"], serde_json::json!(["viewer"]));

    let mut stale = admin;
    stale.step_up = StepUp::Stale;
    let asked = app
        .change_roles(&stale, someone.id, version + 1, &[Role::Csirt])
        .await;
    assert!(matches!(asked, Err(AppError::StepUpRequired)), "{asked:?}");
    let asked = app.invite(&stale, invitation("somebody")).await;
    assert!(matches!(asked, Err(AppError::StepUpRequired)), "{asked:?}");
    let asked = app.reset_second_factor(&stale, someone.id).await;
    assert!(matches!(asked, Err(AppError::StepUpRequired)), "{asked:?}");
}

#[tokio::test]
async fn a_reset_second_factor_ends_the_sessions_and_is_set_up_with_link_and_password() {
    let bench = Bench::at(NOW).await;
    let app = &bench.app;
    let someone = Someone::new(&bench, bench.world.power, Role::Csirt, "hoshino.ken").await;
    let session = someone.session(&bench).await;
    let link = app
        .reset_second_factor(&admin(&bench), someone.id)
        .await
        .unwrap();
    assert!(app.resume_session(&session).await.is_err());
    let step = app
        .begin_login("hoshino.ken", secret(PASSWORD), "test")
        .await
        .unwrap();
    assert!(matches!(step, LoginStep::NotEnrolled));
    let state = app
        .colleague(&admin(&bench), someone.id)
        .await
        .unwrap()
        .state;
    assert_eq!(state, AccountState::NoSecondFactor);

    next_code(&bench, 1);
    let (input, _) = filled(app, &link.secret, "another horse battery").await;
    assert_eq!(
        problem(app.enrol(&link.secret, input).await),
        ("password".to_owned(), "password_wrong")
    );
    let (input, factor) = filled(app, &link.secret, PASSWORD).await;
    app.enrol(&link.secret, input).await.unwrap();
    next_code(&bench, 1);
    assert!(log_in(app, "hoshino.ken", PASSWORD, &factor).await.is_ok());
}

#[tokio::test]
async fn whoever_has_a_link_and_guesses_the_password_must_wait() {
    let bench = Bench::at(NOW).await;
    let app = &bench.app;
    let someone = Someone::new(&bench, bench.world.power, Role::Csirt, "hoshino.ken").await;
    let link = app
        .reset_second_factor(&admin(&bench), someone.id)
        .await
        .unwrap();
    for _ in 0..app.config().access.failures_allowed {
        let (input, _) = filled(app, &link.secret, "another horse battery").await;
        assert_eq!(
            problem(app.enrol(&link.secret, input).await).1,
            "password_wrong"
        );
    }
    let (input, _) = filled(app, &link.secret, PASSWORD).await;
    let refused = app.enrol(&link.secret, input).await;
    assert!(
        matches!(refused, Err(AppError::TooMany { .. })),
        "{refused:?}"
    );
}
