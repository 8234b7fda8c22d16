use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use ids::Digest;
use sha2::{Digest as _, Sha256};
use sqlx::Connection as _;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use crate::error::StoreError;
use crate::tx::{Inner, Tx};

static SQLITE_MIGRATIONS: Migrator = sqlx_macros::migrate!("migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx_macros::migrate!("migrations/postgres");

/// Which database holds the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file beside the program (default).
    Sqlite,
    /// A server.
    Postgres,
}

impl Engine {
    /// Digest over the migrations that this program knows: names the schema.
    pub fn schema_digest(self) -> Digest {
        let mut hash = Sha256::new();
        for migration in self.migrations().iter() {
            hash.update(migration.version.to_be_bytes());
            hash.update(migration.checksum.as_ref());
        }
        Digest::from_bytes(hash.finalize().into())
    }

    fn migrations(self) -> &'static Migrator {
        match self {
            Self::Sqlite => &SQLITE_MIGRATIONS,
            Self::Postgres => &POSTGRES_MIGRATIONS,
        }
    }
}

/// Whether SQLite waits for the disk at each commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SqliteDurability {
    /// `synchronous=FULL`: an acknowledged filing survives a power cut.
    Full,
    /// `synchronous=OFF`: for tests that look at something else.
    None,
}

/// How to reach the database.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// `sqlite:PATH` or `postgres://…`.
    pub address: String,
    /// Connections kept at most.
    pub connections: u32,
    /// How long a request waits for a connection.
    pub acquire_timeout: Duration,
    /// Whether SQLite waits for the disk.
    pub durability: SqliteDurability,
}

impl StoreOptions {
    /// Sensible settings for an address.
    pub fn new(address: impl Into<String>) -> Self {
        Self {
            address: address.into(),
            connections: 8,
            acquire_timeout: Duration::from_secs(5),
            durability: SqliteDurability::Full,
        }
    }
}

/// The database of an instance. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pools: Pools,
}

#[derive(Clone, Debug)]
enum Pools {
    /// SQLite has one writer at a time, so writers queue here instead of failing there.
    Sqlite {
        write: sqlx::SqlitePool,
        read: sqlx::SqlitePool,
    },
    Postgres(sqlx::PgPool),
}

impl Store {
    /// Opens the database. SQLite files are created where they are missing.
    ///
    /// # Errors
    /// [`StoreError::Address`] for another kind of database, [`StoreError::Database`] when it cannot be reached.
    pub async fn open(options: &StoreOptions) -> Result<Self, StoreError> {
        let failed = |source| StoreError::database("open", source);
        let pools = if options.address.starts_with("sqlite:") {
            let connect = sqlite_options(options)?;
            let pool = |connections| {
                SqlitePoolOptions::new()
                    .max_connections(connections)
                    .acquire_timeout(options.acquire_timeout)
                    .idle_timeout(None)
                    .max_lifetime(None)
                    .before_acquire(|connection, _| {
                        // A full disk ends a transaction inside SQLite without the driver, which then refuses every
                        // other one on that connection.
                        Box::pin(async move { Ok(!connection.is_in_transaction()) })
                    })
            };
            let write = pool(1)
                .connect_with(connect.clone())
                .await
                .map_err(failed)?;
            let read = pool(options.connections.max(1))
                .connect_with(connect.pragma("query_only", "ON"))
                .await
                .map_err(failed)?;
            Pools::Sqlite { write, read }
        } else if options.address.starts_with("postgres:")
            || options.address.starts_with("postgresql:")
        {
            let connect = PgConnectOptions::from_str(&options.address)
                .map_err(|_| StoreError::Address)?
                .application_name("noroshi");
            let pool = PgPoolOptions::new()
                .max_connections(options.connections.max(2))
                .acquire_timeout(options.acquire_timeout)
                .connect_with(connect)
                .await
                .map_err(failed)?;
            Pools::Postgres(pool)
        } else {
            return Err(StoreError::Address);
        };
        Ok(Self { pools })
    }

    /// Which database this is.
    pub fn engine(&self) -> Engine {
        match &self.pools {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres(_) => Engine::Postgres,
        }
    }

    /// Brings the schema to the version of this program.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let migrations = self.engine().migrations();
        match &self.pools {
            Pools::Sqlite { write, .. } => migrations.run(write).await,
            Pools::Postgres(pool) => migrations.run(pool).await,
        }
        .map_err(StoreError::Migration)
    }

    /// Refuses a schema that this program does not know, older or newer.
    ///
    /// # Errors
    /// [`StoreError::SchemaUnknown`] when the applied migrations are not exactly those of this program,
    /// [`StoreError::Database`] when the database is away.
    pub async fn require_current_schema(&self) -> Result<(), StoreError> {
        let applied: Result<Vec<(i64, Vec<u8>)>, sqlx::Error> = match &self.pools {
            Pools::Sqlite { write, .. } => {
                sqlx::query_as(crate::sql::instance::APPLIED_MIGRATIONS)
                    .fetch_all(write)
                    .await
            }
            Pools::Postgres(pool) => {
                sqlx::query_as(crate::sql::instance::APPLIED_MIGRATIONS)
                    .fetch_all(pool)
                    .await
            }
        };
        // A database without the table of migrations is an unknown schema; one that is away is not.
        let applied = applied.map_err(|source| {
            let error = StoreError::database("require_current_schema", source);
            if error.is_temporary() {
                error
            } else {
                StoreError::SchemaUnknown
            }
        })?;
        let known = self.engine().migrations();
        let same = applied.len() == known.iter().count()
            && applied
                .iter()
                .zip(known.iter())
                .all(|((version, sum), migration)| {
                    *version == migration.version && sum.as_slice() == migration.checksum.as_ref()
                });
        if same {
            Ok(())
        } else {
            Err(StoreError::SchemaUnknown)
        }
    }

    /// Writes a whole copy of an SQLite database to a new file, while others go on reading and writing.
    ///
    /// # Errors
    /// [`StoreError::Address`] for PostgreSQL, which has its own tools for this; [`StoreError::Database`] when the file
    /// is there already or cannot be written.
    pub async fn copy_sqlite_to(&self, file: &Path) -> Result<(), StoreError> {
        let Pools::Sqlite { write, .. } = &self.pools else {
            return Err(StoreError::Address);
        };
        let name = file.to_str().ok_or(StoreError::Address)?;
        sqlx::query(crate::sql::dialect::COPY_SQLITE)
            .bind(name)
            .execute(write)
            .await
            .map_err(|source| StoreError::database("copy_sqlite_to", source))?;
        Ok(())
    }

    /// Begins a transaction that writes. `operation` names it in errors and traces.
    pub async fn begin(&self, operation: &'static str) -> Result<Tx, StoreError> {
        let failed = |source| StoreError::database(operation, source);
        let inner = match &self.pools {
            Pools::Sqlite { write, .. } => {
                Inner::Sqlite(write.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?)
            }
            Pools::Postgres(pool) => Inner::Postgres(pool.begin().await.map_err(failed)?),
        };
        Ok(Tx { inner, operation })
    }

    /// Begins a transaction that only reads, sees one state throughout and does not wait for writers.
    ///
    /// Both databases refuse to write in it.
    pub async fn begin_read(&self, operation: &'static str) -> Result<Tx, StoreError> {
        let failed = |source| StoreError::database(operation, source);
        let inner = match &self.pools {
            Pools::Sqlite { read, .. } => Inner::Sqlite(read.begin().await.map_err(failed)?),
            Pools::Postgres(pool) => Inner::Postgres(
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    .await
                    .map_err(failed)?,
            ),
        };
        Ok(Tx { inner, operation })
    }

    /// Closes all connections, after the running transactions.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { write, read } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

fn sqlite_options(options: &StoreOptions) -> Result<SqliteConnectOptions, StoreError> {
    let synchronous = match options.durability {
        SqliteDurability::Full => SqliteSynchronous::Full,
        SqliteDurability::None => SqliteSynchronous::Off,
    };
    Ok(SqliteConnectOptions::from_str(&options.address)
        .map_err(|_| StoreError::Address)?
        .create_if_missing(true)
        .foreign_keys(true)
        // Without this, INSERT OR REPLACE would remove rows past the triggers that refuse DELETE.
        .pragma("recursive_triggers", "ON")
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous)
        .busy_timeout(options.acquire_timeout))
}

#[cfg(test)]
mod tests {
    use super::{Pools, Store, StoreError, StoreOptions};

    /// A pool of a migrated SQLite file that was opened as in production.
    async fn opened(folder: &std::path::Path) -> (Store, sqlx::SqlitePool) {
        let address = format!("sqlite:{}", folder.join("test.sqlite3").display());
        let store = Store::open(&StoreOptions::new(address)).await.unwrap();
        store.migrate().await.unwrap();
        let Pools::Sqlite { write, .. } = &store.pools else {
            panic!("not SQLite");
        };
        let write = write.clone();
        (store, write)
    }

    #[tokio::test]
    async fn sqlite_waits_for_the_disk_and_checks_references() {
        let folder = tempfile::tempdir().unwrap();
        let (_store, write) = opened(folder.path()).await;
        for (pragma, expected) in [
            ("PRAGMA synchronous", 2_i64),
            ("PRAGMA foreign_keys", 1),
            ("PRAGMA recursive_triggers", 1),
        ] {
            let value: i64 = sqlx::query_scalar(pragma).fetch_one(&write).await.unwrap();
            assert_eq!(value, expected, "{pragma}");
        }
    }

    #[tokio::test]
    async fn a_replace_through_the_store_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (_store, write) = opened(folder.path()).await;
        let statement = "INSERT OR REPLACE INTO ledger_checkpoint (log, tree_size, root, note, created_at) \
            VALUES ('meti', 1, X'00', 'a', 0)";
        sqlx::query(statement).execute(&write).await.unwrap();
        let refused = sqlx::query(statement).execute(&write).await.unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{refused}");
    }

    #[tokio::test]
    async fn a_full_sqlite_file_is_a_temporary_failure() {
        let folder = tempfile::tempdir().unwrap();
        let (store, write) = opened(folder.path()).await;
        sqlx::query("PRAGMA max_page_count = 1")
            .execute(&write)
            .await
            .unwrap();
        let long = "x".repeat(1_000_000);
        let mut tx = store.begin("test").await.unwrap();
        let full = tx.set_instance_fact("long", &long).await.unwrap_err();
        assert!(
            matches!(full, StoreError::Database { .. }) && full.is_temporary(),
            "{full:?}"
        );
        drop(tx);
        let mut tx = store.begin_read("test").await.unwrap();
        assert_eq!(tx.instance_fact("long").await.unwrap(), None);
        drop(tx);
        let mut tx = store.begin("test").await.unwrap();
        tx.set_instance_fact("short", "x").await.unwrap();
        tx.commit().await.unwrap();
    }
}
