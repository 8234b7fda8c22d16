//! Sources that are live, under a real warrant. The basis is in force only in the program of these tests.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod flows;
mod ground;
mod hours;
mod law;
