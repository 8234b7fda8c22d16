//! A changed byte in an official table changes the digest that binds its row to a leaf.

use std::collections::BTreeMap;

use store::Engine;
use store::official::{FILING, FILING_ATTACHMENT, OfficialTable, RowRef, TABLES, table};
use testkit::{RawConnection, TestDatabase, on_each_database};
use uuid::Uuid;

use crate::official_rows::{id_literal, insert_one_of_each, values};

on_each_database! {
    async fn the_digest_changes_with_every_column(db: &TestDatabase) {
        let mut raw = tampered(db).await;
        for table in TABLES {
            let before = all_rows(db, table, 10).await;
            assert_eq!(before.len(), 1);
            for (column, kind) in table.columns {
                let [value, other] = values(db.engine(), table.name, column, *kind);
                raw.execute(&format!("UPDATE {} SET {column} = {other}", table.name)).await.unwrap();
                let after = all_rows(db, table, 10).await;
                assert_ne!(after[0].digest, before[0].digest, "{}.{column}", table.name);
                assert_eq!(after[0].key == before[0].key, !table.keys.contains(column));
                raw.execute(&format!("UPDATE {} SET {column} = {value}", table.name)).await.unwrap();
                assert_eq!(all_rows(db, table, 10).await, before, "{}.{column}", table.name);
            }
        }
    }

    async fn an_emptied_column_changes_the_digest(db: &TestDatabase) {
        let mut raw = tampered(db).await;
        for (name, columns) in [
            ("filing", &["case_id"][..]),
            ("filing", &["supersedes_id"]),
            ("awareness", &["corrects_id", "reason"]),
            ("no_report_decision", &["case_id"]),
            ("correction_request", &["wanted_by_on"]),
            ("correction_answer", &["answer_filing_id"]),
        ] {
            let table = table(name).unwrap();
            let before = all_rows(db, table, 10).await;
            let empty: Vec<String> = columns.iter().map(|column| format!("{column} = NULL")).collect();
            raw.execute(&format!("UPDATE {name} SET {}", empty.join(", "))).await.unwrap();
            assert_ne!(all_rows(db, table, 10).await, before, "{name} {columns:?}");
        }
    }

    async fn values_that_change_places_change_the_digest(db: &TestDatabase) {
        let mut raw = tampered(db).await;
        let person = id_literal(db.engine(), Uuid::from_u128(5));
        raw.execute(&format!("UPDATE filing SET filed_by = {person}")).await.unwrap();
        let before = all_rows(db, &FILING, 10).await;
        raw.execute("UPDATE filing SET filed_by = owner_id, owner_id = filed_by").await.unwrap();
        assert_ne!(all_rows(db, &FILING, 10).await, before);
    }

    async fn batches_cover_every_row_once_whatever_their_size(db: &TestDatabase) {
        let mut raw = tampered(db).await;
        let owners = [Uuid::nil(), Uuid::from_u128(1), Uuid::from_u128(7), Uuid::max()];
        raw.execute("DELETE FROM filing_attachment").await.unwrap();
        for owner in owners {
            for position in 0..5 {
                let id = id_literal(db.engine(), owner);
                let octets = if db.engine() == Engine::Sqlite { "X'00'" } else { "'\\x00'::bytea" };
                raw.execute(&format!(
                    "INSERT INTO filing_attachment (filing_id, position, digest, file_name, size, media_type)
                     VALUES ({id}, {position}, {octets}, 'a', 1, 'b')"
                ))
                .await
                .unwrap();
            }
        }
        let whole = all_rows(db, &FILING_ATTACHMENT, 100).await;
        assert_eq!(whole.len(), 20);
        for keys in [1, 2, 3, 4, 5] {
            assert_eq!(all_rows(db, &FILING_ATTACHMENT, keys).await, whole, "{keys} keys at a time");
        }
        let mut tx = db.store().begin_read("test").await.unwrap();
        let of_one = tx.official_rows(&FILING_ATTACHMENT, Uuid::from_u128(7)).await.unwrap();
        assert_eq!(of_one, whole[10..15]);
        assert_eq!(of_one[2].key, format!("{}/2", Uuid::from_u128(7)));
    }

    async fn a_number_beyond_what_json_holds_is_named_and_not_an_error(db: &TestDatabase) {
        let mut raw = tampered(db).await;
        let before = all_rows(db, &FILING, 10).await;
        let mut digests = Vec::new();
        for number in [9_007_199_254_740_991_i64, 9_007_199_254_740_992, 9_007_199_254_740_993, i64::MAX, i64::MIN + 1] {
            raw.execute(&format!("UPDATE filing SET filed_at = {number}")).await.unwrap();
            let after = all_rows(db, &FILING, 10).await;
            assert_eq!(after[0].key, before[0].key);
            assert!(!digests.contains(&after[0].digest), "{number}");
            digests.push(after[0].digest);
        }
    }
}

/// Only SQLite can hold text that is no text and ids of another length.
#[tokio::test]
async fn a_row_that_cannot_be_read_is_named_and_not_an_error() {
    let db = TestDatabase::sqlite().await;
    let mut raw = tampered(&db).await;
    let before = all_rows(&db, &FILING, 10).await;
    raw.execute("UPDATE filing SET body = CAST(X'7bff7d' AS TEXT)")
        .await
        .unwrap();
    let after = all_rows(&db, &FILING, 10).await;
    assert_eq!(after[0].key, before[0].key);
    assert_ne!(after[0].digest, before[0].digest);
    raw.execute("UPDATE filing SET owner_id = X'0102', body = 'x'")
        .await
        .unwrap();
    let after = all_rows(&db, &FILING, 10).await;
    assert_eq!(after[0].key, before[0].key);
    assert_ne!(after[0].digest, before[0].digest);
}

/// Changing what the store reads back from a filing that cannot be a filing is an error of that row.
#[tokio::test]
async fn a_filing_whose_number_was_changed_is_a_corrupt_row() {
    let db = TestDatabase::sqlite().await;
    let _raw = tampered(&db).await;
    let mut tx = db.store().begin_read("test").await.unwrap();
    let id = ids::Id::from_uuid(Uuid::from_u128(1));
    let corrupt = tx.filing(id).await;
    assert!(
        matches!(
            corrupt,
            Err(store::StoreError::CorruptRow {
                table: "filing",
                column: "number"
            })
        ),
        "{:?}",
        corrupt.err()
    );
}

/// A connection without triggers, and one row in each table.
async fn tampered(db: &TestDatabase) -> RawConnection {
    let mut raw = db.raw().await;
    raw.drop_triggers().await;
    insert_one_of_each(&mut raw).await;
    raw
}

async fn all_rows(db: &TestDatabase, table: &'static OfficialTable, keys: u32) -> Vec<RowRef> {
    let mut tx = db.store().begin_read("fsck").await.unwrap();
    let mut rows: BTreeMap<String, RowRef> = BTreeMap::new();
    let mut after = None;
    loop {
        let batch = tx.official_batch(table, after, keys).await.unwrap();
        let Some(last) = batch.last() else { break };
        after = Some(last.key.split('/').next().unwrap().parse().unwrap());
        for row in batch {
            assert!(
                rows.insert(row.key.clone(), row).is_none(),
                "a row came twice"
            );
        }
    }
    rows.into_values().collect()
}
