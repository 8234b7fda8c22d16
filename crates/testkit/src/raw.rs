use std::str::FromStr;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Column, Connection, Executor, PgConnection, Row, SqlSafeStr, SqlStr, SqliteConnection};
use store::Engine;

/// A connection past the store, without its settings, as an intruder or an administrator has one.
#[derive(Debug)]
pub enum RawConnection {
    /// To a SQLite file.
    Sqlite(SqliteConnection),
    /// To a PostgreSQL database.
    Postgres(PgConnection),
}

impl RawConnection {
    /// Connects to the database of a store.
    pub async fn open(address: &str) -> Self {
        if address.starts_with("sqlite:") {
            // Foreign keys are off unless asked for; tampering does not ask.
            let options = SqliteConnectOptions::from_str(address)
                .unwrap()
                .foreign_keys(false);
            Self::Sqlite(SqliteConnection::connect_with(&options).await.unwrap())
        } else {
            Self::Postgres(PgConnection::connect(address).await.unwrap())
        }
    }

    /// Which database this is.
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs a statement without parameters; gives the number of rows it changed.
    pub async fn execute(&mut self, statement: &str) -> sqlx::Result<u64> {
        let statement = sqlx::raw_sql(unchecked(statement));
        Ok(match self {
            Self::Sqlite(connection) => statement.execute(connection).await?.rows_affected(),
            Self::Postgres(connection) => statement.execute(connection).await?.rows_affected(),
        })
    }

    /// Reads rows of which every column is text.
    pub async fn texts(&mut self, query: &str) -> Vec<Vec<Option<String>>> {
        let query = sqlx::raw_sql(unchecked(query));
        match self {
            Self::Sqlite(connection) => {
                let rows = query.fetch_all(connection).await.unwrap();
                rows.iter()
                    .map(|row| {
                        let columns = row.columns().iter();
                        columns.map(|column| row.get(column.ordinal())).collect()
                    })
                    .collect()
            }
            Self::Postgres(connection) => {
                let rows = query.fetch_all(connection).await.unwrap();
                rows.iter()
                    .map(|row| {
                        let columns = row.columns().iter();
                        columns.map(|column| row.get(column.ordinal())).collect()
                    })
                    .collect()
            }
        }
    }

    /// Has the database prepare a statement without running it.
    pub async fn prepare(&mut self, statement: &'static str) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(connection) => {
                connection.prepare(statement.into_sql_str()).await.map(drop)
            }
            Self::Postgres(connection) => {
                connection.prepare(statement.into_sql_str()).await.map(drop)
            }
        }
    }

    /// Removes the triggers that keep official tables from changing, as whoever holds the database can.
    pub async fn drop_triggers(&mut self) {
        match self.engine() {
            Engine::Sqlite => {
                let triggers = self
                    .texts("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                    .await;
                for name in triggers.iter().flatten().flatten() {
                    self.execute(&format!("DROP TRIGGER {name}")).await.unwrap();
                }
            }
            Engine::Postgres => {
                self.execute("SET session_replication_role = replica")
                    .await
                    .unwrap();
            }
        }
    }
}

/// Takes any text as a statement; only tests may.
pub(crate) fn unchecked(statement: &str) -> SqlStr {
    sqlx::AssertSqlSafe(statement).into_sql_str()
}
