use std::time::Duration;

use store::{Engine, SqliteDurability, Store, StoreError, StoreOptions};
use testkit::{TestDatabase, instant, on_each_database};

on_each_database! {
    async fn a_dropped_transaction_leaves_nothing_behind(db: &TestDatabase) {
        let mut tx = db.store().begin("test").await.unwrap();
        tx.set_instance_fact("mode", "exercise").await.unwrap();
        drop(tx);
        let mut tx = db.store().begin("test").await.unwrap();
        assert_eq!(tx.instance_fact("mode").await.unwrap(), None);
    }

    async fn a_reading_transaction_refuses_to_write(db: &TestDatabase) {
        let mut tx = db.store().begin_read("test").await.unwrap();
        let refused = tx.set_instance_fact("mode", "exercise").await.unwrap_err();
        assert!(matches!(refused, StoreError::Database { .. }) && !refused.is_temporary(), "{refused:?}");
    }

    async fn a_reading_transaction_sees_one_state(db: &TestDatabase) {
        let mut read = db.store().begin_read("read").await.unwrap();
        assert_eq!(read.instance_fact("mode").await.unwrap(), None);
        let mut tx = db.store().begin("write").await.unwrap();
        tx.set_instance_fact("mode", "exercise").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(read.instance_fact("mode").await.unwrap(), None);
        drop(read);
        let mut read = db.store().begin_read("read").await.unwrap();
        assert_eq!(read.instance_fact("mode").await.unwrap().as_deref(), Some("exercise"));
    }

    async fn a_database_that_comes_back_is_used_again(db: &TestDatabase) {
        let mut raw = db.raw().await;
        let store = match db.engine() {
            Engine::Sqlite => impatient(db).await,
            Engine::Postgres => db.store().clone(),
        };
        let mut tx = store.begin("test").await.unwrap();
        let error = match db.engine() {
            Engine::Sqlite => {
                drop(tx);
                // Another program holds the file.
                raw.execute("BEGIN EXCLUSIVE").await.unwrap();
                let error = store.begin("test").await.err();
                raw.execute("ROLLBACK").await.unwrap();
                error
            }
            Engine::Postgres => {
                raw.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid()").await.unwrap();
                tx.set_instance_fact("mode", "exercise").await.err()
            }
        };
        let error = error.unwrap();
        assert!(error.is_temporary(), "{error:?}");
        let mut tx = store.begin("test").await.unwrap();
        tx.set_instance_fact("mode", "real").await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn a_constraint_that_is_broken_is_no_temporary_failure(db: &TestDatabase) {
        let mut tx = db.store().begin("test").await.unwrap();
        // Nobody has this id, so that the foreign key refuses.
        let nobody = ids::Id::from_uuid(uuid::Uuid::from_u128(1));
        let refused = tx
            .insert_delivery(ids::Id::from_uuid(uuid::Uuid::from_u128(2)), ids::Id::from_uuid(uuid::Uuid::from_u128(3)), nobody, instant(0))
            .await
            .unwrap_err();
        assert!(matches!(refused, StoreError::Database { .. }) && !refused.is_temporary(), "{refused:?}");
    }
}

#[tokio::test]
async fn an_address_of_another_kind_of_database_is_refused() {
    for address in ["", "mysql://localhost/x", "test.sqlite3"] {
        let refused = Store::open(&StoreOptions::new(address)).await;
        assert!(matches!(refused, Err(StoreError::Address)), "{address}");
    }
}

/// A second store on the same file that does not wait long for another program.
async fn impatient(db: &TestDatabase) -> Store {
    let options = StoreOptions {
        acquire_timeout: Duration::from_millis(200),
        durability: SqliteDurability::None,
        ..StoreOptions::new(db.address())
    };
    Store::open(&options).await.unwrap()
}
