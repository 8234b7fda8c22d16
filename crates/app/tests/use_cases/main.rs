//! Use cases, end to end on a database in a temporary directory.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

mod advisories;
mod approvals;
mod assets;
mod bench;
mod delegations;
mod desks;
mod entries;
mod identity;
mod incidents;
mod names;
mod orders;
mod outbox;
mod reminders;
mod rule_packs;
mod submissions;
