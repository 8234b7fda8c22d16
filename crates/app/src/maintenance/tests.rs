//! An instance with one filing and a row in every official table, and what happens to it.

mod fixture;
mod looking;
mod restoring;
mod rotation;
mod tamper;
