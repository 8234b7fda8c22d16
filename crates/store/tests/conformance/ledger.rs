use store::StoreError;
use store::rows::ledger::{Leaf, StoredCheckpoint};
use testkit::{TestDatabase, World, digest_of, instant, on_each_database};
use uuid::Uuid;

on_each_database! {
    async fn a_leaf_waits_until_it_has_an_index(db: &TestDatabase) {
        let world = World::new(9);
        let mut leaves: Vec<Leaf> = (0..5).map(|number| leaf(&world, "meti", number)).collect();
        let other = leaf(&world, "mlit", 9);
        let mut tx = db.store().begin("test").await.unwrap();
        for one in leaves.iter().chain([&other]) {
            tx.insert_leaf(one).await.unwrap();
        }
        assert_eq!(tx.pending_logs().await.unwrap(), ["meti", "mlit"]);
        assert!(tx.logs().await.unwrap().is_empty());
        leaves.sort_by_key(|one| one.id);
        let waiting: Vec<_> = leaves.iter().map(|one| (one.id, one.commitment)).collect();
        assert_eq!(tx.pending_leaves("meti", 3).await.unwrap(), waiting[..3]);
        for (index, (id, _)) in (0..).zip(&waiting[..3]) {
            assert_eq!(tx.log_size("meti").await.unwrap(), index);
            tx.sequence_leaf("meti", index, *id).await.unwrap();
        }
        assert_eq!(tx.pending_leaves("meti", 10).await.unwrap(), waiting[3..]);
        assert_eq!((tx.log_size("meti").await.unwrap(), tx.log_size("mlit").await.unwrap()), (3, 0));
        assert_eq!(tx.logs().await.unwrap(), ["meti"]);
        assert_eq!(tx.stray_leaves().await.unwrap(), 0);

        let commitments: Vec<_> = waiting[1..3].iter().map(|(_, commitment)| *commitment).collect();
        assert_eq!(tx.commitments_from("meti", 1, 10).await.unwrap(), commitments);
        let from = tx.leaves_from("meti", 1, 1).await.unwrap();
        assert_eq!((from.len(), from[0].id, from[0].index), (1, waiting[1].0, Some(1)));
        let before: Vec<_> = tx.leaves_before("meti", 2, 10).await.unwrap().iter().map(|one| one.index).collect();
        assert_eq!(before, [Some(1), Some(0)]);
        assert_eq!(tx.leaf(waiting[4].0).await.unwrap().unwrap().index, None);
    }

    async fn a_leaf_reads_back_with_its_salt_and_record(db: &TestDatabase) {
        let world = World::new(9);
        let one = leaf(&world, "meti", 1);
        let mut tx = db.store().begin("test").await.unwrap();
        tx.insert_leaf(&one).await.unwrap();
        let kept = tx.leaf(one.id).await.unwrap().unwrap();
        assert_eq!((kept.log, kept.act, kept.subject, kept.salt), (one.log, one.act, one.subject, one.salt));
        assert_eq!((kept.record, kept.commitment, kept.recorded_at), (one.record, one.commitment, one.recorded_at));
        let about = tx.leaves_of_subject(one.subject.unwrap(), 10).await.unwrap();
        assert_eq!(about.iter().map(|leaf| leaf.id).collect::<Vec<_>>(), [one.id]);
        assert!(tx.leaf(world.id()).await.unwrap().is_none());
    }

    async fn an_index_is_given_once(db: &TestDatabase) {
        let world = World::new(9);
        let (one, two) = (leaf(&world, "meti", 1), leaf(&world, "meti", 2));
        let mut tx = db.store().begin("test").await.unwrap();
        tx.insert_leaf(&one).await.unwrap();
        tx.insert_leaf(&two).await.unwrap();
        tx.sequence_leaf("meti", 0, one.id).await.unwrap();
        tx.commit().await.unwrap();
        for (index, id) in [(0, two.id), (1, one.id)] {
            let mut tx = db.store().begin("test").await.unwrap();
            let refused = tx.sequence_leaf("meti", index, id).await;
            assert!(matches!(refused, Err(StoreError::Taken { .. })), "{refused:?}");
        }
    }

    async fn a_leaf_of_another_log_is_not_given_an_index(db: &TestDatabase) {
        let world = World::new(9);
        let one = leaf(&world, "meti", 1);
        let mut tx = db.store().begin("test").await.unwrap();
        tx.insert_leaf(&one).await.unwrap();
        let refused = tx.sequence_leaf("mlit", 0, one.id).await;
        assert!(matches!(refused, Err(StoreError::Stale { .. })), "{refused:?}");
    }

    async fn two_integrators_at_once_give_each_leaf_one_index(db: &TestDatabase) {
        let world = World::new(9);
        let one = leaf(&world, "meti", 1);
        let mut tx = db.store().begin("test").await.unwrap();
        tx.insert_leaf(&one).await.unwrap();
        tx.commit().await.unwrap();
        let attempt = |store: store::Store, id| async move {
            let mut tx = store.begin("integrate").await?;
            tx.sequence_leaf("meti", 0, id).await?;
            tx.commit().await
        };
        let (a, b) = tokio::join!(attempt(db.store().clone(), one.id), attempt(db.store().clone(), one.id));
        assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
        let mut tx = db.store().begin_read("test").await.unwrap();
        assert_eq!(tx.log_size("meti").await.unwrap(), 1);
        assert_eq!(tx.stray_leaves().await.unwrap(), 0);
    }

    async fn a_cosigned_checkpoint_is_preferred_over_a_newer_one(db: &TestDatabase) {
        let mut tx = db.store().begin("test").await.unwrap();
        for size in [2, 4, 6] {
            tx.insert_checkpoint(&checkpoint(size, "first")).await.unwrap();
        }
        tx.insert_checkpoint(&checkpoint(4, "second")).await.unwrap();
        assert_eq!(tx.latest_checkpoint("meti").await.unwrap().unwrap().size, 6);
        assert!(tx.latest_checkpoint("mlit").await.unwrap().is_none());
        assert_eq!(tx.checkpoint_covering("meti", 1).await.unwrap().unwrap().size, 6);
        tx.insert_cosignature("meti", 4, "committee", "— committee b", instant(1)).await.unwrap();
        tx.insert_cosignature("meti", 4, "auditor", "— auditor a", instant(1)).await.unwrap();
        tx.insert_cosignature("meti", 4, "auditor", "— auditor z", instant(2)).await.unwrap();
        let covering = tx.checkpoint_covering("meti", 3).await.unwrap().unwrap();
        assert_eq!((covering.size, covering.note.as_str()), (4, "first 4"), "the first one stays");
        assert_eq!(tx.checkpoint_covering("meti", 4).await.unwrap().unwrap().size, 6, "4 leaves do not cover index 4");
        assert!(tx.checkpoint_covering("meti", 6).await.unwrap().is_none());
        assert_eq!(tx.cosignatures("meti", 4).await.unwrap(), ["— auditor a", "— committee b"]);
        assert!(tx.cosignatures("meti", 6).await.unwrap().is_empty());
        let sizes: Vec<_> = tx.checkpoints_from("meti", 3, 10).await.unwrap().iter().map(|one| one.size).collect();
        assert_eq!(sizes, [4, 6]);
    }
}

fn leaf(world: &World, log: &str, number: u128) -> Leaf {
    let record = format!(r#"{{"act":"test","number":{number}}}"#);
    Leaf {
        id: world.id(),
        log: log.to_owned(),
        act: "incident.prompt.filed".to_owned(),
        subject: Some(Uuid::from_u128(number)),
        salt: world.octets::<32>().to_vec(),
        commitment: digest_of(record.as_bytes()),
        record,
        recorded_at: instant(0),
        index: None,
    }
}

fn checkpoint(size: u64, text: &str) -> StoredCheckpoint {
    StoredCheckpoint {
        log: "meti".to_owned(),
        size,
        root: digest_of(&size.to_be_bytes()),
        note: format!("{text} {size}"),
        created_at: instant(0),
    }
}
