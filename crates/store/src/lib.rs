#![doc = include_str!("../README.md")]

mod error;
mod many;
mod objects;
pub mod official;
mod postgres;
pub mod rows;
mod sql;
mod sqlite;
mod store;
mod tx;

pub use error::StoreError;
pub use objects::{ObjectDirectory, ObjectError};
#[doc(hidden)]
pub use sql::{Statement, statements};
pub use store::{Engine, SqliteDurability, Store, StoreOptions};
pub use tx::Tx;
pub use tx::advisories::CandidateFilter;
pub use tx::assets::ComputerFilter;
pub use tx::desks::RequestCursor;
pub use tx::filings::{Assignee, FilingCursor, QueueFilter};
pub use tx::incidents::{CaseCursor, DecisionCursor};
pub use tx::orders::DirectiveCursor;
pub use tx::reconciliation::TaskFilter;
