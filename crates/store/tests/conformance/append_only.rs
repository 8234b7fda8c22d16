//! What was filed, decided and logged is never overwritten (DESIGN invariant 4).

use store::Engine;
use store::official::{self, TABLES};
use testkit::{TestDatabase, on_each_database};

use crate::official_rows::{append_only, insert_one_of_each};

on_each_database! {
    async fn official_tables_refuse_every_change_and_removal(db: &TestDatabase) {
        let mut raw = db.raw().await;
        let official = official::table("filing");
        assert!(official.is_some_and(|table| table.name == "filing"));
        without_references(&mut raw).await;
        insert_one_of_each(&mut raw).await;
        with_references(&mut raw).await;
        for (table, columns) in append_only() {
            for (column, _) in columns {
                assert_refused(&mut raw, &format!("UPDATE {table} SET {column} = {column}")).await;
            }
            assert_refused(&mut raw, &format!("DELETE FROM {table}")).await;
            if db.engine() == Engine::Postgres {
                assert_refused(&mut raw, &format!("TRUNCATE {table} CASCADE")).await;
                assert_refused(&mut raw, &format!("DELETE FROM {table} WHERE false")).await;
            }
            let count = raw.texts(&format!("SELECT CAST(COUNT(*) AS TEXT) FROM {table}")).await;
            assert_eq!(count, [[Some("1".to_owned())]], "{table}");
        }
    }

    async fn an_insert_cannot_take_the_place_of_an_official_row(db: &TestDatabase) {
        let mut raw = db.raw().await;
        without_references(&mut raw).await;
        insert_one_of_each(&mut raw).await;
        with_references(&mut raw).await;
        if db.engine() == Engine::Sqlite {
            // As every connection of the store does.
            raw.execute("PRAGMA recursive_triggers = ON").await.unwrap();
        }
        for (table, columns) in append_only() {
            let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
            let names = names.join(", ");
            let statement = match db.engine() {
                Engine::Sqlite => format!("INSERT OR REPLACE INTO {table} ({names}) SELECT {names} FROM {table}"),
                Engine::Postgres => {
                    let keys = official::table(table).map_or_else(|| first_keys(table), |table| table.keys.join(", "));
                    format!("INSERT INTO {table} ({names}) SELECT {names} FROM {table} WHERE true
                        ON CONFLICT ({keys}) DO UPDATE SET {0} = excluded.{0}", columns[0].0)
                }
            };
            assert_refused(&mut raw, &statement).await;
        }
    }

    async fn the_list_of_tables_that_only_grow_is_that_of_the_triggers(db: &TestDatabase) {
        let query = match db.engine() {
            Engine::Sqlite => "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger'",
            Engine::Postgres => "SELECT DISTINCT event_object_table::text FROM information_schema.triggers",
        };
        let mut protected: Vec<String> = db.raw().await.texts(query).await.into_iter().flatten().flatten().collect();
        let mut expected: Vec<String> = append_only().iter().map(|(table, _)| (*table).to_owned()).collect();
        protected.sort();
        expected.sort();
        assert_eq!(protected, expected);
        assert!(TABLES.iter().all(|table| protected.contains(&table.name.to_owned())));
    }
}

/// Keys of the tables that are protected and not in the list of official tables.
fn first_keys(table: &str) -> String {
    match table {
        "ledger_leaf" => "id",
        "ledger_sequence" => "log, leaf_index",
        "ledger_checkpoint" => "log, tree_size",
        "ledger_cosignature" => "log, tree_size, witness",
        _ => "digest",
    }
    .to_owned()
}

/// Lets rows be written whose references lead nowhere; the triggers that protect tables stay.
async fn without_references(raw: &mut testkit::RawConnection) {
    if raw.engine() == Engine::Postgres {
        raw.execute("SET session_replication_role = replica")
            .await
            .unwrap();
    }
}

async fn with_references(raw: &mut testkit::RawConnection) {
    if raw.engine() == Engine::Postgres {
        raw.execute("SET session_replication_role = origin")
            .await
            .unwrap();
    }
}

async fn assert_refused(raw: &mut testkit::RawConnection, statement: &str) {
    let refused = raw.execute(statement).await;
    let text = refused.expect_err(statement).to_string();
    assert!(text.contains("append-only"), "{statement}: {text}");
}
