use ids::{Assurance, Role, TokenScope};
use jiff::Timestamp;
use store::StoreError;
use store::rows::access::{ApiToken, Attempts, Session};
use store::rows::enrolment::{Enrolment, EnrolmentKind};
use testkit::{TestDatabase, World, digest_of, instant, on_each_database};

on_each_database! {
    async fn a_session_lives_until_it_is_revoked(db: &TestDatabase) {
        let world = World::saved(2, db.store()).await;
        let session = session(&world, instant(600));
        let token = digest_of(b"token");
        let mut tx = db.store().begin("test").await.unwrap();
        tx.insert_session(&session, token).await.unwrap();
        let kept = tx.session_by_token(token).await.unwrap().unwrap();
        assert_eq!((kept.id, kept.person, kept.assurance), (session.id, session.person, Assurance::Password));
        assert_eq!((kept.expires_at, kept.stepped_up_at), (instant(600), None));
        assert!(tx.session_by_token(digest_of(b"other")).await.unwrap().is_none());

        tx.touch_session(session.id, instant(30), instant(630)).await.unwrap();
        assert!(tx.step_up_session(session.id, instant(31)).await.unwrap());
        let kept = tx.session_by_token(token).await.unwrap().unwrap();
        assert_eq!((kept.seen_at, kept.expires_at), (instant(30), instant(630)));
        assert_eq!((kept.assurance, kept.stepped_up_at), (Assurance::SecondFactor, Some(instant(31))));

        tx.revoke_session(session.id, instant(40)).await.unwrap();
        assert!(tx.session_by_token(token).await.unwrap().is_none());
        assert!(!tx.step_up_session(session.id, instant(41)).await.unwrap());
    }

    async fn all_sessions_of_a_person_end_together_and_no_others(db: &TestDatabase) {
        let world = World::saved(2, db.store()).await;
        let mine = [session(&world, instant(600)), session(&world, instant(700))];
        let mut other = session(&world, instant(600));
        other.person = world.person_id(world.meti, Role::DeskOfficer);
        let mut tx = db.store().begin("test").await.unwrap();
        for (number, one) in mine.iter().chain([&other]).enumerate() {
            tx.insert_session(one, digest_of(&[u8::try_from(number).unwrap()])).await.unwrap();
        }
        tx.revoke_sessions_of_person(mine[0].person, instant(1)).await.unwrap();
        assert!(tx.session_by_token(digest_of(&[0])).await.unwrap().is_none());
        assert!(tx.session_by_token(digest_of(&[1])).await.unwrap().is_none());
        assert!(tx.session_by_token(digest_of(&[2])).await.unwrap().is_some());
    }

    async fn ended_sessions_and_old_counters_are_forgotten(db: &TestDatabase) {
        let world = World::saved(2, db.store()).await;
        let mut tx = db.store().begin("test").await.unwrap();
        tx.insert_session(&session(&world, instant(10)), digest_of(b"old")).await.unwrap();
        tx.insert_session(&session(&world, instant(20)), digest_of(b"new")).await.unwrap();
        tx.record_attempts(digest_of(b"a"), attempts(1, instant(10))).await.unwrap();
        tx.record_attempts(digest_of(b"b"), attempts(1, instant(20))).await.unwrap();
        tx.forget_old_access(instant(20)).await.unwrap();
        assert!(tx.session_by_token(digest_of(b"old")).await.unwrap().is_none());
        assert!(tx.session_by_token(digest_of(b"new")).await.unwrap().is_some());
        assert!(tx.attempts(digest_of(b"a")).await.unwrap().is_none());
        assert!(tx.attempts(digest_of(b"b")).await.unwrap().is_some());
    }

    async fn the_other_sessions_of_a_person_end_and_one_stays(db: &TestDatabase) {
        let world = World::saved(2, db.store()).await;
        let (mut kept, mut other) = (session(&world, instant(600)), session(&world, instant(700)));
        (kept.assurance, other.assurance) = (Assurance::SecondFactor, Assurance::SecondFactor);
        let mut tx = db.store().begin("test").await.unwrap();
        tx.insert_session(&kept, digest_of(b"kept")).await.unwrap();
        tx.insert_session(&other, digest_of(b"other")).await.unwrap();
        assert_eq!(tx.sessions_of_person(kept.person, instant(1), 10).await.unwrap().len(), 2);
        assert_eq!(tx.sessions_of_person(kept.person, instant(650), 10).await.unwrap().len(), 1, "one has ended");
        assert_eq!(tx.revoke_other_sessions(kept.person, kept.id, instant(2)).await.unwrap(), 1);
        assert!(tx.session_by_token(digest_of(b"kept")).await.unwrap().is_some());
        assert!(tx.session_by_token(digest_of(b"other")).await.unwrap().is_none());
        assert_eq!(tx.revoke_other_sessions(kept.person, kept.id, instant(3)).await.unwrap(), 0);
    }

    async fn a_one_time_link_is_open_until_it_is_closed(db: &TestDatabase) {
        let world = World::saved(2, db.store()).await;
        let person = world.person_id(world.power, Role::Csirt);
        let admin = world.person_id(world.power, Role::OrganisationAdmin);
        let link = Enrolment {
            person,
            kind: EnrolmentKind::Invitation,
            created_at: instant(1),
            expires_at: instant(100),
        };
        let mut tx = db.store().begin("test").await.unwrap();
        tx.insert_enrolment(&link, digest_of(b"link"), admin).await.unwrap();
        let found = tx.enrolment(digest_of(b"link")).await.unwrap().unwrap();
        assert_eq!((found.person, found.kind, found.expires_at), (person, EnrolmentKind::Invitation, instant(100)));
        assert!(tx.enrolment(digest_of(b"another")).await.unwrap().is_none());
        assert!(tx.close_enrolments(person, instant(2)).await.unwrap());
        assert!(!tx.close_enrolments(person, instant(3)).await.unwrap());
        assert!(tx.enrolment(digest_of(b"link")).await.unwrap().is_none());
    }

    async fn a_recovery_code_is_good_once_and_new_ones_replace_the_old(db: &TestDatabase) {
        let world = World::saved(2, db.store()).await;
        let (person, other) = (world.person_id(world.power, Role::Csirt), world.person_id(world.power, Role::Viewer));
        let mut tx = db.store().begin("test").await.unwrap();
        tx.set_recovery_codes(person, &[digest_of(b"a"), digest_of(b"b")], instant(1)).await.unwrap();
        assert!(!tx.spend_recovery_code(other, digest_of(b"a"), instant(2)).await.unwrap(), "of somebody else");
        assert!(tx.spend_recovery_code(person, digest_of(b"a"), instant(2)).await.unwrap());
        assert!(!tx.spend_recovery_code(person, digest_of(b"a"), instant(3)).await.unwrap());
        assert_eq!(tx.count_recovery_codes(person).await.unwrap(), 1);
        tx.set_recovery_codes(person, &[digest_of(b"c")], instant(4)).await.unwrap();
        assert!(!tx.spend_recovery_code(person, digest_of(b"b"), instant(5)).await.unwrap());
        assert_eq!(tx.count_recovery_codes(person).await.unwrap(), 1);
    }

    async fn a_token_is_revoked_by_its_owner_only(db: &TestDatabase) {
        let world = World::saved(2, db.store()).await;
        let owner = world.person_id(world.power, Role::Compliance);
        let stranger = world.person_id(world.railway, Role::Compliance);
        let token = ApiToken {
            id: world.id(),
            person: owner,
            label: "夜間の取込 ✓".to_owned(),
            scopes: vec![TokenScope::Read, TokenScope::File],
            created_at: instant(0),
            expires_at: instant(1000),
        };
        let hash = digest_of(b"api");
        let mut tx = db.store().begin("test").await.unwrap();
        tx.insert_token(&token, hash).await.unwrap();
        let kept = tx.token_by_hash(hash).await.unwrap().unwrap();
        assert_eq!((kept.id, kept.person, &kept.label, &kept.scopes), (token.id, owner, &token.label, &token.scopes));
        assert_eq!(tx.tokens_of_person(owner).await.unwrap().len(), 1);
        assert!(tx.tokens_of_person(stranger).await.unwrap().is_empty());
        assert!(!tx.revoke_token(token.id, stranger, instant(1)).await.unwrap());
        assert!(tx.token_by_hash(hash).await.unwrap().is_some());
        assert!(tx.revoke_token(token.id, owner, instant(1)).await.unwrap());
        assert!(tx.token_by_hash(hash).await.unwrap().is_none());
        assert!(tx.tokens_of_person(owner).await.unwrap().is_empty());
    }

    async fn a_token_hash_is_taken_once(db: &TestDatabase) {
        let world = World::saved(2, db.store()).await;
        let mut tx = db.store().begin("test").await.unwrap();
        tx.insert_session(&session(&world, instant(1)), digest_of(b"t")).await.unwrap();
        let refused = tx.insert_session(&session(&world, instant(1)), digest_of(b"t")).await;
        assert!(matches!(refused, Err(StoreError::Taken { .. })), "{refused:?}");
    }

    async fn failed_logins_are_counted_and_forgotten(db: &TestDatabase) {
        let subject = digest_of(b"subject");
        let mut tx = db.store().begin("test").await.unwrap();
        assert!(tx.attempts(subject).await.unwrap().is_none());
        tx.record_attempts(subject, attempts(1, instant(0))).await.unwrap();
        let locked = Attempts { locked_until: Some(instant(900)), ..attempts(5, instant(1)) };
        tx.record_attempts(subject, locked).await.unwrap();
        let kept = tx.attempts(subject).await.unwrap().unwrap();
        assert_eq!((kept.failures, kept.window_started_at, kept.locked_until), (5, instant(1), Some(instant(900))));
        tx.forget_attempts(subject).await.unwrap();
        assert!(tx.attempts(subject).await.unwrap().is_none());
    }
}

fn session(world: &World, expires_at: Timestamp) -> Session {
    Session {
        id: world.id(),
        person: world.person_id(world.power, Role::Approver),
        assurance: Assurance::Password,
        created_at: instant(0),
        seen_at: instant(0),
        expires_at,
        stepped_up_at: None,
    }
}

fn attempts(failures: u32, window_started_at: Timestamp) -> Attempts {
    Attempts {
        failures,
        window_started_at,
        locked_until: None,
    }
}
