//! Deliveries that were given up, and who may start them again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use app::{AppError, DeliveryChannel, DeliveryFailure, OutboxList};
use ids::{DeliveryState, FilingId, Role, TokenScope};
use model::filing::Delivery;
use policy::Actor;

use crate::bench::Bench;

/// A way that can be closed.
#[derive(Debug)]
struct Gate {
    open: AtomicBool,
    failure: DeliveryFailure,
}

impl DeliveryChannel for Gate {
    fn deliver(&self, _: &Delivery) -> Result<(), DeliveryFailure> {
        if self.open.load(Ordering::Relaxed) {
            Ok(())
        } else {
            Err(self.failure)
        }
    }
}

/// An instance on which nothing gets through, with one report to two addressees.
async fn closed(failure: DeliveryFailure) -> (Bench, Arc<Gate>, FilingId) {
    let gate = Arc::new(Gate {
        open: AtomicBool::new(false),
        failure,
    });
    let channel = gate.clone();
    let bench = Bench::made("2026-11-23T05:00:00+09:00", |parts| parts.channel = channel).await;
    let (_, filing) = bench.prompt().await;
    (bench, gate, filing)
}

fn runs(bench: &Bench) -> Actor {
    bench.actor(bench.world.meti, Role::InstanceOperator)
}

#[tokio::test]
async fn a_delivery_that_was_given_up_arrives_after_a_person_started_it_again() {
    let (bench, gate, filing) = closed(DeliveryFailure::Refused).await;
    let app = &bench.app;
    app.drain_jobs().await.unwrap();
    let page = app
        .outbox(&runs(&bench), OutboxList::GivenUp, None, 50)
        .await
        .unwrap();
    let sent = bench.sent_to(filing).await.len();
    assert_eq!(page.entries.len(), sent);
    assert_eq!(
        (page.counts.given_up, page.counts.pending),
        (u64::try_from(sent).unwrap(), 0)
    );
    assert!(
        page.entries
            .iter()
            .all(|one| one.last_error.as_deref() == Some("refused") && one.attempts == 1)
    );

    let id = page.entries[0].id;
    assert_eq!(
        app.given_up_delivery(&runs(&bench), id).await.unwrap(),
        page.entries[0]
    );
    gate.open.store(true, Ordering::Relaxed);
    app.retry_delivery(&runs(&bench), id).await.unwrap();
    let waiting = app
        .outbox(&runs(&bench), OutboxList::Pending, None, 50)
        .await
        .unwrap();
    assert_eq!(
        waiting
            .entries
            .iter()
            .map(|one| (one.id, one.attempts))
            .collect::<Vec<_>>(),
        [(id, 0)]
    );
    app.drain_jobs().await.unwrap();
    let arrived = app
        .outbox(&runs(&bench), OutboxList::Delivered, None, 50)
        .await
        .unwrap();
    assert_eq!(arrived.entries[0].state, DeliveryState::Delivered);
    assert_eq!((arrived.entries[0].id, arrived.counts.delivered), (id, 1));

    let leaves = bench.leaves(id.uuid()).await;
    assert_eq!(leaves.len(), 1);
    assert_eq!(leaves[0]["act"], "delivery.retried");
    assert_eq!(leaves[0]["details"]["reason"], "refused");
    assert_eq!(leaves[0]["permit"]["action"], "retry_delivery");
    let again = app.retry_delivery(&runs(&bench), id).await;
    assert!(
        matches!(again, Err(AppError::Conflict("delivery_not_given_up"))),
        "{again:?}"
    );
    assert_eq!(
        bench.leaves(id.uuid()).await.len(),
        1,
        "a refused act leaves nothing"
    );
}

#[tokio::test]
async fn what_cannot_be_reached_is_tried_eight_times_and_then_waits_for_a_person() {
    let (bench, _, _) = closed(DeliveryFailure::Unreachable).await;
    let app = &bench.app;
    for hour in 5..20 {
        bench.set(&format!("2026-11-23T{hour:02}:30:00+09:00"));
        app.drain_jobs().await.unwrap();
    }
    let page = app
        .outbox(&runs(&bench), OutboxList::GivenUp, None, 1)
        .await
        .unwrap();
    assert_eq!(
        (
            page.entries[0].attempts,
            page.entries[0].last_error.as_deref()
        ),
        (8, Some("unreachable"))
    );
    let next = app
        .outbox(&runs(&bench), OutboxList::GivenUp, page.next, 1)
        .await
        .unwrap();
    assert!(
        next.entries[0].id < page.entries[0].id,
        "the next page goes on after the first"
    );

    app.retry_delivery(&runs(&bench), page.entries[0].id)
        .await
        .unwrap();
    app.drain_jobs().await.unwrap();
    let page = app
        .outbox(&runs(&bench), OutboxList::Pending, None, 50)
        .await
        .unwrap();
    assert_eq!(page.entries[0].attempts, 1, "from the first attempt");
}

#[tokio::test]
async fn only_whoever_runs_the_instance_sees_deliveries_and_starts_them_again() {
    let (bench, _, _) = closed(DeliveryFailure::Refused).await;
    let app = &bench.app;
    app.drain_jobs().await.unwrap();
    let id = app
        .outbox(&runs(&bench), OutboxList::GivenUp, None, 1)
        .await
        .unwrap()
        .entries[0]
        .id;
    for person in bench.world.people() {
        if person.roles.contains(&Role::InstanceOperator) {
            continue;
        }
        let actor = bench.world.actor(person);
        assert!(matches!(
            app.outbox(&actor, OutboxList::GivenUp, None, 1).await,
            Err(AppError::NotFound)
        ));
        assert!(matches!(
            app.given_up_delivery(&actor, id).await,
            Err(AppError::NotFound)
        ));
        assert!(matches!(
            app.retry_delivery(&actor, id).await,
            Err(AppError::NotFound)
        ));
    }
    let mut reads = runs(&bench);
    reads.assurance = ids::Assurance::Token;
    reads.token_scopes = vec![TokenScope::Read];
    assert!(
        app.outbox(&reads, OutboxList::GivenUp, None, 1)
            .await
            .is_ok()
    );
    assert!(matches!(
        app.retry_delivery(&reads, id).await,
        Err(AppError::Forbidden)
    ));
}
