#![doc = include_str!("../README.md")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a test that cannot be set up has failed"
)]

mod database;
mod filings;
mod postgres;
mod raw;
mod world;

pub use database::TestDatabase;
pub use filings::{FilingBuilder, NewFiling};
pub use raw::RawConnection;
pub use world::{World, instant};

use ids::Digest;
use sha2::{Digest as _, Sha256};

/// SHA-256 of a test content.
pub fn digest_of(content: &[u8]) -> Digest {
    Digest::from_bytes(Sha256::digest(content).into())
}

/// Stamps each test on SQLite and, where `NOROSHI_TEST_PG` is set, on PostgreSQL.
///
/// `async fn name(db: &TestDatabase) { … }` becomes the tests `name::on_sqlite` and `name::on_postgres`.
#[macro_export]
macro_rules! on_each_database {
    ($($(#[$meta:meta])* async fn $name:ident($db:ident: &$database:ident) $body:block)+) => {$(
        $(#[$meta])*
        async fn $name($db: &$database) $body

        mod $name {
            #[tokio::test]
            async fn on_sqlite() {
                super::$name(&$crate::TestDatabase::sqlite().await).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                if let Some(db) = $crate::TestDatabase::postgres().await {
                    super::$name(&db).await;
                }
            }
        }
    )+};
}
