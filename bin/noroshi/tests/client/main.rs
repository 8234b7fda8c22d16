//! The client commands, run as a person runs them, against a server of their own.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod authority;
mod home;
mod login;
mod refused;
mod register;
mod report;
mod server;
mod verify;
