//! Both databases have the same schema, and the program knows which one.

use std::collections::BTreeSet;

use ids::{DeliveryState, FilingKind, OrganisationKind};
use model::filing::{AddresseeRole, FormalResult};
use store::official::{ColumnKind, TABLES};
use store::{Engine, StoreError};
use testkit::{RawConnection, TestDatabase, on_each_database};

/// Table, column, kind, and whether it may be empty.
type Column = (String, String, &'static str, bool);

const SQLITE_COLUMNS: &str = "
    SELECT m.name, p.name, p.type, CASE p.\"notnull\" WHEN 0 THEN 'YES' ELSE 'NO' END
    FROM sqlite_master m
    JOIN pragma_table_info(m.name) p
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite!_%' ESCAPE '!' AND m.name NOT LIKE '!_sqlx%' ESCAPE '!'
    ORDER BY m.name, p.cid";

const POSTGRES_COLUMNS: &str = "
    SELECT table_name::text, column_name::text, data_type::text, is_nullable::text
    FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name NOT LIKE '!_sqlx%' ESCAPE '!'
    ORDER BY table_name::text COLLATE \"C\", ordinal_position";

const SQLITE_INDEXES: &str = "
    SELECT name
    FROM sqlite_master
    WHERE type = 'index' AND sql IS NOT NULL";

const POSTGRES_INDEXES: &str = "
    SELECT indexname::text
    FROM pg_indexes
    WHERE schemaname = 'public' AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = indexname)";

const SQLITE_REFERENCES: &str = "
    SELECT m.name || '.' || f.\"from\" || ' -> ' || f.\"table\" || '.' || f.\"to\"
    FROM sqlite_master m
    JOIN pragma_foreign_key_list(m.name) f
    WHERE m.type = 'table'";

const POSTGRES_REFERENCES: &str = "
    SELECT c.conrelid::regclass::text || '.' || a.attname::text || ' -> ' || c.confrelid::regclass::text || '.'
        || b.attname::text
    FROM pg_constraint c
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[1]
    WHERE c.contype = 'f'";

on_each_database! {
    async fn official_tables_list_every_column_of_the_schema(db: &TestDatabase) {
        let columns = columns(&mut db.raw().await).await;
        for table in TABLES {
            let schema: BTreeSet<(&str, &str)> = columns
                .iter()
                .filter(|(name, ..)| name == table.name)
                .map(|(_, column, kind, _)| (column.as_str(), *kind))
                .collect();
            let listed: BTreeSet<(&str, &str)> = table.columns.iter().map(|(column, kind)| (*column, kind_name(*kind))).collect();
            assert_eq!(listed, schema, "{}", table.name);
            assert_eq!(listed.len(), table.columns.len(), "{}", table.name);
            assert!(table.keys.iter().all(|key| table.columns.iter().any(|(column, _)| column == key)));
        }
    }

    async fn every_code_can_be_stored_and_no_other(db: &TestDatabase) {
        let mut raw = db.raw().await;
        for (table, column, codes) in [
            ("organisation", "kind", OrganisationKind::ALL.iter().map(|one| one.code()).collect::<Vec<_>>()),
            ("filing", "kind", FilingKind::ALL.iter().map(|one| one.code()).collect()),
            ("filing_addressee", "role", AddresseeRole::ALL.iter().map(|one| one.code()).collect()),
            ("delivery", "state", DeliveryState::ALL.iter().map(|one| one.code()).collect()),
            ("formal_check", "result", FormalResult::ALL.iter().map(|one| one.code()).collect()),
        ] {
            assert_eq!(checked_codes(&mut raw, table, column).await, codes.into_iter().map(str::to_owned).collect::<BTreeSet<_>>(), "{table}.{column}");
        }
    }

    async fn the_current_schema_is_required(db: &TestDatabase) {
        let store = db.store();
        store.require_current_schema().await.unwrap();
        store.migrate().await.unwrap();
        store.require_current_schema().await.unwrap();
        let mut raw = db.raw().await;
        let newest = "(SELECT MAX(version) FROM _sqlx_migrations)";
        for (change, undo) in [
            // A newer program has been here.
            (
                "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                 SELECT version + 1, description, success, checksum, 0 FROM _sqlx_migrations ORDER BY version DESC LIMIT 1".to_owned(),
                format!("DELETE FROM _sqlx_migrations WHERE version = {newest}"),
            ),
            // A migration did not end well.
            (
                format!("UPDATE _sqlx_migrations SET success = FALSE WHERE version = {newest}"),
                "UPDATE _sqlx_migrations SET success = TRUE".to_owned(),
            ),
            // A released migration was edited.
            (
                format!("UPDATE _sqlx_migrations SET checksum = (SELECT checksum FROM _sqlx_migrations WHERE version = 1) WHERE version = {newest}"),
                String::new(),
            ),
        ] {
            raw.execute(&change).await.unwrap();
            assert_unknown(&store.require_current_schema().await);
            if !undo.is_empty() {
                raw.execute(&undo).await.unwrap();
                store.require_current_schema().await.unwrap();
            }
        }
        // An older program was the last to migrate.
        raw.execute(&format!("DELETE FROM _sqlx_migrations WHERE version = {newest}")).await.unwrap();
        assert_unknown(&store.require_current_schema().await);
    }
}

#[tokio::test]
async fn an_empty_sqlite_file_is_unknown_until_it_is_migrated() {
    migrate_from_nothing(&TestDatabase::empty_sqlite().await).await;
}

#[tokio::test]
async fn an_empty_postgres_database_is_unknown_until_it_is_migrated() {
    if let Some(db) = TestDatabase::empty_postgres().await {
        migrate_from_nothing(&db).await;
    }
}

async fn migrate_from_nothing(db: &TestDatabase) {
    assert_unknown(&db.store().require_current_schema().await);
    db.store().migrate().await.unwrap();
    db.store().require_current_schema().await.unwrap();
    assert!(!columns(&mut db.raw().await).await.is_empty());
}

#[tokio::test]
async fn both_databases_have_the_same_columns_indexes_and_references() {
    let Some(server) = TestDatabase::postgres().await else {
        return;
    };
    let mut postgres = server.raw().await;
    let file = TestDatabase::sqlite().await;
    let mut sqlite = file.raw().await;
    assert_eq!(columns(&mut sqlite).await, columns(&mut postgres).await);
    assert_eq!(
        set(&mut sqlite, SQLITE_INDEXES).await,
        set(&mut postgres, POSTGRES_INDEXES).await
    );
    assert_eq!(
        set(&mut sqlite, SQLITE_REFERENCES).await,
        set(&mut postgres, POSTGRES_REFERENCES).await
    );
}

async fn set(raw: &mut RawConnection, query: &str) -> BTreeSet<String> {
    let found: BTreeSet<String> = raw
        .texts(query)
        .await
        .into_iter()
        .flatten()
        .flatten()
        .collect();
    assert!(!found.is_empty());
    found
}

async fn columns(raw: &mut RawConnection) -> Vec<Column> {
    let query = match raw.engine() {
        Engine::Sqlite => SQLITE_COLUMNS,
        Engine::Postgres => POSTGRES_COLUMNS,
    };
    let rows = raw.texts(query).await;
    rows.into_iter()
        .map(|row| {
            let row: Vec<String> = row.into_iter().flatten().collect();
            let kind = kind_of(&row[1], &row[2]);
            (row[0].clone(), row[1].clone(), kind, row[3] == "YES")
        })
        .collect()
}

/// SQLite keeps ids and octets alike; there the name tells them apart.
fn kind_of(column: &str, declared: &str) -> &'static str {
    let names_an_id = column == "id" || column.ends_with("_id") || column.ends_with("_by");
    match declared {
        "BLOB" if names_an_id => "id",
        "BLOB" | "bytea" => "octets",
        "uuid" => "id",
        "INTEGER" | "bigint" => "integer",
        "TEXT" | "text" => "text",
        _ => "unknown",
    }
}

fn kind_name(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Id => "id",
        ColumnKind::Integer => "integer",
        ColumnKind::Text => "text",
        ColumnKind::Octets => "octets",
    }
}

/// The codes that the CHECK constraint of a column names.
async fn checked_codes(raw: &mut RawConnection, table: &str, column: &str) -> BTreeSet<String> {
    let query = match raw.engine() {
        Engine::Sqlite => {
            format!("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = '{table}'")
        }
        Engine::Postgres => format!(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint
             WHERE conrelid = '{table}'::regclass AND conname = '{table}_{column}_check'"
        ),
    };
    let sql = raw.texts(&query).await[0][0].clone().unwrap();
    let from = match raw.engine() {
        Engine::Sqlite => sql.split(&format!("CHECK ({column} IN (")).nth(1).unwrap(),
        Engine::Postgres => sql.as_str(),
    };
    let list = from.split(')').find(|part| part.contains('\'')).unwrap();
    list.split('\'')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

fn assert_unknown(result: &Result<(), StoreError>) {
    assert!(
        matches!(result, Err(StoreError::SchemaUnknown)),
        "{result:?}"
    );
}
