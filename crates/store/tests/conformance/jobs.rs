use std::collections::BTreeSet;

use ids::{JobId, Role};
use store::rows::jobs::Remembered;
use store::{Store, StoreError};
use testkit::{TestDatabase, World, digest_of, instant, on_each_database};

on_each_database! {
    async fn no_two_workers_take_the_same_job(db: &TestDatabase) {
        let world = World::new(8);
        let expected: BTreeSet<JobId> = (0..40).map(|_| world.id()).collect();
        let mut tx = db.store().begin("test").await.unwrap();
        for id in &expected {
            tx.enqueue(*id, "delivery.send", "{}", instant(0), instant(0)).await.unwrap();
        }
        tx.commit().await.unwrap();
        let workers: Vec<_> = (0..4).map(|_| tokio::spawn(claim_all(db.store().clone()))).collect();
        let mut claimed = Vec::new();
        for worker in workers {
            claimed.extend(worker.await.unwrap());
        }
        assert_eq!(claimed.len(), expected.len());
        assert_eq!(claimed.into_iter().collect::<BTreeSet<_>>(), expected);
    }

    async fn a_job_another_worker_is_taking_is_skipped(db: &TestDatabase) {
        let world = World::new(8);
        if db.engine() == store::Engine::Sqlite {
            // One writer at a time: the second worker waits for the first, as the test above shows.
            return;
        }
        let (first, second) = (world.id(), world.id());
        let mut tx = db.store().begin("test").await.unwrap();
        tx.enqueue(first, "a", "{}", instant(0), instant(0)).await.unwrap();
        tx.enqueue(second, "a", "{}", instant(1), instant(0)).await.unwrap();
        tx.commit().await.unwrap();
        let mut one = db.store().begin("one").await.unwrap();
        let mut two = db.store().begin("two").await.unwrap();
        assert_eq!(one.claim_job(instant(5), instant(60)).await.unwrap().unwrap().id, first);
        assert_eq!(two.claim_job(instant(5), instant(60)).await.unwrap().unwrap().id, second);
    }

    async fn a_job_is_claimed_when_due_and_again_when_its_lock_ran_out(db: &TestDatabase) {
        let world = World::new(8);
        let id = world.id();
        let mut tx = db.store().begin("test").await.unwrap();
        tx.enqueue(id, "delivery.send", r#"{"delivery":"x"}"#, instant(10), instant(0)).await.unwrap();
        assert_eq!(tx.waiting_jobs().await.unwrap(), 1);
        assert!(tx.claim_job(instant(9), instant(60)).await.unwrap().is_none());
        let job = tx.claim_job(instant(10), instant(60)).await.unwrap().unwrap();
        assert_eq!((job.id, job.kind.as_str(), job.attempts), (id, "delivery.send", 1));
        assert_eq!((job.payload.as_str(), job.run_at, job.created_at), (r#"{"delivery":"x"}"#, instant(10), instant(0)));
        assert!(tx.claim_job(instant(60), instant(99)).await.unwrap().is_none());
        assert_eq!(tx.claim_job(instant(61), instant(99)).await.unwrap().unwrap().attempts, 2);
    }

    async fn a_failed_job_is_tried_later_then_given_up_then_revived(db: &TestDatabase) {
        let world = World::new(8);
        let id = world.id();
        let mut tx = db.store().begin("test").await.unwrap();
        tx.enqueue(id, "delivery.send", "{}", instant(0), instant(0)).await.unwrap();
        tx.claim_job(instant(0), instant(60)).await.unwrap().unwrap();
        tx.retry_job(id, instant(30), "unreachable").await.unwrap();
        assert!(tx.claim_job(instant(29), instant(60)).await.unwrap().is_none());
        let job = tx.claim_job(instant(30), instant(60)).await.unwrap().unwrap();
        assert_eq!((job.attempts, job.last_error.as_deref()), (2, Some("unreachable")));

        tx.bury_job(id, instant(31), "refused").await.unwrap();
        assert!(tx.claim_job(instant(1000), instant(2000)).await.unwrap().is_none());
        let dead = tx.dead_jobs(10).await.unwrap();
        assert_eq!((dead.len(), dead[0].id, dead[0].last_error.as_deref()), (1, id, Some("refused")));
        assert_eq!(tx.waiting_jobs().await.unwrap(), 0);

        tx.revive_job(id, instant(40)).await.unwrap();
        assert!(tx.dead_jobs(10).await.unwrap().is_empty());
        assert_eq!(tx.claim_job(instant(40), instant(60)).await.unwrap().unwrap().attempts, 1);
    }

    async fn a_finished_job_stays_finished(db: &TestDatabase) {
        let world = World::new(8);
        let id = world.id();
        let mut tx = db.store().begin("test").await.unwrap();
        tx.enqueue(id, "a", "{}", instant(0), instant(0)).await.unwrap();
        tx.claim_job(instant(0), instant(60)).await.unwrap().unwrap();
        tx.finish_job(id, instant(1)).await.unwrap();
        assert!(tx.claim_job(instant(100), instant(200)).await.unwrap().is_none());
        for refused in [
            tx.finish_job(id, instant(2)).await,
            tx.retry_job(id, instant(2), "late").await,
            tx.bury_job(id, instant(2), "late").await,
            tx.revive_job(id, instant(2)).await,
        ] {
            assert!(matches!(refused, Err(StoreError::Stale { table: "job" })), "{refused:?}");
        }
    }

    async fn a_job_of_an_act_that_is_undone_is_never_run(db: &TestDatabase) {
        let world = World::new(8);
        let mut tx = db.store().begin("test").await.unwrap();
        tx.enqueue(world.id(), "a", "{}", instant(0), instant(0)).await.unwrap();
        tx.rollback().await.unwrap();
        let mut tx = db.store().begin("test").await.unwrap();
        assert!(tx.claim_job(instant(1), instant(2)).await.unwrap().is_none());
    }

    async fn an_idempotency_key_belongs_to_one_person(db: &TestDatabase) {
        let world = World::saved(8, db.store()).await;
        let one = world.person_id(world.power, Role::Approver);
        let other = world.person_id(world.railway, Role::Approver);
        let key = digest_of(b"key");
        let outcome = |text: &str| Remembered {
            request_digest: digest_of(text.as_bytes()),
            outcome: text.to_owned(),
        };
        let mut tx = db.store().begin("test").await.unwrap();
        tx.remember_outcome(key, one, &outcome("one"), instant(0)).await.unwrap();
        assert!(tx.remembered_outcome(key, other).await.unwrap().is_none());
        tx.remember_outcome(key, other, &outcome("other"), instant(0)).await.unwrap();
        let kept = tx.remembered_outcome(key, one).await.unwrap().unwrap();
        assert_eq!((kept.outcome.as_str(), kept.request_digest), ("one", digest_of(b"one")));
        let refused = tx.remember_outcome(key, one, &outcome("again"), instant(1)).await;
        assert!(matches!(refused, Err(StoreError::Taken { .. })), "{refused:?}");
    }

    async fn a_fact_about_the_instance_is_replaced(db: &TestDatabase) {
        let mut tx = db.store().begin("test").await.unwrap();
        assert_eq!(tx.instance_fact("mode").await.unwrap(), None);
        tx.set_instance_fact("mode", "exercise").await.unwrap();
        tx.set_instance_fact("mode", "real").await.unwrap();
        assert_eq!(tx.instance_fact("mode").await.unwrap().as_deref(), Some("real"));
    }
}

async fn claim_all(store: Store) -> Vec<JobId> {
    let mut claimed = Vec::new();
    loop {
        let mut tx = store.begin("worker").await.unwrap();
        let job = tx.claim_job(instant(5), instant(60)).await.unwrap();
        tx.commit().await.unwrap();
        match job {
            Some(job) => claimed.push(job.id),
            None => return claimed,
        }
        tokio::task::yield_now().await;
    }
}
