//! Sources that are live, under a real warrant. The basis is in force only in the program of these tests.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking and says what it leaves out; the numbers are small"
)]

mod flows;
mod frames;
mod ground;
mod hours;
mod law;
mod threads;
mod wire;
