#![doc = include_str!("../README.md")]

mod fuzzy;
mod learned;
mod makers;
mod master;
mod matcher;
mod models;
mod products;
mod suggestion;
mod text;

pub use learned::{Learned, Meaning};
pub use master::{Maker, Master, MasterError, Product, Unit};
pub use matcher::Matcher;
pub use suggestion::{Query, Reason, Suggestion};
