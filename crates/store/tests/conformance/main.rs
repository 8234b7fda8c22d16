//! The same suite on SQLite and, where `NOROSHI_TEST_PG` names a server, on PostgreSQL.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests"
)]

mod access;
mod append_only;
mod decisions;
mod deliveries;
mod desks;
mod digests;
mod drafts;
mod filings;
mod jobs;
mod ledger;
mod many;
mod objects;
mod official_doc;
mod official_rows;
mod people;
mod reminders;
mod schema;
mod scopes;
mod statements;
mod transactions;
