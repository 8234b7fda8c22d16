use std::time::Duration;

use store::{Engine, SqliteDurability, Store, StoreOptions};
use tempfile::TempDir;

use crate::postgres::{OwnDatabase, Server};
use crate::raw::RawConnection;

/// A database of its own for one test; gone when dropped.
#[derive(Debug)]
pub struct TestDatabase {
    store: Store,
    address: String,
    _place: Place,
}

#[derive(Debug)]
enum Place {
    Folder { _folder: TempDir },
    Server { _database: OwnDatabase },
}

/// Whether the schema is there already.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Schema {
    Current,
    Empty,
}

impl TestDatabase {
    /// A SQLite file with the current schema, which does not wait for the disk.
    pub async fn sqlite() -> Self {
        Self::in_folder(Schema::Current).await
    }

    /// A SQLite file without any table.
    pub async fn empty_sqlite() -> Self {
        Self::in_folder(Schema::Empty).await
    }

    /// A PostgreSQL database with the current schema; `None`, and a line that says so, where there is no server.
    pub async fn postgres() -> Option<Self> {
        let server = Server::from_environment()?;
        let database = server.copy_of_template().await;
        Some(Self::on_server(database).await)
    }

    /// A PostgreSQL database without any table; `None`, and a line that says so, where there is no server.
    pub async fn empty_postgres() -> Option<Self> {
        let server = Server::from_environment()?;
        let database = server.empty().await;
        Some(Self::on_server(database).await)
    }

    /// The store on this database.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Which database it is.
    pub fn engine(&self) -> Engine {
        self.store.engine()
    }

    /// Its address, for a second store.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// A connection past the store.
    pub async fn raw(&self) -> RawConnection {
        RawConnection::open(&self.address).await
    }

    async fn in_folder(schema: Schema) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.sqlite3");
        let address = format!("sqlite:{}", path.display());
        let store = open(&address).await;
        if schema == Schema::Current {
            store.migrate().await.unwrap();
        }
        Self {
            store,
            address,
            _place: Place::Folder { _folder: folder },
        }
    }

    async fn on_server(database: OwnDatabase) -> Self {
        let address = database.address().to_owned();
        Self {
            store: open(&address).await,
            address,
            _place: Place::Server {
                _database: database,
            },
        }
    }
}

async fn open(address: &str) -> Store {
    let options = StoreOptions {
        connections: 4,
        acquire_timeout: Duration::from_secs(20),
        durability: SqliteDurability::None,
        ..StoreOptions::new(address)
    };
    Store::open(&options).await.unwrap()
}
