use ids::{DeliveryId, DeliveryState, Role};
use model::filing::AddresseeRole;
use policy::{Action, Actor, Policy};
use store::rows::outbox::OutboxCounts;
use store::{QueueFilter, StoreError, Tx};
use testkit::{FilingBuilder, NewFiling, TestDatabase, World, instant, on_each_database};

on_each_database! {
    async fn a_delivery_goes_from_pending_to_opened(db: &TestDatabase) {
        let world = World::saved(6, db.store()).await;
        let mut tx = db.store().begin("test").await.unwrap();
        let (new, id) = sent(&mut tx, &world).await;
        let mut delivery = tx.delivery(id).await.unwrap().unwrap();
        assert_eq!((delivery.state, delivery.attempts, delivery.version), (DeliveryState::Pending, 0, 1));
        assert_eq!(delivery.next_attempt_at, Some(instant(1)));
        assert!(!tx.mark_opened(new.filing.id, world.meti, instant(2)).await.unwrap(), "not delivered yet");

        delivery.state = DeliveryState::Delivered;
        delivery.attempts = 1;
        delivery.next_attempt_at = None;
        delivery.delivered_at = Some(instant(3));
        tx.update_delivery(&delivery).await.unwrap();
        delivery.version = 2;
        assert_eq!(tx.delivery(id).await.unwrap(), Some(delivery.clone()));

        assert!(!tx.mark_opened(new.filing.id, world.mlit, instant(4)).await.unwrap(), "not an addressee");
        assert!(tx.mark_opened(new.filing.id, world.meti, instant(4)).await.unwrap());
        assert!(!tx.mark_opened(new.filing.id, world.meti, instant(5)).await.unwrap(), "only the first opening counts");
        let opened = tx.delivery(id).await.unwrap().unwrap();
        assert_eq!((opened.state, opened.opened_at, opened.version), (DeliveryState::Opened, Some(instant(4)), 3));
        assert_eq!(tx.deliveries(new.filing.id).await.unwrap(), [opened]);
    }

    async fn a_stale_delivery_is_refused(db: &TestDatabase) {
        let world = World::saved(6, db.store()).await;
        let mut tx = db.store().begin("test").await.unwrap();
        let (_, id) = sent(&mut tx, &world).await;
        let delivery = tx.delivery(id).await.unwrap().unwrap();
        tx.update_delivery(&delivery).await.unwrap();
        let refused = tx.update_delivery(&delivery).await;
        assert!(matches!(refused, Err(StoreError::Stale { table: "delivery" })), "{refused:?}");
    }

    async fn a_filing_is_delivered_to_an_addressee_once(db: &TestDatabase) {
        let world = World::saved(6, db.store()).await;
        let mut tx = db.store().begin("test").await.unwrap();
        let (new, _) = sent(&mut tx, &world).await;
        let refused = tx.insert_delivery(world.id(), new.filing.id, world.meti, instant(1)).await;
        assert!(matches!(refused, Err(StoreError::Taken { .. })), "{refused:?}");
    }

    async fn given_up_deliveries_are_listed_apart(db: &TestDatabase) {
        let world = World::saved(6, db.store()).await;
        let mut tx = db.store().begin("test").await.unwrap();
        let (_, dead) = sent(&mut tx, &world).await;
        let (_, waiting) = sent(&mut tx, &world).await;
        let mut delivery = tx.delivery(dead).await.unwrap().unwrap();
        delivery.state = DeliveryState::Dead;
        delivery.last_error = Some("unreachable".to_owned());
        tx.update_delivery(&delivery).await.unwrap();
        let policy = Policy::embedded().unwrap();
        let runs = Actor { roles: vec![Role::InstanceOperator], ..world.actor(world.person(world.meti, Role::DeskOfficer)) };
        let scope = policy.outbox_scope(&runs, Action::ViewOutbox);
        let listed = tx.outbox(&scope, DeliveryState::Dead, None, 10).await.unwrap();
        assert_eq!(listed.iter().map(|one| one.id).collect::<Vec<_>>(), [dead]);
        assert_eq!(listed[0].last_error.as_deref(), Some("unreachable"));
        assert_eq!(listed[0].addressee.0, world.organisation(world.meti).name_ja);
        assert!(tx.outbox(&scope, DeliveryState::Dead, Some(dead), 10).await.unwrap().is_empty(), "the next page");
        let listed = tx.outbox(&scope, DeliveryState::Pending, None, 10).await.unwrap();
        assert_eq!(listed.iter().map(|one| one.id).collect::<Vec<_>>(), [waiting]);
        assert_eq!(tx.outbox_entry(&scope, waiting).await.unwrap().as_ref(), listed.first());
        let counts = tx.outbox_counts(&scope).await.unwrap();
        assert_eq!((counts.pending, counts.delivered, counts.given_up), (1, 0, 1));

        let nobody = policy.outbox_scope(&world.actor(world.person(world.meti, Role::DeskOfficer)), Action::ViewOutbox);
        assert!(tx.outbox(&nobody, DeliveryState::Dead, None, 10).await.unwrap().is_empty());
        assert!(tx.outbox_entry(&nobody, dead).await.unwrap().is_none());
        assert_eq!(tx.outbox_counts(&nobody).await.unwrap(), OutboxCounts::default());
    }

    async fn the_queue_shows_how_far_the_own_delivery_is(db: &TestDatabase) {
        let world = World::saved(6, db.store()).await;
        let policy = Policy::embedded().unwrap();
        let scope = |organisation, role| {
            policy.filing_scope(&world.actor(world.person(organisation, role)), Action::ViewFiling)
        };
        let mut tx = db.store().begin("test").await.unwrap();
        let (new, id) = sent(&mut tx, &world).await;
        tx.insert_delivery(world.id(), new.filing.id, world.cabinet_office, instant(1)).await.unwrap();
        let mut delivery = tx.delivery(id).await.unwrap().unwrap();
        delivery.state = DeliveryState::Delivered;
        delivery.delivered_at = Some(instant(2));
        tx.update_delivery(&delivery).await.unwrap();
        let at_meti = tx.queue(&scope(world.meti, Role::DeskOfficer), &QueueFilter::default(), None, 10).await.unwrap();
        assert_eq!(at_meti.len(), 1);
        assert_eq!((at_meti[0].delivery, at_meti[0].delivered_at), (Some(DeliveryState::Delivered), Some(instant(2))));
        assert!(!at_meti[0].forwarded && !at_meti[0].superseded && at_meti[0].check.is_none());
        let bureau = tx.queue(&scope(world.meti_kanto, Role::DeskOfficer), &QueueFilter::default(), None, 10).await.unwrap();
        assert_eq!(bureau[0].delivery, None, "reads along without a delivery of its own");
    }
}

/// A filing to METI, its bureau and the Cabinet Office, on its way to METI.
async fn sent(tx: &mut Tx, world: &World) -> (NewFiling, DeliveryId) {
    let new = FilingBuilder::new(world)
        .to(world.meti, AddresseeRole::Minister)
        .to(world.meti_kanto, AddresseeRole::RegionalHead)
        .to(world.cabinet_office, AddresseeRole::PrimeMinister)
        .build();
    new.save(tx).await.unwrap();
    let id = world.id();
    tx.insert_delivery(id, new.filing.id, world.meti, instant(1))
        .await
        .unwrap();
    (new, id)
}
