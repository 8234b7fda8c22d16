//! An operator's own instance and an authority's, two processes with a line between them that is cut.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

mod api;
mod instance;
mod line;
mod passing;
