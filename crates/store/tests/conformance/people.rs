use ids::{OrganisationKind, Role};
use model::organisation::HouseTargets;
use model::person::{LoginName, Person, PersonStatus};
use policy::{Action, Policy};
use store::StoreError;
use store::rows::people::Credential;
use testkit::{TestDatabase, World, instant, on_each_database};

on_each_database! {
    async fn organisations_read_back_as_they_were_written(db: &TestDatabase) {
        let world = World::saved(1, db.store()).await;
        let mut tx = db.store().begin_read("test").await.unwrap();
        for organisation in world.organisations() {
            assert_eq!(tx.organisation(organisation.id).await.unwrap().as_ref(), Some(organisation));
        }
        let mut expected = world.organisations().to_vec();
        expected.sort_by(|a, b| (a.kind.code(), &a.name_ja, a.id).cmp(&(b.kind.code(), &b.name_ja, b.id)));
        assert_eq!(tx.organisations().await.unwrap(), expected);
        let meti = tx.organisation_by_desk("meti").await.unwrap().unwrap();
        assert_eq!((meti.id, meti.kind), (world.meti, OrganisationKind::Ministry));
        assert_eq!(tx.organisation_by_desk("METI").await.unwrap(), None);
    }

    async fn a_desk_code_and_a_corporate_number_are_taken_once(db: &TestDatabase) {
        let world = World::saved(1, db.store()).await;
        for original in [world.meti, world.power] {
            let mut again = world.organisation(original).clone();
            again.id = world.id();
            let mut tx = db.store().begin("test").await.unwrap();
            let refused = tx.insert_organisation(&again).await;
            assert!(matches!(refused, Err(StoreError::Taken { .. })), "{refused:?}");
        }
    }

    async fn stale_targets_are_refused(db: &TestDatabase) {
        let world = World::saved(1, db.store()).await;
        let mut power = world.organisation(world.power).clone();
        power.targets = HouseTargets { prompt_hours: Some(24), full_days_before: None };
        let mut tx = db.store().begin("test").await.unwrap();
        tx.update_targets(&power).await.unwrap();
        let refused = tx.update_targets(&power).await;
        assert!(matches!(refused, Err(StoreError::Stale { table: "organisation" })), "{refused:?}");
        let kept = tx.organisation(world.power).await.unwrap().unwrap();
        assert_eq!((kept.targets, kept.version), (power.targets, 2));
    }

    async fn people_read_back_with_roles_and_credentials(db: &TestDatabase) {
        let world = World::saved(1, db.store()).await;
        let mut person = newcomer(&world);
        person.roles = vec![Role::Approver, Role::Csirt];
        let credential = Credential {
            password_hash: "$argon2id$x".to_owned(),
            totp_sealed: Some(vec![0, 255, 7]),
            totp_last_step: None,
        };
        let mut tx = db.store().begin("test").await.unwrap();
        tx.insert_person(&person, &credential, instant(5)).await.unwrap();
        let (kept, proof) = tx.person(person.id).await.unwrap().unwrap();
        assert!(kept == person && proof.password_hash == credential.password_hash);
        assert_eq!((proof.totp_sealed, proof.totp_last_step), (credential.totp_sealed, None));
        let (by_login, _) = tx.person_by_login("hoshino.ken").await.unwrap().unwrap();
        assert!(by_login == person);
        assert!(tx.person_by_login("nobody").await.unwrap().is_none());
        let policy = Policy::embedded().unwrap();
        let admin = world.actor(world.person(world.power, Role::OrganisationAdmin));
        let scope = policy.account_scope(&admin, Action::ManagePeople);
        let colleagues = tx.people_of_organisation(&scope, "", 100).await.unwrap();
        let logins: Vec<&str> = colleagues.iter().map(|(one, _)| one.login.as_str()).collect();
        assert!(logins.is_sorted() && logins.contains(&"hoshino.ken"));
        assert!(colleagues.iter().all(|(one, _)| one.organisation == world.power));
        assert_eq!(logins.len(), 1 + policy::roles_of(OrganisationKind::Operator).len());
        let rest = tx.people_of_organisation(&scope, logins[0], 2).await.unwrap();
        assert_eq!(rest.iter().map(|(one, _)| one.login.as_str()).collect::<Vec<_>>(), logins[1..3]);
        let nobody = policy.account_scope(&world.actor(&person), Action::ManagePeople);
        assert!(tx.people_of_organisation(&nobody, "", 100).await.unwrap().is_empty());
    }

    async fn roles_are_replaced_as_a_whole_and_a_stale_change_is_refused(db: &TestDatabase) {
        let world = World::saved(1, db.store()).await;
        let person = world.person(world.power, Role::Csirt).clone();
        let mut tx = db.store().begin("test").await.unwrap();
        tx.set_roles(&person, &[Role::Viewer, Role::Approver]).await.unwrap();
        let (kept, _) = tx.person(person.id).await.unwrap().unwrap();
        assert_eq!((kept.roles, kept.version), (vec![Role::Approver, Role::Viewer], person.version + 1));
        assert!(is_stale(&tx.set_roles(&person, &[Role::Csirt]).await));
    }

    async fn an_account_can_be_made_disabled(db: &TestDatabase) {
        let world = World::saved(1, db.store()).await;
        let mut person = newcomer(&world);
        person.status = PersonStatus::Disabled;
        let mut tx = db.store().begin("test").await.unwrap();
        tx.insert_person(&person, &world.credential(), instant(0)).await.unwrap();
        let (kept, _) = tx.person(person.id).await.unwrap().unwrap();
        assert_eq!(kept.status, PersonStatus::Disabled);
    }

    async fn stale_changes_of_a_person_are_refused(db: &TestDatabase) {
        let world = World::saved(1, db.store()).await;
        let person = world.person(world.power, Role::Csirt).clone();
        let mut tx = db.store().begin("test").await.unwrap();
        tx.set_password(&person, "$argon2id$new").await.unwrap();
        assert!(is_stale(&tx.set_password(&person, "$argon2id$other").await));
        assert!(is_stale(&tx.set_totp(&person, Some(b"sealed")).await));
        assert!(is_stale(&tx.set_person_status(&person, PersonStatus::Disabled).await));
        let (person, proof) = tx.person(person.id).await.unwrap().unwrap();
        assert_eq!((proof.password_hash.as_str(), person.version), ("$argon2id$new", 2));
        tx.set_person_status(&person, PersonStatus::Disabled).await.unwrap();
        let (person, _) = tx.person(person.id).await.unwrap().unwrap();
        assert_eq!((person.status, person.version), (PersonStatus::Disabled, 3));
        tx.set_locale(person.id, "en").await.unwrap();
        assert_eq!(tx.person(person.id).await.unwrap().unwrap().0.locale, "en");
    }

    async fn a_time_step_of_the_second_factor_is_spent_once(db: &TestDatabase) {
        let world = World::saved(1, db.store()).await;
        let person = world.person_id(world.power, Role::Csirt);
        let mut tx = db.store().begin("test").await.unwrap();
        assert!(tx.spend_totp_step(person, 100).await.unwrap());
        assert!(!tx.spend_totp_step(person, 100).await.unwrap());
        assert!(!tx.spend_totp_step(person, 99).await.unwrap());
        assert!(tx.spend_totp_step(person, 101).await.unwrap());
    }
}

fn newcomer(world: &World) -> Person {
    Person {
        id: world.id(),
        organisation: world.power,
        login: LoginName::parse("hoshino.ken").unwrap(),
        name: "星野 健".to_owned(),
        locale: "ja".to_owned(),
        roles: vec![Role::Viewer],
        status: PersonStatus::Active,
        version: 1,
    }
}

fn is_stale(result: &Result<(), StoreError>) -> bool {
    matches!(result, Err(StoreError::Stale { table: "person" }))
}
