//! Use cases, end to end on a database in a temporary directory.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod assets;
mod bench;
mod desks;
mod incidents;
