//! API v1 over HTTP: the whole router on a database in a temporary directory.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up has failed"
)]

mod bench;
mod cases;
mod desks;
mod filings;
#[path = "../support/printer.rs"]
mod printer;
mod printing;
mod refusals;
mod register;
mod submissions;
mod witness;
