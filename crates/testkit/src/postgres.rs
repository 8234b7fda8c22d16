use sqlx::{Connection, PgConnection};
use store::{Engine, Store, StoreOptions};
use uuid::Uuid;

use crate::raw::unchecked;

/// Names the server on which tests may make databases.
const VARIABLE: &str = "NOROSHI_TEST_PG";

/// Key of the advisory lock under which the template is made; any number that nothing else uses.
const TEMPLATE_LOCK: &str = "SELECT pg_advisory_lock(7044031)";

/// The server for tests.
pub(crate) struct Server {
    address: String,
}

/// A database of one test; dropped with the value.
#[derive(Debug)]
pub(crate) struct OwnDatabase {
    server: String,
    name: String,
    address: String,
}

impl Server {
    #[expect(
        clippy::disallowed_methods,
        clippy::print_stderr,
        reason = "tests alone are told about their server by the environment"
    )]
    pub(crate) fn from_environment() -> Option<Self> {
        if let Ok(address) = std::env::var(VARIABLE) {
            Some(Self { address })
        } else {
            eprintln!("{VARIABLE} is not set: not run on PostgreSQL");
            None
        }
    }

    /// A database with the current schema. The first to ask makes the template; it is named by the schema, so that
    /// all tests of a run, and later runs on the same schema, copy the same one.
    pub(crate) async fn copy_of_template(&self) -> OwnDatabase {
        let digest = Engine::Postgres.schema_digest().to_string();
        let template: String = "noroshi_template_"
            .chars()
            .chain(digest.chars().take(16))
            .collect();
        let mut server = self.connect().await;
        execute(&mut server, TEMPLATE_LOCK).await;
        let known: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM pg_database WHERE datname = $1")
            .bind(&template)
            .fetch_one(&mut server)
            .await
            .unwrap();
        if known == 0 {
            // Made under another name first, so that a template of this name is always complete.
            let half = own_name();
            execute(&mut server, &format!("CREATE DATABASE {half}")).await;
            let store = Store::open(&StoreOptions::new(self.address_of(&half)))
                .await
                .unwrap();
            store.migrate().await.unwrap();
            store.close().await;
            execute(
                &mut server,
                &format!("ALTER DATABASE {half} RENAME TO {template}"),
            )
            .await;
        }
        let name = own_name();
        execute(
            &mut server,
            &format!("CREATE DATABASE {name} TEMPLATE {template}"),
        )
        .await;
        server.close().await.unwrap();
        self.own(name)
    }

    /// A database without any table.
    pub(crate) async fn empty(&self) -> OwnDatabase {
        let name = own_name();
        let mut server = self.connect().await;
        execute(&mut server, &format!("CREATE DATABASE {name}")).await;
        server.close().await.unwrap();
        self.own(name)
    }

    async fn connect(&self) -> PgConnection {
        PgConnection::connect(&self.address)
            .await
            .expect("the server that NOROSHI_TEST_PG names does not answer")
    }

    fn own(&self, name: String) -> OwnDatabase {
        OwnDatabase {
            server: self.address.clone(),
            address: self.address_of(&name),
            name,
        }
    }

    /// The address of another database on this server.
    fn address_of(&self, database: &str) -> String {
        let (place, query) = match self.address.split_once('?') {
            Some((place, query)) => (place, format!("?{query}")),
            None => (self.address.as_str(), String::new()),
        };
        let (scheme, rest) = place.split_once("://").unwrap();
        let (server, _) = rest.split_once('/').unwrap_or((rest, ""));
        format!("{scheme}://{server}/{database}{query}")
    }
}

impl OwnDatabase {
    pub(crate) fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for OwnDatabase {
    /// Removes the database from a thread of its own, since the test's runtime may be about to end.
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        let removal = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let mut server = PgConnection::connect(&server).await.unwrap();
                execute(&mut server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
            });
        });
        // A database left behind on a server for tests is no reason to fail a test that passed.
        drop(removal.join());
    }
}

fn own_name() -> String {
    format!("noroshi_test_{}", Uuid::new_v4().simple())
}

async fn execute(server: &mut PgConnection, statement: &str) {
    sqlx::raw_sql(unchecked(statement))
        .execute(server)
        .await
        .unwrap();
}
