use ids::{FilingId, Role};
use jiff::civil::date;
use model::filing::{
    AddresseeRole, CorrectionAnswer, CorrectionRequest, FormalCheck, FormalResult, Forwarding,
};
use policy::{Action, FilingScope, Policy};
use store::{QueueFilter, RequestCursor, StoreError, Tx};
use testkit::{FilingBuilder, TestDatabase, World, instant, on_each_database};

on_each_database! {
    async fn formal_checks_stand_in_order_and_the_queue_shows_the_newest(db: &TestDatabase) {
        let world = World::saved(7, db.store()).await;
        let mut tx = db.store().begin("test").await.unwrap();
        let filing = filed(&mut tx, &world).await;
        let lacks = check(&world, filing, FormalResult::Lacks, 1);
        let meets = check(&world, filing, FormalResult::Meets, 2);
        tx.insert_check(&meets).await.unwrap();
        tx.insert_check(&lacks).await.unwrap();
        assert_eq!(tx.checks(filing).await.unwrap(), [lacks, meets]);
        let officer = world.actor(world.person(world.meti, Role::DeskOfficer));
        let scope = Policy::embedded().unwrap().filing_scope(&officer, Action::ViewFiling);
        let queue = tx.queue(&scope, &QueueFilter::default(), None, 10).await.unwrap();
        assert_eq!(queue[0].check, Some(FormalResult::Meets));
    }

    async fn a_request_for_correction_waits_until_it_is_answered(db: &TestDatabase) {
        let world = World::saved(7, db.store()).await;
        let policy = Policy::embedded().unwrap();
        let own = |organisation| policy.filing_scope(&world.actor(world.person(organisation, Role::Compliance)), Action::ViewFiling);
        let officer = world.actor(world.person(world.meti, Role::DeskOfficer));
        let desk = policy.filing_scope(&officer, Action::ViewFiling);
        let mut tx = db.store().begin("test").await.unwrap();
        let filing = filed(&mut tx, &world).await;
        let mut asked = request(&world, filing);
        tx.insert_correction_request(&asked).await.unwrap();
        assert_eq!(tx.correction_request(asked.id).await.unwrap().as_ref(), Some(&asked));
        assert_eq!(tx.open_correction_requests(&own(world.power), None, 10).await.unwrap(), std::slice::from_ref(&asked));
        assert!(tx.open_correction_requests(&own(world.railway), None, 10).await.unwrap().is_empty());
        assert!(tx.open_correction_requests(&FilingScope::default(), None, 10).await.unwrap().is_empty());
        assert_eq!(tx.queue(&desk, &QueueFilter::default(), None, 10).await.unwrap()[0].open_requests, 1);

        let answer = answer(&world, Some(filing));
        tx.insert_correction_answer(asked.id, &answer).await.unwrap();
        asked.answer = Some(answer);
        assert_eq!(tx.correction_requests(filing).await.unwrap(), [asked]);
        assert!(tx.open_correction_requests(&own(world.power), None, 10).await.unwrap().is_empty());
        assert_eq!(tx.queue(&desk, &QueueFilter::default(), None, 10).await.unwrap()[0].open_requests, 0);
    }

    async fn open_requests_go_on_after_the_last_one_shown(db: &TestDatabase) {
        let world = World::saved(7, db.store()).await;
        let policy = Policy::embedded().unwrap();
        let own = policy.filing_scope(&world.actor(world.person(world.power, Role::Compliance)), Action::ViewFiling);
        let mut tx = db.store().begin("test").await.unwrap();
        let filing = filed(&mut tx, &world).await;
        let mut expected = Vec::new();
        for seconds in [3, 1, 2, 1, 1] {
            let asked = CorrectionRequest { requested_at: instant(seconds), ..request(&world, filing) };
            tx.insert_correction_request(&asked).await.unwrap();
            expected.push(asked);
        }
        expected.sort_by_key(|asked| (asked.requested_at, asked.id));
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = tx.open_correction_requests(&own, after, 2).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(RequestCursor { requested_at: last.requested_at, id: last.id });
            seen.extend(page);
        }
        assert_eq!(seen, expected);
    }

    async fn a_request_is_answered_once(db: &TestDatabase) {
        let world = World::saved(7, db.store()).await;
        let mut tx = db.store().begin("test").await.unwrap();
        let filing = filed(&mut tx, &world).await;
        let asked = request(&world, filing);
        tx.insert_correction_request(&asked).await.unwrap();
        tx.insert_correction_answer(asked.id, &answer(&world, None)).await.unwrap();
        let refused = tx.insert_correction_answer(asked.id, &answer(&world, None)).await;
        assert!(matches!(refused, Err(StoreError::Taken { .. })), "{refused:?}");
    }

    async fn a_notification_is_passed_on_once(db: &TestDatabase) {
        let world = World::saved(7, db.store()).await;
        let mut tx = db.store().begin("test").await.unwrap();
        let filing = filed(&mut tx, &world).await;
        let forwarding = Forwarding {
            id: world.id(),
            filing,
            from: world.meti,
            to: world.cabinet_office,
            forwarded_by: world.person_id(world.meti, Role::DeskOfficer),
            forwarded_at: instant(5),
        };
        tx.insert_forwarding(&forwarding).await.unwrap();
        assert_eq!(tx.forwardings(filing).await.unwrap(), std::slice::from_ref(&forwarding));
        let officer = world.actor(world.person(world.meti, Role::DeskOfficer));
        let scope = Policy::embedded().unwrap().filing_scope(&officer, Action::ViewFiling);
        assert!(tx.queue(&scope, &QueueFilter::default(), None, 10).await.unwrap()[0].forwarded);
        let again = Forwarding { id: world.id(), ..forwarding };
        let refused = tx.insert_forwarding(&again).await;
        assert!(matches!(refused, Err(StoreError::Taken { .. })), "{refused:?}");
    }
}

async fn filed(tx: &mut Tx, world: &World) -> FilingId {
    let new = FilingBuilder::new(world)
        .to(world.meti, AddresseeRole::Minister)
        .build();
    new.save(tx).await.unwrap();
    new.filing.id
}

fn check(world: &World, filing: FilingId, result: FormalResult, seconds: i64) -> FormalCheck {
    FormalCheck {
        id: world.id(),
        filing,
        organisation: world.meti,
        result,
        note: "別紙の記載漏れ".to_owned(),
        checked_by: world.person_id(world.meti, Role::DeskOfficer),
        checked_at: instant(seconds),
    }
}

fn request(world: &World, filing: FilingId) -> CorrectionRequest {
    CorrectionRequest {
        id: world.id(),
        filing,
        organisation: world.meti,
        field: "/answers/product".to_owned(),
        text: "製品名を正式名称で記入してください。".to_owned(),
        wanted_by: Some(date(2026, 10, 30)),
        requested_by: Some(world.person_id(world.meti, Role::DeskOfficer)),
        requested_at: instant(1),
        answer: None,
    }
}

fn answer(world: &World, filing: Option<FilingId>) -> CorrectionAnswer {
    CorrectionAnswer {
        filing,
        text: "訂正しました。".to_owned(),
        answered_by: world.person_id(world.power, Role::Compliance),
        answered_at: instant(2),
    }
}
