use app::AppError;
use app::identity::LoginStep;
use ids::Role;
use policy::StepUp;

use super::{NOW, PASSWORD, Someone, actor_of, code, id_of, log_in, next_code, problem, secret};
use crate::bench::Bench;

#[tokio::test]
async fn a_new_password_asks_for_the_old_one_and_ends_the_other_sessions() {
    let bench = Bench::at(NOW).await;
    let app = &bench.app;
    let someone = Someone::new(&bench, bench.world.meti, Role::DeskOfficer, "tanto.one").await;
    let elsewhere = someone.session(&bench).await;
    next_code(&bench, 1);
    let here = someone.session(&bench).await;
    let (actor, kept) = (actor_of(app, &here).await, id_of(app, &here).await);
    let change =
        |current: &str, new: &str| app.change_password(&actor, kept, secret(current), secret(new));
    for (current, new, field, code) in [
        (
            "not the password",
            "another horse battery",
            "current",
            "password_wrong",
        ),
        (PASSWORD, "too short", "password", "password_short"),
        (
            PASSWORD,
            "tanto.one-tanto.one",
            "password",
            "password_guessable",
        ),
        (PASSWORD, PASSWORD, "password", "password_same"),
    ] {
        assert_eq!(
            problem(change(current, new).await),
            (field.to_owned(), code)
        );
    }
    change(PASSWORD, "another horse battery").await.unwrap();
    assert!(app.resume_session(&here).await.is_ok());
    assert!(app.resume_session(&elsewhere).await.is_err());
    next_code(&bench, 1);
    let old = app.begin_login("tanto.one", secret(PASSWORD), "test").await;
    assert!(matches!(old, Err(AppError::Unauthenticated)));
    assert!(
        log_in(app, "tanto.one", "another horse battery", &someone.factor)
            .await
            .is_ok()
    );

    let mut stale = actor.clone();
    stale.step_up = StepUp::Stale;
    let asked = app
        .change_password(
            &stale,
            kept,
            secret(PASSWORD),
            secret("a third horse battery"),
        )
        .await;
    assert!(matches!(asked, Err(AppError::StepUpRequired)), "{asked:?}");
    let leaves = bench.leaves(someone.id.uuid()).await;
    let changed = leaves
        .iter()
        .find(|leaf| leaf["act"] == "account.password_changed")
        .unwrap();
    assert_eq!(changed["details"]["sessions_ended"], 1);
}

#[tokio::test]
async fn a_new_second_factor_takes_the_place_of_the_old_one_after_a_code_of_it() {
    let bench = Bench::at(NOW).await;
    let app = &bench.app;
    let someone = Someone::new(&bench, bench.world.power, Role::Csirt, "hoshino.ken").await;
    let session = someone.session(&bench).await;
    let (actor, kept) = (actor_of(app, &session).await, id_of(app, &session).await);
    let codes = app.new_recovery_codes(&actor).await.unwrap();
    let factor = app.new_second_factor(&actor).await.unwrap();
    let wrong = app
        .change_second_factor(&actor, kept, &factor.sealed, &code(app, &someone.factor))
        .await;
    assert_eq!(problem(wrong), ("code".to_owned(), "code_wrong"));
    let same = app.shown_factor(&actor, &factor.sealed).await.unwrap();
    assert_eq!(same.secret, factor.secret);
    app.change_second_factor(&actor, kept, &factor.sealed, &code(app, &factor.secret))
        .await
        .unwrap();
    next_code(&bench, 1);
    let old = log_in(app, "hoshino.ken", PASSWORD, &someone.factor).await;
    assert_eq!(problem(old.map(|_| ())), ("code".to_owned(), "code_wrong"));
    assert!(
        log_in(app, "hoshino.ken", PASSWORD, &factor.secret)
            .await
            .is_ok()
    );
    assert_eq!(
        app.recovery_codes_left(&actor).await.unwrap(),
        0,
        "{} codes ended",
        codes.len()
    );
}

#[tokio::test]
async fn a_recovery_code_logs_in_once() {
    let bench = Bench::at(NOW).await;
    let app = &bench.app;
    let someone = Someone::new(&bench, bench.world.power, Role::Csirt, "hoshino.ken").await;
    let actor = actor_of(app, &someone.session(&bench).await).await;
    let codes = app.new_recovery_codes(&actor).await.unwrap();
    assert_eq!((codes.len(), codes[0].len()), (10, 14));
    let typed = codes[0].replace('-', " ").replace('1', "１");
    let login = async |code: &str| {
        let LoginStep::SecondFactor(begun) = app
            .begin_login("hoshino.ken", secret(PASSWORD), "test")
            .await?
        else {
            panic!("no second factor is set up");
        };
        app.finish_login(&begun.token, code, "test")
            .await
            .map(|_| ())
    };
    login(&typed).await.unwrap();
    assert_eq!(
        problem(login(&codes[0]).await),
        ("code".to_owned(), "code_wrong")
    );
    assert_eq!(
        problem(login("0000-0000-0000").await),
        ("code".to_owned(), "code_wrong")
    );
    assert_eq!(app.recovery_codes_left(&actor).await.unwrap(), 9);
    let leaves = bench.leaves(someone.id.uuid()).await;
    assert_eq!(leaves.last().unwrap()["details"]["by"], "recovery_code");
    assert!(
        !leaves
            .iter()
            .any(|leaf| leaf.to_string().contains(&codes[1]))
    );
}

#[tokio::test]
async fn a_person_signs_out_everywhere_else() {
    let bench = Bench::at(NOW).await;
    let app = &bench.app;
    let someone = Someone::new(&bench, bench.world.power, Role::Csirt, "hoshino.ken").await;
    let elsewhere = someone.session(&bench).await;
    next_code(&bench, 1);
    let here = someone.session(&bench).await;
    let (actor, kept) = (actor_of(app, &here).await, id_of(app, &here).await);
    let listed = app.own_sessions(&actor, kept).await.unwrap();
    assert_eq!(
        listed.iter().map(|one| one.current).collect::<Vec<_>>(),
        [true, false]
    );
    assert_eq!(app.end_other_sessions(&actor, kept).await.unwrap(), 1);
    assert!(app.resume_session(&elsewhere).await.is_err());
    assert!(app.resume_session(&here).await.is_ok());
    assert_eq!(app.own_sessions(&actor, kept).await.unwrap().len(), 1);
}
