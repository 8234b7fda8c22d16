use ids::{FilingKind, OrganisationId, Role};
use policy::{Action, DraftFacts, DraftScope, Policy};
use store::StoreError;
use store::rows::drafts::Draft;
use testkit::{TestDatabase, World, instant, on_each_database};
use uuid::Uuid;

on_each_database! {
    async fn a_stale_draft_is_refused_and_the_first_edit_stays(db: &TestDatabase) {
        let world = World::saved(3, db.store()).await;
        let mut draft = draft(&world, world.power, FilingKind::IncidentPrompt);
        let mut tx = db.store().begin("test").await.unwrap();
        tx.insert_draft(&draft).await.unwrap();
        let read_by_two = tx.draft(draft.id).await.unwrap().unwrap();
        let mut first = read_by_two.clone();
        r#"{"by":"first"}"#.clone_into(&mut first.body);
        first.updated_at = instant(9);
        tx.update_draft(&first).await.unwrap();
        let mut second = read_by_two;
        r#"{"by":"second"}"#.clone_into(&mut second.body);
        let refused = tx.update_draft(&second).await;
        assert!(matches!(refused, Err(StoreError::Stale { table: "draft" })), "{refused:?}");
        let refused = tx.delete_draft(&second).await;
        assert!(matches!(refused, Err(StoreError::Stale { table: "draft" })), "{refused:?}");
        draft = tx.draft(draft.id).await.unwrap().unwrap();
        assert_eq!((draft.body.as_str(), draft.version, draft.updated_at), (r#"{"by":"first"}"#, 2, instant(9)));
        tx.delete_draft(&draft).await.unwrap();
        assert!(tx.draft(draft.id).await.unwrap().is_none());
    }

    async fn the_newest_draft_about_a_subject_is_found_by_kind(db: &TestDatabase) {
        let world = World::saved(3, db.store()).await;
        let subject = Uuid::from_u128(77);
        let mut tx = db.store().begin("test").await.unwrap();
        let mut newest = None;
        for seconds in [5, 1, 9] {
            let mut one = draft(&world, world.power, FilingKind::IncidentFull);
            one.subject = Some(subject);
            one.created_at = instant(seconds);
            one.updated_at = instant(20 - seconds);
            tx.insert_draft(&one).await.unwrap();
            newest = Some(one.id);
        }
        let found = tx.draft_of_subject(subject, FilingKind::IncidentFull).await.unwrap().unwrap();
        assert_eq!(Some(found.id), newest);
        assert_eq!((found.created_at, found.updated_at), (instant(9), instant(11)));
        assert!(tx.draft_of_subject(subject, FilingKind::IncidentPrompt).await.unwrap().is_none());
    }

    async fn drafts_are_listed_within_the_scope_of_each_person(db: &TestDatabase) {
        let world = World::saved(3, db.store()).await;
        let policy = Policy::embedded().unwrap();
        let mut drafts = Vec::new();
        let mut tx = db.store().begin("test").await.unwrap();
        for owner in [world.power, world.railway] {
            for kind in FilingKind::ALL {
                let one = draft(&world, owner, *kind);
                tx.insert_draft(&one).await.unwrap();
                drafts.push(one);
            }
        }
        let mut lists_something = 0;
        for person in world.people() {
            let scope = policy.draft_scope(&world.actor(person), Action::ViewDraft);
            let mut expected: Vec<_> = drafts.iter().filter(|one| scope.admits(&facts(one))).map(|one| one.id).collect();
            let mut listed: Vec<_> = tx.drafts(&scope, 100).await.unwrap().iter().map(|one| one.id).collect();
            expected.sort();
            listed.sort();
            assert_eq!(listed, expected, "{:?}", person.roles);
            lists_something += usize::from(!listed.is_empty());
        }
        assert!(0 < lists_something && lists_something < world.people().len());
        assert!(tx.drafts(&DraftScope::default(), 100).await.unwrap().is_empty());
    }
}

fn draft(world: &World, owner: OrganisationId, kind: FilingKind) -> Draft {
    Draft {
        id: world.id(),
        owner,
        kind,
        subject: None,
        form_version: "2026-10".to_owned(),
        body: "{}".to_owned(),
        updated_by: world.person_id(owner, Role::Compliance),
        updated_at: instant(0),
        created_at: instant(0),
        version: 1,
    }
}

fn facts(draft: &Draft) -> DraftFacts {
    DraftFacts {
        id: draft.id,
        owner: draft.owner,
        kind: draft.kind,
    }
}
